using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// Does what the sagas of programs ask for. Every append inside one command has a key made from the command's own, so doing it again
/// after a crash changes nothing.
/// </summary>
public sealed class ProgramWork(Commands commands, IReadModels readModels)
{
    private static readonly OfferingBoard Offerings = new();

    /// <summary>What members do about seats.</summary>
    public EnrollSeats Seats { get; } = new(commands, new ProgramMembers(commands), SeatQueue.Shared);

    /// <summary>Subscriptions and uses of services.</summary>
    public SubscribeService Services { get; } = new(commands, new ProgramMembers(commands));

    /// <summary>Teams.</summary>
    public RegisterTeam Teams { get; } = new(commands, new ProgramMembers(commands));

    /// <summary>Executes a command of a saga.</summary>
    public Task<CommandOutcome> Execute(CommandContext context, ProgramCommand command, CancellationToken ct) => command switch
    {
        OpenOffering c => Ledger(context, c.Offering, new SeatLedger.Command.Open(context.Now), ct),
        PromoteWaitlist c => Ledger(context, c.Offering, new SeatLedger.Command.Promote(context.Now), ct),
        ExpireSeatHold c => Ledger(context, c.Offering, new SeatLedger.Command.ExpireHold(c.Request, c.Until, context.Now), ct),
        ExpireSeatOffer c => Ledger(context, c.Offering, new SeatLedger.Command.ExpireOffer(c.Offer, context.Now), ct),
        ReachOfferingCutoff c => Ledger(context, c.Offering, new SeatLedger.Command.ReachCutoff(context.Now), ct),
        StartOffering c => Ledger(context, c.Offering, new SeatLedger.Command.Start(context.Now), ct),
        CompleteOffering c => Ledger(context, c.Offering, new SeatLedger.Command.Complete(context.Now), ct),
        CheckOfferingMinimum c => Ledger(context, c.Offering, new SeatLedger.Command.CheckMinimum(context.Now), ct),
        ExtendOfferingDecision c => Ledger(context, c.Offering, new SeatLedger.Command.Extend(context.Now), ct),
        CancelOffering c => Ledger(context, c.Offering, new SeatLedger.Command.Cancel(c.Reason), ct),
        DrawOpeningRound c => DrawRound(context, c.Offering, ct),
        FollowSeats c => Seats.Follow(context, c.Offering, c.Member, ct),
        FreeSeats c => Seats.Free(context, c.Offering, c.Member, ct),
        CallOffEnrollments c => CallOff(context, c.Offering, c.Reason, ct),
        AskToMove c => ForAll(context, c.Offering, async (part, member) => await Seats.Decide(
            part, c.Offering, member, new Enrollment.Command.AskToMove(c.To, c.Until), ct).ConfigureAwait(false), ct),
        CloseOfferingMerge c => CloseMerge(context, c.Offering, c.To, ct),
        IssueCertificates c => Certify(context, c.Offering, ct),
        EndSubscriptionYear c => commands.Handle<Subscription, Subscription.Command, Subscription.State, Subscription.Event>(
            context, Subscription.Key(c.Service, c.Member, c.Year),
            new Subscription.Command.EndYear(BusinessCalendar.LocalDate(context.Now)), ct),
        ContinueSubscription c => Services.Continue(context, c.Service, c.Member, c.Year, c.Slots, ct),
        _ => throw new ArgumentException($"{command.GetType().Name} is not in the list of program commands.", nameof(command)),
    };

    /// <summary>Opens the attendance sheet of an offering for its sessions.</summary>
    public async Task<CommandOutcome> OpenAttendance(CommandContext context, OfferingId offering, CancellationToken ct)
    {
        var ledger = await Seats.Ledger(context.Tenant, offering, true, ct).ConfigureAwait(false);
        if (ledger.State.Terms is not { } terms)
            return new CommandOutcome.Refused(new("offering-unknown", "There is no such offering; schedule it first."));
        return await Attendance(
            context, offering, new AttendanceSheet.Command.Open(offering, terms.Program, terms.Title, terms.Sessions), ct)
            .ConfigureAwait(false);
    }

