using FsCheck;
using FsCheck.Fluent;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Tests.Properties;

namespace SSC.Purchasing.Tests.Membership.Governance;

public class BoardLaws : DeciderLaws<Board, Board.Command, Board.State, Board.Event>
{
    private static readonly DateOnly Day = new(2026, 7, 1);

    protected override Gen<Board.Command> Commands => Gen.OneOf(
        Gen.Elements(BoardRules.Customary, BoardRules.Customary with { LeastDirectors = 5 })
            .Select(r => (Board.Command)new Board.Command.Constitute(new("SSC"), r, Day, "Bylaws 2020")),
        Gen.Choose(0, 3).Select(n => (Board.Command)new Board.Command.AmendRules(
            BoardRules.Customary with { AbsenceLimit = n }, Day.AddDays(n), "Bylaws 2026")),
        Gen.Elements("S-1", "S-2", "bad id").SelectMany(s => Gen.Elements(2025, 2026).Select(y => (Board.Command)Establish(s, y))),
        Gen.Elements("S-1", "S-2").SelectMany(s => Gen.Choose(1, 3).Select(n => (Board.Command)Install(s, n))),
        Gen.Elements("S-1", "S-2").SelectMany(s => Gen.Choose(1, 3)
            .Select(n => (Board.Command)new Board.Command.Appoint(new(s), Person(n), "R-1", Day))),
        Gen.Elements("S-1", "S-3").Select(s => (Board.Command)new Board.Command.Vacate(new(s), new("p-1"), VacancyReason.Resigned, Day)),
        Gen.Choose(0, 9).Select(n => (Board.Command)new Board.Command.EndTerms(Day.AddYears(n))),
        Gen.Choose(1, 3).SelectMany(n => Gen.Elements(Attendance.Present, Attendance.Unexcused).Select(a => (Board.Command)Attend(n, a))),
        Gen.Choose(0, 2).Select(n => (Board.Command)new Board.Command.RemindOfVacancy(new("S-1"), Day, n)));

    protected override IEnumerable<IReadOnlyList<Board.Command>> Scenarios =>
    [
        [
            Constitute, Establish("S-1", 2025), new Board.Command.RemindOfVacancy(new("S-1"), Day, 1), Install("S-1", 1),
            Attend(1, Attendance.Unexcused), Attend(2, Attendance.Unexcused), Attend(3, Attendance.Unexcused),
            new Board.Command.Appoint(new("S-1"), Person(2), "R-1", Day.AddDays(9)), new Board.Command.EndTerms(Day.AddYears(5)),
        ],
        [
            Constitute, new Board.Command.AmendRules(BoardRules.Customary with { AbsenceLimit = 2 }, Day.AddDays(1), "Bylaws 2026"),
            Establish("S-1", 2025), Install("S-1", 1), new Board.Command.Vacate(new("S-1"), new("p-1"), VacancyReason.Resigned, Day),
        ],
    ];

    private static Board.Command.Constitute Constitute => new(new("SSC"), BoardRules.Customary, Day, "Bylaws 2020");

    private static Candidate Person(int n) => new(new($"p-{n}"), new($"M-00{n}"), n != 3);

    private static Board.Command.EstablishSeat Establish(string seat, int year) =>
        new(new(seat), new("Olmsted", true, year), Day);

    private static Board.Command.Install Install(string seat, int n) => new(new(seat), Person(n), "SSC-2025", Day);

    private static Board.Command.RecordAttendance Attend(int n, Attendance came) => new(
        $"BM-{n}", Day.AddDays(n), StructuralMap<PersonId, Attendance>.Empty.Set(new("p-1"), came));
}

