using System.Xml.Linq;
using Shouldly;
using SSC.Purchasing.Exchange.Ubl;
using SSC.Purchasing.Exchange.Ubl.Rules;
using Xunit;
using static SSC.Purchasing.Tests.Exchange.Ubl.UblOrderBack;

namespace SSC.Purchasing.Tests.Exchange.Ubl;

/// <summary>Each rule is seen to fail: a good order is broken in one place, and the rule of that place says so.</summary>
public class PeppolOrderRuleTests
{
    private static readonly Dictionary<string, Action<XElement>> Breaks = new(StringComparer.Ordinal)
    {
        ["PEPPOL-COMMON-R001"] = o => o.Add(new XElement(Cbc + "Note", " ")),
        ["PEPPOL-COMMON-R003"] = o => o.SetAttributeValue(XName.Get("schemaLocation", "http://www.w3.org/2001/XMLSchema-instance"), "x"),
        ["PEPPOL-COMMON-R030"] = o => Set(o, "8/3/2026", "IssueDate"),
        ["PEPPOL-COMMON-R040"] = o => At(o, "BuyerCustomerParty", "Party", "EndpointID").ReplaceWith(
            new XElement(Cbc + "EndpointID", new XAttribute("schemeID", "0088"), "7300010000002")),
        ["PEPPOL-T01-R001"] = o => o.Descendants(Cac + "LineItem").Last().Element(Cbc + "ID")!.Value = "1:M-001-HS",
        ["PEPPOL-T01-R002"] = o => At(o, "ValidityPeriod").Remove(),
        ["PEPPOL-T01-R003"] = o => At(o, "AnticipatedMonetaryTotal", "PayableAmount").SetAttributeValue("currencyID", "EUR"),
        ["PEPPOL-T01-R004"] = o => Set(o, "-1", "OrderLine", "LineItem", "Quantity"),
        ["PEPPOL-T01-R005"] = o => Set(o, "-0.01", "OrderLine", "LineItem", "Price", "PriceAmount"),
        ["PEPPOL-T01-R006"] = o => Set(o, "-1.00", "AnticipatedMonetaryTotal", "PayableAmount"),
        ["PEPPOL-T01-R007"] = o => Set(o, "-1.00", "AnticipatedMonetaryTotal", "LineExtensionAmount"),
        ["PEPPOL-T01-R008"] = o => Set(o, "1.00", "AnticipatedMonetaryTotal", "LineExtensionAmount"),
        ["PEPPOL-T01-R009"] = o => At(o, "AnticipatedMonetaryTotal", "ChargeTotalAmount")
            .AddBeforeSelf(Amount("AllowanceTotalAmount", "1.00")),
        ["PEPPOL-T01-R010"] = o => Set(o, "1.00", "AnticipatedMonetaryTotal", "ChargeTotalAmount"),
        ["PEPPOL-T01-R011"] = o => Set(o, "1.00", "AnticipatedMonetaryTotal", "TaxExclusiveAmount"),
        ["PEPPOL-T01-R013"] = o => At(o, "OrderLine", "LineItem", "Quantity").Remove(),
        ["PEPPOL-T01-R014"] = o => o.Add(new XElement(Cac + "OriginatorCustomerParty", new XElement(Cac + "Party", "x"))),
        ["PEPPOL-T01-R016"] = o => Set(o, "1.00", "AnticipatedMonetaryTotal", "PayableAmount"),
        ["PEPPOL-T01-R017"] = o => At(o, "AnticipatedMonetaryTotal")
            .AddBeforeSelf(new XElement(Cac + "TaxTotal", Amount("TaxAmount", "5.00"))),
        ["PEPPOL-T01-R019"] = o => Price(o).Add(new XElement(
            Cac + "AllowanceCharge", new XElement(Cbc + "ChargeIndicator", "false"), Amount("Amount", "1"), Amount("BaseAmount", "2"))),
        ["PEPPOL-T01-R020"] = o => Charge(o).Element(Cbc + "Amount")!.AddBeforeSelf(new XElement(Cbc + "MultiplierFactorNumeric", "10")),
        ["PEPPOL-T01-R021"] = o => Charge(o).Add(Amount("BaseAmount", "10.00")),
        ["PEPPOL-T01-R022"] = o =>
        {
            Charge(o).Element(Cbc + "Amount")!.AddBeforeSelf(new XElement(Cbc + "MultiplierFactorNumeric", "10"));
            Charge(o).Add(Amount("BaseAmount", "10.00"));
        },
        ["PEPPOL-T01-R023"] = o => Charge(o).Elements().Where(e => e.Name.LocalName.Contains("Reason", StringComparison.Ordinal)).Remove(),
        ["PEPPOL-T01-R024"] = o => Set(o, "11", "OrderLine", "LineItem", "Quantity"),
        ["PEPPOL-T01-R025"] = o => Set(o, "0", "OrderLine", "LineItem", "Price", "BaseQuantity"),
        ["PEPPOL-T01-R026"] = o => At(o, "BuyerCustomerParty", "Party", "PartyLegalEntity").AddBeforeSelf(new XElement(
            Cac + "PartyTaxScheme", new XElement(Cbc + "CompanyID", "123456"),
            new XElement(Cac + "TaxScheme", new XElement(Cbc + "ID", "VAT")))),
        ["PEPPOL-T01-R027"] = o => Price(o).Add(new XElement(
            Cac + "AllowanceCharge", new XElement(Cbc + "ChargeIndicator", "false"), Amount("Amount", "1"), Amount("BaseAmount", "-2"))),
        ["PEPPOL-T01-R028"] = o => Set(o, "185.001", "AnticipatedMonetaryTotal", "ChargeTotalAmount"),
        ["PEPPOL-T01-R029"] = o => Charge(o).Add(Tax("E", null)),
        ["PEPPOL-T01-R030"] = o => Charge(o).Add(Tax("S", "0")),
        ["PEPPOL-T01-R031"] = o => Set(o, "urn:fdc:peppol.eu:poacc:bis:catalogue_only:3", "ProfileID"),
        ["PEPPOL-T01-R032"] = o => Charge(o).Element(Cbc + "Amount")!.Value = "-185.00",
        ["PEPPOL-T01-R033"] = o => Price(o).Add(new XElement(
            Cac + "AllowanceCharge", new XElement(Cbc + "ChargeIndicator", "false"), Amount("Amount", "-1"))),
        ["PEPPOL-T01-R034"] = o => Set(o, "urn:fdc:peppol.eu:poacc:trns:order:2", "CustomizationID"),
        ["PEPPOL-T01-CL001"] = o => o.Descendants(Cac + "AllowanceCharge").Last().Element(Cbc + "ChargeIndicator")!
            .AddAfterSelf(new XElement(Cbc + "AllowanceChargeReasonCode", "FC")),
        ["PEPPOL-T01-CL002"] = o => Charge(o).Element(Cbc + "AllowanceChargeReasonCode")!.Value = "95",
        ["PEPPOL-T01-B00103"] = o => At(o, "ID").Remove(),
        ["PEPPOL-T01-B00109"] = o => o.Add(new XElement(Cbc + "LineCountNumeric", "4")),
        ["PEPPOL-T01-B00801"] = o => Set(o, "380", "OrderTypeCode"),
        ["PEPPOL-T01-B01001"] = o => Set(o, "DOL", "DocumentCurrencyCode"),
    };

