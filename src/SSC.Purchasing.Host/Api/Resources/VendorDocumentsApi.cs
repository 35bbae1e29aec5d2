using System.Globalization;
using SSC.Purchasing.Host.Intake;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.VendorDocuments;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>What became of one document.</summary>
/// <param name="Part">Its number in what was sent, from 1.</param>
/// <param name="Kind">What it is.</param>
/// <param name="DocumentId">The vendor's number of it.</param>
/// <param name="OrderNumber">Number of the purchase order.</param>
/// <param name="Outcome">Applied, refused, or an exception that somebody has to look at.</param>
public sealed record ReceivedPart(int Part, VendorDocumentKind Kind, string DocumentId, string OrderNumber, PartOutcome Outcome);

/// <summary>Something a vendor sent.</summary>
/// <param name="Id">Its id, <c>{vendor}:{SHA-256}</c>.</param>
/// <param name="Vendor">Who sent it.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="Format">Format it was read as.</param>
/// <param name="MediaType">As it was sent.</param>
/// <param name="Bytes">How many there are.</param>
/// <param name="Parts">The documents in it and what became of them.</param>
/// <param name="Faults">Why it could not be read.</param>
public sealed record VendorDocumentView(
    string Id, VendorId Vendor, string Sha256, string Format, string MediaType, int Bytes, IReadOnlyList<ReceivedPart> Parts,
    StructuralList<DocumentFlaw> Faults)
{
    internal static VendorDocumentView Of(string id, DocumentReceipt receipt, StructuralMap<int, PartOutcome> outcomes) => new(
        id, receipt.Vendor, receipt.Sha256, receipt.Format, receipt.MediaType, receipt.Bytes,
        [.. receipt.Parts.Select((p, i) => new ReceivedPart(i + 1, p.Kind, p.DocumentId, p.OrderNumber, outcomes[i + 1]))], receipt.Flaws);
}

/// <summary>How an exception was dealt with.</summary>
/// <param name="How">In words.</param>
public sealed record ExceptionResolution(string How);

/// <summary>The intake of vendors' documents, and what became of them.</summary>
internal static class VendorDocumentsApi
{
    private const string Route = "/vendor-documents/{documentId}";

    /// <summary>Largest document, bytes.</summary>
    private const int LargestDocument = 10 * 1024 * 1024;

    public static void Map(ApiRoutes routes, DocumentIntake intake)
    {
        var api = routes.Under("Vendor documents");
        api.Import<VendorDocumentView>(
                "/vendor-documents", "Hand in a document, in any format that is read here", (r, u) => Take(r, u, intake))
            .For(Roles.Vendor, Roles.Coordinator)
            .Says("The Content-Type chooses the reader. The bytes are kept as they came; the same bytes, or the same document number, have "
                + "one effect. 200: applied. 202: kept, and somebody will look at it (`exception`). 400: not readable, with every fault. "
                + "409: refused, with the reason. With `answer=acknowledgement` the body is what the format has for it, e.g. an X12 997.")
            .Takes("vendor", "Who sent it; the caller itself unless told by a coordinator.")
            .Takes("format", "Read it as this format, e.g. `ubl`, whatever its type.")
            .Takes("answer", "`acknowledgement` to be answered in the document's own format, where it has one.")
            .Refuses("order-unknown", "wrong-vendor", "response-outdated", "order-already-confirmed", "order-re-awarded",
                "order-cancelled", "order-closed", "delivery-not-expected", "credit-invoice-unknown")
            .Shows(() => new VendorDocumentView(
                $"V-whitewater:{new string('0', 64)}", new("V-whitewater"), new string('0', 64), "ubl", "application/xml", 5_120,
                [new(1, VendorDocumentKind.Response, "OR-5512", "PO-JO-2026-paper-1", new(PartStanding.Applied))], []));
        api.List<VendorDocumentView>("/vendor-documents", "List what vendors sent; a vendor sees its own", r => r.List(
                ReceivedDocuments.Instance,
                [("vendor", r.Principal.Vendor?.Value ?? r.Query("vendor")), ("standing", r.Query("standing"))],
                row => VendorDocumentView.Of(row.Key, row.Row.Receipt, row.Row.Outcomes)))
            .For(Roles.Vendor, Roles.Coordinator, Roles.Operator).Takes("vendor", "Only from this vendor.")
            .Takes("standing", "`exception` (somebody has to look), `unreadable`, `open` or `settled`.");
        api.Get<VendorDocumentView>(Route, "One thing received, now or as of a moment", Find).AsOf()
            .For(Roles.Vendor, Roles.Coordinator, Roles.Operator).OnlyWhen(Sees);
        api.Get<byte[]>(Route + "/content", "Its bytes, as they came", r => Bytes(r, acknowledgement: false))
            .For(Roles.Vendor, Roles.Coordinator, Roles.Operator).OnlyWhen(Sees);
        api.Get<byte[]>(Route + "/acknowledgement", "What its sender expects back, e.g. an X12 997", r => Bytes(r, acknowledgement: true))
            .For(Roles.Vendor, Roles.Coordinator, Roles.Operator).OnlyWhen(Sees);
        api.Post<ExceptionResolution>(Route + "/parts/{part}/resolution", "Record how an exception was dealt with", (r, b) =>
                r.Handle<ReceivedDocument, ReceivedDocument.Command, ReceivedDocument.State, ReceivedDocument.Event>(
                    r.Text("documentId"), new ReceivedDocument.Command.Resolve(Part(r), b.How)))
            .For(Roles.Coordinator).Refuses("document-unknown", "document-part-unknown", "document-not-an-exception", "outcome-invalid")
            .Example(() => new ExceptionResolution("The vendor sent a corrected answer."));
    }

