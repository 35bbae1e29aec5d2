using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Host.Demo;

/// <summary>
/// One program of each kind: professional development (three conference dates and workshops), a student challenge, a technology service
/// with slots, an administrative service billed by use. The branches that a program can take are in <see cref="DemoProgramBranches"/>.
/// </summary>
internal sealed class DemoPrograms(int seed, IReadOnlyList<DemoMember> members, DateTimeOffset now)
{
    /// <summary>Who runs programs for the home cooperative.</summary>
    public const string Admin = "user:u-SSC-programs";

    internal static readonly ProgramId Conference = new("PD-conference");
    internal static readonly ProgramId Workshops = new("PD-workshops");
    internal static readonly ProgramId Bowl = new("KB-bowl");
    internal static readonly ProgramId Filter = new("TECH-filter");
    internal static readonly ProgramId Checks = new("ADM-checks");

    private readonly IReadOnlyList<DemoMember> own =
        [.. members.Where(m => m.Cooperative == MinnesotaCooperatives.Home && m.Facts.Type is (MemberType.Education or MemberType.Ccoga))
            .OrderBy(m => m.No)];

    private readonly IReadOnlyList<DemoMember> districts =
        [.. members.Where(m => m.Cooperative == MinnesotaCooperatives.Home && m.Facts is { Type: MemberType.Education,
            Enrollment: not null })
            .OrderBy(m => m.No)];

    /// <summary>What happens, in no order.</summary>
    public IEnumerable<Happening> Plan() =>
        [.. Offered(), .. Conferences(), .. KnowledgeBowl(), .. Services(), .. new DemoProgramBranches(districts, now).Plan()];

    /// <summary>A command about seats of a member, by its buyer.</summary>
    internal static Happening Enroll(DateTimeOffset at, OfferingId offering, DemoMember member, int seats, bool order = true) => new(
        at, s => s.Programs(member.Buyer, (w, c) => w.Seats.Enroll(
            c, offering, member.No, seats, order ? $"PO {member.No}" : null, null, default)));

    /// <summary>A command on an offering's seats, by the program administrator.</summary>
    internal static Happening Seats(DateTimeOffset at, OfferingId offering, SeatLedger.Command command) =>
        new(at, s => s.Programs(Admin, (w, c) => w.Ledger(c, offering, command, default)));

    private IEnumerable<Happening> Offered()
    {
        var from = new FiscalYear(FiscalYear.Of(BusinessCalendar.LocalDate(now)).Year - 1).FirstDay;
        var at = Clocks.On(from.AddDays(-14), 9);
        Money Dollars(decimal d) => Money.FromDollars(d);
        ProgramPricing Flat(decimal each) => new(new([new(from, Dollars(each), Dollars(each))]));
        (ProgramId Id, string Title, ProgramKind Kind, ProgramPricing Pricing)[] programs =
        [
            (Conference, "Regional teaching conference", ProgramKind.ProfessionalDevelopment, Flat(49m)),
            (Workshops, "Workshops for teachers", ProgramKind.ProfessionalDevelopment,
                new(new([new(from, Dollars(125m), Dollars(125m))], [new(5, 1_000)]))),
            (Bowl, "Knowledge Bowl", ProgramKind.StudentChallenge, new(new([new(from, Dollars(75m), Dollars(55m))]))
            {
                Surcharge = new(2_500, ["NonProfit", "Participating"]),
            }),
            (Filter, "Web filter and monitoring", ProgramKind.TechnologyService,
                new(Subscription: new(Dollars(1_200m), 20, Dollars(30m), 60))),
            (Checks, "Background checks", ProgramKind.AdministrativeService,
                new(Use: new("check", UnitPrice.FromDollars(12.345m)))),
        ];
        foreach (var p in programs)
        {
            yield return Program(at, p.Id, new CoopProgram.Command.Draft(p.Id, p.Title, p.Kind));
            yield return Program(at.AddMinutes(1), p.Id, new CoopProgram.Command.SetPricing(p.Pricing));
            yield return Program(at.AddMinutes(2), p.Id, new CoopProgram.Command.SetRefundPolicy(new([new(14, 10_000), new(7, 5_000)])));
            yield return Program(at.AddMinutes(4), p.Id, new CoopProgram.Command.Publish());
        }

        yield return Program(at.AddMinutes(3), Bowl, new CoopProgram.Command.SetEligibility(new(["Education", "Associate"])));
        yield return Program(at.AddMinutes(3), Bowl, new CoopProgram.Command.SetTiers(
            new(from, "Rules of the challenge", [new("A", 800), new("AA", 2_000), new("AAA", null)])));
    }

    private static Happening Program(DateTimeOffset at, ProgramId id, CoopProgram.Command command) =>
        new(at, s => s.Tell<CoopProgram, CoopProgram.Command, CoopProgram.State, CoopProgram.Event>(Admin, id.Value, command));

