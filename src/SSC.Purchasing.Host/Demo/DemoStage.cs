using System.Globalization;
using System.Runtime.CompilerServices;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Budgets;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Demo;

/// <summary>Something that somebody does at a time of the script.</summary>
/// <param name="At">When.</param>
/// <param name="Act">What, through the real commands.</param>
internal sealed record Happening(DateTimeOffset At, Func<DemoStage, Task> Act);

/// <summary>
/// What the script can do: the commands that people, their systems and vendors give, at the script's time. A command must end as the
/// script says, done or refused with a code; anything else ends the seeding, so that the demo never differs from its script.
/// </summary>
internal sealed partial class DemoStage(string tenant, Commands commands, SagaCommandHandler handler, ScriptedTime time)
{
    /// <summary>Who runs joint orders for the home cooperative.</summary>
    public const string Coordinator = "user:u-SSC-coordinator";

    /// <summary>Who enters members, vendors, users and keys.</summary>
    public const string Operator = "user:u-SSC-operator";

    /// <summary>Clerk of the home cooperative's board.</summary>
    public const string Clerk = "user:u-SSC-clerk";

    private readonly OpenJointOrder opening = new(commands);
    private readonly PlaceCommitment committing = new(commands, new MemberDirectory(commands), new NoYearlyLimit());
    private readonly Dictionary<string, int> refusals = new(StringComparer.Ordinal);
    private long work;

    /// <summary>The script's time.</summary>
    public DateTimeOffset Now => time.Now;

    /// <summary>Refusals that the script asked for and got, by code: they leave no event behind.</summary>
    public IReadOnlyDictionary<string, int> Refusals => refusals;

    /// <summary>Commitments placed.</summary>
    public int Commitments { get; private set; }

    public Task Cooperative(CooperativeId id, Cooperative.Command command) =>
        Done(commands.Handle<Cooperative, Cooperative.Command, Cooperative.State,
            Cooperative.Event>(As(Operator), id.Value, command, default));

    public Task Member(string actor, MemberNo no, Member.Command command) =>
        Done(commands.Handle<Member, Member.Command, Member.State, Member.Event>(As(actor), no.Value, command, default));

    public Task Vendor(VendorId id, Vendor.Command command) =>
        Done(commands.Handle<Vendor, Vendor.Command, Vendor.State, Vendor.Event>(As(Operator), id.Value, command, default));

    public Task User(string id, User.Command command) =>
        Done(commands.Handle<User, User.Command, User.State, User.Event>(As(Operator), id, command, default));

    public Task Key(string id, ApiKey.Command command) =>
        Done(commands.Handle<ApiKey, ApiKey.Command, ApiKey.State, ApiKey.Event>(As(Operator), id, command, default));

    public Task Contract(ContractId id, Contract.Command command) =>
        Done(commands.Handle<Contract, Contract.Command, Contract.State, Contract.Event>(As(Coordinator), id.Value, command, default));

    /// <summary>Publishes the next version of a contract's prices, every line moved by a factor on the award's prices.</summary>
    public async Task Publish(DemoContract contract, decimal factor, DateOnly from, string reason)
    {
        var loaded = await commands.Load<Contract, Contract.Command, Contract.State, Contract.Event>(tenant, contract.Id.Value);
        var version = (loaded.State.File?.Schedules.Count ?? 0) + 1;
        var lines = contract.Items.Select(i => DemoMarket.Repriced(i.Line, factor)).ToStructuralList();
        await Contract(
            contract.Id, new Contract.Command.PublishPriceSchedule(new(version, from, lines), BusinessCalendar.LocalDate(Now), reason));
    }

    public Task Participation(DemoMember member, ContractId contract, Participation.Command command) =>
        Done(commands.Handle<Participation, Participation.Command, Participation.State, Participation.Event>(
            As(Coordinator), Procurement.Contracts.Participation.Key(contract, member.No), command, default));

    public Task Budget(DemoMember member, int year, AccountCode account, BudgetLine.Command command) =>
        Done(commands.Handle<BudgetLine, BudgetLine.Command, BudgetLine.State, BudgetLine.Event>(
            As(member.Approver), BudgetLine.Key(member.No, year, account), command, default));