    private static bool Sees(ApiRequest r) => r.Text("documentId").Split(':') is [var vendor, _] && r.Principal.SeesVendor(new(vendor));

    private static int Part(ApiRequest r) =>
        int.TryParse(r.Text("part"), NumberStyles.None, CultureInfo.InvariantCulture, out var part) ? part
            : throw new MalformedRequestException("part", "Expected the number of a document, from 1.");

    private static async Task<IResult> Take(ApiRequest r, Upload upload, DocumentIntake intake)
    {
        if ((r.Principal.Vendor ?? Named(r)) is not { } vendor)
            throw new MalformedRequestException("vendor", "Say which vendor sent it.");
        var wants = r.Query("answer");
        if (wants is not (null or "acknowledgement")) throw new MalformedRequestException("answer", "Expected acknowledgement.");
        if (upload.Content.Length > LargestDocument)
            throw new MalformedRequestException("body", "A document has at most 10 MB; split it.", "document-too-large");
        var type = upload.MediaType.Split(';')[0].Trim();
        var readers = intake.ReadersOf(type, r.Query("format"));
        if (readers.Count == 0)
        {
            return Answer.Problem(Problem.OfStatus(
                415, "Nothing here reads this; send a format that was agreed on, with its Content-Type."));
        }

        var content = new byte[upload.Content.Length];
        await upload.Content.ReadExactlyAsync(content, r.Cancelled);
        var taken = await intake.Take(r.Context, vendor, type, content, readers, r.Cancelled);
        if (taken.Stopped is { } stopped) return Answer.Of(stopped);
        Answer.At(r.Http.Response.Headers, taken.Position);
        var answer = Judge(taken);
        return wants is not null && taken.Kept.Acknowledgement is { } back
            ? Results.Bytes(back, taken.Kept.MediaType)
            : answer;
    }

    private static VendorId? Named(ApiRequest r) => r.Query("vendor") is { } id
        ? Id.IsWellFormed(id) ? new VendorId(id) : throw new MalformedRequestException("vendor", "Expected a vendor's id.")
        : null;

    private static IResult Judge(Taken taken)
    {
        if (taken.State.State is ReceivedDocument.State.Unreadable { Receipt.Flaws: var flaws })
        {
            return Answer.Problem(new(
                "urn:ssc:document-unreadable", "Unreadable document", 400,
                "The document cannot be read and nothing of it was used; it is kept as it came. Mend what is listed and send it again.")
            {
                Errors = [.. flaws.Select(f => new FieldError(f.At ?? "document", $"{f.Code}: {f.Message}"))],
            });
        }

        var known = (ReceivedDocument.State.Readable)taken.State.State;
        var view = VendorDocumentView.Of(taken.Key, known.Receipt, known.Outcomes);
        if (view.Parts.All(p => p.Outcome.Standing == PartStanding.Refused))
        {
            var first = view.Parts[0].Outcome;
            return Answer.Problem(Problem.Refused(new(first.Code!, first.Reason!)) with
            {
                Errors = [.. view.Parts.Select(p => new FieldError(
                    string.Create(CultureInfo.InvariantCulture, $"document {p.Part}, {p.DocumentId}"),
                    $"{p.Outcome.Code}: {p.Outcome.Reason}"))],
            });
        }

        return Answer.View(view, view.Parts.Any(p => p.Outcome.Standing == PartStanding.Exception) ? 202 : 200);
    }

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await r.Load<ReceivedDocument, ReceivedDocument.Command, ReceivedDocument.State, ReceivedDocument.Event>(
            r.Text("documentId"));
        var view = loaded.State switch
        {
            ReceivedDocument.State.Readable s => VendorDocumentView.Of(r.Text("documentId"), s.Receipt, s.Outcomes),
            ReceivedDocument.State.Unreadable s => VendorDocumentView.Of(r.Text("documentId"), s.Receipt, []),
            _ => null,
        };
        return Answer.Versioned(view, loaded.Version);
    }

    private static async Task<IResult> Bytes(ApiRequest r, bool acknowledgement)
    {
        var parts = r.Text("documentId").Split(':');
        var kept = await r.Services.Exchange.Files.Find(r.Services.Tenant, new(parts[0]), parts[1], r.Cancelled);
        var bytes = acknowledgement ? kept?.Acknowledgement : kept?.Content;
        return bytes is null ? Answer.NotFound : Results.Bytes(bytes, kept!.MediaType);
    }
}
