using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using SSC.Purchasing.Exchange.Ubl;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A delivery as it is at a moment.</summary>
/// <param name="Id">Its id, <c>{joint order}:{vendor}:{site}</c>.</param>
/// <param name="Standing">Where it stands, e.g. <c>underWay</c>, <c>complete</c>.</param>
/// <param name="File">What was expected, where each unit is, claims, goods on hold, returns.</param>
public sealed record DeliveryView(string Id, string Standing, DeliveryFile File);

/// <summary>What a vendor sent to a site.</summary>
/// <param name="DocumentId">The vendor's number of the advice; the same number counts once.</param>
/// <param name="DespatchedOn">Day it left.</param>
/// <param name="Lines">What is in it, and what of each line follows later.</param>
/// <param name="ExpectedOn">Day it is expected to arrive.</param>
/// <param name="Carrier">Who carries it.</param>
/// <param name="Tracking">The carrier's number.</param>
public sealed record DespatchEntry(
    string DocumentId, DateOnly DespatchedOn, StructuralList<DespatchLine> Lines, DateOnly? ExpectedOn = null, string? Carrier = null,
    string? Tracking = null);

/// <summary>Goods of a line that are missing or damaged.</summary>
/// <param name="Document">The receiver's number of the report; the same number counts once.</param>
/// <param name="Line">Order line.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Concealed">They had been counted as received.</param>
/// <param name="Note">In the receiver's words.</param>
public sealed record LossEntry(string Document, int Line, Quantity Quantity, bool Concealed = false, string? Note = null);

/// <summary>Goods of a line that were left at another site.</summary>
/// <param name="Document">The receiver's number of the report.</param>
/// <param name="Line">Order line.</param>
/// <param name="Quantity">Units.</param>
/// <param name="FoundAt">The other site.</param>
/// <param name="Note">In the receiver's words.</param>
public sealed record WrongSiteEntry(string Document, int Line, Quantity Quantity, SiteId FoundAt, string? Note = null);

/// <summary>Goods of a line that were turned away.</summary>
/// <param name="Document">The receiver's number of the report.</param>
/// <param name="Line">Order line.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Reason">Why.</param>
/// <param name="RedeliverBy">Day by which they are to be delivered again; absent for never.</param>
public sealed record RefusalEntry(string Document, int Line, Quantity Quantity, string Reason, DateOnly? RedeliverBy = null);

/// <summary>Units that follow later.</summary>
/// <param name="Document">The vendor's number of the notice.</param>
/// <param name="Line">Order line.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Until">Day until which the back-order stands.</param>
public sealed record BackOrderEntry(string Document, int Line, Quantity Quantity, DateOnly Until);

/// <summary>A later day.</summary>
/// <param name="Until">The day.</param>
public sealed record LaterDay(DateOnly Until);

/// <summary>Why goods on hold go back.</summary>
/// <param name="Reason">Why.</param>
/// <param name="RedeliverBy">Day by which the ordered goods are to come instead; absent for never.</param>
public sealed record HeldReturnEntry(string Reason, DateOnly? RedeliverBy = null);

/// <summary>Goods that are to go back.</summary>
/// <param name="Document">Number of the return authorization; the same number counts once.</param>
/// <param name="Line">Order line.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Reason">Why.</param>
public sealed record ReturnEntry(string Document, int Line, Quantity Quantity, string Reason);

/// <summary>The day goods went back.</summary>
/// <param name="On">The day.</param>
public sealed record ReturnedOn(DateOnly On);

/// <summary>A vendor's credit memo.</summary>
/// <param name="Document">Its number.</param>
public sealed record CreditEntry(string Document);

/// <summary>
/// Deliveries, site by site: vendors say what they sent, receivers what arrived, coordinators see that nothing is forgotten. A delivery
/// exists for its vendor, for the members whose goods it has, and for staff; at a central site the cooperative receives.
/// </summary>
internal static class DeliveriesApi
{
    internal const string Route = "/deliveries/{deliveryId}";

