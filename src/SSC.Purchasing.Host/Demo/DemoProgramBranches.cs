using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Host.Demo;

/// <summary>One workshop for every branch that a program can take, so that each can be followed event by event.</summary>
internal sealed class DemoProgramBranches(IReadOnlyList<DemoMember> districts, DateTimeOffset now)
{
    private DateTimeOffset Opens => Clocks.At(now, -60, 9);

    /// <summary>What happens, in no order.</summary>
    public IEnumerable<Happening> Plan() =>
    [
        .. Held(), .. Lines(), .. Queue(), .. Cancelled(), .. RunsAnyway(), .. Merged(), .. ScarceDates(), .. CalledOff(),
    ];

    /// <summary>One certificate turns out to be another person's.</summary>
    public static IEnumerable<Happening> After(RecordedEvent e) =>
        e.Fact is Certificate.Event.Issued { Text.Participant.Value: "T-003-1" } && e.KeyIn(Certificate.Category) is { } code
            ? [
                new(e.At.AddDays(2), s => s.Tell<Certificate, Certificate.Command, Certificate.State, Certificate.Event>(
                    DemoPrograms.Admin, code, new Certificate.Command.Revoke("Marked under the wrong person."))),
            ]
            : [];

    private static Happening Schedule(DateTimeOffset at, OfferingId offering, OfferingTerms terms) =>
        DemoPrograms.Seats(at, offering, new SeatLedger.Command.Schedule(offering, terms));

    private OfferingTerms Terms(string title, DateTimeOffset start, int? capacity, int minimum = 0) => new(
        DemoPrograms.Workshops, title, [new(start, 180), new(start.AddHours(4), 180)], capacity, minimum, Opens, start.AddDays(-3))
    {
        DecideAt = minimum > 0 ? start.AddDays(-14) : null,
    };

    private static Happening Tell(DateTimeOffset at, OfferingId offering, DemoMember member, Func<DateTimeOffset,
        Enrollment.Command> command) =>
        new(at, s => s.Programs(member.Buyer, (w, c) => w.Seats.Decide(c, offering, member.No, command(s.Now), default)));

    /// <summary>Held in the past: seats given up, a person substituted, one district that did not come, certificates, a shared
    /// cost.</summary>
    private IEnumerable<Happening> Held()
    {
        var (offering, start) = (new OfferingId("WS-held"), Clocks.At(now, -20, 9));
        yield return Schedule(Opens.AddDays(-1), offering, Terms("Number sense, held", start, 40, 12));
        int[] seats = [18, 11, 7];
        for (var i = 0; i < seats.Length; i++)
            yield return DemoPrograms.Enroll(Opens.AddHours(2 + i), offering, districts[i], seats[i]);
        yield return DemoPrograms.Enroll(Opens.AddHours(6), offering, districts[3], 4, order: false);
        yield return new(Opens.AddHours(6).AddMinutes(5), s => s.Programs(
            districts[3].Buyer, (w, c) => w.Seats.Confirm(c, offering, districts[3].No, default)));
        yield return Tell(start.AddDays(-9), offering, districts[3], at => new Enrollment.Command.Reduce(2, at));
        yield return Tell(start.AddDays(-8), offering, districts[0], _ =>
            new Enrollment.Command.NameParticipants([new("T-001-1"), new("T-001-2")]));
        yield return Tell(start.AddDays(-2), offering, districts[0], _ => new Enrollment.Command.Substitute(new("T-001-2"),
            new("T-001-3")));
        yield return DemoPrograms.Seats(start.AddDays(-1), offering, new SeatLedger.Command.SplitCost(
            "INV-consultant", "Consultant, one day", Money.FromDollars(4_350m)));

        StructuralList<AttendanceMark> marks =
        [
            new(1, new("T-001-1"), districts[0].No, 180), new(2, new("T-001-1"), districts[0].No, 140),
            new(1, new("T-001-3"), districts[0].No, 180), new(1, new("T-002-1"), districts[1].No, 180),
            new(2, new("T-002-1"), districts[1].No, 180), new(1, new("T-003-1"), districts[2].No, 170),
            new(2, new("T-003-1"), districts[2].No, 170),
        ];
        yield return new(start.AddHours(1), s => s.Programs(DemoPrograms.Admin, (w, c) => w.OpenAttendance(c, offering, default)));
        yield return new(start.AddHours(8), s => s.Programs(DemoPrograms.Admin, (w, c) =>
            w.Attendance(c, offering, new AttendanceSheet.Command.Mark(marks), default)));
        yield return new(start.AddHours(9), s => s.Programs(DemoPrograms.Admin, (w, c) =>
            w.Attendance(c, offering, new AttendanceSheet.Command.Close(s.Now), default)));
    }

