using System.Reflection;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Exchange.Csv;
using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Json;
using SSC.Purchasing.Exchange.Print;
using SSC.Purchasing.Exchange.Ubl;
using SSC.Purchasing.Exchange.X12;
using SSC.Purchasing.Host.Access;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Host.Cli;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Host.Demo;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Budgets;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host;

/// <summary>What this service is made of. Something new is registered here and nowhere else.</summary>
public static class Modules
{
    /// <summary>Assemblies with events and saga commands.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } =
    [
        typeof(Member).Assembly,
        typeof(Contract).Assembly,
        typeof(JointOrderSaga).Assembly,
    ];

    /// <summary>Old event shapes and how they become today's.</summary>
    public static IReadOnlyList<Upcaster> Upcasters { get; } = [];

    /// <summary>The cooperatives.</summary>
    public static CooperativesDirectory Cooperatives { get; } = new();

    /// <summary>The members.</summary>
    public static MembersDirectory Members { get; } = new();

    /// <summary>Their delivery sites.</summary>
    public static SitesDirectory Sites { get; } = new();

    /// <summary>The vendors.</summary>
    public static VendorsDirectory Vendors { get; } = new();

    /// <summary>The users.</summary>
    public static UsersDirectory Users { get; } = new();

    /// <summary>Whose sign-in a subject is.</summary>
    public static SubjectsDirectory Subjects { get; } = new();

    /// <summary>The API keys.</summary>
    public static ApiKeysDirectory ApiKeys { get; } = new();

    /// <summary>The contracts.</summary>
    public static ContractRegister Contracts { get; } = new();

    /// <summary>Who takes part in which contract.</summary>
    public static ParticipationRegister Participations { get; } = new();

    /// <summary>What can be bought.</summary>
    public static CatalogList Catalog { get; } = new();

    /// <summary>The budget lines.</summary>
    public static BudgetOverview Budgets { get; } = new();

    /// <summary>The purchase orders.</summary>
    public static PurchaseOrderBoard PurchaseOrders { get; } = new();

    /// <summary>The board's resolutions.</summary>
    public static ResolutionRegister Resolutions { get; } = new();

    /// <summary>The elections of directors.</summary>
    public static ElectionRegister Elections { get; } = new();

    /// <summary>The advisory committees.</summary>
    public static CommitteeRegister Committees { get; } = new();

    /// <summary>The membership years.</summary>
    public static MembershipYearRegister MembershipYears { get; } = new();

    /// <summary>The annual plans.</summary>
    public static AnnualPlanRegister AnnualPlans { get; } = new();

    /// <summary>The members' invoices.</summary>
    public static MemberInvoiceRegister MemberInvoices { get; } = new();

    /// <summary>Read models that every node keeps up to the log.</summary>
    public static IReadOnlyList<IReadModel> ReadModels { get; } =
    [
        Cooperatives, Members, Sites, Vendors, Users, Subjects, ApiKeys, Contracts, Participations, Catalog, Budgets,
        JointOrderBoard.Instance, MemberCommitments.Instance, OrderParticipants.Instance, PurchaseOrders,
        Resolutions, Elections, Committees, MembershipYears, AnnualPlans, MemberInvoices,
    ];

    /// <summary>Sagas that every node takes part in.</summary>
    public static IReadOnlyList<ISaga> Sagas { get; } =
    [
        new JointOrderSaga(), new ContractTermSaga(),
        new AnnualPlanSaga(), new MembershipRenewalSaga(), new BoardSeatSaga(), new ElectionSaga(), new MemberBillingSaga(),
    ];

    /// <summary>Files that can be imported.</summary>
    public static IReadOnlyList<IFileImport> Imports { get; } = [new MemberFileImport()];

    /// <summary>The demo cooperative.</summary>
    public static ISeeder? Seeder { get; } = new DemoCooperative();

