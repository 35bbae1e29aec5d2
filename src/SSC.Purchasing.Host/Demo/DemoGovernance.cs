using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Demo;

/// <summary>
/// The home cooperative's governance through the years: a board of eleven with staggered terms, one election with a tie, resolutions of
/// every outcome, an advisory recommendation, plans in time and late, membership fees paid, paid in parts, late and twice. Everybody is an
/// opaque id.
/// </summary>
internal static class DemoGovernance
{
    private const int SchoolSeats = 8;
    private static readonly CooperativeId Home = MinnesotaCooperatives.Home;

    /// <summary>What happens whatever else happens.</summary>
    /// <param name="members">The members.</param>
    /// <param name="firstYear">The first fiscal year of the demo.</param>
    public static IEnumerable<Happening> Plan(IReadOnlyList<DemoMember> members, FiscalYear firstYear)
    {
        var start = firstYear.FirstDay.AddDays(-30);
        var voters = members.Where(m => m.Cooperative == Home && m.Facts.Voting).ToList();
        var seats = Seats(voters, start);
        var appointed = new DateOnly(firstYear.Year - 1, 12, 16);
        seats[^1] = seats[^1] with { Replaced = (appointed, seats[^1].Director with { Person = new("d-21") }) };
        return [
            .. Constitution(seats, start), .. Fees(start, seats), .. Resolutions(firstYear, seats), .. Meetings(firstYear, seats),
            .. Elect(voters, seats, start), .. Plans(members, firstYear),
        ];
    }

    /// <summary>What follows when a fee was assessed: its invoice, and the money, or not.</summary>
    public static IEnumerable<Happening> After(RecordedEvent e)
    {
        if (e.Fact is not MembershipYear.Event.Assessed { Fee: var fee }) yield break;
        var key = MemberInvoice.Key(fee.Member, BillingMonth.Of(fee.AssessedOn));
        var number = $"{fee.AssessedOn:yyyy-MM}-{fee.Member}";
        var half = new Money(fee.Amount.Cents / 2);
        yield return new(e.At.AddDays(3), s => s.Invoice(key, new MemberInvoice.Command.Issue(
            number, fee.AssessedOn.AddDays(3), fee.DueOn.AddDays(3))));
        switch (fee.Member.Value[^1])
        {
            case '0': // in two parts
                yield return Pay(key, e.At.AddDays(15), "check-1", half);
                yield return Pay(key, e.At.AddDays(28), "check-2", fee.Amount - half);
                break;
            case '1': // late, after the second reminder, before the membership lapses
                yield return Pay(key, Clocks.On(fee.DueOn.AddDays(12), 10), "check-1", fee.Amount);
                break;
            case '2': // the bank takes it back once
                yield return Pay(key, e.At.AddDays(10), "ach-1", fee.Amount);
                yield return new(e.At.AddDays(14), s => s.Invoice(key, new MemberInvoice.Command.ReversePayment("ach-1", "R01")));
                yield return Pay(key, e.At.AddDays(20), "ach-2", fee.Amount);
                break;
            default:
                yield return Pay(key, e.At.AddDays(20), "ach-1", fee.Amount);
                break;
        }
    }

    private static Happening Pay(string key, DateTimeOffset at, string reference, Money amount) => new(at, s => s.Invoice(
        key, new MemberInvoice.Command.RecordPayment(new(reference, amount, BusinessCalendar.LocalDate(at)))));

    /// <summary>Eleven counties, eight of them held by school-board members; half of the seats elected in each odd year.</summary>
    private static List<DemoSeat> Seats(List<DemoMember> voters, DateOnly start)
    {
        var rules = BoardRules.Customary;
        var last = start.Year;
        while (!rules.IsElectionYear(last) || rules.TermStarts.In(last) > start) last--;
        var counties = MinnesotaCooperatives.Find(Home)!.Counties;
        return [.. counties.Select((county, i) =>
        {
            var school = i < SchoolSeats;
            var from = voters.FirstOrDefault(m => m.Facts.County == county && (m.Facts.Type == MemberType.Education) == school)
                ?? voters.First(m => (m.Facts.Type == MemberType.Education) == school);
            var id = new SeatId($"{county.ToUpperInvariant()}-1");
            return new DemoSeat(id, new(county, school, i % 2 == 0 ? last : last - rules.ElectionEvery),
                new(new($"d-{i + 1:00}"), from.No, school));
        })];
    }