    /// <summary>A line with everything that can happen in it: an offer that ran out, parts, skips, a larger room.</summary>
    private IEnumerable<Happening> Lines()
    {
        var (offering, start) = (new OfferingId("WS-line"), Clocks.At(now, 10, 9));
        var at = Clocks.At(now, -30, 9);
        yield return Schedule(Opens.AddDays(-1), offering, Terms("Reading science, with a line", start, 12) with
        {
            Rules = SeatRules.Default with { AllowSkip = true },
        });
        yield return DemoPrograms.Enroll(Opens.AddHours(3), offering, districts[0], 12);
        yield return DemoPrograms.Enroll(Opens.AddHours(4), offering, districts[1], 3);
        yield return DemoPrograms.Enroll(Opens.AddHours(5), offering, districts[2], 2);
        yield return DemoPrograms.Enroll(Opens.AddHours(6), offering, districts[3], 1);
        yield return Tell(at, offering, districts[0], now => new Enrollment.Command.Reduce(10, now));
        yield return Answer(at.AddHours(3), offering, districts[1], "1", accept: false); // a part declined keeps its rank
        yield return Answer(at.AddHours(6), offering, districts[2], "1", accept: true); // the next that fits went ahead
        yield return Tell(at.AddDays(1), offering, districts[0], now => new Enrollment.Command.Reduce(9, now));

        // The head is offered one seat less than it has declined: skipped again, and the single seat runs out twice.
        yield return new(at.AddDays(4), s => s.ProgramsRefused(districts[3].Buyer, "offer-over", (w, c) =>
            w.Seats.Accept(c, offering, districts[3].No, $"{districts[3].No}.1.1", default)));
        yield return DemoPrograms.Seats(at.AddDays(9), offering, new SeatLedger.Command.SetCapacity(14, "A larger room."));
        yield return Answer(at.AddDays(10), offering, districts[1], "2", accept: true);
    }

    private static Happening Answer(DateTimeOffset at, OfferingId offering, DemoMember member, string number, bool accept) => new(
        at, s => s.Programs(member.Buyer, (w, c) => accept
            ? w.Seats.Accept(c, offering, member.No, $"{member.No}.1.{number}", default)
            : w.Seats.Decline(c, offering, member.No, $"{member.No}.1.{number}", default)));

    /// <summary>Twelve seats, and 25 more that are waited for.</summary>
    private IEnumerable<Happening> Queue()
    {
        var (offering, start) = (new OfferingId("WS-queue"), Clocks.At(now, 25, 9));
        yield return Schedule(Opens.AddDays(-1), offering, Terms("Classroom robotics, with 25 waiting", start, 12));
        yield return DemoPrograms.Enroll(Opens.AddHours(2), offering, districts[6], 12);
        for (var i = 0; i < 10; i++)
            yield return DemoPrograms.Enroll(Opens.AddHours(3 + i), offering, districts[7 + i], i % 2 == 0 ? 2 : 3);
    }

    /// <summary>
    /// Too few: one gives a seat up and its discount with it, the decision is put off once, then everything is paid back.
    /// </summary>
    private IEnumerable<Happening> Cancelled()
    {
        var (offering, start) = (new OfferingId("WS-few"), Clocks.At(now, -5, 9));
        yield return Schedule(Opens.AddDays(-1), offering, Terms("Grant writing, too few", start, 30, 12) with
        {
            UnderMinimum = [UnderMinimumAction.Extend, UnderMinimumAction.Cancel],
        });
        yield return DemoPrograms.Enroll(Opens.AddHours(2), offering, districts[8], 5);
        yield return DemoPrograms.Enroll(Opens.AddHours(3), offering, districts[9], 3);
        yield return Tell(start.AddDays(-30), offering, districts[8], at => new Enrollment.Command.Reduce(4, at));
    }

