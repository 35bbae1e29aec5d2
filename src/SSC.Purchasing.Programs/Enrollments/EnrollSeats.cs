using System.Collections.Immutable;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>
/// Lets callers of one process take turns at an offering's seats, so that a rush is served one after the other instead of losing races
/// against itself; nodes still meet in the store, where the stream's version decides.
/// </summary>
public sealed class SeatQueue
{
    private const int Lanes = 64;

    /// <summary>The one that all callers of this process share.</summary>
    public static SeatQueue Shared { get; } = new();

    private readonly ImmutableArray<SemaphoreSlim> lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Does something while nobody else of this process is at the same offering.</summary>
    public async Task<T> InTurn<T>(OfferingId offering, Func<Task<T>> work, CancellationToken ct)
    {
        var lane = lanes[(string.GetHashCode(offering.Value, StringComparison.Ordinal) & int.MaxValue) % Lanes];
        await lane.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            lane.Release();
        }
    }
}

/// <summary>
/// Everything a member does about seats: the offering's seats are decided first, then the member's enrollment follows them; what it gives
/// up is decided on the enrollment first, then the seats are freed. When the second step is missing after a crash, the saga makes it.
/// </summary>
public sealed class EnrollSeats(Commands commands, IProgramMembers members, SeatQueue queue)
{
    /// <summary>
    /// Asks for seats. Refused as <see cref="SeatLedger.Command.Ask"/>, and <c>program-not-published</c>, <c>price-missing</c>,
    /// <c>member-unknown</c>, <c>member-type-not-eligible</c>, <c>grade-missing</c>, <c>grade-not-eligible</c>.
    /// </summary>
    public async Task<CommandOutcome> Enroll(
        CommandContext context, OfferingId offering, MemberNo member, int seats, string? purchaseOrder, int? grade, CancellationToken ct)
    {
        var asked = await queue.InTurn(offering, () => Seats(context.Part("seats"), offering, async fresh =>
        {
            var ledger = await Ledger(context.Tenant, offering, fresh, ct).ConfigureAwait(false);
            var program = await Program(context.Tenant, ledger.State.Terms?.Program ?? default, fresh, ct).ConfigureAwait(false);
            var on = BusinessCalendar.LocalDate(context.Now);
            var facts = await members.Find(context.Tenant, member, on, fresh, ct).ConfigureAwait(false);
            var enrolling = new EnrollingMember(member, facts?.PriorityClass ?? 0, Judge(program.State, facts, grade, on));
            StreamAt[] read = facts is null ? [] : [facts.ReadAt];
            return (
                new SeatLedger.Command.Ask(enrolling, seats, purchaseOrder, context.Now),
                new AppendConditions
                {
                    Unchanged = [.. read, new($"{CoopProgram.Category}-{ledger.State.Terms?.Program.Value}", program.Version)],
                });
        }, ct), ct).ConfigureAwait(false);
        return await Then(asked, () => Follow(context.Part("enrollment"), offering, member, ct)).ConfigureAwait(false);
    }

    /// <summary>Confirms what is held: <c>request-unknown</c>, <c>hold-expired</c>.</summary>
    public Task<CommandOutcome> Confirm(CommandContext context, OfferingId offering, MemberNo member, CancellationToken ct) =>
        OnLine(context, offering, member, line => new SeatLedger.Command.Confirm(line, context.Now), ct);

    /// <summary>Takes an offer: <c>offer-unknown</c>, <c>offer-expired</c>, <c>offer-over</c>.</summary>
    public Task<CommandOutcome> Accept(
        CommandContext context, OfferingId offering, MemberNo member, string offer, CancellationToken ct) =>
        OnLine(context, offering, member, line => new SeatLedger.Command.AcceptOffer(Own(line, offer), context.Now), ct);

    /// <summary>Declines an offer: <c>offer-unknown</c>, <c>offer-over</c>.</summary>
    public Task<CommandOutcome> Decline(
        CommandContext context, OfferingId offering, MemberNo member, string offer, CancellationToken ct) =>
        OnLine(context, offering, member, line => new SeatLedger.Command.DeclineOffer(Own(line, offer)), ct);

    /// <summary>Any command that the enrollment decides by itself; seats that it gives up are freed after it.</summary>
    public async Task<CommandOutcome> Decide(
        CommandContext context, OfferingId offering, MemberNo member, Enrollment.Command command, CancellationToken ct)
    {
        var outcome = await commands.Handle<Enrollment, Enrollment.Command, Enrollment.State, Enrollment.Event>(
            context.Part("enrollment") with { IfVersion = context.IfVersion }, Enrollment.Key(offering, member), command, ct)
            .ConfigureAwait(false);
        return command is Enrollment.Command.Reduce or Enrollment.Command.Cancel or Enrollment.Command.CallOff or Enrollment.Command.Move
            ? await Then(outcome, () => Free(context.Part("seats"), offering, member, ct)).ConfigureAwait(false)
            : outcome;
    }

    /// <summary>Frees the seats that the enrollment has given up; nothing when they are.</summary>
    public async Task<CommandOutcome> Free(CommandContext context, OfferingId offering, MemberNo member, CancellationToken ct)
    {
        var enrollment = (await Enrolled(context.Tenant, offering, member, ct).ConfigureAwait(false)).State;
        if (enrollment.Placement is not { } placement)
            return new CommandOutcome.Refused(new("enrollment-unknown", "The member has not enrolled here; enroll first."));
        var everything = enrollment.Status == EnrollmentStatus.Cancelled;
        return await queue.InTurn(offering, () => Seats(
            context, offering, new SeatLedger.Command.Release(placement.Request, enrollment.ReleasedInAll, everything), ct), ct)
            .ConfigureAwait(false);
    }