    public Task Plan(string actor, JointOrderId order, OrderPlan plan) => Done(opening.Plan(As(actor), order, plan, default), about: order);

    public Task Open(string actor, JointOrderId order) => Done(opening.Open(As(actor), order, default), about: order);

    public Task MoveToSuccessor(JointOrderId order, ContractId successor, DateTimeOffset cutoff) =>
        Done(opening.MoveToSuccessor(As(Coordinator), order, successor, cutoff, default));

    public Task Order(string actor, JointOrderId order, JointOrder.Command command) =>
        Done(opening.Handle(As(actor), order, command, default), about: order);

    public async Task Commit(DemoMember member, JointOrderId order, StructuralList<CommitmentLine> lines, bool first)
    {
        await Done(committing.Commit(As(member.Buyer), order, member.No, lines, default), about: order);
        if (first) Commitments++;
    }

    public Task CommitRefused(DemoMember member, JointOrderId order, StructuralList<CommitmentLine> lines, string code) =>
        Refused(committing.Commit(As(member.Buyer), order, member.No, lines, default), code, order);

    public Task Withdraw(DemoMember member, JointOrderId order) =>
        Done(committing.Withdraw(As(member.Buyer), order, member.No, default), about: order);

    public Task Reconfirm(DemoMember member, JointOrderId order) =>
        Done(committing.Reconfirm(As(member.Buyer), order, member.No, default), about: order);

    public Task ClaimBoxFill(DemoMember member, JointOrderId order, SiteId site, int line, Quantity quantity) =>
        Done(committing.ClaimBoxFill(As(member.Buyer), order, member.No, site, line, quantity, default), about: order);

    public Task ClaimBoxFillRefused(DemoMember member, JointOrderId order, SiteId site, int line, Quantity quantity, string code) =>
        Refused(committing.ClaimBoxFill(As(member.Buyer), order, member.No, site, line, quantity, default), code, order);

    /// <summary>The member's approver approves, or its buyer adds evidence; a member that is out by then lets it be.</summary>
    public async Task Approve(DemoMember member, JointOrderId order, Commitment.Command command)
    {
        var actor = command is Commitment.Command.ConsiderCpv ? member.Buyer : member.Approver;
        var outcome = await commands.Handle<Commitment, Commitment.Command, Commitment.State, Commitment.Event>(
            As(actor), Commitment.Key(order, member.No), command, default);
        if (outcome is CommandOutcome.Refused { Refusal.Code: "commitment-declined" }) return;
        await Done(Task.FromResult(outcome), about: order);
    }

    public Task PurchaseOrder(string actor, PurchaseOrder.Event about, PurchaseOrder.Command command) =>
        Done(handler.PurchaseOrders.Decide(As(actor), about.JointOrder, about.Vendor, command, default), about: about.JointOrder);

