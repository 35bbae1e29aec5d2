using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Print;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>Purchase orders as files: every format that a writer is registered for, and PDF of those that are printed.</summary>
internal static class PurchaseOrderDocumentsApi
{
    private const string Pdf = "pdf";
    private const string SlipsPdf = "packing-slips-pdf";
    private const string Slips = "packing-slips";
    private const string Html = "html";

    /// <summary>Every format there is.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. Modules.OrderWriters.Select(w => w.Format), Pdf, SlipsPdf];

    public static void Map(ApiRoutes routes, ChromiumPdf pdf, IReadOnlyList<IOrderWriter> writers) => routes.Under("Purchase orders")
        .Get<OrderDocument>(
            "/purchase-orders/{orderId}/documents/{format}", $"The order as a file; formats: {string.Join(", ", Formats)}",
            r => Document(r, pdf, writers))
        .For(Roles.Vendor, Roles.Coordinator, Roles.Operator)
        .Takes("revision", "This revision, 1 and up; the latest unless told.")
        .Takes("paper", "`letter` or `a4`, for what is printed; letter unless told.")
        .Takes("member", "With `site`: the packing slip of this member's site only.")
        .Takes("site", "With `member`: the packing slip of this site only.")
        .Says("`json` is the order's recorded bytes. X-Content-SHA256 is the hash of the bytes that are answered, "
            + "so for `json` it is the recorded content hash; X-Order-Revision says which revision they are.")
        .Refuses("pdf-not-configured", "x12-element-length", "x12-unit-unknown", "x12-too-many-sites", "x12-too-many-drops",
            "x12-site-ambiguous");

    private static async Task<IResult> Document(ApiRequest r, ChromiumPdf pdf, IReadOnlyList<IOrderWriter> writers)
    {
        var format = r.Text("format");
        var (paper, revision) = (r.Word<PaperSize>("paper") ?? PaperSize.Letter, (int?)r.Number("revision", 1, int.MaxValue));
        if (WriterOf(writers, format, paper) is not { } writer || !Sees(r)) return Answer.NotFound;
        var order = await OutgoingOrders.Find(
            r.Services.Commands, r.Services.Exchange.Numbers, writer, r.Services.Tenant, r.Text("orderId"), revision, r.Cancelled);
        if (order is null) return Answer.NotFound;
        if (writer.WhyNot(order) is { } no) return Answer.Problem(Problem.Refused(no));
        var bytes = SiteOf(r) is { } place
            ? (writer as PackingSlipWriter)?.Write(order, place.Member, place.Site)
            : writer.Write(order);
        if (bytes is null) return Answer.NotFound;
        var name = order.Order.Number + (order.Revision > 1 ? $"-rev{order.Revision}" : string.Empty)
            + (writer is PackingSlipWriter ? "-packing-slips" : string.Empty);
        return format is Pdf or SlipsPdf
            ? await Printed(r, pdf, bytes, order, name)
            : File(r, bytes, writer.MediaType, order, $"{name}.{writer.FileExtension}");
    }

    /// <summary>The vendor is the second half of an order's id: who is not its, learns nothing and uses up no number.</summary>
    private static bool Sees(ApiRequest r) =>
        r.Text("orderId").Split(':') is [_, var vendor] && Id.IsWellFormed(vendor) && r.Principal.SeesVendor(new(vendor));

    private static IOrderWriter? WriterOf(IReadOnlyList<IOrderWriter> writers, string format, PaperSize paper) => format switch
    {
        Html or Pdf => new HtmlOrderWriter(paper),
        Slips or SlipsPdf => new PackingSlipWriter(paper),
        _ => writers.FirstOrDefault(w => string.Equals(w.Format, format, StringComparison.Ordinal)),
    };

    private static (MemberNo Member, SiteId Site)? SiteOf(ApiRequest r)
    {
        var (member, site) = (r.Query("member"), r.Query("site"));
        if (member is null && site is null) return null;
        return Id.IsWellFormed(member) && Id.IsWellFormed(site)
            ? (new(member), new(site))
            : throw new MalformedRequestException("site", "Give member and site together, by their ids.");
    }

    private static async Task<IResult> Printed(ApiRequest r, ChromiumPdf pdf, byte[] page, OrderToWrite order, string name) =>
        await pdf.Print(page, r.Cancelled) switch
        {
            PdfOutcome.Printed done => File(r, done.Bytes, "application/pdf", order, $"{name}.pdf"),
            PdfOutcome.Refused no => Answer.Problem(Problem.Refused(no.Refusal)),
            PdfOutcome.Failed failed => Answer.Problem(new("urn:ssc:pdf-failed", "Not printed", 503, failed.Reason) { RetryAfter = 5 }),
            var unknown => throw new InvalidOperationException($"Unknown outcome {unknown}."),
        };

    private static IResult File(ApiRequest r, byte[] bytes, string mediaType, OrderToWrite order, string fileName)
    {
        var headers = r.Http.Response.Headers;
        headers["X-Content-SHA256"] = Convert.ToHexStringLower(SHA256.HashData(bytes));
        headers["X-Order-Revision"] = order.Revision.ToString(CultureInfo.InvariantCulture);
        headers.CacheControl = "private, no-cache";

        // A page shown from here may do nothing but be read.
        if (mediaType is "text/html") headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        var shown = mediaType is "text/html" or "application/pdf" ? "inline" : "attachment";
        var disposition = new ContentDispositionHeaderValue(shown);
        disposition.SetHttpFileName(fileName);
        headers.ContentDisposition = disposition.ToString();
        return Results.Bytes(bytes, mediaType.StartsWith("text/", StringComparison.Ordinal) ? mediaType + "; charset=utf-8" : mediaType);
    }
}
