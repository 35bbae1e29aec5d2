using System.Globalization;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A purchase order as it is at a moment.</summary>
/// <param name="Id">Its id, <c>{joint order}-{vendor}</c>.</param>
/// <param name="Standing">Where it stands, e.g. <c>sent</c>, <c>confirmed</c>.</param>
/// <param name="File">Document, revisions, standing of each line.</param>
public sealed record PurchaseOrderView(string Id, string Standing, OrderFile File);

/// <summary>A vendor's answer.</summary>
/// <param name="DocumentId">The vendor's number of the document; the same number counts once.</param>
/// <param name="Code">AB received, AP accepted, CA line by line, RE rejected.</param>
/// <param name="Lines">Line answers, for CA only.</param>
/// <param name="Note">In the vendor's words.</param>
/// <param name="Revision">The revision that is answered; the latest when absent.</param>
public sealed record ResponseEntry(string DocumentId, ResponseCode Code, StructuralList<LineAnswer> Lines = default, string? Note = null,
    int? Revision = null);

/// <summary>The next revision of an order.</summary>
/// <param name="Order">The whole order as it is from now on; number, joint order, contract and vendor stay.</param>
/// <param name="Reason">Why.</param>
public sealed record RevisionEntry(OrderDocument Order, string Reason);

/// <summary>How somebody brought the order to the vendor.</summary>
/// <param name="How">E.g. <c>fax</c>, <c>by hand</c>.</param>
/// <param name="ContentHash">Hash of the bytes that were sent.</param>
public sealed record ManualDispatch(string How, string ContentHash);

/// <summary>What the vendor charges for letting go.</summary>
/// <param name="Fee">Zero for nothing.</param>
public sealed record CancellationFee(Money Fee);

/// <summary>Where it can be seen that everything is billed and paid.</summary>
/// <param name="Evidence">E.g. the ledger and its period.</param>
public sealed record BillingEvidence(string Evidence);

/// <summary>Consolidated orders: the vendor reads and answers its own, the coordinator sees them through, members read theirs on the joint
/// order.</summary>
internal static class PurchaseOrdersApi
{
    private const string Route = "/purchase-orders/{orderId}";

