using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Budgets;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Sagas;
using SSC.Purchasing.Tests.Testbed;
using MemberFacts = SSC.Purchasing.Membership.MemberFacts;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>
/// A cooperative in miniature for telling a joint order's branches: a paper contract with a second-ranked vendor, three districts
/// with a site, an account and a budget each, real deciders, real sagas, a scripted clock, no database.
/// </summary>
internal sealed class JointOrderStory
{
    public static readonly JointOrderId Order = new("JO-1");
    public static readonly VendorId Whitewater = new("V-whitewater");
    public static readonly VendorId SecondVendor = new("V-second");
    public static readonly ContractId PaperContract = new("C-paper");
    public static readonly DateTimeOffset Start = BusinessCalendar.InstantOf(new(2026, 3, 2), new(9, 0));
    public static readonly DateTimeOffset Cutoff = BusinessCalendar.InstantOf(new(2026, 3, 6), new(17, 0));

    private readonly List<MemberNo> members = [];
    private readonly PlaceCommitment commitments;
    private readonly OpenJointOrder orders;
    private SagaCommandHandler work = null!;

    private JointOrderStory(bool deliverTwice, IOrderFormats? formats)
    {
        var catalogue = EventCatalogue.Of([typeof(Member).Assembly, typeof(JointOrder).Assembly]);
        ISaga[] sagas = [new JointOrderSaga(), new ContractTermSaga(), new DeliverySaga(), new CloseOutSaga(), new InvoicePaymentSaga()];
        Bed = new(catalogue, Start, sagas, commands =>
        {
            ReadModels = new InMemoryReadModels(commands.Store);
            work = SagaCommandHandler.Over(commands, ReadModels, formats);
            return work.Execute;
        })
        { DeliverTwice = deliverTwice };
        commitments = new(Bed.Commands, new MemberDirectory(Bed.Commands), new ContractOrdersOnBoard(Bed.Store, ReadModels));
        orders = new(Bed.Commands);
    }

    public SagaTestbed Bed { get; }

    public IReadModels ReadModels { get; private set; } = null!;

    public SagaCommandHandler Work => work;

    /// <summary>A contract, its vendors and three districts that have joined it.</summary>
    public static async Task<JointOrderStory> Begin(
        OrderChannelKind channel = OrderChannelKind.ApiPickup, bool deliverTwice = false, IOrderFormats? formats = null)
    {
        var story = new JointOrderStory(deliverTwice, formats);
        await story.Bed.Given("cooperative-SSC", new Cooperative.Event.Registered(MinnesotaCooperatives.Find(new("SSC"))!));
        foreach (var vendor in new[] { Whitewater, SecondVendor })
        {
            var chosen = new OrderChannel(channel, channel == OrderChannelKind.HttpsPush ? $"https://{vendor.Value}.example/orders" : null);
            await story.Bed.Given(
                $"vendor-{vendor}", new Vendor.Event.Registered(vendor, vendor.Value, new(35)), new Vendor.Event.OrderChannelSet(chosen));
        }

        foreach (var number in new[] { "M-001", "M-002", "M-003" }) await story.Admit(new(number));
        return story;
    }

    /// <summary>Opens an order of copy paper: pallets of 40 cartons, tiers at 200 and 840.</summary>
    public async Task<JointOrderStory> OpenOrder(OrderPolicies? policies = null, AllocationPolicy allocation = AllocationPolicy.ProRata)
    {
        await Award(PaperContract);
        return await OpenPlanned(policies, allocation);
    }

    /// <summary>As <see cref="OpenOrder"/>, on the contract that is there.</summary>
    public async Task<JointOrderStory> OpenPlanned(OrderPolicies? policies = null, AllocationPolicy allocation = AllocationPolicy.ProRata)
    {
        foreach (var member in members) await Join(PaperContract, member);
        var plan = new OrderPlan(
            "Paper, spring", PaperContract, new("SSC"), OrderScope.Cooperative, [new(1, new("PAPER-20LB"), allocation, null)], Cutoff,
                policies ?? new());
        return await OpenAnother(Order, plan);
    }