    /// <summary>Hash of the purchase order's latest revision.</summary>
    public async Task<string> ContentHash(PurchaseOrder.Event about)
    {
        var loaded = await commands.Load<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            tenant, Procurement.PurchaseOrders.PurchaseOrder.Key(about.JointOrder, about.Vendor));
        return ((PurchaseOrder.State.Known)loaded.State).File.ContentHash;
    }

    public Task PurchaseOrderRefused(string actor, PurchaseOrder.Event about, PurchaseOrder.Command command, string code) =>
        Refused(handler.PurchaseOrders.Decide(As(actor), about.JointOrder, about.Vendor, command, default), code, about.JointOrder);

    public Task Delivered(OutboxMessage message) => Done(handler.PurchaseOrders.Delivered(As("delivery"), message, 1, default));

    public Task Parked(OutboxMessage message, int attempts, string reason) =>
        Done(handler.PurchaseOrders.Parked(As("delivery"), message, attempts, reason, default));

    public Task Board(CooperativeId id, Board.Command command) =>
        Done(commands.Handle<Board, Board.Command, Board.State, Board.Event>(As(Clerk), id.Value, command, default));

    public Task Election(string id, Election.Command command) =>
        Done(commands.Handle<Election, Election.Command, Election.State, Election.Event>(As(Clerk), id, command, default));

    public Task Committee(AdvisoryCommittee.Command command, string id) =>
        Done(commands.Handle<AdvisoryCommittee, AdvisoryCommittee.Command, AdvisoryCommittee.State, AdvisoryCommittee.Event>(
            As(Clerk), id, command, default));

    public Task Resolution(ResolutionId id, Resolution.Command command) =>
        Done(commands.Handle<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(As(Clerk), id.Value, command, default));

    public Task Cite(ResolutionId id, string committee, string recommendation) =>
        Done(new GatedByResolution(commands).Cite(As(Clerk), id, committee, recommendation, default), about: id);

    public Task CallRoll(ResolutionId id, string meeting, DateOnly on) =>
        Done(handler.Governance.CallRoll(As(Clerk), id, meeting, on, default), about: id);

    public Task Declare(ResolutionId id, string meeting, string number, DateOnly effectiveOn) =>
        Done(handler.Governance.Declare(As(Clerk), id, new(meeting, number, effectiveOn), default), about: id);

    public Task AdoptFees(CooperativeId id, MembershipFees fees, DateOnly from, ResolutionId by) =>
        Done(new GatedByResolution(commands).AdoptFees(As(Clerk), id, fees, from, by, default), about: by);

    public Task AnnualPlan(string key, AnnualPlan.Command command) =>
        Done(commands.Handle<AnnualPlan, AnnualPlan.Command, AnnualPlan.State, AnnualPlan.Event>(As(Clerk), key, command, default));

    public Task Invoice(string key, MemberInvoice.Command command) =>
        Done(commands.Handle<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(
            As(Clerk), key, command, default));
    /// <summary>Something about programs.</summary>
    public Task Programs(string actor, Func<ProgramWork, CommandContext, Task<CommandOutcome>> act) =>
        Done(act(handler.Programs, As(actor)));
    /// <summary>Something about programs that is refused.</summary>
    public Task ProgramsRefused(string actor, string code, Func<ProgramWork, CommandContext, Task<CommandOutcome>> act) =>
        Refused(act(handler.Programs, As(actor)), code);
    /// <summary>A command on an aggregate that decides by itself.</summary>
    public Task Tell<TDecider, TCommand, TState, TEvent>(string actor, string key, TCommand command)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull =>
        Done(commands.Handle<TDecider, TCommand, TState, TEvent>(As(actor), key, command, default), about: command);

    private CommandContext As(string actor) =>
        new(tenant, actor, string.Create(CultureInfo.InvariantCulture, $"demo-{++work}"), time.Now);

    private async Task Done(Task<CommandOutcome> asked, [CallerArgumentExpression(nameof(asked))] string what = "", object? about = null)
    {
        var outcome = await asked;
        if (outcome is not CommandOutcome.Done) throw new DemoScriptException(
            time.Now, $"{about} {what}: done was expected, {outcome} came");
    }

    private async Task Refused(Task<CommandOutcome> asked, string code, object? about = null)
    {
        var outcome = await asked;
        if (outcome is not CommandOutcome.Refused no || no.Refusal.Code != code)
            throw new DemoScriptException(time.Now, $"{about}: a refusal {code} was expected, {outcome} came");
        refusals[code] = refusals.GetValueOrDefault(code) + 1;
    }
}

/// <summary>The service did not do what the script says: one of the two is wrong.</summary>
internal sealed class DemoScriptException(DateTimeOffset at, string what)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"The demo's script, {at:yyyy-MM-dd HH:mm}: {what}."));

/// <summary>The script limits what one order may cost and never what a year may, so that nobody asks for a contract's orders.</summary>
internal sealed class NoYearlyLimit : IContractOrders
{
    public Task<IReadOnlyList<OrderOnContract>> On(string tenant, ContractId contract, CancellationToken ct) =>
        throw new InvalidOperationException("The demo's script sets no limit per fiscal year.");
}
