using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.Ubl.Rules;
using Xunit;
using static SSC.Purchasing.Tests.Exchange.Ubl.UblOrderBack;
using static SSC.Purchasing.Tests.Exchange.Ubl.UblSamples;

namespace SSC.Purchasing.Tests.Exchange.Ubl;

/// <summary>Each rule for what comes in is seen to fail: a good document is broken in one place, and that place's rule says so.</summary>
public class PeppolIncomingRuleTests
{
    private const string Nobody = "<cac:Party><cac:PartyLegalEntity/></cac:Party>";

    private static readonly Dictionary<string, (string Document, string Passage, string Instead)> Breaks = new(StringComparer.Ordinal)
    {
        ["PEPPOL-T76-R001"] = (Response, "<cac:PartyIdentification><cbc:ID>SSC</cbc:ID></cac:PartyIdentification>", ""),
        ["PEPPOL-T76-R002"] = (Response, "<cbc:RegistrationName>Whitewater Paper Supply</cbc:RegistrationName>", ""),
        ["PEPPOL-T76-R003"] = (Response, "<cbc:ID>3</cbc:ID><cbc:Note>", "<cbc:ID>1</cbc:ID><cbc:Note>"),
        ["PEPPOL-T76-R004"] = (Response, "<cbc:StartDate>2026-09-03", "<cbc:StartDate>2026-09-05"),
        ["PEPPOL-T76-R005"] = (Response, "<cac:Item><cbc:Name>Liners",
            "<cac:Price><cbc:PriceAmount currencyID=\"EUR\">1</cbc:PriceAmount></cac:Price><cac:Item><cbc:Name>Liners"),
        ["PEPPOL-T76-R006"] = (Response, "order_response:3<", "order_response:2<"),
        ["PEPPOL-T76-R007"] = (Response.Replace("cac:OrderLine>", "cac:Delivery>", StringComparison.Ordinal), "OR-77", "OR-78"),
        ["PEPPOL-T76-R008"] = (Response, ">CA<", ">AP<"),
        ["PEPPOL-T76-R009"] = (Response, ">CA<", ">RE<"),
        ["PEPPOL-T76-R010"] = (Response, ">CA<", ">AB<"),
        ["PEPPOL-T16-R003"] = (Despatch, "<cac:SellersItemIdentification><cbc:ID>LINER-40</cbc:ID></cac:SellersItemIdentification>", ""),
        ["PEPPOL-T16-R004"] = (Despatch, "<cbc:Name>Liners</cbc:Name>", ""),
        ["PEPPOL-T16-R005"] = (Despatch, "<cbc:DeliveredQuantity unitCode=\"XPX\">1.5</cbc:DeliveredQuantity>", ""),
        ["PEPPOL-T16-R006"] = (Despatch, ">1.5<", ">-0.001<"),
        ["PEPPOL-T16-R007"] = (Despatch, "<cbc:OutstandingReason>Next week</cbc:OutstandingReason>", ""),
        ["PEPPOL-T16-R008"] = (Despatch, "<cac:Shipment>", $"<cac:BuyerCustomerParty>{Nobody}</cac:BuyerCustomerParty><cac:Shipment>"),
        ["PEPPOL-T16-R009"] = (Despatch, "<cac:Shipment>", $"<cac:SellerSupplierParty>{Nobody}</cac:SellerSupplierParty><cac:Shipment>"),
        ["PEPPOL-T16-R010"] = (Despatch, "<cac:Shipment>",
            $"<cac:OriginatorCustomerParty>{Nobody}</cac:OriginatorCustomerParty><cac:Shipment>"),
        ["PEPPOL-T16-R011"] = (Despatch, "despatch_advice:3</cbc:C", "despatch_advice:2</cbc:C"),
        ["PEPPOL-EN16931-R001"] = (Invoice, "<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>", ""),
        ["PEPPOL-EN16931-R003"] = (Invoice, "<cac:OrderReference><cbc:ID>JO-2026-014:V-whitewater</cbc:ID></cac:OrderReference>", ""),
        ["PEPPOL-EN16931-R004"] = (Invoice, "billing:3.0", "billing:2.0"),
        ["PEPPOL-EN16931-R007"] = (Invoice, "billing:01:1.0", "billing:1:1.0"),
        ["PEPPOL-EN16931-R008"] = (Invoice, "<cbc:Name>Catalogue</cbc:Name>", "<cbc:Name/>"),
        ["PEPPOL-EN16931-R043"] = (Invoice, "<cbc:ChargeIndicator>true", "<cbc:ChargeIndicator>yes"),
        ["PEPPOL-EN16931-R051"] = (Invoice, "TaxAmount currencyID=\"USD\"", "TaxAmount currencyID=\"EUR\""),
        ["PEPPOL-EN16931-R121"] = (Invoice, ">100</cbc:BaseQuantity>", ">-100</cbc:BaseQuantity>"),
        ["PEPPOL-EN16931-R130"] = (Invoice, "BaseQuantity unitCode=\"XCT\"", "BaseQuantity unitCode=\"RM\""),
        ["BR-01"] = (Invoice,
            "<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>", ""),
        ["BR-02"] = (Invoice, "<cbc:ID>INV-100</cbc:ID>", ""),
        ["BR-03"] = (Invoice, "<cbc:IssueDate>2026-09-02</cbc:IssueDate>", ""),
        ["BR-04"] = (Invoice, "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", ""),
        ["BR-05"] = (Invoice, "<cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>", ""),
        ["BR-15"] = (Invoice, "<cbc:PayableAmount currencyID=\"USD\">480.35</cbc:PayableAmount>", ""),
        ["BR-16"] = (Invoice.Replace("cac:InvoiceLine>", "cac:Other>", StringComparison.Ordinal), "INV-100", "INV-101"),
        ["BR-21"] = (Invoice, "<cbc:ID>2</cbc:ID>", ""),
        ["BR-22"] = (Invoice, "<cbc:InvoicedQuantity unitCode=\"EA\">1</cbc:InvoicedQuantity>", ""),
        ["BR-23"] = (Invoice, "InvoicedQuantity unitCode=\"EA\"", "InvoicedQuantity"),
        ["BR-24"] = (Invoice, "<cbc:LineExtensionAmount currencyID=\"USD\">0.00</cbc:LineExtensionAmount>", ""),
        ["BR-25"] = (Invoice, "<cbc:Name>Catalogue</cbc:Name>", ""),
        ["BR-26"] = (Invoice, "<cbc:PriceAmount currencyID=\"USD\">0</cbc:PriceAmount>", ""),
        ["BR-27"] = (Invoice, "<cbc:PriceAmount currencyID=\"USD\">0<", "<cbc:PriceAmount currencyID=\"USD\">-0.01<"),
        ["BR-55"] = (Invoice, "<cac:AccountingSupplierParty>",
            "<cac:BillingReference><cac:InvoiceDocumentReference/></cac:BillingReference><cac:AccountingSupplierParty>"),
    };