    private static IEnumerable<Happening> Constitution(List<DemoSeat> seats, DateOnly start)
    {
        var at = Clocks.On(start, 13);
        yield return new(at, s => s.Board(Home, new Board.Command.Constitute(
            Home, BoardRules.Customary, new(2015, 7, 1), "Bylaws of the demo cooperative")));
        foreach (var seat in seats)
        {
            at = at.AddMinutes(1);
            var (from, until) = BoardRules.Customary.TermOf(seat.Facts.ElectionYear, start);
            yield return new(at, s => s.Board(Home, new Board.Command.EstablishSeat(seat.Id, seat.Facts, start)));
            yield return new(at.AddSeconds(20), s => s.Board(
                Home, new Board.Command.Install(seat.Id, seat.Director, $"SSC-{from.Year}", from)));

            // Elected again before the service kept elections.
            var next = until.AddDays(1);
            if (next.Year >= ElectionAfter(start)) continue;
            yield return new(Clocks.On(next, 12), s => s.Board(
                Home, new Board.Command.Install(seat.Id, seat.Director, $"SSC-{next.Year}", next)));
        }

        yield return new(at.AddMinutes(5), s => s.Committee(new AdvisoryCommittee.Command.Establish(
            "ADMINISTRATORS", Home, CommitteeKind.Administrators, "Administrators' Advisory Committee"), "ADMINISTRATORS"));
        yield return new(at.AddMinutes(6), s => s.Committee(new AdvisoryCommittee.Command.Establish(
            "CCOGA-COUNCIL", Home, CommitteeKind.CcogaCouncil, "CCOGA Advisory Council"), "CCOGA-COUNCIL"));
    }

    private static IEnumerable<Happening> Fees(DateOnly start, List<DemoSeat> seats)
    {
        var resolution = new ResolutionMatter(
            new($"R-{start.Year}-001"), Home, ResolutionKind.FeeSchedule, FeeSchedule.SubjectOf(Home), "Membership fees");
        foreach (var happening in Resolve(resolution, start.AddDays(2), seats, _ => Vote.For)) yield return happening;
        yield return new(Clocks.On(start.AddDays(3), 10), s => s.AdoptFees(
            Home, new(Money.FromDollars(250m), Money.FromDollars(400m), 30, 60), start.AddDays(3), resolution.Resolution));
    }

    /// <summary>Adopted on advice, rejected, without a quorum and adopted at the next meeting, and with a conflict of interest.</summary>
    private static IEnumerable<Happening> Resolutions(FiscalYear year, List<DemoSeat> seats)
    {
        var (spring, kind) = (new DateOnly(year.Year, 2, 25), ResolutionKind.RateAdoption);
        ResolutionMatter Matter(int n, ResolutionKind about, string subject, string title) =>
            new(new($"R-{spring.Year}-{n:000}"), Home, about, subject, title);
        var rates = Matter(11, kind, $"DEMO-POOL:{year.Year + 1}", $"Rates of the demonstration pool for {year.Year + 1}");
        var recommendation = new Recommendation($"REC-{spring.Year}-1", kind, rates.Subject, Advice.InFavor, spring.AddDays(-7));
        yield return new(Clocks.On(recommendation.On, 15), s => s.Committee(
            new AdvisoryCommittee.Command.Recommend(recommendation), "ADMINISTRATORS"));
        foreach (var h in Resolve(rates, spring, seats, i => i < 9 ? Vote.For : Vote.Against, "ADMINISTRATORS", recommendation.Id))
            yield return h;

        var fee = Matter(12, ResolutionKind.FeeSchedule, "DEMO-CONTRACT", "A higher administrative fee on paper");
        foreach (var h in Resolve(fee, spring, seats, i => i < 4 ? Vote.For : Vote.Against)) yield return h;

        var joint = Matter(13, ResolutionKind.JointPurchase, "DEMO-BUSES", "Buying school buses with a sister cooperative");
        foreach (var h in Resolve(joint, spring, seats, i => i < 5 ? Vote.For : Vote.Absent)) yield return h;
        foreach (var h in RollCall(joint, spring.AddDays(28), seats, i => i == 2 ? Vote.ConflictOfInterest : Vote.For)) yield return h;
    }

    private static IEnumerable<Happening> Resolve(
        ResolutionMatter matter, DateOnly meeting, List<DemoSeat> seats, Func<int, Vote> vote, string? committee = null,
        string? recommendation = null)
    {
        var at = Clocks.On(meeting.AddDays(-2), 9);
        var id = matter.Resolution;
        yield return new(at, s => s.Resolution(id, new Resolution.Command.Draft(matter)));
        if (committee is not null && recommendation is not null)
            yield return new(at.AddMinutes(5), s => s.Cite(id, committee, recommendation));
        yield return new(at.AddMinutes(9), s => s.Resolution(id, new Resolution.Command.Propose(meeting.AddDays(-2))));
        foreach (var happening in RollCall(matter, meeting, seats, vote)) yield return happening;
    }

    private static IEnumerable<Happening> RollCall(ResolutionMatter matter, DateOnly day, List<DemoSeat> seats, Func<int, Vote> vote)
    {
        var id = matter.Resolution;
        var at = Clocks.On(day, 18).AddMinutes(int.Parse(id.Value[^3..], null) % 40);
        yield return new(at, s => s.CallRoll(id, MeetingOf(day), day));
        for (var i = 0; i < seats.Count; i++)
        {
            if (vote(i) == Vote.Absent) continue;
            var (director, answer) = (seats[i].DirectorOn(day).Person, vote(i));
            yield return new(at.AddSeconds(i + 1), s => s.Resolution(id, new Resolution.Command.RecordVote(director, answer)));
        }

        yield return new(at.AddSeconds(30), s => s.Declare(id, MeetingOf(day), id.Value[2..], day));
    }