public class ElectionLaws : DeciderLaws<Election, Election.Command, Election.State, Election.Event>
{
    protected override Gen<Election.Command> Commands => Gen.OneOf(
        Gen.Elements(TieRule.Lot, TieRule.Seed, (TieRule)7).Select(t => (Election.Command)new Election.Command.Call(
            Elections.Terms with { TieRule = t }, Elections.Start)),
        Gen.Choose(1, 4).Select(n => (Election.Command)Elections.Nominate(n)),
        Gen.Elements(Elections.Start, Elections.NominationsEnd).Select(t => (Election.Command)new Election.Command.OpenVoting(
            [new("M-001"), new("M-002")], 7, t)),
        Gen.Choose(1, 3).SelectMany(m => Gen.Choose(1, 3).Select(n => (Election.Command)Elections.Cast(m, n))),
        Gen.Elements(Elections.NominationsEnd, Elections.VotingEnd).Select(t => (Election.Command)new Election.Command.Close(t)),
        Gen.Choose(1, 3).Select(n => (Election.Command)new Election.Command.BreakTie(Elections.Seat, Boards.Person(n), null)),
        Gen.Constant((Election.Command)new Election.Command.BreakTie(Elections.Seat, null, 42)),
        Gen.Constant((Election.Command)new Election.Command.Certify(new(2027, 5, 20))));

    protected override IEnumerable<IReadOnlyList<Election.Command>> Scenarios =>
        [Elections.Tied(TieRule.Lot), Elections.Tied(TieRule.Seed)];
}

/// <summary>One election of one seat.</summary>
internal static class Elections
{
    public static readonly SeatId Seat = new("OLMSTED-1");
    public static readonly DateTimeOffset Start = new(2027, 3, 1, 15, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset NominationsEnd = Start.AddDays(30);
    public static readonly DateTimeOffset VotingEnd = Start.AddDays(60);

    public static readonly ElectionTerms Terms = new(
        "SSC-2027", new("SSC"), [new(Seat, true)], NominationsEnd, VotingEnd, new(2027, 7, 1), TieRule.Lot);

    public static Election.Command.Nominate Nominate(int n, SeatId? seat = null) =>
        new(seat ?? Seat, new(Boards.Person(n), new($"M-00{n}"), n != 4), Start);

    public static Election.Command.Cast Cast(int member, int candidate, SeatId? seat = null) => new(
        new($"M-00{member}"), new(StructuralMap<SeatId, PersonId>.Empty.Set(seat ?? Seat, Boards.Person(candidate))), NominationsEnd);

    public static IReadOnlyList<Election.Command> Tied(TieRule rule) =>
    [
        new Election.Command.Call(Terms with { TieRule = rule }, Start), Nominate(1), Nominate(2),
        new Election.Command.OpenVoting([new("M-001"), new("M-002")], 7, NominationsEnd), Cast(1, 1), Cast(2, 2),
        new Election.Command.Close(VotingEnd),
        rule == TieRule.Lot
            ? new Election.Command.BreakTie(Seat, Boards.Person(2), null)
            : new Election.Command.BreakTie(Seat, null, 42),
        new Election.Command.Certify(new(2027, 5, 20)),
    ];
}

public class AdvisoryCommitteeLaws
    : DeciderLaws<AdvisoryCommittee, AdvisoryCommittee.Command, AdvisoryCommittee.State, AdvisoryCommittee.Event>
{
    protected override Gen<AdvisoryCommittee.Command> Commands => Gen.OneOf(
        Gen.Elements("Council", "").Select(n => (AdvisoryCommittee.Command)new AdvisoryCommittee.Command.Establish(
            "CCOGA", new("SSC"), CommitteeKind.CcogaCouncil, n)),
        Gen.Elements("p-1", "p-2", "b d").Select(p => (AdvisoryCommittee.Command)new AdvisoryCommittee.Command.Seat(new(p), new("M-050"))),
        Gen.Elements("p-1", "p-9").Select(p => (AdvisoryCommittee.Command)new AdvisoryCommittee.Command.Release(new(p))),
        Gen.Elements(Advice.InFavor, Advice.Opposed, (Advice)9).Select(a => (AdvisoryCommittee.Command)
            new AdvisoryCommittee.Command.Recommend(new("REC-1", ResolutionKind.RateAdoption, "POOL-CCOGA:2027", a, Boards.March))));
}

public class FeeScheduleLaws : DeciderLaws<FeeSchedule, FeeSchedule.Command, FeeSchedule.State, FeeSchedule.Event>
{
    protected override Gen<FeeSchedule.Command> Commands =>
        Gen.Choose(0, 4).SelectMany(n => Gen.Elements("R-1", "R-2", "").Select(r => (FeeSchedule.Command)new FeeSchedule.Command.Adopt(
            new("SSC"), new(new(25_000), new(n * 15_000), 30, 30), new(2026, 7, 1 + n), r.Length == 0 ? null : Fees.By(r))));
}

/// <summary>A cooperative's membership fees.</summary>
internal static class Fees
{
    public static readonly AdoptedFees Adopted = new(new(new(25_000), new(40_000), 30, 60), new(2026, 7, 1), new("R-1"));