    /// <summary>Brings the member's enrollment up to the offering's seats, at the prices of the day of the request or those kept from
    /// another date.</summary>
    public async Task<CommandOutcome> Follow(CommandContext context, OfferingId offering, MemberNo member, CancellationToken ct)
    {
        var ledger = await Ledger(context.Tenant, offering, true, ct).ConfigureAwait(false);
        if (ledger.State.LatestOf(member) is not { } line)
            return new CommandOutcome.Refused(new("request-unknown", "The offering has no request of this member; enroll first."));
        var program = await Program(context.Tenant, ledger.State.Terms!.Program, true, ct).ConfigureAwait(false);
        var on = BusinessCalendar.LocalDate(line.Request.At);
        var facts = await members.Find(context.Tenant, member, on, true, ct).ConfigureAwait(false);
        var placement = Place(ledger.State, line, program.State, line.Request.Kept ?? Quote(program.State, facts?.Type ?? "", on));
        return await commands.Handle<Enrollment, Enrollment.Command, Enrollment.State, Enrollment.Event>(
            context, Enrollment.Key(offering, member),
            new Enrollment.Command.Follow(placement, SeatStanding.Of(line), ledger.Version), ct).ConfigureAwait(false);
    }

    /// <summary>A command on the offering's seats.</summary>
    public Task<CommandOutcome> Seats(CommandContext context, OfferingId offering, SeatLedger.Command command, CancellationToken ct) =>
        commands.Handle<SeatLedger, SeatLedger.Command, SeatLedger.State, SeatLedger.Event>(context, offering.Value, command, ct);

    /// <summary>The offering's seats.</summary>
    public Task<Loaded<SeatLedger.State>> Ledger(string tenant, OfferingId offering, bool fresh, CancellationToken ct) =>
        commands.Load<SeatLedger, SeatLedger.Command, SeatLedger.State, SeatLedger.Event>(tenant, offering.Value, fresh, ct);

    /// <summary>A member's enrollment, fresh.</summary>
    public Task<Loaded<Enrollment.State>> Enrolled(string tenant, OfferingId offering, MemberNo member, CancellationToken ct) =>
        commands.Load<Enrollment, Enrollment.Command, Enrollment.State, Enrollment.Event>(
            tenant, Enrollment.Key(offering, member), true, ct);

    /// <summary>A program.</summary>
    public Task<Loaded<CoopProgram.State>> Program(string tenant, ProgramId program, bool fresh, CancellationToken ct) =>
        commands.Load<CoopProgram, CoopProgram.Command, CoopProgram.State, CoopProgram.Event>(tenant, program.Value ?? "", fresh, ct);

    private static Refusal? Judge(CoopProgram.State program, ProgramMember? facts, int? grade, DateOnly on)
    {
        if (facts is null) return new("member-unknown", "There is no such member; give its member number.");
        if (program.Phase != ProgramPhase.Published)
            return new("program-not-published", "The program is not offered now; choose another one.");
        return facts.NotEligible ?? program.Eligibility.WhyNot(facts.Type, grade)
            ?? (PricingRules.Quote(program.Pricing!, facts.Type, on) is null
                ? new("price-missing", "The program has no price by the seat on this day; ask the cooperative to set one.")
                : null);
    }

    private static QuotedPrices Quote(CoopProgram.State program, string type, DateOnly on) =>
        (program.Pricing is { } pricing ? PricingRules.Quote(pricing, type, on) : null)
        ?? new(on, Money.Zero, Money.Zero, [], 0);

    private static Placement Place(SeatLedger.State ledger, SeatLine line, CoopProgram.State program, QuotedPrices quote) => new(
        line.Request.Id, ledger.Offering, ledger.Terms!.Program, line.Request.Member, line.Request.Seats, ledger.Terms.Title, quote,
        program.Refunds, ledger.Terms.StartsAt)
    {
        PurchaseOrder = line.Request.PurchaseOrder,
    };

    /// <summary>An offer of another entry is none of this member's.</summary>
    private static string Own(string line, string offer) => offer.StartsWith(line + ".", StringComparison.Ordinal) ? offer : "";

    private static Task<CommandOutcome> Then(CommandOutcome outcome, Func<Task<CommandOutcome>> next) =>
        outcome is CommandOutcome.Done ? next() : Task.FromResult(outcome);

    private async Task<CommandOutcome> OnLine(
        CommandContext context, OfferingId offering, MemberNo member, Func<string, SeatLedger.Command> command, CancellationToken ct)
    {
        var ledger = await Ledger(context.Tenant, offering, true, ct).ConfigureAwait(false);
        if (ledger.State.LatestOf(member) is not { } line)
            return new CommandOutcome.Refused(new("request-unknown", "The offering has no request of this member; enroll first."));
        var done = await queue.InTurn(
            offering, () => Seats(context.Part("seats"), offering, command(line.Request.Id), ct), ct).ConfigureAwait(false);
        return await Then(done, () => Follow(context.Part("enrollment"), offering, member, ct)).ConfigureAwait(false);
    }

    private Task<CommandOutcome> Seats(
        CommandContext context, OfferingId offering, Func<bool, Task<(SeatLedger.Command Command, AppendConditions Conditions)>> prepare,
        CancellationToken ct) =>
        commands.Handle<SeatLedger, SeatLedger.Command, SeatLedger.State, SeatLedger.Event>(context, offering.Value, prepare, ct);
}