    /// <summary>Any command that the attendance sheet decides by itself.</summary>
    public Task<CommandOutcome> Attendance(
        CommandContext context, OfferingId offering, AttendanceSheet.Command command, CancellationToken ct) =>
        commands.Handle<AttendanceSheet, AttendanceSheet.Command, AttendanceSheet.State, AttendanceSheet.Event>(
            context, offering.Value, command, ct);

    /// <summary>Any command that the offering's seats decide by themselves.</summary>
    public Task<CommandOutcome> Ledger(CommandContext context, OfferingId offering, SeatLedger.Command command, CancellationToken ct) =>
        Seats.Seats(context, offering, command, ct);

    /// <summary>The seed comes from the ids of the collected requests' events: nobody chooses it and everybody can recompute it.</summary>
    private Task<CommandOutcome> DrawRound(CommandContext context, OfferingId offering, CancellationToken ct) =>
        commands.Handle<SeatLedger, SeatLedger.Command, SeatLedger.State, SeatLedger.Event>(context, offering.Value, async _ =>
        {
            var history = await commands.Store.ReadStream(context.Tenant, $"{SeatLedger.Category}-{offering}", ct: ct)
                .ConfigureAwait(false);
            var seed = OpeningRound.SeedOf(history.Where(e => e.Fact is SeatLedger.Event.RequestCollected).Select(e => e.Id));
            var seen = new AppendConditions { Unchanged = [new($"{SeatLedger.Category}-{offering}", history.Count)] };
            return (new SeatLedger.Command.DrawRound(seed, context.Now), seen);
        }, ct);

    private async Task<CommandOutcome> CallOff(CommandContext context, OfferingId offering, string reason, CancellationToken ct)
    {
        var ledger = await Seats.Ledger(context.Tenant, offering, true, ct).ConfigureAwait(false);
        var others = await Others(context, ledger.State, ct).ConfigureAwait(false);
        return await ForAll(context, offering, async (part, member) => await Seats.Decide(
            part, offering, member, new Enrollment.Command.CallOff(reason, others), ct).ConfigureAwait(false), ct).ConfigureAwait(false);
    }

