using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;
using SSC.Purchasing.Tests.Properties;
using Xunit;
using static SSC.Purchasing.Tests.Programs.ProgramSamples;

namespace SSC.Purchasing.Tests.Programs;

public class SeatLedgerLaws : DeciderLaws<SeatLedger, SeatLedger.Command, SeatLedger.State, SeatLedger.Event>
{
    private static readonly OfferingTerms Few = Terms(5, allowSkip: true, minimum: 3) with { UnderMinimum = [UnderMinimumAction.Extend] };
    private static readonly OfferingTerms Round = Terms(5) with { RoundUntil = Now };

    protected override Gen<SeatLedger.Command> Commands => Gen.Frequency(
        (1, Gen.Elements(Few, Round, Terms(null), Terms(0)).Select(t => (SeatLedger.Command)new SeatLedger.Command.Schedule(October, t))),
        (2, Gen.Constant((SeatLedger.Command)new SeatLedger.Command.Open(Opens))),
        (8, from m in Gen.Elements("A", "B", "C", "D") from n in Gen.Choose(0, 4) from po in Gen.Elements<string?>(null, "PO")
            from at in Gen.Choose(0, 3) select (SeatLedger.Command)Ask(m, n, po, Now.AddHours(at))),
        (3, from r in Request from at in Gen.Choose(0, 2) select (SeatLedger.Command)new SeatLedger.Command.Confirm(r, Now.AddHours(at))),
        (2, from r in Request from at in Gen.Choose(0, 2)
            select (SeatLedger.Command)new SeatLedger.Command.ExpireHold(r, Now.AddHours(at).AddMinutes(15), Now.AddDays(at))),
        (3, from r in Request from n in Gen.Choose(0, 3) from all in Gen.Elements(true, false)
            select (SeatLedger.Command)new SeatLedger.Command.Release(r, n, all)),
        (5, Gen.Choose(0, 60).Select(h => (SeatLedger.Command)new SeatLedger.Command.Promote(Now.AddHours(h)))),
        (4, from r in Request from n in Gen.Choose(1, 3) from c in Gen.Choose(0, 2) select c switch
        {
            0 => (SeatLedger.Command)new SeatLedger.Command.AcceptOffer($"{r}.{n}", Now.AddHours(50)),
            1 => new SeatLedger.Command.DeclineOffer($"{r}.{n}"),
            _ => new SeatLedger.Command.ExpireOffer($"{r}.{n}", Now.AddDays(9)),
        }),
        (1, Gen.Elements<int?>(null, 0, 3, 7).Select(n => (SeatLedger.Command)new SeatLedger.Command.SetCapacity(n, "room"))),
        (1, Gen.Elements<SeatLedger.Command>(
            new SeatLedger.Command.DrawRound("s1", Now), new SeatLedger.Command.CheckMinimum(Start.AddDays(-9)),
            new SeatLedger.Command.Extend(Start.AddDays(-9)), new SeatLedger.Command.RunAnyway("needed"),
            new SeatLedger.Command.ProposeMerge(new("PD-nov"), Now), new SeatLedger.Command.SplitCost("I-1", "Consultant", new(100)))));

    private static Gen<string> Request => Gen.Elements("A.1", "B.1", "C.1", "D.1", "A.2");

