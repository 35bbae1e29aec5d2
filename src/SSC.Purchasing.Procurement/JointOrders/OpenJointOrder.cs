using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>What a coordinator plans; items and prices come from the contract's schedule.</summary>
/// <param name="Title">What members call it.</param>
/// <param name="Contract">Contract bought on.</param>
/// <param name="Lead">Leading cooperative.</param>
/// <param name="Scope">Who may take part.</param>
/// <param name="Lines">Items by number.</param>
/// <param name="Cutoff">End of commitments.</param>
/// <param name="Policies">Rules.</param>
public sealed record OrderPlan(
    string Title, ContractId Contract, CooperativeId Lead, OrderScope Scope, StructuralList<PlannedLine> Lines, DateTimeOffset Cutoff,
        OrderPolicies Policies);

/// <summary>An item of a plan.</summary>
/// <param name="LineNo">1…n.</param>
/// <param name="Item">The vendor's item number in the contract's schedule.</param>
/// <param name="Policy">How a shortage is allocated.</param>
/// <param name="SiteIncrement">Units that must reach one site together; null for the item's increment.</param>
public sealed record PlannedLine(int LineNo, ItemNo Item, AllocationPolicy Policy, Quantity? SiteIncrement);

/// <summary>What a coordinator does to a joint order before it closes; reads the contract, decides in the order.</summary>
public sealed class OpenJointOrder(Commands commands)
{
    /// <summary>Longest number of a joint order: its purchase orders' numbers, of at most 50 characters, contain it.</summary>
    public const int LongestNumber = 40;

    /// <summary>
    /// Plans an order on the schedule of today. Refuses also <c>order-number-invalid</c>, <c>contract-unknown</c>, <c>no-schedule</c>,
    /// <c>item-not-scheduled</c>.
    /// </summary>
    public async Task<CommandOutcome> Plan(CommandContext context, JointOrderId id, OrderPlan plan, CancellationToken ct)
    {
        if (id.Value.Length > LongestNumber)
            return Refused("order-number-invalid", $"Give the order a number of at most {LongestNumber} characters.");

        var (contract, _) = await Load(context, plan.Contract, false, ct).ConfigureAwait(false);
        if (contract.File is not { } file) return Refused("contract-unknown", "There is no such contract; award it first.");
        if (contract.ScheduleOn(BusinessCalendar.LocalDate(context.Now)) is not { } schedule)
            return Refused("no-schedule", "The contract has no price schedule in force today; publish one first.");
        var lines = LinesOf(plan.Lines, schedule);
        if (lines.Count != plan.Lines.Count)
            return Refused("item-not-scheduled", "The price schedule in force lacks one of the items; check the item numbers.");
        var terms = new OrderTerms(
            plan.Title, plan.Contract, file.Award.Vendor, file.Trading.RankedAlternates, plan.Lead, plan.Scope, schedule.Version, lines,
            plan.Cutoff, WithContractTerms(plan.Policies, file.Trading));
        return await Handle(context, id, new JointOrder.Command.Plan(terms), ct).ConfigureAwait(false);
    }

    /// <summary>Opens a planned order, on the schedule in force today.</summary>
    public Task<CommandOutcome> Open(CommandContext context, JointOrderId id, CancellationToken ct) =>
        commands.Handle<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(context, id.Value, async fresh =>
        {
            var order = await commands.Load<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(
                context.Tenant, id.Value, fresh, ct).ConfigureAwait(false);
            if (order.State.Terms is not { } terms)
                return (new JointOrder.Command.Open(context.Now, new(false, false, 0, [])), AppendConditions.None);
            var (contract, version) = await Load(context, terms.Contract, fresh, ct).ConfigureAwait(false);
            var today = BusinessCalendar.LocalDate(context.Now);
            var schedule = contract.ScheduleOn(today);
            var standing = new ContractStanding(
                contract.IsActiveOn(today), contract.QualifiesFor15b, schedule?.Version ?? 0,
                schedule is null ? [] : LinesOf(terms.Lines.Select(AsPlanned), schedule));
            return (
                new JointOrder.Command.Open(context.Now, standing),
                new AppendConditions { Unchanged = [new($"{Contract.Category}-{terms.Contract.Value}", version)] });
        }, ct);

    /// <summary>Moves a held order to a successor contract; members confirm again.</summary>
    public async Task<CommandOutcome> MoveToSuccessor(
        CommandContext context, JointOrderId id, ContractId successor, DateTimeOffset cutoff, CancellationToken ct)
    {
        var order = await commands.Load<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(
            context.Tenant, id.Value, true, ct).ConfigureAwait(false);
        var (contract, _) = await Load(context, successor, true, ct).ConfigureAwait(false);
        var today = BusinessCalendar.LocalDate(context.Now);
        if (order.State.Terms is not { } terms) return Refused("order-unknown", "There is no such joint order; plan it first.");
        if (contract.File is not { } file || !contract.IsActiveOn(today) || contract.ScheduleOn(today) is not { } schedule)
            return Refused("contract-not-active", "The successor has no price schedule in force today.");
        if (!contract.QualifiesFor15b)
            return Refused("authority-missing", "The successor was not awarded on competitive bids or quotations.");
        var moved = terms with
        {
            Contract = successor,
            Vendor = file.Award.Vendor,
            Alternates = file.Trading.RankedAlternates,
            ScheduleVersion = schedule.Version,
            Lines = LinesOf(terms.Lines.Select(AsPlanned), schedule),
            Cutoff = cutoff,
        };
        return await Handle(context, id, new JointOrder.Command.MoveToSuccessor(moved, context.Now), ct).ConfigureAwait(false);
    }

    /// <summary>Any command that needs nothing but the order itself.</summary>
    public Task<CommandOutcome> Handle(CommandContext context, JointOrderId id, JointOrder.Command command, CancellationToken ct) =>
        commands.Handle<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(context, id.Value, command, ct);

    private async Task<(Contract.State State, long Version)> Load(
        CommandContext context, ContractId contract, bool fresh, CancellationToken ct)
    {
        var loaded = await commands.Load<Contract, Contract.Command, Contract.State, Contract.Event>(
            context.Tenant, contract.Value, fresh, ct).ConfigureAwait(false);
        return (loaded.State, loaded.Version);
    }

    // What the plan leaves open, the contract says.
    private static OrderPolicies WithContractTerms(OrderPolicies policies, TradingTerms trading) => policies with
    {
        MemberKinds = policies.MemberKinds.Count > 0 ? policies.MemberKinds : trading.OpenTo,
        MinimumNet = policies.MinimumNet > Money.Zero ? policies.MinimumNet : trading.MinimumOrderValue ?? Money.Zero,
        Freight = policies.Freight > Money.Zero ? policies.Freight : trading.Freight.PerOrder ?? Money.Zero,
    };

    private static PlannedLine AsPlanned(OrderLine line) => new(line.LineNo, line.Item.Item, line.Policy, line.SiteIncrement);

    private static StructuralList<OrderLine> LinesOf(IEnumerable<PlannedLine> planned, PriceSchedule schedule) =>
        planned.Select(p => schedule.Find(p.Item) is { } item
            ? new OrderLine(p.LineNo, item, p.Policy, p.SiteIncrement ?? item.Increment) : null)
            .OfType<OrderLine>().ToStructuralList();

    private static CommandOutcome.Refused Refused(string code, string reason) => new(new Refusal(code, reason));
}
