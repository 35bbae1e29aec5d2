using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A date to schedule.</summary>
/// <param name="Id">Its id, e.g. <c>PD-math-2026-10-14</c>.</param>
/// <param name="Terms">When, how many, until when. Capacity 0 is no seat at all; left out, there is no limit.</param>
public sealed record OfferingEntry(OfferingId Id, OfferingTerms Terms);

/// <summary>An offering with what is free.</summary>
/// <param name="Id">Id.</param>
/// <param name="Phase">How far it has come.</param>
/// <param name="Terms">What it is about.</param>
/// <param name="Capacity">Seats; left out when there is no limit.</param>
/// <param name="Held">Held until their members confirm.</param>
/// <param name="Confirmed">Confirmed.</param>
/// <param name="Offered">On offer to the line.</param>
/// <param name="Waiting">Waited for.</param>
/// <param name="Free">What can be had now; left out when there is no limit.</param>
/// <param name="Minimum">Where it stands with its minimum.</param>
public sealed record OfferingView(
    OfferingId Id, OfferingPhase Phase, OfferingTerms Terms, int? Capacity, int Held, int Confirmed, int Offered, int Waiting, int? Free,
    MinimumStanding Minimum);

/// <summary>A new capacity and why.</summary>
/// <param name="Capacity">Seats; 0 is none, left out is no limit.</param>
/// <param name="Reason">Why.</param>
public sealed record CapacityEntry(int? Capacity, string Reason);

/// <summary>Another date to move to.</summary>
/// <param name="To">The other offering.</param>
public sealed record MergeEntry(OfferingId To);

/// <summary>A cost to share by confirmed seats.</summary>
/// <param name="Reference">Its reference, once per offering, e.g. an invoice number.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Total">To the cent.</param>
public sealed record CostEntry(string Reference, string Description, Money Total);

/// <summary>Offerings: dates of programs, their seats and the line for them.</summary>
internal static class OfferingsApi
{
    private const string Route = "/offerings/{offeringId}";

