using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Shouldly;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Tests.Procurement.PurchaseOrders;
using Xunit;

namespace SSC.Purchasing.Tests.Host;

/// <summary>
/// A tiny format for these tests: lines of <c>id|order|code|line=quantity</c>; an empty file and a line of another shape are faults. Its
/// acknowledgement says how many documents were read.
/// </summary>
internal sealed class TinyReader : IVendorDocumentReader
{
    public string Format => "tiny";

    public IReadOnlyList<string> MediaTypes { get; } = ["text/tiny"];

    public DocumentReading Read(ReadOnlyMemory<byte> content, VendorId sender)
    {
        var lines = Encoding.UTF8.GetString(content.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var faults = lines.Select((l, i) => (l, i)).Where(x => x.l.Split('|').Length < 3)
            .Select(x => new DocumentFault("document-malformed", "A document has an id, an order and a code.", $"line {x.i + 1}")).ToList();
        if (faults.Count > 0) return new DocumentReading.Refused(faults) { Acknowledgement = "rejected"u8.ToArray() };
        return new DocumentReading.Read([.. lines.Select(l => Document(l.Split('|'), sender))])
        {
            Acknowledgement = Encoding.UTF8.GetBytes($"accepted {lines.Length}"),
        };
    }

    private static VendorDocument Document(string[] cells, VendorId sender) => cells[2] is "INV"
        ? new VendorDocument.Invoice(new(
            cells[0], default, sender, cells[1], new(2026, 3, 20), [], [], Money.Zero))
        : new VendorDocument.Response(cells[1], new(
            cells[0], sender, Enum.Parse<ResponseCode>(cells[2]),
            [
                .. cells.Skip(3).Select(c => c.Split('=')).Select(c => new LineAnswer(
                    int.Parse(c[0], System.Globalization.CultureInfo.InvariantCulture), LineAnswerCode.Propose,
                    Quantity.Of(long.Parse(c[1], System.Globalization.CultureInfo.InvariantCulture)))),
            ]));
}

/// <summary>The order's number and the control number in a tiny format.</summary>
internal sealed class TinyWriter : IOrderWriter
{
    public string Format => "tiny";

    public string MediaType => "text/tiny";

    public string FileExtension => "tiny";

    public bool IsNumbered => true;

    public byte[] Write(OrderToWrite order) => Encoding.UTF8.GetBytes(
        $"{order.ControlNumber}|{order.Order.Number}|{order.Parties.Seller.Name}|{order.Parties.Sites.Count}");
}

/// <summary>What vendors send is kept as it came, has one effect, and is answered with every fault.</summary>
public sealed class DocumentIntakeTests : IAsyncLifetime
{
    private static readonly string Key = PurchaseOrder.Key(PurchaseOrderSamples.Document.JointOrder, PurchaseOrderSamples.TriCounty);
    private static readonly string Order = PurchaseOrderSamples.Document.Number;

    private ServiceOnMemory service = null!;
    private Caller vendor = null!;

    public async ValueTask InitializeAsync()
    {
        service = await ServiceOnMemory.Start(s => s with { DocumentReaders = [new TinyReader()], OrderWriters = [new TinyWriter()] });
        vendor = await service.As(OrgRef.Of(PurchaseOrderSamples.TriCounty), Roles.Vendor);
        await Tell(new PurchaseOrder.Command.Issue(PurchaseOrderSamples.Document));
        await Tell(new PurchaseOrder.Command.RecordDispatch("api-pickup", 1, PurchaseOrderSamples.Hash));
    }

    public async ValueTask DisposeAsync()
    {
        vendor.Dispose();
        await service.DisposeAsync();
    }

    [Fact]
    public async Task an_answer_takes_effect_once_however_often_it_is_sent()
    {
        var bytes = $"R-1|{Order}|AP";
        var first = (await Send(vendor, bytes)).ShouldBe(200);
        Outcome(first).ShouldBe("applied");
        var again = (await Send(vendor, bytes)).ShouldBe(200);
        again.Text.ShouldBe(first.Text);
        Outcome((await Send(vendor, bytes + "\n")).ShouldBe(200)).ShouldBe("applied"); // other bytes, the same document number
        (await Types()).Count(t => t == "purchase_order_response_recorded").ShouldBe(1);
        (await vendor.Get($"purchase-orders/{Key}")).ShouldBe(200).Body!["standing"]!.GetValue<string>().ShouldBe("confirmed");

        var id = first.Body!["id"]!.GetValue<string>();
        (await vendor.Get($"vendor-documents/{id}/content")).ShouldBe(200).Text.ShouldBe(bytes);
        (await vendor.Get($"vendor-documents/{id}/acknowledgement")).ShouldBe(200).Text.ShouldBe("accepted 1");
        id.ShouldBe($"{PurchaseOrderSamples.TriCounty}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bytes)))}");
    }

    [Fact]
    public async Task what_cannot_be_read_is_answered_with_every_fault_and_kept()
    {
        var no = (await Send(vendor, $"R-1|{Order}|AP\nnonsense\nmore nonsense")).ShouldBe(400, "document-unreadable");
        no.Body!["errors"]!.AsArray().Select(e => e!["field"]!.GetValue<string>()).ShouldBe(["line 2", "line 3"]);
        (await Types()).ShouldNotContain("purchase_order_response_recorded");
        var kept = (await vendor.Get("vendor-documents?standing=unreadable")).ShouldBe(200).Body!["items"]![0]!;
        kept["faults"]!.AsArray().Count.ShouldBe(2);
        (await Send(vendor, "nonsense", "?answer=acknowledgement")).Text.ShouldBe("rejected");
        (await Send(vendor, "x", media: "text/plain")).ShouldBe(415, "unsupported-media-type");
        (await Send(vendor, string.Empty)).ShouldBe(400);
    }

