using System.Text;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Tests.Exchange.Vendors;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>
/// What vendors send that is wrong, in every format alike: a stable code or a named exception, the bytes kept as they came, nothing
/// half-applied, and twice the same has one effect.
/// </summary>
public sealed class BadVendorDocumentScenarios(DeliveringStage stage) : IClassFixture<DeliveringStage>
{
    private const string Huge = "1000000000000000000";

    public static TheoryData<string> Formats => [.. VendorSystem.Formats];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task a_bad_document_is_kept_as_it_came_and_changes_nothing(string format)
    {
        using var story = await VendorStory.Issued(stage, format);
        var before = await story.Versions();
        var part = story.Answer(ResponseCode.CA, "OR-2", lines: new LineAnswer(1, LineAnswerCode.Propose, Quantity.FromDecimal(13.777m)));
        var beyond = story.Answer(
            ResponseCode.CA, "OR-3", lines: [new(1, LineAnswerCode.Accept), new(9, LineAnswerCode.Accept)]);
        await story.IsRefused("not the format", Encoding.UTF8.GetBytes("%PDF-1.7"), "document-malformed");
        foreach (var quantity in new[] { "-5", Huge })
        {
            await story.IsRefused($"{quantity} proposed", story.System.Write(part, "13.777", quantity), "quantity-out-of-range");
            await story.IsRefused(
                $"{quantity} despatched", story.System.Write(story.Despatch("DA-0", 38.777m), "38.777", quantity),
                format is "ubl" && quantity is "-5" ? "peppol-t16-r006" : "quantity-out-of-range");
            await story.IsRefused(
                $"{quantity} billed", story.System.Write(story.Invoice("INV-0", 38.777m), "38.777", quantity), "quantity-out-of-range");
        }

        await story.IsRefused("unknown order", story.Answer(ResponseCode.AP, "OR-4", "PO-JO-none-1"), "order-unknown");
        await story.IsException(
            "unknown line", beyond, format is "ubl" or "cxml" or "x12" ? "order-line-unknown" : "response-unknown-line");
        await story.IsRefused("despatch before the answer", story.Despatch("DA-1", 40), "delivery-not-expected");
        await story.IsException("invoice before the answer", story.Invoice("INV-1", 40), "order-not-confirmed");
        var last = await story.IsRefused("despatch of another", story.Despatch("DA-2", 40), "delivery-not-expected");

        using var rival = await stage.Vendor("V-rival");
        var foreign = await VendorStory.Send(
            rival, story.System.Write(story.Answer(ResponseCode.AP, "OR-5")), story.System.MediaType);
        foreign.ShouldBe(409, "refusal:order-unknown");
        (await story.Versions()).ShouldBe(before);
        (await stage.Staff.Get($"purchase-orders/{story.Key}")).ShouldBe(200).Text("standing").ShouldBe("sent");
        var kept = await stage.Staff.Get($"vendor-documents?vendor={story.Vendor}&limit=100", ("X-At-Least-Position", last.Position));
        kept.ShouldBe(200).Items.Count.ShouldBe(12);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task the_same_document_has_one_effect_however_often_and_in_whatever_bytes_it_comes(string format)
    {
        using var story = await VendorStory.Issued(stage, format);
        var accepted = story.System.Write(story.Answer(ResponseCode.AP));
        foreach (var bytes in new[] { accepted, accepted, [.. accepted, (byte)'\n'] }) (await story.Send(bytes)).ShouldBe(200);
        (await story.Events("purchase-order", "purchase_order_response_recorded")).ShouldBe(1);
        await stage.Reaches(story.Order, "confirmed");
        await stage.Recorded($"delivery-{story.Delivery}", "delivery_expected");
        foreach (var _ in new[] { 1, 2 }) (await story.Send(story.Despatch("DA-1", 40))).ShouldBe(200);
        (await story.Events("delivery", "delivery_despatched")).ShouldBe(1);
        foreach (var _ in new[] { 1, 2 }) (await story.Send(story.Invoice("INV-1", 40))).ShouldBe(200);
        await story.IsException("another invoice under the number", story.Invoice("INV-1", 39), "invoice-number-used");
        await story.IsRefused("a second answer", story.Answer(ResponseCode.RE, "OR-2"), "order-already-confirmed");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task wrong_units_lines_and_totals_become_named_exceptions(string format)
    {
        using var story = await VendorStory.Confirmed(stage, format);
        var before = await story.Versions();
        await story.IsException("wrong unit", story.Despatch("DA-2", 40, "EA"), "unit-differs");
        await story.IsException("unknown line beside a good one", story.Despatch("DA-3", 20, "XCT", 1, 7), "unknown-line");
        (await story.Versions()).ShouldBe(before);
        (await story.Events("delivery", "delivery_despatched")).ShouldBe(0);
        (await story.Send(story.Invoice("INV-3", 40, 1_700.00m))).ShouldBe(200);
        Heard? seen = null;
        await Until.True(
            async () => (seen = await stage.Staff.Get($"invoices/{story.Vendor}:INV-3")).Text("standing") == "excepted",
            "the invoice is matched");
        var kinds = seen!.Body!["openExceptions"]!.AsArray().Select(e => (string)e!["kind"]!).ToList();
        kinds.ShouldContain("totalsDoNotAdd");
        kinds.ShouldContain("quantityAboveReceived");
    }

    [Theory]
    [InlineData("x12")]
    [InlineData("ubl")]
    [InlineData("cxml")]
    [InlineData("csv")]
    public async Task an_answer_in_another_unit_than_the_orders_is_an_exception(string format)
    {
        using var story = await VendorStory.Issued(stage, format);
        var before = await story.Versions();
        var part = story.Answer(ResponseCode.CA, "OR-2", lines: new LineAnswer(1, LineAnswerCode.Propose, Quantity.Of(20)));
        await story.IsException(
            "cartons answered in pieces", part with { Details = [new(part.Answer.Lines[0], Unit: "EA")] }, "unit-differs");
        (await story.Versions()).ShouldBe(before);
    }
}
