using Shouldly;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Ubl;
using SSC.Purchasing.Exchange.Ubl.Rules;
using SSC.Purchasing.Kernel;
using Xunit;
using static SSC.Purchasing.Tests.Exchange.Ubl.UblOrderBack;
using static SSC.Purchasing.Tests.Exchange.Ubl.UblOrderTests;
using static SSC.Purchasing.Tests.Exchange.Ubl.UblSamples;

namespace SSC.Purchasing.Tests.Exchange.Ubl;

/// <summary>What a vendor's system writes is read as it was meant; and it is valid UBL, so the tests are about the real thing.</summary>
public class UblRoundTripTests
{
    private static readonly UblVendorWriter Vendor = new(SampleOrders.Buyer, SampleOrders.Seller);

    [Fact]
    public void responses_are_read_as_meant() => Holds(VendorSamples.Responses, r =>
        Only<VendorDocument.Response>(Read(Vendor.Response(r, new(2026, 8, 4)))) == r);

    [Fact]
    public void despatch_advices_are_read_as_meant() => Holds(VendorSamples.Despatches, d =>
        Only<VendorDocument.Despatch>(Read(Vendor.Despatch(d))).Note == d);

    [Fact]
    public void invoices_and_credit_notes_are_read_as_meant() => Holds(VendorSamples.Invoices, i =>
        Only<VendorDocument.Invoice>(Read(Vendor.Invoice(i))).Document == i);

    [Fact]
    public void what_vendors_write_is_in_the_sequence_of_ubl_and_valid_by_its_schemas_where_they_are_configured()
    {
        Holds(VendorSamples.Responses, r => UblSchemas.Faults(Root(Vendor.Response(r, new(2026, 8, 4)))).Count == 0);
        Holds(VendorSamples.Despatches, d => UblSchemas.Faults(Root(Vendor.Despatch(d))).Count == 0);
        Holds(VendorSamples.Invoices, i => UblSchemas.Faults(Root(Vendor.Invoice(i))).Count == 0);
    }

    [Fact]
    public void what_vendors_write_keeps_the_peppol_rules()
    {
        Holds(VendorSamples.Responses, r => PeppolRules.CheckResponse(Root(Vendor.Response(r, new(2026, 8, 4)))).Count == 0);
        Holds(VendorSamples.Despatches, d => PeppolRules.CheckDespatch(Root(Vendor.Despatch(d))).Count == 0);
        Holds(VendorSamples.Invoices, i => PeppolRules.CheckInvoice(Root(Vendor.Invoice(i))).Count == 0);
    }

    [Fact]
    public void a_receipt_says_what_arrived_and_what_became_of_it()
    {
        var receipt = new ReceiptToWrite(
            "RC-1", SampleOrders.ByHand.Order.Number, SampleOrders.Buyer, SampleOrders.Seller,
            SampleOrders.Buyer with { Id = "M-001-HS", Name = "High school" }, SampleOrders.Issued, new(2026, 8, 29),
            [
                new(1, new("PAPER-20LB"), "Copy paper", "XCT", Quantity.Of(9)) { Short = Quantity.Of(1), Rejected = Quantity.Of(2),
                    Note = "two wet" },
                new(3, new("LINER-33"), "Liners", "ST", Quantity.Zero) { Over = Quantity.Of(1) },
            ])
        {
            DespatchId = "DA-9",
        };
        var advice = Root(new UblReceiptWriter().Write(receipt));
        UblSchemas.Faults(advice).ShouldBeEmpty();
        var lines = advice.Elements(Cac + "ReceiptLine").ToList();
        string[] named = ["ReceivedQuantity", "ShortQuantity", "RejectedQuantity", "RejectReason", "OversupplyQuantity", "ReceivedDate"];
        named.Select(n => Text(lines[0], n)).ShouldBe(["9", "1", "2", "Damaged", null, "2026-08-29"]);
        named.Select(n => Text(lines[1], n)).ShouldBe(["0", null, null, null, "1", "2026-08-29"]);
        Text(lines[0], "OrderLineReference", "LineID").ShouldBe("1:M-001-HS");
        ((string?)lines[1].Element(Cbc + "ReceivedQuantity")!.Attribute("unitCode")).ShouldBe("XST");
        Text(advice, "DespatchDocumentReference", "ID").ShouldBe("DA-9");
    }
}