    [Fact]
    public async Task another_vendors_order_is_not_there()
    {
        using var stranger = await service.As(OrgRef.Of(new VendorId("V-stranger")), Roles.Vendor);
        (await Send(stranger, $"R-1|{Order}|AP")).ShouldBe(409, "refusal:order-unknown");
        (await Send(vendor, "R-1|PO-none|AP")).ShouldBe(409, "refusal:order-unknown");
        (await Types()).ShouldNotContain("purchase_order_response_recorded");
        using var staff = await service.Coordinator();
        var theirs = (await staff.Get("vendor-documents?vendor=V-stranger")).ShouldBe(200).Body!["items"]![0]!["id"]!.GetValue<string>();
        (await vendor.Get($"vendor-documents/{theirs}")).ShouldBe(404, "not-found");
        (await vendor.Get($"vendor-documents/{theirs}/content")).ShouldBe(404, "not-found");
        (await vendor.Get("vendor-documents")).Body!["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task an_unknown_line_is_an_exception_that_somebody_deals_with()
    {
        var odd = (await Send(vendor, $"R-1|{Order}|CA|9=4")).ShouldBe(202);
        Outcome(odd).ShouldBe("exception");
        odd.Body!["parts"]![0]!["outcome"]!["code"]!.GetValue<string>().ShouldBe("response-unknown-line");
        using var staff = await service.Coordinator();
        (await staff.Get("vendor-documents?standing=exception")).ShouldBe(200).Body!["items"]!.AsArray().Count.ShouldBe(1);
        var route = $"vendor-documents/{odd.Body["id"]}/parts/1/resolution";
        (await vendor.Post(route, new { how = "mine" })).ShouldBe(403, "forbidden");
        (await staff.Post(route, new { how = "The vendor sends another answer." })).ShouldBe(200);
        (await staff.Get("vendor-documents?standing=exception")).Body!["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task each_document_of_an_interchange_stands_by_itself()
    {
        var mixed = (await Send(vendor, $"R-1|{Order}|AB\nR-2|PO-none|AP\nI-1|PO-none|INV\nR-3|{Order}|AP", "?format=tiny")).ShouldBe(200);
        mixed.Body!["parts"]!.AsArray().Select(p => p!["outcome"]!["standing"]!.GetValue<string>())
            .ShouldBe(["applied", "refused", "refused", "applied"]);
        mixed.Body["parts"]![2]!["outcome"]!["code"]!.GetValue<string>().ShouldBe("order-unknown");
        (await Types()).Count(t => t == "purchase_order_response_recorded").ShouldBe(2);
    }

    [Fact]
    public async Task a_busy_store_leaves_a_document_open_and_the_same_bytes_finish_it()
    {
        var bytes = $"R-1|{Order}|AP";
        service.Store.Interfere = append => append.Stream.StartsWith("purchase-order", StringComparison.Ordinal)
            ? new AppendOutcome.Overloaded(TimeSpan.FromSeconds(1)) : null;
        (await Send(vendor, bytes)).ShouldBe(503, "busy");
        (await vendor.Get("vendor-documents?standing=open")).ShouldBe(200).Body!["items"]!.AsArray().Count.ShouldBe(1);
        service.Store.Interfere = null;
        Outcome((await Send(vendor, bytes)).ShouldBe(200)).ShouldBe("applied");
    }

    [Fact]
    public async Task control_numbers_are_each_given_once()
    {
        var exchange = service.Node.Api.Exchange;
        var given = new List<long>();
        for (var i = 0; i < 20; i++) given.Add(await exchange.Numbers.Of("mn", PurchaseOrderSamples.TriCounty, $"997/{i}", default));
        given.ShouldBe(Enumerable.Range(1, 20).Select(i => (long)i));
        (await exchange.Numbers.Of("mn", PurchaseOrderSamples.TriCounty, "997/4", default)).ShouldBe(5, "a subject keeps its number");
        (await exchange.Numbers.Of("mn", new("V-other"), "997/4", default)).ShouldBe(1);
        var (written, _) = await new OrderFormats(service.Node.Commands, exchange.Numbers, [new TinyWriter()]).Write(
            new("mn", "test", "test", DateTimeOffset.UtcNow), PurchaseOrderSamples.Document, 1, "tiny", default);
        Encoding.UTF8.GetString(written!.Content).ShouldBe($"21|{Order}|{PurchaseOrderSamples.TriCounty}|0");
    }

    private static string Outcome(Heard heard) => heard.Body!["parts"]![0]!["outcome"]!["standing"]!.GetValue<string>();

    private static async Task<Heard> Send(Caller sender, string text, string query = "", string media = "text/tiny")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = new MediaTypeHeaderValue(media);
        return await sender.Post("vendor-documents" + query, content);
    }

    private async Task<IReadOnlyList<string>> Types() =>
        [.. (await service.Store.ReadStream("mn", $"purchase-order-{Key}")).Select(e => e.Type)];

    private async Task Tell(PurchaseOrder.Command command) =>
        (await service.Node.Commands.Handle<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            new("mn", "test", "test", DateTimeOffset.UtcNow), Key, command, default)).ShouldBeOfType<CommandOutcome.Done>();
}