    /// <summary>Other dates of the program that take requests: what members are asked about instead.</summary>
    private async Task<StructuralList<OfferingId>> Others(CommandContext context, SeatLedger.State state, CancellationToken ct)
    {
        var query = new RowQuery
        {
            Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["program"] = state.Terms!.Program.Value },
        };
        var rows = await readModels.List(Offerings, context.Tenant, query, ct).ConfigureAwait(false);
        return rows.Select(r => r.Row)
            .Where(r => r.Phase is OfferingPhase.Open or OfferingPhase.Full)
            .Where(r => r.Offering != state.Offering && r.Terms.StartsAt > context.Now).Select(r => r.Offering).ToStructuralList();
    }

    private async Task<CommandOutcome> CloseMerge(CommandContext context, OfferingId from, OfferingId to, CancellationToken ct)
    {
        var ledger = await Seats.Ledger(context.Tenant, from, true, ct).ConfigureAwait(false);
        if (ledger.State.MergeTo != to) return Done(from, ledger);
        var moved = await ForAll(context, from, async (part, member) =>
        {
            var enrolled = (await Seats.Enrolled(part.Tenant, from, member, ct).ConfigureAwait(false)).State;
            if (enrolled is not { Consents: true, Seats: > 0, IsOver: false, Placement: { } placement }) return null;
            return await Move(part, placement, enrolled.Seats, to, ct).ConfigureAwait(false);
        }, ct).ConfigureAwait(false);
        return moved is CommandOutcome.Busy
            ? moved
            : await Ledger(context.Part("close"), from, new SeatLedger.Command.Cancel($"moved to {to}"), ct).ConfigureAwait(false);
    }

    /// <summary>Seats at the other date first; who gets none there keeps its consent for nothing and is paid back with the rest.</summary>
    private async Task<CommandOutcome?> Move(CommandContext part, Placement placement, int seats, OfferingId to, CancellationToken ct)
    {
        var member = placement.Member;
        var target = await Seats.Ledger(part.Tenant, to, true, ct).ConfigureAwait(false);
        if (target.State.LineOf(member) is not { } there)
        {
            if (target.State.HasLine || target.State.Free < seats) return null;
            var ask = new SeatLedger.Command.Ask(new(member, 0, null), seats, placement.PurchaseOrder, part.Now) { Kept = placement.Quote };
            var asked = await Ledger(part.Part("there"), to, ask, ct).ConfigureAwait(false);
            if (asked is not CommandOutcome.Done) return asked as CommandOutcome.Busy;
        }
        else if (there.Taken < seats)
        {
            return null;
        }

        var followed = await Seats.Follow(part.Part("enrollment"), to, member, ct).ConfigureAwait(false);
        return followed is CommandOutcome.Done
            ? await Seats.Decide(part.Part("move"), placement.Offering, member, new Enrollment.Command.Move(to), ct).ConfigureAwait(false)
            : followed;
    }

    private async Task<CommandOutcome> Certify(CommandContext context, OfferingId offering, CancellationToken ct)
    {
        var history = await commands.Store.ReadStream(context.Tenant, $"{AttendanceSheet.Category}-{offering}", ct: ct)
            .ConfigureAwait(false);
        if (history.LastOrDefault(e => e.Fact is AttendanceSheet.Event.Closed) is not { Fact: AttendanceSheet.Event.Closed closed } end)
            return new CommandOutcome.Refused(new("attendance-not-closed", "Close the attendance sheet first."));
        var sheet = (AttendanceSheet.Event.Opened)history[0].Fact;
        foreach (var result in closed.Results.Where(r => r.Reached))
        {
            var text = new CertificateText(
                offering, sheet.Program, sheet.Title, result.Participant, result.Member,
                BusinessCalendar.LocalDate(sheet.Sessions[0].StartsAt), BusinessCalendar.LocalDate(sheet.Sessions.Max(s => s.EndsAt)),
                result.Minutes, result.ClockHours, result.Ceu);
            var issued = await commands.Handle<Certificate, Certificate.Command, Certificate.State, Certificate.Event>(
                context.Part($"certificate/{result.Participant}"), Certificate.CodeOf(end.Id, result.Participant),
                new Certificate.Command.Issue(text, result.Reached), ct).ConfigureAwait(false);
            if (issued is CommandOutcome.Busy) return issued;
        }

        var came = closed.Results.Where(r => r.Minutes > 0).Select(r => r.Member).ToHashSet();
        return await ForAll(context, offering, async (part, member) => await Seats.Decide(
            part, offering, member, new Enrollment.Command.RecordAttendance(came.Contains(member)), ct).ConfigureAwait(false), ct)
            .ConfigureAwait(false);
    }

    /// <summary>Does something for every member with an enrollment; a refusal is that member's alone, a busy store ends it.</summary>
    private async Task<CommandOutcome> ForAll(
        CommandContext context, OfferingId offering, Func<CommandContext, MemberNo, Task<CommandOutcome?>> act, CancellationToken ct)
    {
        var ledger = await Seats.Ledger(context.Tenant, offering, true, ct).ConfigureAwait(false);
        foreach (var member in ledger.State.Lines.Values.Select(l => l.Request.Member).Distinct().Order())
        {
            if (await act(context.Part(member.Value), member).ConfigureAwait(false) is CommandOutcome.Busy busy) return busy;
        }

        return Done(offering, ledger);
    }

    private static CommandOutcome.Done Done(OfferingId offering, Loaded<SeatLedger.State> ledger) =>
        new($"{SeatLedger.Category}-{offering}", ledger.Version, 0, true);
}