    /// <summary>Every aggregate, for views of any of them at any time.</summary>
    public static AggregateRegistry Aggregates { get; } = new AggregateRegistry()
        .Register<Cooperative, Cooperative.Command, Cooperative.State, Cooperative.Event>()
        .Register<Member, Member.Command, Member.State, Member.Event>()
        .Register<Vendor, Vendor.Command, Vendor.State, Vendor.Event>()
        .Register<User, User.Command, User.State, User.Event>()
        .Register<ApiKey, ApiKey.Command, ApiKey.State, ApiKey.Event>()
        .Register<Board, Board.Command, Board.State, Board.Event>()
        .Register<Election, Election.Command, Election.State, Election.Event>()
        .Register<Resolution, Resolution.Command, Resolution.State, Resolution.Event>()
        .Register<AdvisoryCommittee, AdvisoryCommittee.Command, AdvisoryCommittee.State, AdvisoryCommittee.Event>()
        .Register<FeeSchedule, FeeSchedule.Command, FeeSchedule.State, FeeSchedule.Event>()
        .Register<MembershipYear, MembershipYear.Command, MembershipYear.State, MembershipYear.Event>()
        .Register<AnnualPlan, AnnualPlan.Command, AnnualPlan.State, AnnualPlan.Event>()
        .Register<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>()
        .Register<Contract, Contract.Command, Contract.State, Contract.Event>()
        .Register<Participation, Participation.Command, Participation.State, Participation.Event>()
        .Register<BudgetLine, BudgetLine.Command, BudgetLine.State, BudgetLine.Event>()
        .Register<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>()
        .Register<Commitment, Commitment.Command, Commitment.State, Commitment.Event>()
        .Register<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>();

    /// <summary>Stored decisions that a replay recomputes.</summary>
    public static IReadOnlyList<IDecisionCheck> Checks { get; } =
    [
        new SettlementCheck(), new PriceRiseCheck(),
        new ResolutionCheck(), new ElectionCheck(), new MembershipFeeCheck(), new MemberInvoiceCheck(),
    ];

    /// <summary>Figures that can be explained.</summary>
    public static IReadOnlyList<IExplanation> Explanations { get; } = [new AllocationExplained(), new ResolutionExplained()];

    /// <summary>Every cooperative: a bill to one of them is a bill to the cooperative, not to a member.</summary>
    private static IEnumerable<CooperativeId> Everyone => MinnesotaCooperatives.All.Select(c => c.Id);

    /// <summary>Formats that purchase orders are written in.</summary>
    public static IReadOnlyList<IOrderWriter> OrderWriters { get; } =
    [
        new JsonOrderWriter(), new JsonPartiesOrderWriter(), new X12OrderWriter(), new UblOrderWriter(), new CxmlOrderWriter(),
        new CsvOrderWriter(), new XlsxOrderWriter(), new HtmlOrderWriter(), new PackingSlipWriter(),
    ];

    /// <summary>Formats that vendors' responses, despatch notes and invoices are read in.</summary>
    public static IReadOnlyList<IVendorDocumentReader> VendorDocumentReaders { get; } =
    [
        new JsonDocumentReader(), new X12Reader(), new UblReader(Everyone), new CxmlReader(Everyone), new TableDocumentReader(),
        new TableDocumentReader("xlsx"),
    ];

    /// <summary>Every resource of the API.</summary>
    internal static void MapApi(ApiRoutes api, ApiKeyring keyring, ChromiumPdf pdf)
    {
        CooperativesApi.Map(api);
        MembersApi.Map(api);
        VendorsApi.Map(api);
        UsersApi.Map(api);
        ApiKeysApi.Map(api, keyring);
        ContractsApi.Map(api);
        ParticipationsApi.Map(api);
        BudgetsApi.Map(api);
        JointOrdersApi.Map(api);
        CommitmentsApi.Map(api);
        PurchaseOrdersApi.Map(api);
        PurchaseOrderDocumentsApi.Map(api, pdf);
        BoardApi.Map(api);
        ElectionsApi.Map(api);
        ResolutionsApi.Map(api);
        CommitteesApi.Map(api);
        MembershipYearsApi.Map(api);
        MemberInvoicesApi.Map(api);
        AuditApi.Map(api);
    }
}