    /// <summary>Monthly meetings of the first autumn: one director misses three in a row and is removed; the board appoints.</summary>
    private static IEnumerable<Happening> Meetings(FiscalYear year, List<DemoSeat> seats)
    {
        var removed = seats[^1];
        for (var month = 0; month < 3; month++)
        {
            var day = new DateOnly(year.Year - 1, 9 + month, 23);
            yield return new(Clocks.On(day, 20), s => s.Board(Home, new Board.Command.RecordAttendance(
                MeetingOf(day), day,
                seats.ToStructuralMap(x => x.Director.Person, x => x == removed ? Attendance.Unexcused : Attendance.Present))));
        }

        var (appointed, director) = removed.Replaced!.Value;
        yield return new(Clocks.On(appointed, 20), s => s.Board(Home, new Board.Command.Appoint(
            removed.Id, director, $"R-{appointed.Year}-020", appointed)));
    }

    /// <summary>The first election of the demo: every seat whose term ends, two candidates for the first, who tie.</summary>
    private static IEnumerable<Happening> Elect(List<DemoMember> voters, List<DemoSeat> seats, DateOnly start)
    {
        var rules = BoardRules.Customary;
        var year = ElectionAfter(start);
        var open = seats.Where(x => (year - x.Facts.ElectionYear) % rules.TermYears == 0 || x == seats[^1]).ToList();
        var id = $"SSC-{year}";
        var called = Clocks.On(new(year, 3, 1), 9);
        var terms = new ElectionTerms(
            id, Home, [.. open.Select(x => new SeatOnBallot(x.Id, x.Facts.SchoolBoard))], called.AddDays(30), called.AddDays(60),
            rules.TermStarts.In(year), TieRule.Lot);
        yield return new(called, s => s.Election(id, new Election.Command.Call(terms, s.Now)));
        foreach (var seat in open)
        {
            yield return new(called.AddDays(2), s => s.Election(
                id, new Election.Command.Nominate(seat.Id, seat.DirectorOn(terms.TermFrom), s.Now)));
        }

        var rival = open[0].Director with { Person = new("d-31") };
        yield return new(called.AddDays(3), s => s.Election(id, new Election.Command.Nominate(open[0].Id, rival, s.Now)));
        foreach (var (member, i) in voters.Take(40).Select((m, i) => (m, i)))
        {
            var choices = open.ToStructuralMap(
                x => x.Id, x => x == open[0] && i % 2 == 1 ? rival.Person : x.DirectorOn(terms.TermFrom).Person);
            yield return new(called.AddDays(31).AddMinutes(i), s => s.Election(
                id, new Election.Command.Cast(member.No, new(choices), s.Now)));
        }

        yield return new(called.AddDays(62), s => s.Election(id, new Election.Command.BreakTie(open[0].Id, rival.Person, null)));
        yield return new(called.AddDays(63), s => s.Election(id, new Election.Command.Certify(BusinessCalendar.LocalDate(s.Now))));
    }

    /// <summary>In time, eight days late, in time; what is due after today waits for its timer.</summary>
    private static IEnumerable<Happening> Plans(IReadOnlyList<DemoMember> members, FiscalYear firstYear)
    {
        StructuralList<MemberNo> home = [.. members.Where(m => m.Cooperative == Home).Select(m => m.No)];
        for (var year = firstYear.Year + 1; year <= firstYear.Year + 3; year++)
        {
            var plan = AnnualPlan.Key(Home, year);
            var on = AnnualPlan.DueOn(year).AddDays((year - firstYear.Year) == 2 ? 8 : -12);
            var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(plan)));
            yield return new(Clocks.On(on, 11), s => s.AnnualPlan(plan, new AnnualPlan.Command.Deliver(hash, home, on)));
        }
    }

    /// <summary>The first spring with an election after the demo begins.</summary>
    private static int ElectionAfter(DateOnly start)
    {
        var year = start.Year + 1;
        while (!BoardRules.Customary.IsElectionYear(year)) year++;
        return year;
    }

    private static string MeetingOf(DateOnly day) => $"BM-{day:yyyy-MM-dd}";

    /// <summary>A seat and who holds it first.</summary>
    private sealed record DemoSeat(SeatId Id, SeatFacts Facts, Candidate Director)
    {
        /// <summary>Who was appointed when the first director was removed, and when; null for most seats.</summary>
        public (DateOnly On, Candidate Director)? Replaced { get; init; }

        public Candidate DirectorOn(DateOnly day) => Replaced is { } r && day >= r.On ? r.Director : Director;
    }
}