    protected override IEnumerable<IReadOnlyList<SeatLedger.Command>> Scenarios =>
    [
        [
            new SeatLedger.Command.Schedule(October, Few), new SeatLedger.Command.Open(Opens), Ask("A", 2, "PO"),
            new SeatLedger.Command.CheckMinimum(Few.DecideAt!.Value), new SeatLedger.Command.Extend(Few.DecideAt.Value),
            new SeatLedger.Command.CheckMinimum(Start.AddDays(-5)), new SeatLedger.Command.ProposeMerge(new("PD-nov"), Now),
            new SeatLedger.Command.Cancel("moved"),
        ],
        [
            new SeatLedger.Command.Schedule(October, Few), new SeatLedger.Command.Open(Opens), Ask("A", 2, "PO"),
            new SeatLedger.Command.SplitCost("I-1", "Consultant", new(100)), new SeatLedger.Command.CheckMinimum(Few.DecideAt.Value),
            new SeatLedger.Command.RunAnyway("needed"), new SeatLedger.Command.Close("full"), new SeatLedger.Command.ReachCutoff(Cutoff),
            new SeatLedger.Command.Start(Start), new SeatLedger.Command.Complete(Start.AddDays(1)),
        ],
        [
            new SeatLedger.Command.Schedule(October, Few), new SeatLedger.Command.Open(Opens), Ask("A", 3, "PO"), Ask("B", 2, "PO"),
            new SeatLedger.Command.CheckMinimum(Few.DecideAt.Value), Ask("C", 2), Ask("D", 1), new SeatLedger.Command.Release("A.1", 1,
                false),
            new SeatLedger.Command.Promote(Now), new SeatLedger.Command.DeclineOffer("C.1.1"), new SeatLedger.Command.Promote(Now),
            new SeatLedger.Command.AcceptOffer("D.1.1", Now), new SeatLedger.Command.Release("A.1", 3, true),
            new SeatLedger.Command.Promote(Now), new SeatLedger.Command.ExpireOffer("C.1.2", Now.AddDays(4)),
        ],
        [
            new SeatLedger.Command.Schedule(October, Round), new SeatLedger.Command.Open(Opens), Ask("A", 4, "PO"), Ask("B", 3),
            new SeatLedger.Command.DrawRound("s1", Now), new SeatLedger.Command.Confirm("B.1", Now),
        ],
        [
            new SeatLedger.Command.Schedule(October, Terms(3)), new SeatLedger.Command.Open(Opens), Ask("A", 2),
            new SeatLedger.Command.ExpireHold("A.1", Now.AddMinutes(15), Now.AddMinutes(15)), new SeatLedger.Command.SetCapacity(0, "none"),
        ],
    ];

    /// <summary>Runs of commands, the same every time.</summary>
    internal IEnumerable<IReadOnlyList<SeatLedger.Command>> Runs() =>
        Scenarios.Concat(Commands.ListOf().Select(Begun).Sample(60, new Rnd(20261014UL, 1UL), 400));

    private static IReadOnlyList<SeatLedger.Command> Begun(List<SeatLedger.Command> run) =>
        [new SeatLedger.Command.Schedule(October, run.Count % 3 == 0 ? Round : Few), new SeatLedger.Command.Open(Opens), .. run];
}

/// <summary>What must hold of seats whatever is asked of them.</summary>
public class SeatProperties
{
    [Fact]
    public void held_confirmed_and_offered_seats_never_exceed_the_capacity_and_nobody_who_waits_is_passed()
    {
        foreach (var run in new SeatLedgerLaws().Runs())
        {
            var state = SeatLedger.Initial;
            foreach (var command in run)
            {
                if (SeatLedger.Decide(command, state) is not Decision<SeatLedger.Event>.Accepted accepted) continue;
                var hadLine = state.HasLine;
                foreach (var fact in accepted.Events)
                {
                    state = SeatLedger.Evolve(state, fact);
                    state.Committed.ShouldBe(state.Lines.Values.Sum(l => l.Committed));
                    if (state.Capacity is { } capacity) state.Committed.ShouldBeLessThanOrEqualTo(capacity);
                    state.Lines.Values.ShouldAllBe(l => l.Waiting >= 0 && l.Released <= l.Confirmed
                        && l.Committed + l.Waiting <= l.Request.Seats);
                    if (hadLine) (fact is SeatLedger.Event.SeatsHeld or SeatLedger.Event.SeatsGiven).ShouldBeFalse($"{command}");
                }
            }
        }
    }

    [Fact]
    public void the_order_of_the_line_is_a_pure_function_of_the_recorded_events()
    {
        foreach (var run in new SeatLedgerLaws().Runs())
        {
            var facts = new List<SeatLedger.Event>();
            var state = SeatLedger.Initial;
            foreach (var command in run)
            {
                if (SeatLedger.Decide(command, state) is not Decision<SeatLedger.Event>.Accepted accepted) continue;
                facts.AddRange(accepted.Events);
                state = accepted.Events.Aggregate(state, SeatLedger.Evolve);
            }

            var stored = facts.Select(f => (SeatLedger.Event)System.Text.Json.JsonSerializer.Deserialize(
                EventCatalogue.Serialize(f), f.GetType(), EventCatalogue.Json)!);
            var again = stored.Aggregate(SeatLedger.Initial, SeatLedger.Evolve);
            again.Waitlist.Select(l => l.Request.Id).ShouldBe(state.Waitlist.Select(l => l.Request.Id));
            again.ShouldBe(state);
        }
    }

