using SSC.Purchasing.Host.Access;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A seat as anybody may see it.</summary>
/// <param name="Seat">Its id.</param>
/// <param name="Facts">What it is for.</param>
/// <param name="Holder">Who holds it, as an opaque id, with the term; absent while it is vacant.</param>
/// <param name="Name">The director's name; absent when it was never given or has been erased.</param>
/// <param name="VacantSince">Since when it is vacant.</param>
public sealed record SeatView(SeatId Seat, SeatFacts Facts, SeatHolder? Holder, string? Name, DateOnly? VacantSince);

/// <summary>A board as anybody may see it.</summary>
/// <param name="Cooperative">Whose.</param>
/// <param name="Rules">Its rules through the years, oldest first.</param>
/// <param name="Composition">The board against the rule of its composition, on the day of reading.</param>
/// <param name="Seats">Its seats.</param>
public sealed record BoardView(
    CooperativeId Cooperative, StructuralList<Effective<BoardRules>> Rules, BoardComposition Composition, StructuralList<SeatView> Seats);

/// <summary>A seat to add.</summary>
/// <param name="Seat">Its id.</param>
/// <param name="Facts">What it is for.</param>
public sealed record SeatEntry(SeatId Seat, SeatFacts Facts);

/// <summary>Somebody to seat.</summary>
/// <param name="Director">Who, by opaque id, and from which member.</param>
/// <param name="Source">Id of the election, or of the appointing resolution.</param>
/// <param name="From">First day in office.</param>
public sealed record SeatingEntry(Candidate Director, string Source, DateOnly From);

/// <summary>A director who leaves early.</summary>
/// <param name="Person">Who.</param>
/// <param name="Reason">Why, in a word.</param>
/// <param name="On">First day without the director.</param>
public sealed record VacancyEntry(PersonId Person, VacancyReason Reason, DateOnly On);

/// <summary>Who came to a meeting.</summary>
/// <param name="HeldOn">Its day.</param>
/// <param name="Directors">Every director in office on that day.</param>
public sealed record AttendanceEntry(DateOnly HeldOn, StructuralMap<PersonId, Attendance> Directors);

/// <summary>The board: its rules, its seats, who holds them.</summary>
internal static class BoardApi
{
    private const string Route = "/board/{cooperative}";

