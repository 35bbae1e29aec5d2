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
using SSC.Purchasing.Host.Intake;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Checks;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Experience;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.ReadModels;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Budgets;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Detectors;
using SSC.Purchasing.Procurement.Fees;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PunchOuts;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using SSC.Purchasing.Procurement.VendorDocuments;
using SSC.Purchasing.Programs;
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
        typeof(Pool).Assembly,
        typeof(CoopProgram).Assembly,
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

    /// <summary>The programs.</summary>
    public static ProgramList Programs { get; } = new();

    /// <summary>Their dates, with what is free.</summary>
    public static OfferingBoard Offerings { get; } = new();

    /// <summary>Members' places in them.</summary>
    public static EnrollmentList SeatEnrollments { get; } = new();

    /// <summary>Teams.</summary>
    public static TeamList Teams { get; } = new();

    /// <summary>Subscriptions to services.</summary>
    public static SubscriptionList Subscriptions { get; } = new();

    /// <summary>Clock-hour certificates.</summary>
    public static CertificateList Certificates { get; } = new();

    /// <summary>What members owe and get back for programs.</summary>
    public static ProgramChargeList ProgramCharges { get; } = new();

    /// <summary>The deliveries.</summary>
    public static DeliveryBoard Deliveries { get; } = new();

    /// <summary>Who has goods in which delivery.</summary>
    public static DeliveryShares DeliveryShares { get; } = new();

    /// <summary>The receipts.</summary>
    public static ReceiptRegister Receipts { get; } = new();

    /// <summary>The claims on vendors.</summary>
    public static ClaimBoard Claims { get; } = new();

    /// <summary>Read models that every node keeps up to the log.</summary>
    public static IReadOnlyList<IReadModel> ReadModels { get; } =
    [
        Cooperatives, Members, Sites, Vendors, Users, Subjects, ApiKeys, Contracts, Participations, Catalog, Budgets,
        JointOrderBoard.Instance, MemberCommitments.Instance, OrderParticipants.Instance, MemberNotices.Instance, PurchaseOrders,
        Resolutions, Elections, Committees, MembershipYears, AnnualPlans, MemberInvoices,
        .. PoolModels.All,
        Programs, Offerings, SeatEnrollments, Teams, Subscriptions, Certificates, ProgramCharges,
        Deliveries, DeliveryShares, Receipts, Claims,
        InvoiceBoard.Instance, MemberStatements.Instance, FeeLedgers.Instance, MemberRebates.Instance, MemberPurchases.Instance,
        ReceivedDocuments.Instance, WebhookDirectory.Instance, PunchOutSessions.Instance,
    ];

    /// <summary>Sagas that every node takes part in.</summary>
    public static IReadOnlyList<ISaga> Sagas { get; } =
    [
        new JointOrderSaga(), new ContractTermSaga(), new DeliverySaga(), new CloseOutSaga(), new InvoicePaymentSaga(),
        new AnnualPlanSaga(), new MembershipRenewalSaga(), new BoardSeatSaga(), new ElectionSaga(), new MemberBillingSaga(),
        new MemberChargesSaga(),
        new RenewalRoundSaga(), new PoolBillingSaga(), new StopLossSaga(), new DistributionSaga(), new WithdrawalSaga(),
        new WaitlistSaga(), new OpeningRoundSaga(), new UnderMinimumSaga(), new EnrollmentSaga(), new SubscriptionSaga(),
    ];

    /// <summary>Files that can be imported.</summary>
    public static IReadOnlyList<IFileImport> Imports { get; } =
        [new MemberFileImport(), new PriceListFileImport(), new PoolCensusImport(), new PoolEnrollmentImport(), new PoolExperienceImport()];

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
        .Register<MinutesNumber, MinutesNumber.Command, MinutesNumber.State, MinutesNumber.Event>()
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
        .Register<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>()
        .Register<Pool, Pool.Command, Pool.State, Pool.Event>()
        .Register<PoolParticipation, PoolParticipation.Command, PoolParticipation.State, PoolParticipation.Event>()
        .Register<PoolYear, PoolYear.Command, PoolYear.State, PoolYear.Event>()
        .Register<RenewalOffer, RenewalOffer.Command, RenewalOffer.State, RenewalOffer.Event>()
        .Register<EnrollmentLedger, EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>()
        .Register<ContributionInvoice, ContributionInvoice.Command, ContributionInvoice.State, ContributionInvoice.Event>()
        .Register<CollectionFile, CollectionFile.Command, CollectionFile.State, CollectionFile.Event>()
        .Register<ExperienceLedger, ExperienceLedger.Command, ExperienceLedger.State, ExperienceLedger.Event>()
        .Register<ReserveValuation, ReserveValuation.Command, ReserveValuation.State, ReserveValuation.Event>()
        .Register<RateStabilization, RateStabilization.Command, RateStabilization.State, RateStabilization.Event>()
        .Register<StopLossCase, StopLossCase.Command, StopLossCase.State, StopLossCase.Event>()
        .Register<Distribution, Distribution.Command, Distribution.State, Distribution.Event>()
        .Register<AssessmentRun, AssessmentRun.Command, AssessmentRun.State, AssessmentRun.Event>()
        .Register<CoopProgram, CoopProgram.Command, CoopProgram.State, CoopProgram.Event>()
        .Register<SeatLedger, SeatLedger.Command, SeatLedger.State, SeatLedger.Event>()
        .Register<Enrollment, Enrollment.Command, Enrollment.State, Enrollment.Event>()
        .Register<Team, Team.Command, Team.State, Team.Event>()
        .Register<Subscription, Subscription.Command, Subscription.State, Subscription.Event>()
        .Register<ServiceUse, ServiceUse.Command, ServiceUse.State, ServiceUse.Event>()
        .Register<ProgramCharge, ProgramCharge.Command, ProgramCharge.State, ProgramCharge.Event>()
        .Register<AttendanceSheet, AttendanceSheet.Command, AttendanceSheet.State, AttendanceSheet.Event>()
        .Register<Certificate, Certificate.Command, Certificate.State, Certificate.Event>()
        .Register<Delivery, Delivery.Command, Delivery.State, Delivery.Event>()
        .Register<VendorInvoice, VendorInvoice.Command, VendorInvoice.State, VendorInvoice.Event>()
        .Register<FeeLedger, FeeLedger.Command, FeeLedger.State, FeeLedger.Event>()
        .Register<ReceivedDocument, ReceivedDocument.Command, ReceivedDocument.State, ReceivedDocument.Event>()
        .Register<PunchOutSession, PunchOutSession.Command, PunchOutSession.State, PunchOutSession.Event>()
        .Register<Webhook, Webhook.Command, Webhook.State, Webhook.Event>();

    /// <summary>Stored decisions that a replay recomputes.</summary>
    public static IReadOnlyList<IDecisionCheck> Checks { get; } =
    [
        new SettlementCheck(), new PriceRiseCheck(), new ReceiptCheck(), new CloseOutCheck(), new InvoiceMatchCheck(), new FeeCheck(),
        new ResolutionCheck(), new ElectionCheck(), new MembershipFeeCheck(), new MemberInvoiceCheck(),
        new RateCheck(), new SharingCheck(), new PoolFiguresCheck(), new PoolRecordsCheck(),
        new SeatPriceCheck(), new SeatDecisionCheck(), new ServiceFeeCheck(), new ClockHourCheck(), new TeamTierCheck(),
    ];

    /// <summary>What the auditor looks for.</summary>
    public static IReadOnlyList<IDetector> Detectors { get; } =
        [new MissingEvidence(), new SplitPurchases(), new LatePayments(), new UnfinishedWork()];

    /// <summary>Figures that can be explained.</summary>
    public static IReadOnlyList<IExplanation> Explanations { get; } =
    [
        new AllocationExplained(), new ResolutionExplained(), new RateExplained(), new RefundExplained(), new WaitlistExplained(),
    ];

    /// <summary>Every cooperative: a bill to one of them is a bill to the cooperative, not to a member.</summary>
    private static IEnumerable<CooperativeId> Everyone => MinnesotaCooperatives.All.Select(c => c.Id);

    /// <summary>Formats that purchase orders are written in.</summary>
    public static IReadOnlyList<IOrderWriter> OrderWriters { get; } = OrderWritersWith(X12Separators.Usual);

    /// <summary>The same, with the operator's separators for X12.</summary>
    public static IReadOnlyList<IOrderWriter> OrderWritersWith(X12Separators separators) =>
    [
        new JsonOrderWriter(), new JsonPartiesOrderWriter(), new X12OrderWriter(separators), new UblOrderWriter(), new CxmlOrderWriter(),
        new CsvOrderWriter(), new XlsxOrderWriter(), new HtmlOrderWriter(), new PackingSlipWriter(),
    ];

    /// <summary>Formats that vendors' responses, despatch notes and invoices are read in.</summary>
    public static IReadOnlyList<IVendorDocumentReader> VendorDocumentReaders { get; } =
    [
        new JsonDocumentReader(), new X12Reader(), new UblReader(Everyone), new CxmlReader(Everyone), new TableDocumentReader(),
        new TableDocumentReader("xlsx"),
    ];

    /// <summary>Every resource of the API.</summary>
    internal static void MapApi(
        ApiRoutes api, ApiKeyring keyring, ChromiumPdf pdf, DocumentIntake intake, IReadOnlyList<IOrderWriter> writers)
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
        PunchOutApi.Map(api);
        PurchaseOrdersApi.Map(api);
        PurchaseOrderDocumentsApi.Map(api, pdf, writers);
        BoardApi.Map(api);
        ElectionsApi.Map(api);
        ResolutionsApi.Map(api);
        CommitteesApi.Map(api);
        MembershipYearsApi.Map(api);
        MemberInvoicesApi.Map(api);
        PoolsApi.Map(api);
        PoolYearsApi.Map(api);
        PoolMoneyApi.Map(api);
        ProgramsApi.Map(api);
        OfferingsApi.Map(api);
        SeatEnrollmentsApi.Map(api);
        TeamsApi.Map(api);
        ServicesApi.Map(api);
        CertificatesApi.Map(api);
        CalendarsApi.Map(api);
        BoardCalendarsApi.Map(api);
        DeliveriesApi.Map(api);
        ReceiptsApi.Map(api);
        InvoicesApi.Map(api);
        FeesApi.Map(api);
        ReportsApi.Map(api);
        PickUpApi.Map(api);
        VendorDocumentsApi.Map(api, intake);
        WebhooksApi.Map(api);
        AuditApi.Map(api);
    }
}