    [Fact]
    public void the_read_model_counts_what_the_seats_count()
    {
        foreach (var run in new SeatLedgerLaws().Runs().Take(120))
        {
            var facts = new List<object>();
            var state = SeatLedger.Initial;
            foreach (var command in run)
            {
                if (SeatLedger.Decide(command, state) is not Decision<SeatLedger.Event>.Accepted accepted) continue;
                facts.AddRange(accepted.Events);
                state = accepted.Events.Aggregate(state, SeatLedger.Evolve);
            }

            if (facts.Count == 0) continue;
            var row = ProgramRows.Of(new OfferingBoard(), $"offering-{October}", facts)[October.Value];
            (row.Held, row.Confirmed, row.Offered, row.Waiting).ShouldBe((
                state.Lines.Values.Sum(l => l.Held), state.Taken, state.Lines.Values.Sum(l => l.Offered),
                state.Lines.Values.Sum(l => l.Waiting + l.Collected)));
            if (!state.IsCollecting) row.Phase.ShouldBe(state.Phase);
        }
    }

    [Fact]
    public void a_round_gives_nobody_a_second_seat_before_everybody_has_a_first_and_leaves_nothing_that_is_asked_for() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(
            ArbMap.Default.ArbFor<PositiveInt>(), Arb.From(Gen.Choose(1, 6).ListOf()), (seats, asked) =>
            {
                var requests = asked.Select((n, i) => new SeatRequest($"M-{i}.1", new($"M-{i}"), n, 0, Now)).ToList();
                var grants = OpeningRound.Draw(seats.Get, requests, "seed");
                grants.Sum(g => g.Seats).ShouldBe(Math.Min(seats.Get, asked.Sum()));
                foreach (var g in grants.Where(g => g.Seats < g.Asked))
                    grants.ShouldAllBe(o => o.Seats <= g.Seats + 1);
                OpeningRound.Draw(seats.Get, requests.AsEnumerable().Reverse(), "seed").ShouldBe(grants);
            }));

    [Fact]
    public void what_a_member_keeps_is_always_paid_for_and_refunds_never_exceed_what_was_charged() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(Arb.From(Gen.Choose(1, 12)), Arb.From(Gen.Choose(1, 12).ListOf()), Arb.From(Gen.Choose(0, 40)), (seats, keeps, days) =>
        {
            var state = Confirmed(Quote(125m, 110m, 5, 1_500, 700), seats).Aggregate(Enrollment.Initial, Enrollment.Evolve);
            foreach (var keep in keeps)
            {
                if (Enrollment.Decide(new Enrollment.Command.Reduce(keep, Start.AddDays(-days)), state)
                    is Decision<Enrollment.Event>.Accepted accepted) state = accepted.Events.Aggregate(state, Enrollment.Evolve);
                (state.Charged - state.Refunded).ShouldBeGreaterThanOrEqualTo(state.Placement!.Quote.PriceOf(state.Seats));
                state.Refunded.ShouldBeGreaterThanOrEqualTo(Money.Zero);
            }
        }));
}

