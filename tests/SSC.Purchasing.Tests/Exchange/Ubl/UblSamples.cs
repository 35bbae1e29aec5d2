using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Ubl;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Tests.Exchange.Ubl;

/// <summary>Documents as vendors' systems write them, by hand, and how they are read.</summary>
internal static class UblSamples
{
    public static readonly VendorId Sender = new("V-whitewater");

    private const string Namespaces = """
        xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
        xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
        """;

    public const string Response = $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <OrderResponse xmlns="urn:oasis:names:specification:ubl:schema:xsd:OrderResponse-2" {Namespaces}>
          <cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order_response:3</cbc:CustomizationID>
          <cbc:ProfileID>urn:fdc:peppol.eu:poacc:bis:ordering:3</cbc:ProfileID>
          <cbc:ID>OR-77</cbc:ID>
          <cbc:IssueDate>2026-08-04</cbc:IssueDate>
          <cbc:OrderResponseCode>CA</cbc:OrderResponseCode>
          <cbc:Note>Second truck on Friday</cbc:Note>
          <cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>
          <cac:OrderReference><cbc:ID>JO-2026-014:V-whitewater</cbc:ID></cac:OrderReference>
          <cac:SellerSupplierParty><cac:Party>
            <cbc:EndpointID schemeID="0060">081234567</cbc:EndpointID>
            <cac:PartyLegalEntity><cbc:RegistrationName>Whitewater Paper Supply</cbc:RegistrationName></cac:PartyLegalEntity>
          </cac:Party></cac:SellerSupplierParty>
          <cac:BuyerCustomerParty><cac:Party>
            <cbc:EndpointID schemeID="0060">080123456</cbc:EndpointID>
            <cac:PartyIdentification><cbc:ID>SSC</cbc:ID></cac:PartyIdentification>
          </cac:Party></cac:BuyerCustomerParty>
          <cac:OrderLine>
            <cac:LineItem>
              <cbc:ID>1</cbc:ID><cbc:LineStatusCode>3</cbc:LineStatusCode>
              <cbc:Quantity unitCode="XCT">12</cbc:Quantity>
              <cac:Delivery><cac:PromisedDeliveryPeriod>
                <cbc:StartDate>2026-09-03</cbc:StartDate><cbc:EndDate>2026-09-04</cbc:EndDate>
              </cac:PromisedDeliveryPeriod></cac:Delivery>
              <cac:Item><cbc:Name>Copy paper</cbc:Name></cac:Item>
            </cac:LineItem>
            <cac:OrderLineReference><cbc:LineID>1:M-001-HS</cbc:LineID></cac:OrderLineReference>
          </cac:OrderLine>
          <cac:OrderLine>
            <cac:LineItem>
              <cbc:ID>2</cbc:ID><cbc:LineStatusCode>5</cbc:LineStatusCode><cbc:Quantity unitCode="XCT">15</cbc:Quantity>
              <cac:Item><cbc:Name>Copy paper</cbc:Name></cac:Item>
            </cac:LineItem>
            <cac:OrderLineReference><cbc:LineID>1:M-002-ES</cbc:LineID></cac:OrderLineReference>
          </cac:OrderLine>
          <cac:OrderLine>
            <cac:LineItem>
              <cbc:ID>3</cbc:ID><cbc:Note>Out of production</cbc:Note><cbc:LineStatusCode>7</cbc:LineStatusCode>
              <cac:Item><cbc:Name>Liners</cbc:Name></cac:Item>
            </cac:LineItem>
            <cac:OrderLineReference><cbc:LineID>3</cbc:LineID></cac:OrderLineReference>
          </cac:OrderLine>
        </OrderResponse>
        """;

    public const string Despatch = $"""
        <DespatchAdvice xmlns="urn:oasis:names:specification:ubl:schema:xsd:DespatchAdvice-2" {Namespaces}>
          <cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:despatch_advice:3</cbc:CustomizationID>
          <cbc:ProfileID>urn:fdc:peppol.eu:poacc:bis:despatch_advice:3</cbc:ProfileID>
          <cbc:ID>DA-9</cbc:ID>
          <cbc:IssueDate>2026-08-27</cbc:IssueDate>
          <cac:OrderReference><cbc:ID>JO-2026-014:V-whitewater</cbc:ID></cac:OrderReference>
          <cac:DespatchSupplierParty><cac:Party>
            <cbc:EndpointID schemeID="0060">081234567</cbc:EndpointID>
            <cac:PartyLegalEntity><cbc:RegistrationName>Whitewater Paper Supply</cbc:RegistrationName></cac:PartyLegalEntity>
          </cac:Party></cac:DespatchSupplierParty>
          <cac:DeliveryCustomerParty><cac:Party>
            <cbc:EndpointID schemeID="0060">080123456</cbc:EndpointID>
            <cac:PartyIdentification><cbc:ID>M-003-DO</cbc:ID></cac:PartyIdentification>
            <cac:PartyLegalEntity><cbc:RegistrationName>District office</cbc:RegistrationName></cac:PartyLegalEntity>
          </cac:Party></cac:DeliveryCustomerParty>
          <cac:Shipment>
            <cbc:ID>1</cbc:ID>
            <cac:Consignment><cbc:ID>NA</cbc:ID>
              <cac:CarrierParty><cac:PartyName><cbc:Name>River Freight</cbc:Name></cac:PartyName></cac:CarrierParty></cac:Consignment>
            <cac:Delivery>
              <cbc:TrackingID>RF-1122</cbc:TrackingID>
              <cac:EstimatedDeliveryPeriod><cbc:EndDate>2026-08-29</cbc:EndDate></cac:EstimatedDeliveryPeriod>
              <cac:Despatch><cbc:ActualDespatchDate>2026-08-28</cbc:ActualDespatchDate></cac:Despatch>
            </cac:Delivery>
          </cac:Shipment>
          <cac:DespatchLine>
            <cbc:ID>1</cbc:ID><cbc:DeliveredQuantity unitCode="CT">10</cbc:DeliveredQuantity>
            <cbc:OutstandingQuantity unitCode="XCT">5</cbc:OutstandingQuantity><cbc:OutstandingReason>Next week</cbc:OutstandingReason>
            <cac:OrderLineReference><cbc:LineID>1:M-001-HS</cbc:LineID></cac:OrderLineReference>
            <cac:Item><cbc:Name>Copy paper</cbc:Name>
              <cac:SellersItemIdentification><cbc:ID>PAPER-20LB</cbc:ID></cac:SellersItemIdentification>
              <cac:ItemInstance><cac:LotIdentification><cbc:LotNumberID>L-5</cbc:LotNumberID></cac:LotIdentification></cac:ItemInstance>
            </cac:Item>
          </cac:DespatchLine>
          <cac:DespatchLine>
            <cbc:ID>2</cbc:ID><cbc:DeliveredQuantity unitCode="XPX">1.5</cbc:DeliveredQuantity>
            <cac:OrderLineReference><cbc:LineID>3</cbc:LineID></cac:OrderLineReference>
            <cac:Item><cbc:Name>Liners</cbc:Name>
              <cac:SellersItemIdentification><cbc:ID>LINER-40</cbc:ID></cac:SellersItemIdentification></cac:Item>
          </cac:DespatchLine>
        </DespatchAdvice>
        """;

    public const string Invoice = $"""
        <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" {Namespaces}>
          <cbc:UBLVersionID>2.1</cbc:UBLVersionID>
          <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
          <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
          <cbc:ID>INV-100</cbc:ID>
          <cbc:IssueDate>2026-09-02</cbc:IssueDate>
          <cbc:DueDate>2026-10-07</cbc:DueDate>
          <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
          <cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>
          <cac:OrderReference><cbc:ID>JO-2026-014:V-whitewater</cbc:ID></cac:OrderReference>
          <cac:AccountingSupplierParty><cac:Party>
            <cbc:EndpointID schemeID="0060">081234567</cbc:EndpointID></cac:Party></cac:AccountingSupplierParty>
          <cac:AccountingCustomerParty><cac:Party>
            <cac:PartyIdentification><cbc:ID schemeID="0060">080999999</cbc:ID></cac:PartyIdentification>
            <cac:PartyIdentification><cbc:ID>M-001</cbc:ID></cac:PartyIdentification>
          </cac:Party></cac:AccountingCustomerParty>
          <cac:Delivery><cac:DeliveryLocation><cbc:ID>M-001-HS</cbc:ID></cac:DeliveryLocation></cac:Delivery>
          <cac:AllowanceCharge>
            <cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode>
            <cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason><cbc:Amount currencyID="USD">12.00</cbc:Amount>
          </cac:AllowanceCharge>
          <cac:AllowanceCharge>
            <cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:AllowanceChargeReason>Prompt payment discount</cbc:AllowanceChargeReason>
            <cbc:Amount currencyID="USD">2.50</cbc:Amount>
          </cac:AllowanceCharge>
          <cac:TaxTotal><cbc:TaxAmount currencyID="USD">3.10</cbc:TaxAmount></cac:TaxTotal>
          <cac:LegalMonetaryTotal>
            <cbc:LineExtensionAmount currencyID="USD">567.75</cbc:LineExtensionAmount>
            <cbc:PrepaidAmount currencyID="USD">100.00</cbc:PrepaidAmount>
            <cbc:PayableAmount currencyID="USD">480.35</cbc:PayableAmount>
          </cac:LegalMonetaryTotal>
          <cac:InvoiceLine>
            <cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="XCT">15</cbc:InvoicedQuantity>
            <cbc:LineExtensionAmount currencyID="USD">567.75</cbc:LineExtensionAmount>
            <cac:OrderLineReference><cbc:LineID>1:M-001-HS</cbc:LineID></cac:OrderLineReference>
            <cac:Item><cbc:Name>Copy paper, 20 lb</cbc:Name>
              <cac:SellersItemIdentification><cbc:ID>PAPER-20LB</cbc:ID></cac:SellersItemIdentification></cac:Item>
            <cac:Price><cbc:PriceAmount currencyID="USD">3785.00</cbc:PriceAmount>
              <cbc:BaseQuantity unitCode="XCT">100</cbc:BaseQuantity></cac:Price>
          </cac:InvoiceLine>
          <cac:InvoiceLine>
            <cbc:ID>2</cbc:ID><cbc:InvoicedQuantity unitCode="EA">1</cbc:InvoicedQuantity>
            <cbc:LineExtensionAmount currencyID="USD">0.00</cbc:LineExtensionAmount>
            <cac:Item><cbc:Name>Catalogue</cbc:Name></cac:Item>
            <cac:Price><cbc:PriceAmount currencyID="USD">0</cbc:PriceAmount></cac:Price>
          </cac:InvoiceLine>
        </Invoice>
        """;

    public static DocumentReading Read(string document) => Read(Encoding.UTF8.GetBytes(document));

    public static DocumentReading Read(byte[] document) => new UblReader(new CooperativeId("SSC")).Read(document, Sender);

    public static T Only<T>(DocumentReading reading)
        where T : VendorDocument =>
        reading.ShouldBeOfType<DocumentReading.Read>().Documents.ShouldHaveSingleItem().ShouldBeOfType<T>();

    public static IReadOnlyList<DocumentFault> Faults(string document) =>
        Read(document).ShouldBeOfType<DocumentReading.Refused>().Faults;

    /// <summary>The document with one passage replaced; a passage that is not there fails.</summary>
    public static string With(string document, string passage, string instead)
    {
        document.ShouldContain(passage);
        var at = document.IndexOf(passage, StringComparison.Ordinal);
        return string.Concat(document.AsSpan(0, at), instead, document.AsSpan(at + passage.Length));
    }
}
