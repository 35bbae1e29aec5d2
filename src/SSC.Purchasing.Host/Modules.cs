using System.Reflection;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Host.Access;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Host.Cli;
using SSC.Purchasing.Host.Demo;
using SSC.Purchasing.Host.Intake;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Budgets;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.VendorDocuments;
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
    public static PurchaseOrderBoard PurchaseOrders => PurchaseOrderBoard.Instance;

    /// <summary>Read models that every node keeps up to the log.</summary>
    public static IReadOnlyList<IReadModel> ReadModels { get; } =
    [
        Cooperatives, Members, Sites, Vendors, Users, Subjects, ApiKeys, Contracts, Participations, Catalog, Budgets,
        JointOrderBoard.Instance, MemberCommitments.Instance, OrderParticipants.Instance, MemberNotices.Instance, PurchaseOrders,
        ReceivedDocuments.Instance, WebhookDirectory.Instance,
    ];

    /// <summary>Sagas that every node takes part in.</summary>
    public static IReadOnlyList<ISaga> Sagas { get; } = [new JointOrderSaga(), new ContractTermSaga()];

    /// <summary>Formats that orders are written in, beside the canonical one.</summary>
    public static IReadOnlyList<IOrderWriter> OrderWriters { get; } = [];

    /// <summary>Formats that vendors' documents are read in.</summary>
    public static IReadOnlyList<IVendorDocumentReader> DocumentReaders { get; } = [];

    /// <summary>Files that can be imported.</summary>
    public static IReadOnlyList<IFileImport> Imports { get; } = [new MemberFileImport(), new PriceListFileImport()];

    /// <summary>The demo cooperative.</summary>
    public static ISeeder? Seeder { get; } = new DemoCooperative();

    /// <summary>Every aggregate, for views of any of them at any time.</summary>
    public static AggregateRegistry Aggregates { get; } = new AggregateRegistry()
        .Register<Cooperative, Cooperative.Command, Cooperative.State, Cooperative.Event>()
        .Register<Member, Member.Command, Member.State, Member.Event>()
        .Register<Vendor, Vendor.Command, Vendor.State, Vendor.Event>()
        .Register<User, User.Command, User.State, User.Event>()
        .Register<ApiKey, ApiKey.Command, ApiKey.State, ApiKey.Event>()
        .Register<Contract, Contract.Command, Contract.State, Contract.Event>()
        .Register<Participation, Participation.Command, Participation.State, Participation.Event>()
        .Register<BudgetLine, BudgetLine.Command, BudgetLine.State, BudgetLine.Event>()
        .Register<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>()
        .Register<Commitment, Commitment.Command, Commitment.State, Commitment.Event>()
        .Register<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>()
        .Register<ReceivedDocument, ReceivedDocument.Command, ReceivedDocument.State, ReceivedDocument.Event>()
        .Register<Webhook, Webhook.Command, Webhook.State, Webhook.Event>();

    /// <summary>Stored decisions that a replay recomputes.</summary>
    public static IReadOnlyList<IDecisionCheck> Checks { get; } = [new SettlementCheck(), new PriceRiseCheck()];

    /// <summary>Figures that can be explained.</summary>
    public static IReadOnlyList<IExplanation> Explanations { get; } = [new AllocationExplained()];

    /// <summary>Every resource of the API.</summary>
    internal static void MapApi(ApiRoutes api, ApiKeyring keyring, DocumentIntake intake)
    {
        CooperativesApi.Map(api);
        MembersApi.Map(api);
        NoticesApi.Map(api);
        VendorsApi.Map(api);
        UsersApi.Map(api);
        ApiKeysApi.Map(api, keyring);
        ContractsApi.Map(api);
        ParticipationsApi.Map(api);
        BudgetsApi.Map(api);
        JointOrdersApi.Map(api);
        CommitmentsApi.Map(api);
        PurchaseOrdersApi.Map(api);
        PickUpApi.Map(api);
        VendorDocumentsApi.Map(api, intake);
        WebhooksApi.Map(api);
        AuditApi.Map(api);
    }
}