public class EnrollmentLaws : DeciderLaws<Enrollment, Enrollment.Command, Enrollment.State, Enrollment.Event>
{
    protected override Gen<Enrollment.Command> Commands => Gen.Frequency(
        (6, from held in Gen.Choose(0, 1) from confirmed in Gen.Choose(0, 4) from waiting in Gen.Choose(0,
            2) from offered in Gen.Choose(0, 1)
            from version in Gen.Choose(1, 9) from n in Gen.Choose(1, 2)
            select (Enrollment.Command)new Enrollment.Command.Follow(
                Placement(Quote(50m), request: $"M-001.{n}"), new(held, confirmed, waiting, offered), version)),
        (2, Gen.Choose(0, 4).Select(n => (Enrollment.Command)new Enrollment.Command.Reduce(n, Now))),
        (1, Gen.Elements("ill", "").Select(r => (Enrollment.Command)new Enrollment.Command.Cancel(r, Now))),
        (1, Gen.Constant((Enrollment.Command)new Enrollment.Command.CallOff("few", [new("PD-nov")]))),
        (2, Gen.Elements<StructuralList<ParticipantId>>([new("T-1")], [new("T-1"), new("T-2")], [])
            .Select(p => (Enrollment.Command)new Enrollment.Command.NameParticipants(p))),
        (2, from a in Gen.Elements("T-1", "T-2") from b in Gen.Elements("T-1", "T-3")
            select (Enrollment.Command)new Enrollment.Command.Substitute(new(a), new(b))),
        (2, Gen.Constant((Enrollment.Command)new Enrollment.Command.AskToMove(new("PD-nov"), Now.AddDays(3)))),
        (2, Gen.Elements(true, false).Select(c => (Enrollment.Command)new Enrollment.Command.AnswerMove(c, Now))),
        (1, Gen.Constant((Enrollment.Command)new Enrollment.Command.Move(new("PD-nov")))),
        (1, Gen.Elements(true, false).Select(c => (Enrollment.Command)new Enrollment.Command.RecordAttendance(c))));

    protected override IEnumerable<IReadOnlyList<Enrollment.Command>> Scenarios => new Enrollment.Command[][]
    {
        [new Enrollment.Command.NameParticipants([new("T-1")]), new Enrollment.Command.Substitute(new("T-1"), new("T-2"))],
        [
            new Enrollment.Command.AskToMove(new("PD-nov"), Now.AddDays(3)), new Enrollment.Command.AnswerMove(true, Now),
            new Enrollment.Command.Move(new("PD-nov")),
        ],
        [new Enrollment.Command.RecordAttendance(true)],
        [new Enrollment.Command.RecordAttendance(false)],
    }.Select(run => (IReadOnlyList<Enrollment.Command>)
        [new Enrollment.Command.Follow(Placement(Quote(50m)), new(0, 4, 0, 0), 3), .. run]);
}

public class CoopProgramLaws : DeciderLaws<CoopProgram, CoopProgram.Command, CoopProgram.State, CoopProgram.Event>
{
    protected override Gen<CoopProgram.Command> Commands => Gen.Frequency(
        (3, Gen.Elements("Sums", "").Select(t =>
            (CoopProgram.Command)new CoopProgram.Command.Draft(Workshop, t, ProgramKind.ProfessionalDevelopment))),
        (2, Gen.Choose(-1, 2).Select(n => (CoopProgram.Command)new CoopProgram.Command.SetPricing(
            new(new([new(new(2026, 7, 1), new(n), new(n))]))))),
        (1, Gen.Elements<StructuralList<string>>(["Education"], [], ["no good"])
            .Select(t => (CoopProgram.Command)new CoopProgram.Command.SetEligibility(new(t, 4, 8)))),
        (1, Gen.Choose(-1, 2).Select(n => (CoopProgram.Command)new CoopProgram.Command.SetRefundPolicy(new([new(n, 5_000)])))),
        (1, Gen.Choose(0, 2).Select(n => (CoopProgram.Command)new CoopProgram.Command.SetTiers(
            new(new(2026, 7, 1), "rules", [new("A", n), new("AA", null)])))),
        (1, Gen.Constant((CoopProgram.Command)new CoopProgram.Command.Publish())),
        (1, Gen.Elements("done", "").Select(r => (CoopProgram.Command)new CoopProgram.Command.Retire(r))));
}

public class TeamLaws : DeciderLaws<Team, Team.Command, Team.State, Team.Event>
{
    private static readonly TierBands Bands = new(new(2026, 7, 1), "rules", [new("A", 500), new("AA", null)]);

    protected override Gen<Team.Command> Commands => Gen.OneOf(
        from places in Gen.Choose(0, 1) from students in Gen.Elements<int?>(null, 300, 900) from label in Gen.Elements("A", "B", "")
        select (Team.Command)new Team.Command.Register(new(October, new("M-001"), 1, label, 5), new(places, students, Bands)),
        Gen.Choose(0, 2).Select(n => (Team.Command)new Team.Command.Seed(n)),
        Gen.Choose(0, 3).Select(n => (Team.Command)new Team.Command.Advance(n)),
        Gen.Elements("ill", "").Select(r => (Team.Command)new Team.Command.Withdraw(r)));
}