    private static readonly Candidate Director = new(new("u-204"), new("M-001"), true);
    private static readonly SeatFacts Olmsted = new("Olmsted County districts", true, 2027);
    private static readonly SeatHolder Holder =
        new(Director, SeatedBy.Election, "SSC-2023", new(2023, 7, 1), new(2027, 6, 30));

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Board");
        api.Get<BoardView>(Route, "A cooperative's board, now or as of a moment", Find).AsOf()
            .Says("Open to everybody who signs in: composition, seats and terms of a public body.")
            .Shows(() => new BoardView(
                new("SSC"), [new(new(2020, 7, 1), BoardRules.Customary, "Bylaws of 2020")], new(11, 11, 8, []),
                [new(new("OLMSTED-1"), Olmsted, Holder, null, null)]));
        Act<Board.Command.Constitute>(api, "POST", Route + "/constitution", "Record a board and its rules", (r, b) => b, "board-exists",
            "board-size-out-of-range", "fraction-out-of-range")
            .OnlyWhen(OwnBoard)
            .Example(() => new Board.Command.Constitute(new("SSC"), BoardRules.Customary, new(2020, 7, 1), "Bylaws of 2020"));
        Act<Board.Command.AmendRules>(api, "POST", Route + "/rules", "Put other rules into force", (r, b) => b, "rules-not-later",
            "board-size-out-of-range")
            .Example(() => new Board.Command.AmendRules(BoardRules.Customary, new(2026, 7, 1), "Bylaws of 2026"));
        Act<SeatEntry>(api, "POST", Route + "/seats", "Add a seat",
            (r, b) => new Board.Command.EstablishSeat(b.Seat, b.Facts, BusinessCalendar.LocalDate(r.Now)),
            "seat-exists", "board-full", "school-board-majority", "not-an-election-year")
            .Example(() => new SeatEntry(new("OLMSTED-1"), Olmsted));
        Act<SeatingEntry>(api, "POST", Route + "/seats/{seatId}/installation", "Seat who was elected before this service kept elections",
            (r, b) => new Board.Command.Install(Seat(r), b.Director, b.Source, b.From),
            "seat-unknown", "seat-taken", "not-a-school-board-member", "person-has-a-seat")
            .Example(() => new SeatingEntry(Director, "SSC-2023", new(2023, 7, 1)));
        Act<SeatingEntry>(api, "POST", Route + "/seats/{seatId}/appointment", "Appoint to a vacancy, until the next election",
            (r, b) => new Board.Command.Appoint(Seat(r), b.Director, b.Source, b.From),
            "seat-unknown", "seat-taken", "not-a-school-board-member", "person-has-a-seat")
            .Example(() => new SeatingEntry(Director, "R-2026-020", new(2026, 3, 25)));
        Act<VacancyEntry>(api, "POST", Route + "/seats/{seatId}/vacancy", "A director leaves office early",
            (r, b) => new Board.Command.Vacate(Seat(r), b.Person, b.Reason, b.On), "seat-unknown")
            .Example(() => new VacancyEntry(Director.Person, VacancyReason.Resigned, new(2026, 3, 1)));
        Act<AttendanceEntry>(api, "PUT", Route + "/meetings/{meetingId}/attendance", "Record who came to a meeting",
            (r, b) => new Board.Command.RecordAttendance(r.Text("meetingId"), b.HeldOn, b.Directors),
            "attendance-differs", "attendance-missing", "meeting-out-of-order", "not-a-director")
            .Says("The third consecutive absence without excuse removes a director, as the board's rules say.")
            .Example(() => new AttendanceEntry(
                new(2026, 3, 25), StructuralMap<PersonId, Attendance>.Empty.Set(Director.Person, Attendance.Present)));
        api.Put<PersonalDetails>(Route + "/people/{personId}", "Say who a director is; kept beside the log", SavePerson)
            .For(Roles.Clerk).OnlyWhen(OwnBoard).Example(() => new PersonalDetails("D. Example"));
        api.Delete(Route + "/people/{personId}", "Erase who a director is; history keeps the opaque id", ErasePerson)
            .For(Roles.Clerk).OnlyWhen(OwnBoard);
    }

    /// <summary>True for somebody who works for the cooperative that the route names, or for the State.</summary>
    internal static bool OwnBoard(ApiRequest r) => Mine(r, r.Id<CooperativeId>("cooperative"));

    /// <summary>True for somebody who works for a cooperative, or for the State.</summary>
    internal static bool Mine(ApiRequest r, CooperativeId cooperative) =>
        r.Principal.Organization == OrgRef.Of(cooperative) || r.Principal.Organization.Kind == OrganizationKind.State;

    private static ApiOperation Act<TBody>(
        ApiRoutes api, string method, string pattern, string summary, Func<ApiRequest, TBody, Board.Command> command, params string[] codes)
        where TBody : class
    {
        Func<ApiRequest, TBody, Task<IResult>> act = (r, body) => command(r, body) is Board.Command.Constitute c
            && c.Cooperative != r.Id<CooperativeId>("cooperative")
                ? throw new MalformedRequestException("cooperative", "The body names another cooperative than the address.")
                : r.Handle<Board, Board.Command, Board.State, Board.Event>(r.Id<CooperativeId>("cooperative").Value, command(r, body));
        return (method is "PUT" ? api.Put(pattern, summary, act) : api.Post(pattern, summary, act))
            .For(Roles.Clerk).OnlyWhen(OwnBoard).Refuses(codes).Refuses("board-unknown");
    }

    private static SeatId Seat(ApiRequest r) => r.Id<SeatId>("seatId");

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await r.Load<Board, Board.Command, Board.State, Board.Event>(r.Id<CooperativeId>("cooperative").Value);
        if (loaded.State is not Board.State.Constituted board) return Answer.NotFound;
        var seats = new List<SeatView>();
        foreach (var (id, seat) in board.Seats)
        {
            var person = seat.Holder is { } holder
                ? await r.Services.People.Find(r.Services.Tenant, People.User(holder.Director.Person.Value), r.Cancelled)
                : null;
            DateOnly? vacant = board.VacantSince.TryGetValue(id, out var since) ? since : null;
            seats.Add(new(id, seat.Facts, seat.Holder, person?.Name, vacant));
        }

        var composition = board.CompositionOn(BusinessCalendar.LocalDate(r.Now));
        return Answer.Versioned(new BoardView(board.Cooperative, board.Rules, composition, [.. seats]), loaded.Version);
    }

    private static async Task<IResult> SavePerson(ApiRequest r, PersonalDetails body)
    {
        People.Check(body);
        await r.Services.People.Save(r.Services.Tenant, People.User(r.Id<PersonId>("personId").Value), body, r.Cancelled);
        return await Unchanged(r);
    }

    private static async Task<IResult> ErasePerson(ApiRequest r)
    {
        await r.Services.People.Erase(r.Services.Tenant, People.User(r.Id<PersonId>("personId").Value), r.Cancelled);
        return await Unchanged(r);
    }

    /// <summary>Details of people are beside the log: the receipt names the version that is there.</summary>
    private static async Task<IResult> Unchanged(ApiRequest r)
    {
        var cooperative = r.Id<CooperativeId>("cooperative");
        var loaded = await r.Load<Board, Board.Command, Board.State, Board.Event>(cooperative.Value);
        var head = await r.Services.Commands.Store.Head(r.Cancelled);
        return Answer.Of(new CommandOutcome.Done($"{Board.Category}-{cooperative}", loaded.Version, head.Position, false));
    }
}