    /// <summary>Too few, and run for a reason; one district never confirms what is held for it.</summary>
    private IEnumerable<Happening> RunsAnyway()
    {
        var (offering, start) = (new OfferingId("WS-anyway"), Clocks.At(now, -3, 9));
        yield return Schedule(Opens.AddDays(-1), offering, Terms("Crisis response, run anyway", start, 30, 12));
        yield return DemoPrograms.Enroll(Opens.AddHours(2), offering, districts[10], 6);
        yield return DemoPrograms.Enroll(Opens.AddHours(3), offering, districts[5], 2, order: false);
        yield return DemoPrograms.Seats(start.AddDays(-13), offering, new SeatLedger.Command.RunAnyway("Required by law this fall."));
    }

    /// <summary>Too few on two dates: who consents moves, who is silent is paid back.</summary>
    private IEnumerable<Happening> Merged()
    {
        var (from, to, start) = (new OfferingId("WS-merge-1"), new OfferingId("WS-merge-2"), Clocks.At(now, -2, 9));
        yield return Schedule(Opens.AddDays(-1), from, Terms("School libraries, first date", start, 20, 12));
        yield return Schedule(Opens.AddDays(-1), to, Terms("School libraries, second date", start.AddDays(28), 20));
        yield return DemoPrograms.Enroll(Opens.AddHours(2), from, districts[11], 4);
        yield return DemoPrograms.Enroll(Opens.AddHours(3), from, districts[12], 3);
        yield return new(start.AddDays(-13), s => s.Programs(DemoPrograms.Admin, (w, c) =>
            w.Ledger(c, from, new SeatLedger.Command.ProposeMerge(to, s.Now), default)));
        yield return Tell(start.AddDays(-12), from, districts[11], at => new Enrollment.Command.AnswerMove(true, at));
    }

    /// <summary>Twelve places, asked for fourteen times: opened in rounds.</summary>
    private IEnumerable<Happening> ScarceDates()
    {
        var (offering, start) = (new OfferingId("KB-practice"), Clocks.At(now, 15, 9));
        yield return Schedule(Opens.AddDays(-1), offering, new(
            DemoPrograms.Bowl, "Knowledge Bowl, practice meet", [new(start, 180)], 12, 0, Opens, start.AddDays(-3))
        {
            RoundUntil = Opens.AddDays(7),
        });
        int[] teams = [5, 3, 2, 2, 1, 1];
        for (var i = 0; i < teams.Length; i++)
            yield return DemoPrograms.Enroll(Opens.AddHours(2 + i), offering, districts[i], teams[i]);
    }

    /// <summary>Cancelled by the cooperative for another reason, after a place in line was let go at the cutoff elsewhere.</summary>
    private IEnumerable<Happening> CalledOff()
    {
        var (ill, full) = (new OfferingId("WS-ill"), new OfferingId("WS-cutoff"));
        yield return Schedule(Opens.AddDays(-1), ill, Terms("Music in schools, called off", Clocks.At(now, 20, 9), 25));
        yield return DemoPrograms.Enroll(Opens.AddHours(2), ill, districts[13], 5);
        yield return DemoPrograms.Seats(Clocks.At(now, -10, 9), ill, new SeatLedger.Command.Cancel("The speaker cannot come."));
        yield return Schedule(Opens.AddDays(-1), full, Terms("Bus safety, full to the end", Clocks.At(now, -8, 9), 12));
        yield return DemoPrograms.Enroll(Opens.AddHours(2), full, districts[14], 10);
        yield return DemoPrograms.Enroll(Opens.AddHours(3), full, districts[15], 4);
        yield return new(Clocks.At(now, -9, 9), s => s.ProgramsRefused(districts[16].Buyer, "offering-full", (w, c) =>
            w.Seats.Enroll(c, full, districts[16].No, 6, "PO", null, default)));
    }
}