public class ProgramChargeLaws : DeciderLaws<ProgramCharge, ProgramCharge.Command, ProgramCharge.State, ProgramCharge.Event>
{
    private static readonly DateOnly Day = new(2026, 10, 1);

    protected override Gen<ProgramCharge.Command> Commands => Gen.OneOf(
        Gen.Elements("2026-09-M-001", "2026-10-M-001", "").Select(i => (ProgramCharge.Command)new ProgramCharge.Command.Settle(i, Day)),
        Gen.Elements("2026-09-M-001", "2026-10-M-001").Select(i => (ProgramCharge.Command)new ProgramCharge.Command.Reopen(i, Day)));
}

public class SubscriptionLaws : DeciderLaws<Subscription, Subscription.Command, Subscription.State, Subscription.Event>
{
    protected override Gen<Subscription.Command> Commands => Gen.OneOf(
        Gen.Choose(19, 21).Select(n => (Subscription.Command)new Subscription.Command.Subscribe(
            ServiceExamples.Filter, new(2026, 10, 15), n, null)),
        Gen.Constant((Subscription.Command)new Subscription.Command.Continue(ServiceExamples.Filter, 20)),
        Gen.Choose(0, 2).Select(n => (Subscription.Command)new Subscription.Command.AddSlots($"PO-{n}", n, new(2027, 1, 1))),
        Gen.Elements("lab-1", "lab-2", "no good").Select(u => (Subscription.Command)new Subscription.Command.UseSlot(u)),
        Gen.Elements("lab-1", "lab-2").Select(u => (Subscription.Command)new Subscription.Command.FreeSlot(u)),
        Gen.Elements(4, 6).Select(m => (Subscription.Command)new Subscription.Command.GiveNotice(new(2027, m, 1))),
        Gen.Elements(6, 7).Select(m => (Subscription.Command)new Subscription.Command.EndYear(new(2027, m, 1))));
}

public class ServiceUseLaws : DeciderLaws<ServiceUse, ServiceUse.Command, ServiceUse.State, ServiceUse.Event>
{
    protected override Gen<ServiceUse.Command> Commands => Gen.OneOf(
        from id in Gen.Elements("BC-1", "BC-2", "no good") from n in Gen.Choose(0, 2)
        select (ServiceUse.Command)new ServiceUse.Command.Record(ServiceUseSpecs.Check(n, id), null),
        from id in Gen.Elements("BC-1", "BC-2") from why in Gen.Elements("twice", "")
        select (ServiceUse.Command)new ServiceUse.Command.Reverse(id, why));
}

public class AttendanceLaws : DeciderLaws<AttendanceSheet, AttendanceSheet.Command, AttendanceSheet.State, AttendanceSheet.Event>
{
    protected override Gen<AttendanceSheet.Command> Commands => Gen.OneOf(
        Gen.Elements<StructuralList<Session>>([new(Start, 60), new(Start.AddHours(1), 60)], [])
            .Select(s => (AttendanceSheet.Command)new AttendanceSheet.Command.Open(October, Workshop, "Number sense", s)),
        from session in Gen.Choose(0, 3) from person in Gen.Elements("T-1", "T-2") from minutes in Gen.Elements(-1, 0, 48, 60, 61)
        select (AttendanceSheet.Command)new AttendanceSheet.Command.Mark([new(session, new(person), new("M-001"), minutes)]),
        Gen.Choose(0, 3).Select(h => (AttendanceSheet.Command)new AttendanceSheet.Command.Close(Start.AddHours(h))));
}

public class CertificateLaws : DeciderLaws<Certificate, Certificate.Command, Certificate.State, Certificate.Event>
{
    protected override Gen<Certificate.Command> Commands => Gen.OneOf(
        from reached in Gen.Elements(true, false) from minutes in Gen.Elements(320, 360)
        select (Certificate.Command)new Certificate.Command.Issue(CertificateSpecs.Hours with { Minutes = minutes }, reached),
        Gen.Elements("wrong person", "").Select(r => (Certificate.Command)new Certificate.Command.Revoke(r)));
}