    /// <summary>Three dates of 400 seats at $49.</summary>
    private IEnumerable<Happening> Conferences()
    {
        for (var date = 1; date <= 3; date++)
        {
            var dice = new Dice(seed, $"conference {date}");
            var offering = new OfferingId($"CONF-{date}");
            var (opens, start) = (Clocks.At(now, -21, 9), Clocks.At(now, 30 + (date * 14), 8));
            yield return Seats(opens.AddDays(-7), offering, new SeatLedger.Command.Schedule(offering, new(
                Conference, $"Regional teaching conference, day {date}", [new(start, 180), new(start.AddHours(4), 180)], 400, 0, opens,
                start.AddDays(-5))
            {
                Place = "Rochester", SeatsPerMember = 60,
            }));
            foreach (var (i, member) in own.Where((_, i) => (i + date) % 2 == 0).Index())
            {
                var seats = Math.Clamp((int)(member.Size * 3) + dice.Below(6), 2, 40);
                yield return Enroll(opens.AddHours(1 + (i * 5)), offering, member, seats);
            }
        }
    }

    /// <summary>66 teams from 18 districts in three tiers; twelve districts with four teams, six with three.</summary>
    private IEnumerable<Happening> KnowledgeBowl()
    {
        var offering = new OfferingId("KB-regional");
        var (opens, start) = (Clocks.At(now, -45, 9), Clocks.At(now, 40, 8));
        yield return Seats(opens.AddDays(-2), offering, new SeatLedger.Command.Schedule(offering, new(
            Bowl, "Knowledge Bowl, regional meet", [new(start, 300)], 72, 30, opens, start.AddDays(-7))
        {
            SeatsPerMember = 5, Place = "Rochester",
        }));
        foreach (var (i, member) in districts.Take(18).Index())
        {
            var (teams, at) = (i < 12 ? 4 : 3, opens.AddHours(2 + i));
            yield return Enroll(at, offering, member, teams);
            for (var n = 1; n <= teams; n++)
            {
                var entry = new TeamEntry(offering, member.No, n, $"{member.No} {(char)('A' + n - 1)}", 5);
                yield return new(at.AddMinutes(10 + n), s => s.Programs(member.Buyer, (w, c) => w.Teams.Register(c, entry, default)));
                if (n > 1) continue;
                var key = Team.Key(offering, member.No, n);
                yield return Tell(opens.AddDays(20), key, new Team.Command.Seed(i + 1));
                if (i < 9) yield return Tell(opens.AddDays(21), key, new Team.Command.Advance(1));
            }
        }

        var withdrawn = Team.Key(offering, districts[17].No, 3);
        yield return Tell(opens.AddDays(22), withdrawn, new Team.Command.Withdraw("Not enough students."));
        static Happening Tell(DateTimeOffset at, string key, Team.Command command) =>
            new(at, s => s.Tell<Team, Team.Command, Team.State, Team.Event>(Admin, key, command));
    }

    /// <summary>A subscription with slots, renewed, joined late and ended; a service billed by use.</summary>
    private IEnumerable<Happening> Services()
    {
        var year = FiscalYear.Of(BusinessCalendar.LocalDate(now)).Year;
        var first = new FiscalYear(year - 1).FirstDay;
        Happening Subscribe(DemoMember m, int y, DateOnly from, int slots) => new(Clocks.On(from, 10), s => s.Programs(
            m.Buyer, (w, c) => w.Services.Subscribe(c, Filter, m.No, y, from, slots, default)));
        Happening Tell(DateTimeOffset at, DemoMember m, int y, Subscription.Command command) => new(at, s =>
            s.Tell<Subscription, Subscription.Command, Subscription.State, Subscription.Event>(
                m.Buyer, Subscription.Key(Filter, m.No, y), command));
        foreach (var member in districts.Take(4)) yield return Subscribe(member, year - 1, first, 25);
        var joined = first.AddDays(106);
        yield return Subscribe(districts[5], year - 1, joined, 20);
        yield return Tell(Clocks.On(joined, 14), districts[5], year - 1, new Subscription.Command.AddSlots("PO-SLOTS", 5, joined));
        for (var n = 1; n <= 3; n++)
            yield return Tell(Clocks.On(joined, 14, n), districts[5], year - 1, new Subscription.Command.UseSlot($"lab-{n}"));
        yield return Tell(Clocks.On(joined, 15), districts[5], year - 1, new Subscription.Command.FreeSlot("lab-2"));
        var notice = first.AddDays(200);
        yield return Tell(Clocks.On(notice, 9), districts[3], year - 1, new Subscription.Command.GiveNotice(notice));

        foreach (var (i, member) in districts.Take(6).Index())
        {
            var on = BusinessCalendar.LocalDate(now).AddDays(-40 + (i * 3));
            yield return new(Clocks.On(on, 13), s => s.Programs(Admin, (w, c) => w.Services.Use(
                c, Checks, member.No, $"BC-{i + 1}", on, Quantity.Of(2 + i), null, default)));
        }

        var reversed = BusinessCalendar.LocalDate(now).AddDays(-40);
        yield return new(Clocks.On(reversed, 16), s => s.Tell<ServiceUse, ServiceUse.Command, ServiceUse.State, ServiceUse.Event>(
            Admin, ServiceUse.Key(Checks, districts[0].No, reversed), new ServiceUse.Command.Reverse("BC-1", "Recorded twice.")));
    }
}