    private static readonly OrderDocument Example = new(
        "PO-JO-2026-014-1", new("JO-2026-014"), new("C-2026-paper"), new("V-whitewater"),
        [
            new(1, new("PAPER-20LB"), "Copy paper, carton of 10 reams", "XCT", Quantity.Of(40), Quantity.Of(40),
                UnitPrice.FromDollars(39.75m), Money.FromDollars(1_590m),
                [new(new("M-001"), new("M-001-HS"), Quantity.Of(40), new(2026, 3, 20))]),
        ],
        Money.Zero, Money.FromDollars(1_590m), new(2026, 3, 20), "Net 35 days");

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Purchase orders");
        api.List<PurchaseOrderEntry>("/purchase-orders", "List purchase orders; a vendor sees its own", r => r.List(
                Modules.PurchaseOrders,
                [
                    ("vendor", r.Principal.Vendor?.Value ?? r.Query("vendor")), ("joint_order", r.Query("jointOrder")),
                    ("status", r.Word<PurchaseOrderStatus>("status")?.ToString()),
                ],
                row => row.Row))
            .For(Roles.Vendor, Roles.Coordinator, Roles.Operator).Takes("vendor", "Only to this vendor.")
            .Takes("jointOrder", "Only for this joint order.")
            .Takes("status", "Only in this standing, e.g. `sent`.");
        api.Get<PurchaseOrderView>(Route, "One purchase order, now or as of a moment", Find).AsOf()
            .For(Roles.Vendor, Roles.Coordinator, Roles.Operator);
        api.Get<OrderDocument>(Route + "/sent", "The latest revision's bytes as they were sent to the vendor", Sent)
            .For(Roles.Vendor, Roles.Coordinator, Roles.Operator)
            .Says("In the vendor's format; the X-Content-SHA256 header is the hash of the bytes. Not there while nothing was sent.");
        api.Post<ResponseEntry>(Route + "/responses", "Answer an order, as its vendor", Respond).For(Roles.Vendor, Roles.Coordinator)
            .Refuses("wrong-vendor", "response-lines-unexpected", "response-lines-missing", "response-outdated",
                "order-already-confirmed", "order-re-awarded", "order-cancelled")
            .Example(() => new ResponseEntry("OR-5512", ResponseCode.CA, [new(1, LineAnswerCode.Propose, Quantity.Of(80))]));
        Act<Because>(api, "/lines/{line}/rejection", "Decline a proposed change", (r, b) =>
            new PurchaseOrder.Command.RejectChange(Line(r), b.Reason), "unknown-line", "no-proposal")
            .Example(() => new Because("The schedule price holds."));
        Act<Because>(api, "/lines/{line}/cancellation", "Take a line back", (r, b) =>
            new PurchaseOrder.Command.CancelLine(Line(r), b.Reason), "unknown-line", "line-accepted")
            .Example(() => new Because("Ordered elsewhere."));
        api.Post<ManualDispatch>(Route + "/manual-dispatch", "Record that somebody brought the order to the vendor", Dispatched)
            .For(Roles.Coordinator).Refuses("content-hash-mismatch", "dispatch-invalid", "order-not-issued")
            .Example(() => new ManualDispatch("by hand", new string('0', 64)));
        api.Post(Route + "/resend", "Send the latest revision again: the same bytes, by the channel that the vendor has now", Resend)
            .For(Roles.Coordinator).Says("Under the same delivery id, so that the vendor can tell a repetition.")
            .Refuses("no-electronic-channel", "format-unknown", "order-cancelled", "order-closed", "order-not-issued",
                "x12-element-length", "x12-unit-unknown", "x12-too-many-sites", "x12-too-many-drops", "x12-site-ambiguous");
        api.Post<RevisionEntry>(Route + "/revisions", "Replace the order by its next revision, which goes out at once", Revise)
            .For(Roles.Coordinator).Says("Lines whose terms are agreed and stay the same stay agreed; the vendor answers the others anew.")
            .Refuses("order-identity-fixed", "price-above-schedule", "reason-missing", "order-cancelled", "order-closed")
            .Example(() => new RevisionEntry(Example, "The high school needs ten cartons fewer."));
        Act<Because>(api, "/cancellation", "Cancel: at once, or by asking the vendor", (_, b) =>
            new PurchaseOrder.Command.RequestCancellation(b.Reason), "order-closed")
            .Example(() => new Because("The project was stopped."));
        api.Post(Route + "/lines/{line}/acceptance", "Accept a proposed change", r =>
            Send(r, new PurchaseOrder.Command.AcceptChange(Line(r))))
            .For(Roles.Coordinator).Refuses("unknown-line", "no-proposal");
        api.Post<CancellationFee>(Route + "/cancellation/confirmation", "Let go of an order, as its vendor", (r, b) =>
            Own(r, new PurchaseOrder.Command.ConfirmCancellation(b.Fee)))
            .For(Roles.Vendor, Roles.Coordinator).Refuses("no-cancellation-requested", "fee-invalid")
            .Example(() => new CancellationFee(Money.Zero));
        api.Post<Because>(Route + "/cancellation/refusal", "Hold on to an order, as its vendor", (r, b) =>
            Own(r, new PurchaseOrder.Command.DeclineCancellation(b.Reason)))
            .For(Roles.Vendor, Roles.Coordinator).Refuses("no-cancellation-requested")
            .Example(() => new Because("The goods are on the truck."));
        api.Get<OrderFulfilment>(Route + "/fulfilment", "What was received, by line, member and site, now or as of a moment", Fulfilment)
            .AsOf().For(Roles.Vendor, Roles.Coordinator, Roles.Operator);
        Act<BillingEvidence>(api, "/billing-settlement", "Say that everything delivered is billed, every bill paid or credited",
                (_, b) => new PurchaseOrder.Command.SettleBilling(b.Evidence), "order-not-confirmed", "evidence-missing")
            .Says("Where invoices are kept in this service it says so itself; this is for invoices that are kept elsewhere.")
            .Example(() => new BillingEvidence("paid from the general ledger, warrants 55120 to 55131"));
        Act<Because>(api, "/billing-settlement/withdrawal", "Say that a bill is open again",
                (_, b) => new PurchaseOrder.Command.ReopenBilling(b.Reason), "order-closed", "reason-missing")
            .Example(() => new Because("A second invoice came in."));
        api.Post<Because>(Route + "/return", "Send back what was shipped and give up the rest: cancelling after shipment", SendBack)
            .For(Roles.Coordinator).Refuses("reason-missing", "order-closed-out").Example(() => new Because("The order was cancelled."));
    }

    private static async Task<IResult> Fulfilment(ApiRequest r)
    {
        var (order, version) = await Load(r);
        if (order is not { File.Document: var document }) return Answer.NotFound;
        return Answer.Versioned(
            await OrderFulfilment.Gather(
                r.Services.Commands.Store, r.Services.Tenant, document.JointOrder, document.Vendor, await r.Moment("asOf"), r.Cancelled),
            version);
    }

    private static async Task<IResult> SendBack(ApiRequest r, Because body)
    {
        if ((await Load(r)).Order is not { File.Document: var document }) return Answer.NotFound;
        var work = SagaCommandHandler.Over(r.Services.Commands, r.Services.Models).Receiving;
        return Answer.Of(await work.SendBack(r.Context, document.JointOrder, document.Vendor, body.Reason, r.Cancelled));
    }

    private static ApiOperation Act<TBody>(
        ApiRoutes api, string path, string summary, Func<ApiRequest, TBody, PurchaseOrder.Command> command, params string[] codes)
        where TBody : class =>
        api.Post<TBody>(Route + path, summary, (r, body) => Send(r, command(r, body))).For(Roles.Coordinator)
            .Refuses([.. codes, "order-not-issued"]);

    /// <summary><c>{joint order}:{vendor}</c>.</summary>
    private static string Key(ApiRequest r) => r.Text("orderId");

    private static int Line(ApiRequest r) =>
        int.TryParse(r.Text("line"), NumberStyles.None, CultureInfo.InvariantCulture, out var line) ? line
            : throw new MalformedRequestException("line", "Expected a line number.");

    private static Task<IResult> Send(ApiRequest r, PurchaseOrder.Command command) =>
        r.Handle<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(Key(r), command);

    private static async Task<(PurchaseOrder.State.Known? Order, long Version)> Load(ApiRequest r)
    {
        var loaded = await r.Load<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(Key(r));
        var order = loaded.State as PurchaseOrder.State.Known;
        return (order is not null && r.Principal.SeesVendor(order.File.Document.Vendor) ? order : null, loaded.Version);
    }

    /// <summary>For a vendor, an order of another vendor does not exist.</summary>
    private static async Task<IResult> Own(ApiRequest r, PurchaseOrder.Command command) =>
        (await Load(r)).Order is null ? Answer.NotFound : await Send(r, command);

    private static async Task<IResult> Respond(ApiRequest r, ResponseEntry body)
    {
        if ((await Load(r)).Order is not { File.Document.Vendor: var vendor }) return Answer.NotFound;
        return await Send(r, new PurchaseOrder.Command.RecordResponse(
            new(body.DocumentId, r.Principal.Vendor ?? vendor, body.Code, body.Lines, body.Note) { Revision = body.Revision }));
    }

    private static async Task<IResult> Find(ApiRequest r)
    {
        var (order, version) = await Load(r);
        return Answer.Versioned(
            order is null
                ? null
                : new PurchaseOrderView(Key(r), System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(order.GetType().Name), order.File),
            version);
    }

    private static async Task<IResult> Sent(ApiRequest r)
    {
        if ((await Load(r)).Order is not { File: var file }) return Answer.NotFound;
        var sent = await new SentDocuments(r.Services.Exchange.Mailboxes).Find(
            r.Services.Tenant, VendorOrderDelivery.IdOf(Key(r), file.Revision), r.Cancelled);
        if (sent is null) return Answer.NotFound;
        r.Http.Response.Headers["X-Content-SHA256"] = sent.DocumentHash();
        return Results.Bytes(sent.Content, sent.MediaType);
    }

    private static async Task<IResult> Dispatched(ApiRequest r, ManualDispatch body)
    {
        var answer = await Send(r, new PurchaseOrder.Command.RecordManualDispatch(body.How, r.Principal.Actor, body.ContentHash));
        if (answer.IsDone() && (await Load(r)).Order is { File.Revision: var revision })
        {
            await r.Services.Exchange.Mailboxes.Attended(
                r.Services.Tenant, VendorOrderDelivery.IdOf(Key(r), revision), r.Cancelled);
        }

        return answer;
    }

    private static async Task<IResult> Revise(ApiRequest r, RevisionEntry body)
    {
        if ((await Load(r)).Order is not { File.Document: var document }) return Answer.NotFound;
        return Answer.Of(await r.Services.Work.PurchaseOrders.Revise(
            r.Context, document.JointOrder, document.Vendor, body.Order, body.Reason, r.Cancelled));
    }

    private static async Task<IResult> Resend(ApiRequest r)
    {
        if ((await Load(r)).Order is not { File.Document: var document }) return Answer.NotFound;
        return Answer.Of(await r.Services.Work.PurchaseOrders.Resend(
            r.Context, document.JointOrder, document.Vendor, new SentDocuments(r.Services.Exchange.Mailboxes), r.Cancelled));
    }
}