    /// <summary>Opens one more order by a plan.</summary>
    public async Task<JointOrderStory> OpenAnother(JointOrderId order, OrderPlan plan)
    {
        Done(await orders.Plan(Bed.As("coordinator"), order, plan, CancellationToken.None));
        Done(await orders.Open(Bed.As("coordinator"), order, CancellationToken.None));
        await Bed.RunUntilIdle();
        return this;
    }

    public Task Award(ContractId contract, DateOnly? endsOn = null) => Bed.Given(
        $"contract-{contract}",
        new Contract.Event.Awarded(ContractTerms(endsOn ?? new(2027, 6, 30)), Trading),
        new Contract.Event.PriceSchedulePublished(Whitewater, Schedule(1, 41.90m), []));

    public Task Join(ContractId contract, MemberNo member) => Bed.Given(
        $"participation-{Participation.Key(contract, member)}", new Participation.Event.Joined(Agreement(contract, member)));

    public static PriceSchedule Schedule(int version, decimal first, DateOnly? from = null) => new(
        version, from ?? new(2025, 7, 1),
        [
            new(
                new("PAPER-20LB"), "Copy paper, carton of 10 reams", "XCT", Quantity.Of(40), Quantity.Of(1),
                [new(Quantity.Zero, UnitPrice.FromDollars(first)), new(Quantity.Of(200), UnitPrice.FromDollars(39.75m))]),
        ]);

    public Task<CommandOutcome> TryCommit(
        string member, long quantity, long tolerance = 0, decimal? maxPrice = null, AccountCode? account = null,
        JointOrderId? order = null) =>
        commitments.Commit(
            Bed.As($"buyer-{member}"), order ?? Order, new(member),
            [
                new(1, new($"{member}-A"), Quantity.Of(quantity), Quantity.Of(tolerance), [new(account ?? Account, AccountSplit.Whole)])
                {
                    MaxPrice = maxPrice is { } p ? UnitPrice.FromDollars(p) : null,
                },
            ],
            CancellationToken.None);

    public async Task Commit(string member, long quantity, long tolerance = 0, decimal? maxPrice = null)
    {
        Done(await TryCommit(member, quantity, tolerance, maxPrice));
        await Bed.RunUntilIdle();
    }

    public async Task Reconfirm(string member)
    {
        Done(await commitments.Reconfirm(Bed.As($"buyer-{member}"), Order, new(member), CancellationToken.None));
        await Bed.RunUntilIdle();
    }

    public Task<CommandOutcome> ClaimBoxFill(string member, long quantity) => commitments.ClaimBoxFill(
        Bed.As($"buyer-{member}"), Order, new(member), new($"{member}-A"), 1, Quantity.Of(quantity), CancellationToken.None);

    public Task Approve(string member, decimal upTo) =>
        Tell(member, new Commitment.Command.Approve($"approver-{member}", Money.FromDollars(upTo)));

    public Task Tell(string member, Commitment.Command command) => Run(
        Bed.Commands.Handle<Commitment, Commitment.Command, Commitment.State, Commitment.Event>(
            Bed.As($"approver-{member}"), Commitment.Key(Order, new(member)), command, CancellationToken.None));

    public Task Coordinator(JointOrder.Command command) =>
        Run(orders.Handle(Bed.As("coordinator"), Order, command, CancellationToken.None));

    public Task MoveTo(ContractId successor, DateTimeOffset cutoff) =>
        Run(orders.MoveToSuccessor(Bed.As("coordinator"), Order, successor, cutoff, CancellationToken.None));

    public Task Contracting(Contract.Command command) => Run(
        Bed.Commands.Handle<Contract, Contract.Command, Contract.State, Contract.Event>(
            Bed.As("coordinator"), PaperContract.Value, command, CancellationToken.None));

    public Task<CommandOutcome> TryAnswer(VendorId vendor, ResponseCode code, params LineAnswer[] lines) => work.PurchaseOrders.Decide(
        Bed.As($"vendor-{vendor}"), Order, vendor,
        new PurchaseOrder.Command.RecordResponse(new($"R-{Bed.Clock.Now.Ticks}", vendor, code, [.. lines])), CancellationToken.None);

