using System.Globalization;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A document that waits for its vendor.</summary>
/// <param name="OrderId">Id of the purchase order.</param>
/// <param name="Number">Number of the purchase order.</param>
/// <param name="Revision">Revision.</param>
/// <param name="Format">Format of the bytes.</param>
/// <param name="MediaType">Media type of the bytes.</param>
/// <param name="FileName">Name for a file.</param>
/// <param name="Bytes">How many there are.</param>
/// <param name="Sha256">Of the bytes; acknowledge with it.</param>
/// <param name="OfferedAt">Since when it waits.</param>
public sealed record WaitingDocument(
    string OrderId, string Number, int Revision, string Format, string MediaType, string FileName, int Bytes, string Sha256,
    DateTimeOffset OfferedAt);

/// <summary>That a document was fetched.</summary>
/// <param name="Sha256">Of the bytes that arrived.</param>
public sealed record FetchReceipt(string Sha256);

/// <summary>Pick-up: a vendor lists what waits for it, fetches the bytes, and acknowledges them. Fetching alone changes nothing.</summary>
internal static class PickUpApi
{
    private const string Route = "/vendors/{vendorId}/outbox";

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Vendors");
        api.List<WaitingDocument>(Route, "Documents that wait for the vendor, oldest first", List)
            .For(Roles.Vendor, Roles.Coordinator, Roles.Operator).OfVendor();
        api.Get<OrderDocument>(Route + "/{orderId}", "The bytes of a waiting document, in the vendor's format", Fetch)
            .For(Roles.Vendor, Roles.Coordinator, Roles.Operator).OfVendor().Says("The X-Content-SHA256 header is their hash.");
        api.Post<FetchReceipt>(Route + "/{orderId}/receipt", "Acknowledge a document: it waits no longer", Acknowledge)
            .For(Roles.Vendor).OfVendor().Refuses("content-hash-mismatch", "order-not-sent")
            .Says("It says that the document has arrived, not that the order is accepted: answer the order for that.")
            .Example(() => new FetchReceipt(new string('0', 64)));
        api.Post("/vendors/{vendorId}/channel-secrets", "Issue a secret that webhooks are signed with; two can live", AddSecret)
            .For(Roles.Vendor, Roles.Coordinator).OfVendor().Says("The secret is in this answer only.")
            .Refuses("too-many-secrets", "vendor-unknown", "secrets-key-missing").Answers<IssuedSecret>();
        api.Delete("/vendors/{vendorId}/channel-secrets/{secretId}", "Retire a secret", RetireSecret)
            .For(Roles.Vendor, Roles.Coordinator).OfVendor().Refuses("channel-secret-needed", "vendor-unknown");
    }

    private static async Task<IResult> List(ApiRequest r)
    {
        var limit = (int)(r.Number("limit", 1, 1_000) ?? 100);
        var rows = await r.Services.Exchange.Mailboxes.List(
            r.Services.Tenant, VendorOrderDelivery.PickUpChannel, r.Text("vendorId"), "waiting", r.Number("after") ?? 0, limit + 1,
            r.Cancelled);
        var last = rows.Count > limit ? rows[limit - 1].Sequence.ToString(CultureInfo.InvariantCulture) : null;
        return Answer.Page(r, rows.Take(limit).Select(row => View(VendorOrderDelivery.Of(row.Message.Body), row.RecordedAt)), last);
    }

    private static async Task<IResult> Fetch(ApiRequest r)
    {
        if (await Waiting(r) is not [.., var (_, document)]) return Answer.NotFound;
        r.Http.Response.Headers["X-Content-SHA256"] = document.DocumentHash();
        return Results.Bytes(document.Content, document.MediaType, document.FileName);
    }

    private static async Task<IResult> Acknowledge(ApiRequest r, FetchReceipt receipt)
    {
        // A repetition finds nothing waiting any more; it is answered as the first time was.
        var waiting = await Waiting(r);
        if (waiting is not [.., var (_, document)])
            return await r.Services.Commands.FirstOutcome(r.Context, r.Cancelled) is { } first ? Answer.Of(first) : Answer.NotFound;

        if (!string.Equals(receipt.Sha256, document.DocumentHash(), StringComparison.Ordinal))
            return Answer.Problem(Problem.Refused(new("content-hash-mismatch", "These are not the bytes that wait; fetch them again.")));
        var answer = await r.Handle<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            document.Key, new PurchaseOrder.Command.RecordPickUp(document.ContentHash));
        if (!answer.IsDone()) return answer;
        foreach (var (id, same) in waiting)
        {
            if (string.Equals(same.ContentHash, document.ContentHash, StringComparison.Ordinal))
                await r.Services.Exchange.Mailboxes.Fetched(r.Services.Tenant, id, r.Cancelled);
        }

        return answer;
    }

    private static async Task<List<(string Id, VendorOrderDelivery Document)>> Waiting(ApiRequest r)
    {
        var rows = await r.Services.Exchange.Mailboxes.List(
            r.Services.Tenant, VendorOrderDelivery.PickUpChannel, r.Text("vendorId"), "waiting", 0, 1_000, r.Cancelled);
        return
        [
            .. rows.Select(row => (row.Message.Id, Document: VendorOrderDelivery.Of(row.Message.Body)))
                .Where(w => string.Equals(w.Document.Key, r.Text("orderId"), StringComparison.Ordinal)),
        ];
    }

    private static WaitingDocument View(VendorOrderDelivery d, DateTimeOffset at) =>
        new(d.Key, d.Number, d.Revision, d.Format, d.MediaType, d.FileName, d.Content.Length, d.DocumentHash(), at);

    private static async Task<IResult> AddSecret(ApiRequest r)
    {
        var owner = ISecretVault.OfVendor(r.Id<VendorId>("vendorId"));
        if (await WebhooksApi.NewSecret(r, owner) is not var (secretId, shown)) return WebhooksApi.WithoutKey;
        var outcome = await r.Services.Commands.Handle<Vendor, Vendor.Command, Vendor.State, Vendor.Event>(
            r.Context, r.Text("vendorId"), new Vendor.Command.AddChannelSecret(secretId), r.Cancelled);
        return await WebhooksApi.Shown(r, outcome, owner, secretId, shown);
    }

    private static async Task<IResult> RetireSecret(ApiRequest r)
    {
        var answer = await r.Handle<Vendor, Vendor.Command, Vendor.State, Vendor.Event>(
            r.Text("vendorId"), new Vendor.Command.RetireChannelSecret(r.Text("secretId")));
        if (answer.IsDone())
        {
            await r.Services.Exchange.Secrets.Destroy(
                r.Services.Tenant, ISecretVault.OfVendor(r.Id<VendorId>("vendorId")), r.Text("secretId"), r.Cancelled);
        }

        return answer;
    }
}
