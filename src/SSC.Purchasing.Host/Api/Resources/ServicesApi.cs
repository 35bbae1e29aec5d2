using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A subscription to begin.</summary>
/// <param name="Service">Program of the service.</param>
/// <param name="Member">Member.</param>
/// <param name="Year">Service year, named by the year in which it ends: 2027 is 1 July 2026 to 30 June 2027.</param>
/// <param name="From">First day.</param>
/// <param name="Slots">Slots, at least those included.</param>
public sealed record SubscriptionEntry(ProgramId Service, MemberNo Member, int Year, DateOnly From, int Slots);

/// <summary>Slots to add.</summary>
/// <param name="Reference">Once per subscription, e.g. the purchase order's number.</param>
/// <param name="Slots">How many.</param>
/// <param name="From">First day.</param>
public sealed record SlotsEntry(string Reference, int Slots, DateOnly From);

/// <summary>What uses a slot.</summary>
/// <param name="Use">An id, e.g. of a device.</param>
public sealed record SlotUseEntry(string Use);

/// <summary>A use of a service.</summary>
/// <param name="Use">Its id, unique in the month.</param>
/// <param name="Service">Program of the service.</param>
/// <param name="Member">Member.</param>
/// <param name="On">Day.</param>
/// <param name="Quantity">How much.</param>
/// <param name="Note">What it was, without a person's name.</param>
public sealed record ServiceUseEntry(string Use, ProgramId Service, MemberNo Member, DateOnly On, Quantity Quantity, string? Note = null);

/// <summary>Technology and administrative services: subscriptions with slots, and services billed by use.</summary>
internal static class ServicesApi
{
    private const string Route = "/subscriptions/{serviceId}/{memberNo}/{year}";

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Services");
        api.List<SubscriptionRow>("/subscriptions", "Subscriptions; a member sees its own", r => r.ListOwn(
                Modules.Subscriptions,
                [("member", r.Principal.Member?.Value ?? r.Query("member")), ("service", r.Query("service"))], row => row.Row,
                row => new(row.Member, Program: row.State.Terms?.Service)))
            .OnlyWhen(JointOrdersApi.NotVendor).Takes("member", "Only of this member.").Takes("service", "Only to this service.");
        api.Post<SubscriptionEntry>("/subscriptions", "Subscribe for the rest of a service year", Subscribe)
            .For(Roles.MemberBuyer, Roles.ProgramAdmin).Creates().About<SubscriptionEntry>(b => b.Member, b => new(Program: b.Service))
            .Refuses(
                "subscription-exists", "day-outside-year", "slots-out-of-range", "program-not-published", "price-missing", "member-unknown",
                "member-type-not-eligible")
            .Example(() => new SubscriptionEntry(new("TECH-filter"), new("M-001"), 2027, new(2026, 10, 15), 25));
        Act<SlotsEntry>(api, "/slots", "Add slots for the rest of the year", (_, b) =>
                new Subscription.Command.AddSlots(b.Reference, b.Slots, b.From), "slots-out-of-range", "day-outside-year",
                    "slots-added-before")
            .Example(() => new SlotsEntry("PO 27-0231", 5, new(2027, 1, 11)));
        Act<SlotUseEntry>(api, "/uses", "Put a slot to use", (_, b) => new Subscription.Command.UseSlot(b.Use), "no-slot-free",
            "use-malformed").Example(() => new SlotUseEntry("lab-12"));
        Act<SlotUseEntry>(api, "/uses/release", "Free a slot", (_, b) => new Subscription.Command.FreeSlot(b.Use), "use-unknown")
            .Example(() => new SlotUseEntry("lab-12"));
        api.Post(Route + "/notice", "Give notice for the end of the year", r =>
                Send(r, new Subscription.Command.GiveNotice(BusinessCalendar.LocalDate(r.Now))))
            .ByMember().Refuses("notice-too-late", "subscription-unknown");
        api.Post<ServiceUseEntry>("/service-uses", "Record a use of a service that is billed by use", (r, b) => ProgramsApi.Work(r).Services
                .Use(r.Context, b.Service, b.Member, b.Use, b.On, b.Quantity, b.Note, r.Cancelled).Answered()
                .Created(string.Create(CultureInfo.InvariantCulture, $"/service-uses/{b.Service}/{b.Member}/{b.On:yyyy-MM-dd}/{b.Use}")))
            .For(Roles.ProgramAdmin).Creates().About<ServiceUseEntry>(b => b.Member, b => new(Program: b.Service))
            .Refuses("use-exists", "quantity-out-of-range", "amount-too-large", "program-not-published", "price-missing", "member-unknown")
            .Example(() => new ServiceUseEntry("BC-1881", new("ADM-checks"), new("M-001"), new(2026, 10, 15), Quantity.Of(3)));
        api.Post<Because>("/service-uses/{serviceId}/{memberNo}/{on}/{use}/reversal", "Take a use back", Reverse).For(Roles.ProgramAdmin)
            .Refuses("use-unknown", "reason-missing").Example(() => new Because("Recorded twice."));
    }

    private static ApiOperation Act<TBody>(
        ApiRoutes api, string path, string summary, Func<ApiRequest, TBody, Subscription.Command> command, params string[] codes)
        where TBody : class =>
        api.Post<TBody>(Route + path, summary, (r, b) => Send(r, command(r, b))).ByMember().Refuses([.. codes, "subscription-unknown"]);

    private static async Task<IResult> Subscribe(ApiRequest r, SubscriptionEntry b)
    {
        if (!r.Principal.SeesMember(b.Member)) return Answer.NotFound;
        if (b.Year is < 2000 or > 2200) throw new MalformedRequestException("$.year", "Expected a service year, e.g. 2027.");
        return await ProgramsApi.Work(r).Services.Subscribe(r.Context, b.Service, b.Member, b.Year, b.From, b.Slots, r.Cancelled).Answered()
            .Created(string.Create(CultureInfo.InvariantCulture, $"/subscriptions/{b.Service}/{b.Member}/{b.Year}"));
    }

    private static Task<IResult> Send(ApiRequest r, Subscription.Command command) =>
        int.TryParse(r.Text("year"), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            ? r.Handle<Subscription, Subscription.Command, Subscription.State, Subscription.Event>(
                Subscription.Key(r.Id<ProgramId>("serviceId"), r.Id<MemberNo>("memberNo"), year), command)
            : throw new MalformedRequestException("year", "Expected a service year, e.g. 2027.");

    private static Task<IResult> Reverse(ApiRequest r, Because b) =>
        DateOnly.TryParseExact(r.Text("on"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on)
            ? r.Handle<ServiceUse, ServiceUse.Command, ServiceUse.State, ServiceUse.Event>(
                ServiceUse.Key(r.Id<ProgramId>("serviceId"), r.Id<MemberNo>("memberNo"), on),
                new ServiceUse.Command.Reverse(r.Text("use"), b.Reason))
            : throw new MalformedRequestException("on", "Expected a date, e.g. 2026-10-15.");
}