    public static TheoryData<string> RuleIds => [.. Breaks.Keys];

    [Theory]
    [MemberData(nameof(RuleIds))]
    public void a_broken_order_is_told_which_rule_it_breaks(string rule)
    {
        var order = Root(new UblOrderWriter().Write(SampleOrders.ByHand));
        PeppolRules.CheckOrder(order).ShouldBeEmpty();
        Breaks[rule](order);
        PeppolRules.CheckOrder(order).Select(v => v.RuleId).ShouldContain(rule);
    }

    [Fact]
    public void every_rule_of_the_order_has_a_broken_order() =>
        PeppolRules.Catalogue.Keys.Where(id => id.StartsWith("PEPPOL-T01", StringComparison.Ordinal)
            || id.StartsWith("PEPPOL-COMMON", StringComparison.Ordinal))
            .Except(Breaks.Keys, StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public void ids_of_rules_from_the_data_model_follow_the_numbering_of_the_release()
    {
        var order = Root(new UblOrderWriter().Write(SampleOrders.ByHand));
        At(order, "BuyerCustomerParty", "Party", "EndpointID").Attribute("schemeID")!.Remove();
        At(order, "BuyerCustomerParty", "Party", "PostalAddress", "Country", "IdentificationCode").Remove();
        PeppolRules.CheckOrder(order).Select(v => v.RuleId).Order(StringComparer.Ordinal)
            .ShouldBe(["PEPPOL-COMMON-R001", "PEPPOL-T01-B03801", "PEPPOL-T01-B05301"]);
    }

    private static XElement At(XElement? element, params string[] steps) =>
        steps.Aggregate(element, (e, step) => e!.Element(Cac + step) ?? e.Element(Cbc + step))!;

    private static void Set(XElement order, string value, params string[] steps) => At(order, steps).Value = value;

    private static XElement Charge(XElement order) => At(order, "AllowanceCharge");

    private static XElement Price(XElement order) => At(order, "OrderLine", "LineItem", "Price");

    private static XElement Amount(string name, string value) => new(Cbc + name, new XAttribute("currencyID", "USD"), value);

    private static XElement Tax(string category, string? percent) => new(
        Cac + "TaxCategory", new XElement(Cbc + "ID", category), percent is null ? null : new XElement(Cbc + "Percent", percent),
        new XElement(Cac + "TaxScheme", new XElement(Cbc + "ID", "VAT")));
}