    public static AdoptedResolution By(string resolution) => new(
        new(resolution), new("SSC"), ResolutionKind.FeeSchedule, "MEMBERSHIP-FEES:SSC", "2026-7", Boards.March, Boards.March);
}

public class MembershipYearLaws : DeciderLaws<MembershipYear, MembershipYear.Command, MembershipYear.State, MembershipYear.Event>
{
    private static readonly DateOnly Day = new(2026, 7, 1);

    protected override Gen<MembershipYear.Command> Commands => Gen.OneOf(
        Gen.Elements(Fees.Adopted, null).SelectMany(f => Gen.Choose(0, 2).Select(n => (MembershipYear.Command)
            new MembershipYear.Command.Assess(
                new("M-081"), new("SSC"), 2027, n == 0 ? MemberType.Associate : MemberType.Participating, n, f, Day))),
        Gen.Choose(1, 2).Select(n => (MembershipYear.Command)new MembershipYear.Command.Remind(n)),
        Gen.Elements("INV-1", "INV-2", "").Select(r => (MembershipYear.Command)new MembershipYear.Command.RecordPayment(r, Day)),
        Gen.Elements("INV-1", "INV-2").Select(r => (MembershipYear.Command)new MembershipYear.Command.ReversePayment(r, Day)),
        Gen.Choose(0, 200).Select(n => (MembershipYear.Command)new MembershipYear.Command.Lapse(Day.AddDays(n))));
}

public class AnnualPlanLaws : DeciderLaws<AnnualPlan, AnnualPlan.Command, AnnualPlan.State, AnnualPlan.Event>
{
    protected override Gen<AnnualPlan.Command> Commands => Gen.OneOf(
        Gen.Elements(2027, 1).Select(y => (AnnualPlan.Command)new AnnualPlan.Command.Schedule(new("SSC"), y)),
        Gen.Choose(1, 3).Select(n => (AnnualPlan.Command)new AnnualPlan.Command.Remind(n)),
        Gen.Choose(1, 3).Select(d => (AnnualPlan.Command)new AnnualPlan.Command.RaiseOverdue(new(2026, 6, d))),
        Gen.Elements(new string('a', 64), new string('b', 64), "x").SelectMany(h => Gen.Elements("M-001", "M-002", "no good")
            .Select(m => (AnnualPlan.Command)new AnnualPlan.Command.Deliver(h, [new(m)], new(2026, 6, 2)))));
}

public class MinutesNumberLaws : DeciderLaws<MinutesNumber, MinutesNumber.Command, MinutesNumber.State, MinutesNumber.Event>
{
    protected override Gen<MinutesNumber.Command> Commands =>
        from number in Gen.Elements("2026-14", "14/2026", "")
        from n in Gen.Choose(1, 2)
        select (MinutesNumber.Command)new MinutesNumber.Command.Give(new("SSC"), number, new($"R-{n}"));
}