    public static TheoryData<string> RuleIds => [.. Breaks.Keys];

    [Theory]
    [MemberData(nameof(RuleIds))]
    public void a_broken_document_is_told_which_rule_it_breaks(string rule)
    {
        var (document, passage, instead) = Breaks[rule];
        Check(With(document, passage, instead)).ShouldContain(rule);
    }

    [Fact]
    public void the_good_documents_break_nothing_but_the_unit_that_vendors_write()
    {
        Check(Response).ShouldBeEmpty();
        Check(Invoice).ShouldBeEmpty();
        Check(Despatch).ShouldHaveSingleItem().ShouldStartWith("PEPPOL-T16-B");
        Check(With(Despatch, "unitCode=\"CT\"", "unitCode=\"XCT\"")).ShouldBeEmpty();
    }

    [Fact]
    public void every_rule_for_what_comes_in_has_a_broken_document() => PeppolRules.Catalogue.Keys
        .Where(id => !id.StartsWith("PEPPOL-T01", StringComparison.Ordinal) && !id.StartsWith("PEPPOL-COMMON", StringComparison.Ordinal))
        .Except(Breaks.Keys, StringComparer.Ordinal).ShouldBeEmpty();

    private static IEnumerable<string> Check(string document)
    {
        var root = Root(Encoding.UTF8.GetBytes(document));
        var found = root.Name.LocalName switch
        {
            "OrderResponse" => PeppolRules.CheckResponse(root),
            "DespatchAdvice" => PeppolRules.CheckDespatch(root),
            _ => PeppolRules.CheckInvoice(root),
        };
        return found.Select(v => v.RuleId);
    }
}
