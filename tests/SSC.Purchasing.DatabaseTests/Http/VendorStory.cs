using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using SSC.Purchasing.Tests.Exchange.Vendors;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>An order of 40 cartons of paper at its vendor, and what the vendor sends about it in the format that it speaks.</summary>
internal sealed record VendorStory(Stage Stage, string Order, string Vendor, Stage.Member Member, Caller Seller, string Format)
    : IDisposable
{
    private static readonly UnitPrice Price = UnitPrice.FromDollars(41.90m);

    public string Key => $"{Order}:{Vendor}";

    public string Delivery => $"{Key}:{Member.Site}";

    public string Number => $"PO-{Order}-1";

    /// <summary>The vendor's own system. It has two lines more on file than were ordered, 7 and 9, to be wrong about.</summary>
    public VendorSystem System => SystemFor(Number);

    private VendorId Id => new(Vendor);

    /// <summary>An order, issued and dispatched.</summary>
    public static async Task<VendorStory> Issued(Stage stage, string format = "json")
    {
        var (contract, vendor) = await stage.Award();
        var member = await stage.Join(contract);
        var (order, _) = await stage.Open(contract, TimeSpan.FromHours(1));
        (await member.Commit(order, 40)).ShouldBe(200);
        (await stage.Staff.Post($"joint-orders/{order}/closing", new Because("Everybody has committed."))).ShouldBe(200);
        await stage.Reaches(order, "issued");
        await stage.Recorded($"purchase-order-{order}:{vendor}", "purchase_order_dispatched");
        return new(stage, order, vendor, member, await stage.Vendor(vendor), format);
    }

    /// <summary>The same, and the vendor has accepted it.</summary>
    public static async Task<VendorStory> Confirmed(Stage stage, string format = "json")
    {
        var story = await Issued(stage, format);
        (await story.Send(story.Answer(ResponseCode.AP))).ShouldBe(200);
        await stage.Reaches(story.Order, "confirmed");
        await stage.Recorded($"delivery-{story.Delivery}", "delivery_expected");
        return story;
    }

    public VendorDocument.Response Answer(ResponseCode code, string id = "OR-1", string? order = null, params LineAnswer[] lines) =>
        new(order ?? Number, new(id, Id, code, [.. lines]));

    public VendorDocument.Despatch Despatch(string id, decimal quantity, string unit = "XCT", params int[] lines) => new(new(
        id, Number, Id, new(Member.Site), Stage.Today,
        [.. (lines.Length == 0 ? [1] : lines).Select(l => new DespatchLine(l, new(Stage.Paper), Quantity.FromDecimal(quantity), unit))]));

    public VendorDocument.Invoice Invoice(string number, decimal quantity, decimal? total = null)
    {
        var (units, amount) = (Quantity.FromDecimal(quantity), Price.Extend(Quantity.FromDecimal(quantity)));
        return new(new(
            number, InvoiceKind.Invoice, Id, Number, Stage.Today,
            [new("1", 1, new(Member.Site), new(Stage.Paper), "Copy paper", units, "XCT", Price, amount)], [],
            total is { } stated ? Money.FromDollars(stated) : amount)
        {
            BillTo = new(Member.Number),
        });
    }

    public Task<Heard> Send(VendorDocument document) => Send(SystemFor(document.OrderNumber).Write(document));

    public Task<Heard> Send(byte[] bytes) => Send(Seller, bytes, System.MediaType);

    public static async Task<Heard> Send(Caller caller, byte[] bytes, string type, string query = "")
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return await caller.Post("vendor-documents" + query, content);
    }

    /// <summary>It cannot be read, or is refused, with a code; its bytes are there, and the answer says where that shows.</summary>
    public async Task<Heard> IsRefused(string what, byte[] bytes, string code)
    {
        var answer = await Send(bytes);
        answer.Status.ShouldBeOneOf([400, 409], $"{what}: {answer.Text}");
        answer.Text.ShouldContain(code, customMessage: $"{what}: {answer.Text}");
        await IsKept(bytes);
        return answer;
    }

    public Task<Heard> IsRefused(string what, VendorDocument document, string code) =>
        IsRefused(what, SystemFor(document.OrderNumber).Write(document), code);

    /// <summary>It waits for a person, with a code; its bytes are there.</summary>
    public async Task IsException(string what, VendorDocument document, string code)
    {
        var bytes = System.Write(document);
        var answer = await Send(bytes);
        answer.Status.ShouldBe(202, $"{what}: {answer.Text}");
        ((string?)answer.Body!["parts"]![0]!["outcome"]!["code"]).ShouldBe(code, $"{what}: {answer.Text}");
        await IsKept(bytes);
    }

    /// <summary>How many events of a type the purchase order, or the delivery, has.</summary>
    public async Task<int> Events(string category, string type) =>
        (await Stage.Node.Store.ReadStream("mn", StreamOf(category))).Count(e => e.Type == type);

    /// <summary>Version of the purchase order's stream and the delivery's: as long as neither changes, nothing was applied.</summary>
    public async Task<(int Order, int Delivery)> Versions() => (
        (await Stage.Node.Store.ReadStream("mn", StreamOf("purchase-order"))).Count,
        (await Stage.Node.Store.ReadStream("mn", StreamOf("delivery"))).Count);

    public void Dispose()
    {
        Member.Dispose();
        Seller.Dispose();
    }

    private string StreamOf(string category) => category == "delivery" ? $"delivery-{Delivery}" : $"{category}-{Key}";

    private VendorSystem SystemFor(string number)
    {
        var quantity = Quantity.Of(40);
        OrderLine Line(int no) => new(
            no, new(Stage.Paper), "Copy paper", "XCT", quantity, quantity, Price, Price.Extend(quantity),
            [new(new(Member.Number), new(Member.Site), quantity, Stage.Today.AddDays(30), null, null)]);
        return VendorSystem.Of(Format, new(
            number, new(Order), new("C-paper"), Id, [Line(1), Line(7), Line(9)], Money.Zero, Price.Extend(quantity),
            Stage.Today.AddDays(30), "Net 35 days"));
    }

    private async Task IsKept(byte[] bytes)
    {
        var id = $"{Vendor}:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
        (await Seller.Get($"vendor-documents/{id}/content")).ShouldBe(200).Text.ShouldBe(Encoding.UTF8.GetString(bytes));
    }
}