    private static readonly DateTimeOffset Morning = new(2026, 10, 14, 13, 30, 0, TimeSpan.Zero);

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Offerings");
        api.List<OfferingView>("/offerings", "Dates of programs with what is free", r => r.ListOwn(
                Modules.Offerings, [("program", r.Query("program")), ("phase", r.Word<OfferingPhase>("phase")?.ToString())],
                row => View(row.Row), row => new(Program: row.Terms.Program)))
            .OnlyWhen(JointOrdersApi.NotVendor).Takes("program", "Only of this program.").Takes("phase",
                "Only in this phase, e.g. `open`.");
        api.Get<OfferingView>(Route, "One offering, now or as of a moment", Find).AsOf().OnlyWhen(JointOrdersApi.NotVendor);
        api.Get<Page<WaitlistPosition>>(Route + "/waitlist", "The line in the order in which seats are offered", Waitlist).AsOf()
            .For(Roles.ProgramAdmin);
        api.Post<OfferingEntry>("/offerings", "Schedule a date of a program; it opens by itself", (r, b) =>
                Send(r, b.Id, new SeatLedger.Command.Schedule(b.Id, b.Terms)).Created($"/offerings/{b.Id}"))
            .For(Roles.ProgramAdmin).Creates().OfProgram<OfferingEntry>(b => b.Terms.Program)
            .Refuses(
                "offering-exists", "offering-malformed", "sessions-invalid", "capacity-negative", "minimum-out-of-range",
                    "cap-out-of-range",
                "offering-times-invalid", "seat-rules-invalid", "under-minimum-invalid")
            .Example(() => new OfferingEntry(new("PD-math-2026-10-14"), Example));
        api.Put<CapacityEntry>(Route + "/capacity", "Change the capacity, never below what is committed",
                (r, b) => Send(r, new SeatLedger.Command.SetCapacity(b.Capacity, b.Reason)))
            .For(Roles.ProgramAdmin).Refuses("capacity-negative", "capacity-below-committed", "offering-unknown")
            .Example(() => new CapacityEntry(40, "A larger room."));
        Act(api, "/promotion", "Offer what is free to the line: what the service does by itself", r =>
            new SeatLedger.Command.Promote(r.Now));
        Act(api, "/extension", "Put the decision below the minimum off, once", r => new SeatLedger.Command.Extend(r.Now),
            "not-below-minimum", "extended-before", "too-late-to-extend");
        Act<Because>(api, "/run-anyway", "Run it although too few have enrolled", (_, b) => new SeatLedger.Command.RunAnyway(b.Reason),
            "not-below-minimum", "reason-missing").Example(() => new Because("The teachers need it this fall."));
        Act<MergeEntry>(api, "/merge", "Ask everybody to move to another date", (r, b) => new SeatLedger.Command.ProposeMerge(b.To, r.Now),
            "not-below-minimum", "merge-target-invalid", "merge-pending").Example(() => new MergeEntry(new("PD-math-2026-11-18")));
        Act<Because>(api, "/cancellation", "Cancel it: everything is paid back", (_, b) => new SeatLedger.Command.Cancel(b.Reason),
            "offering-started", "offering-over", "reason-missing").Example(() => new Because("The speaker cannot come."));
        Act<Because>(api, "/closure", "Take no more requests", (_, b) => new SeatLedger.Command.Close(b.Reason), "reason-missing")
            .Example(() => new Because("The lists go to print."));
        Act<CostEntry>(api, "/cost-splits", "Share a cost among members by their confirmed seats",
                (_, b) => new SeatLedger.Command.SplitCost(b.Reference, b.Description, b.Total),
                "split-exists", "split-reference-malformed", "amount-not-positive", "nobody-to-share")
            .Example(() => new CostEntry("INV-2291", "Consultant, two days", Money.FromDollars(4_350m)));
    }

    private static OfferingTerms Example => new(
        new("PD-math"), "Number sense, day 1", [new(Morning, 360)], 40, 12, Morning.AddDays(-60), Morning.AddDays(-3))
    {
        SeatsPerMember = 10, DecideAt = Morning.AddDays(-14), UnderMinimum = [UnderMinimumAction.Extend, UnderMinimumAction.Cancel],
        Place = "Rochester, 210 Wood Lake Drive",
    };

    private static ApiOperation Act(
        ApiRoutes api, string path, string summary, Func<ApiRequest, SeatLedger.Command> command, params string[] codes) =>
        api.Post(Route + path, summary, r => Send(r, command(r))).For(Roles.ProgramAdmin).Refuses([.. codes, "offering-unknown"]);

    private static ApiOperation Act<TBody>(
        ApiRoutes api, string path, string summary, Func<ApiRequest, TBody, SeatLedger.Command> command, params string[] codes)
        where TBody : class =>
        api.Post<TBody>(Route + path, summary, (r, b) => Send(r, command(r, b))).For(Roles.ProgramAdmin)
            .Refuses([.. codes, "offering-unknown"]);

    private static OfferingId Offering(ApiRequest r) => r.Id<OfferingId>("offeringId");

    private static Task<IResult> Send(ApiRequest r, SeatLedger.Command command) => Send(r, Offering(r), command);

    private static Task<IResult> Send(ApiRequest r, OfferingId offering, SeatLedger.Command command) =>
        r.Handle<SeatLedger, SeatLedger.Command, SeatLedger.State, SeatLedger.Event>(offering.Value, command);

    private static OfferingView View(OfferingRow r) =>
        new(r.Offering, r.Phase, r.Terms, r.Capacity, r.Held, r.Confirmed, r.Offered, r.Waiting, r.Free, r.Minimum);

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await Load(r);
        var s = loaded.State;
        return Answer.Versioned(
            s.Terms is { } terms
                ? new OfferingView(
                    s.Offering, s.Phase, terms, s.Capacity, s.Lines.Values.Sum(l => l.Held), s.Taken, s.Lines.Values.Sum(l => l.Offered),
                    s.Lines.Values.Sum(l => l.Waiting + l.Collected), s.Capacity is null ? null : s.Free, s.Minimum)
                : null,
            loaded.Version);
    }

    private static async Task<IResult> Waitlist(ApiRequest r)
    {
        var s = (await Load(r)).State;
        return s.Terms is null
            ? Answer.NotFound
            : Answer.Page(r, s.Waitlist.Select(l => WaitlistPosition.Of(s, l.Request.Member)).OfType<WaitlistPosition>(), null);
    }

    private static Task<Loaded<SeatLedger.State>> Load(ApiRequest r) =>
        r.Load<SeatLedger, SeatLedger.Command, SeatLedger.State, SeatLedger.Event>(Offering(r).Value);
}
