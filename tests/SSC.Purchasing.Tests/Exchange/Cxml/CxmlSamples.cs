using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Tests.Exchange.Cxml;

/// <summary>Documents as vendors' systems write them, by hand, and how they are read.</summary>
internal static class CxmlSamples
{
    public static readonly VendorId Sender = new("V-whitewater");

    private const string Header = """
        <Header>
            <From><Credential domain="DUNS"><Identity>081234567</Identity></Credential></From>
            <To><Credential domain="DUNS"><Identity>080123456</Identity></Credential></To>
            <Sender><Credential domain="DUNS"><Identity>081234567</Identity></Credential><UserAgent>Mill 4.2</UserAgent></Sender>
          </Header>
        """;

    public const string Confirmation = $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE cXML SYSTEM "http://xml.cXML.org/schemas/cXML/1.2.014/Fulfill.dtd">
        <cXML payloadID="77@mill" timestamp="2026-08-04T09:00:00-05:00" version="1.2.014" xml:lang="en-US">
          {Header}
          <Request>
            <ConfirmationRequest>
              <ConfirmationHeader confirmID="C-77" type="except" noticeDate="2026-08-04T09:00:00-05:00">
                <Comments xml:lang="en">Second truck
                  on Friday</Comments>
              </ConfirmationHeader>
              <OrderReference orderID="JO-2026-014:V-whitewater">
                <DocumentReference payloadID="JO-2026-014:V-whitewater.2@SSC"/></OrderReference>
              <ConfirmationItem lineNumber="100001" quantity="10">
                <UnitOfMeasure>CT</UnitOfMeasure>
                <ConfirmationStatus quantity="6" type="detail" deliveryDate="2026-09-04">
                  <UnitOfMeasure>CT</UnitOfMeasure></ConfirmationStatus>
                <ConfirmationStatus quantity="4" type="reject"><UnitOfMeasure>CT</UnitOfMeasure></ConfirmationStatus>
              </ConfirmationItem>
              <ConfirmationItem lineNumber="3" quantity="1.5">
                <UnitOfMeasure>XPX</UnitOfMeasure>
                <ConfirmationStatus quantity="1.5" type="detail">
                  <UnitOfMeasure>XPX</UnitOfMeasure>
                  <ItemIn quantity="1.5"><ItemID><SupplierPartID>LINER-40</SupplierPartID></ItemID>
                    <ItemDetail><UnitPrice><Money currency="USD">1200.00</Money></UnitPrice></ItemDetail></ItemIn>
                </ConfirmationStatus>
              </ConfirmationItem>
            </ConfirmationRequest>
          </Request>
        </cXML>
        """;

    public const string ShipNotice = $"""
        <cXML payloadID="78@mill" timestamp="2026-08-28T09:00:00-05:00">
          {Header}
          <Request>
            <ShipNoticeRequest>
              <ShipNoticeHeader shipmentID="S-9" noticeDate="2026-08-28T09:00:00-05:00" shipmentDate="2026-08-28T07:00:00-05:00"
                  deliveryDate="2026-08-29T07:00:00-05:00" operation="new">
                <Contact role="shipTo" addressID="M-001-HS"><Name xml:lang="en">High school</Name></Contact>
              </ShipNoticeHeader>
              <ShipControl>
                <CarrierIdentifier domain="SCAC">RVFT</CarrierIdentifier>
                <CarrierIdentifier domain="companyName">River Freight</CarrierIdentifier>
                <ShipmentIdentifier domain="trackingNumber">RF-1122</ShipmentIdentifier>
              </ShipControl>
              <ShipNoticePortion>
                <OrderReference orderID="JO-2026-014:V-whitewater"><DocumentReference payloadID="x"/></OrderReference>
                <ShipNoticeItem quantity="10" lineNumber="100001">
                  <ItemID><SupplierPartID>PAPER-20LB</SupplierPartID></ItemID><UnitOfMeasure>XCT</UnitOfMeasure>
                  <Batch><SupplierBatchID>L-5</SupplierBatchID></Batch>
                </ShipNoticeItem>
              </ShipNoticePortion>
            </ShipNoticeRequest>
          </Request>
        </cXML>
        """;

    public const string Invoice = $"""
        <!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.060/InvoiceDetail.dtd">
        <cXML payloadID="79@mill" timestamp="2026-09-02T09:00:00-05:00" version="1.2.060">
          {Header}
          <Request>
            <InvoiceDetailRequest>
              <InvoiceDetailRequestHeader invoiceID="INV-100" purpose="standard" operation="new" invoiceDate="2026-09-02T09:00:00-05:00">
                <InvoiceDetailHeaderIndicator/><InvoiceDetailLineIndicator/>
                <InvoicePartner><Contact role="billTo" addressID="M-001"><Name xml:lang="en">A member</Name></Contact></InvoicePartner>
                <InvoiceDetailShipping><Contact role="shipFrom" addressID="dock 4"><Name xml:lang="en">Mill</Name></Contact>
                  <Contact role="shipTo" addressID="M-001-HS"><Name xml:lang="en">High school</Name></Contact></InvoiceDetailShipping>
                <PaymentTerm payInNumberOfDays="35"/>
              </InvoiceDetailRequestHeader>
              <InvoiceDetailOrder>
                <InvoiceDetailOrderInfo>
                  <OrderReference orderID="JO-2026-014:V-whitewater"><DocumentReference payloadID="x"/></OrderReference>
                </InvoiceDetailOrderInfo>
                <InvoiceDetailItem invoiceLineNumber="1" quantity="15">
                  <UnitOfMeasure>XCT</UnitOfMeasure><UnitPrice><Money currency="USD">37.85</Money></UnitPrice>
                  <InvoiceDetailItemReference lineNumber="100001">
                    <ItemID><SupplierPartID>PAPER-20LB</SupplierPartID></ItemID><Description xml:lang="en">Copy paper</Description>
                  </InvoiceDetailItemReference>
                  <SubtotalAmount><Money currency="USD">567.75</Money></SubtotalAmount>
                </InvoiceDetailItem>
              </InvoiceDetailOrder>
              <InvoiceDetailSummary>
                <SubtotalAmount><Money currency="USD">567.75</Money></SubtotalAmount>
                <Tax><Money currency="USD">3.10</Money><Description xml:lang="en">Sales tax</Description></Tax>
                <ShippingAmount><Money currency="USD">12.00</Money></ShippingAmount>
                <InvoiceDetailDiscount><Money currency="USD">2.50</Money></InvoiceDetailDiscount>
                <NetAmount><Money currency="USD">580.35</Money></NetAmount>
                <DepositAmount><Money currency="USD">100.00</Money></DepositAmount>
                <DueAmount><Money currency="USD">480.35</Money></DueAmount>
              </InvoiceDetailSummary>
            </InvoiceDetailRequest>
          </Request>
        </cXML>
        """;

    public const string Basket = $"""
        <!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.060/cXML.dtd">
        <cXML payloadID="80@mill" timestamp="2026-07-02T09:00:00-05:00" version="1.2.060">
          {Header}
          <Message>
            <PunchOutOrderMessage>
              <BuyerCookie>c00k1e</BuyerCookie>
              <PunchOutOrderMessageHeader operationAllowed="edit">
                <Total><Money currency="USD">900.00</Money></Total></PunchOutOrderMessageHeader>
              <ItemIn quantity="20">
                <ItemID><SupplierPartID>PAPER-20LB</SupplierPartID><SupplierPartAuxiliaryID>cfg-1</SupplierPartAuxiliaryID></ItemID>
                <ItemDetail><UnitPrice><Money currency="USD">41.90</Money></UnitPrice><Description xml:lang="en">Copy paper</Description>
                  <UnitOfMeasure>CT</UnitOfMeasure><Classification domain="UNSPSC">14111507</Classification></ItemDetail>
              </ItemIn>
              <ItemIn quantity="2.5">
                <ItemID><SupplierPartID>PAPER-20LB</SupplierPartID></ItemID>
                <ItemDetail><UnitPrice><Money currency="USD">41.90</Money></UnitPrice><Description xml:lang="en">Copy paper</Description>
                  <UnitOfMeasure>XCT</UnitOfMeasure><Classification domain="Mill">7</Classification></ItemDetail>
              </ItemIn>
            </PunchOutOrderMessage>
          </Message>
        </cXML>
        """;

    public static DocumentReading Read(string document) => Read(Encoding.UTF8.GetBytes(document));

    public static DocumentReading Read(byte[] document) => new CxmlReader(new CooperativeId("SSC")).Read(document, Sender);

    public static IReadOnlyList<DocumentFault> Faults(string document) => Read(document).ShouldBeOfType<DocumentReading.Refused>().Faults;
}
