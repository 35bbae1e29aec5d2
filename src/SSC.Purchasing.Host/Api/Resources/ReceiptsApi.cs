using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>What a receiver counted.</summary>
/// <param name="Delivery">Id of the delivery, <c>{joint order}:{vendor}:{site}</c>.</param>
/// <param name="DocumentId">The receiver's number, e.g. of the packing slip; the same number counts once.</param>
/// <param name="ReceivedOn">Day of arrival.</param>
/// <param name="Lines">Units in good order, by order line.</param>
/// <param name="Note">In the receiver's words.</param>
public sealed record ReceiptBody(
    string Delivery, string DocumentId, DateOnly ReceivedOn, StructuralList<ReceiptLine> Lines, string? Note = null);

/// <summary>A vendor's answer to a claim.</summary>
/// <param name="Answer">A credit, a replacement, or nothing.</param>
/// <param name="Note">In the vendor's words.</param>
/// <param name="ReplaceBy">Day by which a replacement comes.</param>
public sealed record ClaimAnswerEntry(ClaimAnswer Answer, string? Note = null, DateOnly? ReplaceBy = null);

/// <summary>How a claim ended.</summary>
/// <param name="Resolution">Credited, replaced, or withdrawn.</param>
/// <param name="Document">The vendor's credit memo, or what else it ended with.</param>
public sealed record ClaimResolutionEntry(ClaimResolution Resolution, string? Document = null);

/// <summary>Receipts and claims: what receivers counted, and what they ask of vendors.</summary>
internal static class ReceiptsApi
{
    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Receipts and claims");
        api.List<ReceiptEntry>("/receipts", "List receipts; a vendor sees its own, a member those at its own sites", r =>
            r.List(Modules.Receipts, Filters(r), row => row.Row))
            .Takes("vendor", "Only of this vendor.").Takes("member", "Only of this member.").Takes("site", "Only at this site.")
            .Takes("jointOrder", "Only of this joint order.");
        api.Post<ReceiptBody>("/receipts", "Record what arrived", Receive).For(Roles.MemberBuyer, Roles.Coordinator).Creates()
            .Says("Goods need not have been announced. Another item waits for a decision as a substitute, and so does what is beyond "
                + "the ordered quantity and its tolerance.")
            .Refuses("document-id-invalid", "document-lines-invalid", "unknown-line", "unit-differs", "item-invalid",
                "quantity-out-of-range", "quantity-not-whole", "note-invalid", "central-delivery", "order-closed-out")
            .Example(() => new ReceiptBody(
                "JO-2026-031:V-bluffland:M-001-HS", "PS-88123", new(2026, 11, 30),
                [new(1, new("GLOVES-NITRILE"), Quantity.Of(7), "XCS")]));
        api.List<ClaimEntry>("/claims", "List claims; a vendor sees its own, a member those at its own sites", r => r.List(
                Modules.Claims, [.. Filters(r), ("status", r.Word<ClaimStatus>("status")?.ToString())], row => row.Row))
            .Takes("vendor", "Only on this vendor.").Takes("member", "Only of this member.").Takes("site", "Only at this site.")
            .Takes("jointOrder", "Only of this joint order.").Takes("status", "Only in this standing, e.g. `open`.");
        api.Post<ClaimAnswerEntry>("/claims/{claimId}/answer", "Answer a claim, as the vendor", (r, b) => OfClaim(r, (key, no) =>
                DeliveriesApi.Send(r, key, new Delivery.Command.AnswerClaim(no, b.Answer, b.Note, b.ReplaceBy))))
            .For(Roles.Vendor, Roles.Coordinator)
            .Refuses("claim-unknown", "claim-resolved", "claim-replaced", "replacement-day-missing", "note-invalid", "order-closed-out")
            .Example(() => new ClaimAnswerEntry(ClaimAnswer.Replacement, "with the next truck", new DateOnly(2026, 12, 7)));
        api.Post<ClaimResolutionEntry>("/claims/{claimId}/resolution", "End a claim", (r, b) => OfClaim(r, (key, no) =>
                DeliveriesApi.Send(r, key, new Delivery.Command.ResolveClaim(no, b.Resolution, b.Document))))
            .For(Roles.MemberBuyer, Roles.Coordinator)
            .Refuses("claim-unknown", "claim-resolved", "claim-replaced", "claim-not-replaced", "credit-document-missing",
                "central-delivery", "order-closed-out")
            .Example(() => new ClaimResolutionEntry(ClaimResolution.Credited, "CM-4471"));
    }

    private static IEnumerable<(string Column, string? Value)> Filters(ApiRequest r) =>
    [
        ("vendor", r.Principal.Vendor?.Value ?? r.Query("vendor")), ("member", r.Principal.Member?.Value ?? r.Query("member")),
        ("joint_order", r.Query("jointOrder")), ("site", r.Query("site")),
    ];

    private static Task<IResult> Receive(ApiRequest r, ReceiptBody body)
    {
        if (!Id.IsKey(body.Delivery) || DeliveryKey.Parse(body.Delivery) is not { } key)
            throw new MalformedRequestException("delivery", "Name the delivery by joint order, vendor and site, joined by ':'.");
        var receipt = new GoodsReceipt(body.DocumentId, body.ReceivedOn, body.Lines) { Note = body.Note };
        return DeliveriesApi.Own(r, key, true, k => DeliveriesApi.Send(r, k, new Delivery.Command.Receive(receipt))
            .Created($"/deliveries/{key}"));
    }

    /// <summary>A claim is named by its delivery and its number there, <c>{delivery}:{number}</c>.</summary>
    private static Task<IResult> OfClaim(ApiRequest r, Func<DeliveryKey, int, Task<IResult>> act)
    {
        var text = r.Text("claimId");
        var at = text.LastIndexOf(':');
        return at > 0 && DeliveryKey.Parse(text[..at]) is { } key
            && int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var no)
                ? DeliveriesApi.Own(r, key, true, k => act(k, no))
                : Task.FromResult(Answer.NotFound);
    }
}