    public Task Answer(VendorId vendor, ResponseCode code, params LineAnswer[] lines) => Run(TryAnswer(vendor, code, lines));

    public Task PurchaseOrderCommand(VendorId vendor, PurchaseOrder.Command command) =>
        Run(work.PurchaseOrders.Decide(Bed.As("coordinator"), Order, vendor, command, CancellationToken.None));

    public Task SetBudget(string member, decimal amount, AccountCode? account = null) => Run(
        Bed.Commands.Handle<BudgetLine, BudgetLine.Command, BudgetLine.State, BudgetLine.Event>(
            Bed.As($"buyer-{member}"), BudgetKey(member, account),
            new BudgetLine.Command.Adopt(new(member), 2026, account ?? Account, Money.FromDollars(amount)), CancellationToken.None));

    public async Task<Money> Encumbered(string member, AccountCode? account = null) =>
        (await Bed.Commands.Load<BudgetLine, BudgetLine.Command, BudgetLine.State, BudgetLine.Event>(
            SagaTestbed.Tenant, BudgetKey(member, account), true)).State is BudgetLine.State.Open open
            ? open.Encumbrances.Values.Select(e => e.Committed()).Sum()
            : Money.Zero;

    public async Task<JointOrder.State> State() =>
        (await work.Orders.LoadOrder(SagaTestbed.Tenant, Order, CancellationToken.None)).State;

    public async Task<IReadOnlyList<string>> Types(string stream) =>
        [.. (await Bed.Store.ReadStream(SagaTestbed.Tenant, stream)).Select(e => e.Type)];

    public async Task<PurchaseOrder.State> PurchaseOrderTo(VendorId vendor) =>
        (await Bed.Commands.Load<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            SagaTestbed.Tenant, PurchaseOrder.Key(Order, vendor), true)).State;

    /// <summary>Every allocated unit by member, as last allocated.</summary>
    public async Task<Dictionary<string, decimal>> Allocated() => (await State()).Lines[1].Shares
        .Where(s => s.Allocated > Quantity.Zero).ToDictionary(s => s.Member.Value, s => s.Allocated.Units);

    public static AccountCode Account { get; } = new("UFARS", ["01", "005", "203", "000", "401", "000"]);

    public static TradingTerms Trading { get; } = new(
        "Copy paper", ContractScope.Statewide, new(FeePayer.Vendor, 100), BillingMode.VendorDirect, new("FOB destination"))
    {
        RankedAlternates = [SecondVendor],
    };

    private static AwardTerms ContractTerms(DateOnly endsOn) => new(
        Whitewater, new("SSC"), new(AuthorityKind.JointPowersBid, "Minn. Stat. 471.345 subd. 15(b)"), new(2025, 7, 1), endsOn);

    private static ParticipationAgreement Agreement(ContractId contract, MemberNo member) =>
        new(contract, member, new(2025, 6, 15), ContractScope.Statewide, new(2025, 7, 1));

    public static string Refusal(CommandOutcome outcome) => outcome.ShouldBeOfType<CommandOutcome.Refused>().Refusal.Code;

    private static string BudgetKey(string member, AccountCode? account = null) =>
        BudgetLine.Key(new(member), 2026, account ?? Account);

    private static void Done(CommandOutcome outcome) => outcome.ShouldBeOfType<CommandOutcome.Done>();

    private async Task Run(Task<CommandOutcome> work)
    {
        Done(await work);
        await Bed.RunUntilIdle();
    }

    private async Task Admit(MemberNo member)
    {
        members.Add(member);
        var facts = new MemberFacts($"{member} Schools (demo)", MemberType.Education, MemberKind.SchoolDistrict, "Olmsted", true);
        await Bed.Given(
            $"member-{member}",
            new Member.Event.Admitted(member, new("SSC"), facts),
            new Member.Event.SiteAdded(new($"{member}-A"), new("High School", new(["1 School Street"], "Rochester", "55901"))));
    }
}