    private static readonly DateOnly Day = new(2026, 11, 30);
    private static readonly string[] Receivers = [Roles.MemberBuyer, Roles.Coordinator];
    private static readonly string[] Vendors = [Roles.Vendor, Roles.Coordinator];
    private static readonly string[] OfLine = ["unknown-line", "quantity-out-of-range", "quantity-not-whole", "document-id-invalid"];

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Deliveries");
        api.List<DeliveryEntry>("/deliveries", "List deliveries; a vendor sees its own, a member those that it has goods in", List)
            .Takes("vendor", "Only of this vendor.").Takes("member", "Only with goods of this member.").Takes("site", "Only to this site.")
            .Takes("jointOrder", "Only of this joint order.").Takes("status", "Only in this standing, e.g. `underWay`.");
        api.Get<DeliveryView>(Route, "One delivery, now or as of a moment", Find).AsOf();
        api.Get<byte[]>(Route + "/receipt-advice", "What the site received so far, as a UBL ReceiptAdvice for the vendor", Advice)
            .For(Roles.Vendor, Roles.Coordinator, Roles.Operator)
            .Says("Its number holds the delivery's version: the same state has the same number. Not there while nothing was received.");
        Act<DespatchEntry>(api, "/despatches", "Say what was sent, as its vendor", Despatch, Vendors)
            .Refuses("document-id-invalid", "document-lines-invalid", "unknown-line", "unit-differs", "quantity-out-of-range",
                "quantity-not-whole", "quantity-exceeds-open", "note-invalid", "wrong-order")
            .Example(() => new DespatchEntry(
                "DA-7701", Day, [new(1, new("GLOVES-NITRILE"), Quantity.Of(7), "XCS") { BackOrdered = Quantity.Of(3) }], Day.AddDays(2)));
        MapReports(api);
        MapDecisions(api);
    }

    private static void MapReports(ApiRoutes api)
    {
        Tell<LossEntry>(api, "/shortages", "Claim goods that are missing",
                b => new Delivery.Command.ReportShortage(b.Document, b.Line, b.Quantity, b.Concealed, b.Note), Receivers)
            .Refuses([.. OfLine, "quantity-exceeds-open", "quantity-exceeds-received", "note-invalid"])
            .Example(() => new LossEntry("S-12", 1, Quantity.Of(2), Note: "two cases fewer than on the slip"));
        Tell<LossEntry>(api, "/damages", "Claim goods that are damaged",
                b => new Delivery.Command.ReportDamage(b.Document, b.Line, b.Quantity, b.Concealed, b.Note), Receivers)
            .Refuses([.. OfLine, "quantity-exceeds-open", "quantity-exceeds-received", "note-invalid"])
            .Example(() => new LossEntry("X-12", 1, Quantity.Of(1), true, "crushed in the middle of the pallet"));
        Tell<WrongSiteEntry>(api, "/wrong-site-reports", "Say that goods were left at another site",
                b => new Delivery.Command.ReportWrongSite(b.Document, b.Line, b.Quantity, b.FoundAt, b.Note), Receivers)
            .Refuses([.. OfLine, "quantity-exceeds-open", "site-invalid", "note-invalid"])
            .Example(() => new WrongSiteEntry("W-3", 1, Quantity.Of(10), new("M-001-MS")));
        Tell<RefusalEntry>(api, "/refusals", "Say that goods were turned away",
                b => new Delivery.Command.Refuse(b.Document, b.Line, b.Quantity, b.Reason, b.RedeliverBy), Receivers)
            .Refuses([.. OfLine, "quantity-exceeds-open", "reason-missing"])
            .Example(() => new RefusalEntry("F-4", 1, Quantity.Of(5), "frozen goods at 20 degrees", Day));
        Tell<BackOrderEntry>(api, "/back-orders", "Say that a part follows later, as the vendor",
                b => new Delivery.Command.BackOrder(b.Document, b.Line, b.Quantity, b.Until), Vendors)
            .Refuses([.. OfLine, "quantity-exceeds-open"]).Example(() => new BackOrderEntry("BO-1", 1, Quantity.Of(3), Day));
        Tell<ReturnEntry>(api, "/returns", "Authorize goods to go back after shipment",
                b => new Delivery.Command.AuthorizeReturn(b.Document, b.Line, b.Quantity, b.Reason), [Roles.Coordinator])
            .Refuses([.. OfLine, "quantity-exceeds-received", "reason-missing"])
            .Example(() => new ReturnEntry("RMA-55", 1, Quantity.Of(4), "recall"));
        Tell<Because>(api, "/release", "Wait for nothing any more that has not come", b => new Delivery.Command.ReleaseRest(b.Reason),
            [Roles.Coordinator]).Refuses("reason-missing").Example(() => new Because("The project is over."));
    }

    private static void MapDecisions(ApiRoutes api)
    {
        Act<LaterDay>(api, "/back-orders/{line}/extension", "Wait longer for a back-order",
                (r, key, b) => Send(r, key, new Delivery.Command.KeepBackOrder(Number(r, "line"), b.Until)), Receivers)
            .Refuses("unknown-line", "no-back-order", "deadline-not-later").Example(() => new LaterDay(Day));
        Act<Because>(api, "/back-orders/{line}/release", "Wait no longer for a back-order",
                (r, key, b) => Send(r, key, new Delivery.Command.ReleaseBackOrder(Number(r, "line"), b.Reason)), Receivers)
            .Refuses("unknown-line", "no-back-order", "reason-missing").Example(() => new Because("Bought elsewhere."));
        api.Post(Route + "/holds/{no}/acceptance", "Accept goods on hold: a substitute, an excess, goods left elsewhere", r =>
                Own(r, true, key => Send(r, key, new Delivery.Command.AcceptHeld(Number(r, "no")))))
            .For(Receivers).Refuses("hold-unknown", "hold-decided", "order-closed-out");
        Act<HeldReturnEntry>(api, "/holds/{no}/return", "Send goods on hold back",
                (r, key, b) => Send(r, key, new Delivery.Command.ReturnHeld(Number(r, "no"), b.Reason, b.RedeliverBy)), Receivers)
            .Refuses("hold-unknown", "hold-decided", "reason-missing").Example(() => new HeldReturnEntry("Not what was ordered.", Day));
        Act<ReturnedOn>(api, "/returns/{no}/shipment", "Say that goods went back",
                (r, key, b) => Send(r, key, new Delivery.Command.RecordReturn(Number(r, "no"), b.On)), Receivers)
            .Refuses("return-unknown", "quantity-exceeds-received").Example(() => new ReturnedOn(Day));
        Act<Because>(api, "/returns/{no}/cancellation", "Keep goods after all",
                (r, key, b) => Send(r, key, new Delivery.Command.CancelReturn(Number(r, "no"), b.Reason)), [Roles.Coordinator])
            .Refuses("return-unknown", "return-made", "reason-missing").Example(() => new Because("Usable after all."));
        Act<CreditEntry>(api, "/returns/{no}/credit", "Credit goods that went back, as the vendor",
                (r, key, b) => Send(r, key, new Delivery.Command.CreditReturn(Number(r, "no"), b.Document)), Vendors)
            .Refuses("return-unknown", "return-not-made", "credit-document-missing").Example(() => new CreditEntry("CM-31"));
    }

    private static Task<IResult> List(ApiRequest r)
    {
        (string, string?)[] where =
        [
            ("vendor", r.Principal.Vendor?.Value ?? r.Query("vendor")), ("joint_order", r.Query("jointOrder")), ("site", r.Query("site")),
        ];
        var status = r.Word<DeliveryStatus>("status");
        return (r.Principal.Member?.Value ?? r.Query("member")) is { } member
            ? r.ListThrough(
                Modules.DeliveryShares, [.. where, ("member", member)], share => share.Delivery, Modules.Deliveries,
                row => (status is null || row.Status == status) && row.File.Members().Contains(new(member)))
            : r.List(Modules.Deliveries, [.. where, ("status", status?.ToString())], row => row.Row);
    }

    private static ApiOperation Tell<TBody>(
        ApiRoutes api, string path, string summary, Func<TBody, Delivery.Command> command, string[] roles)
        where TBody : class => Act<TBody>(api, path, summary, (r, key, body) => Send(r, key, command(body)), roles);

    private static ApiOperation Act<TBody>(
        ApiRoutes api, string path, string summary, Func<ApiRequest, DeliveryKey, TBody, Task<IResult>> act, string[] roles)
        where TBody : class => api.Post<TBody>(
            Route + path, summary, (r, body) => Own(r, true, key => act(r, key, body))).For(roles).Refuses("order-closed-out");

    internal static async Task<IResult> Send(ApiRequest r, DeliveryKey key, Delivery.Command command) =>
        Answer.Of(await new ReceiveGoods(r.Services.Commands).Handle(r.Context, key, command, r.Cancelled));

    private static async Task<IResult> Despatch(ApiRequest r, DeliveryKey key, DespatchEntry body)
    {
        var known = await r.Services.Commands.Load<Delivery, Delivery.Command, Delivery.State, Delivery.Event>(
            r.Services.Tenant, key.ToString(), ct: r.Cancelled);
        var order = ((Delivery.State.Known)known.State).File.Expectation.OrderNumber;
        var note = new DespatchNote(body.DocumentId, order, key.Vendor, key.Site, body.DespatchedOn, body.Lines)
        {
            ExpectedOn = body.ExpectedOn, Carrier = body.Carrier, Tracking = body.Tracking,
        };
        return Answer.Of(await new ReceiveGoods(r.Services.Commands).Despatch(r.Context, key, note, r.Cancelled));
    }

    private static Task<IResult> Own(ApiRequest r, bool write, Func<DeliveryKey, Task<IResult>> act) =>
        DeliveryKey.Parse(r.Text("deliveryId")) is { } key ? Own(r, key, write, act) : Task.FromResult(Answer.NotFound);

    /// <summary>For an organization that has no part in it, a delivery does not exist; at a central site only staff receives.</summary>
    internal static async Task<IResult> Own(ApiRequest r, DeliveryKey key, bool write, Func<DeliveryKey, Task<IResult>> act)
    {
        var loaded = await r.Services.Commands.Load<Delivery, Delivery.Command, Delivery.State, Delivery.Event>(
            r.Services.Tenant, key.ToString(), ct: r.Cancelled);
        if (loaded.State is not Delivery.State.Known { File: var file } || !Sees(r, file)) return Answer.NotFound;
        if (write && r.Principal.Member is not null && file.OnlyMember() is null)
            return Answer.Problem(Problem.Refused(new("central-delivery", "The cooperative receives at this site; tell its coordinator.")));
        return await act(key);
    }

    private static Task<IResult> Advice(ApiRequest r) => Own(r, false, async key =>
    {
        var advice = await ReceiptAdvices.Of(r.Services.Commands, r.Services.Tenant, key, r.Cancelled);
        if (advice is null) return Answer.NotFound;
        var writer = new UblReceiptWriter();
        var bytes = writer.Write(advice);
        r.Http.Response.Headers["X-Content-SHA256"] = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return Results.Bytes(bytes, writer.MediaType, $"{advice.DocumentId}.{writer.FileExtension}");
    });

    private static bool Sees(ApiRequest r, DeliveryFile file) => r.Principal.IsStaff
        || r.Principal.Vendor == file.Expectation.Vendor
        || (r.Principal.Member is { } member && file.Members().Contains(member));

    private static async Task<IResult> Find(ApiRequest r)
    {
        var key = r.Text("deliveryId");
        var loaded = await r.Load<Delivery, Delivery.Command, Delivery.State, Delivery.Event>(key);
        return Answer.Versioned(
            loaded.State is Delivery.State.Known known && Sees(r, known.File)
                ? new DeliveryView(key, JsonNamingPolicy.CamelCase.ConvertName(known.GetType().Name), known.File)
                : null,
            loaded.Version);
    }

    private static int Number(ApiRequest r, string name) =>
        int.TryParse(r.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new MalformedRequestException(name, "Expected a whole number.");
}
