#!/usr/bin/env bash
# A joint order from a member's commitment to its paid invoice, with the vendor speaking one format.
# Documented in src/docs/from-commitment-to-paid-invoice.md.
#
#   paid-invoice.sh <ubl|x12|cxml|json|csv>
#
# Needs bash and curl, a running demo, and the keys that the demo prints:
#   BUYER, APPROVER, COORDINATOR, VENDOR   API keys of these roles
#   API                                    where the service is; http://127.0.0.1:5080/api/v1 unless told
#   PATIENCE                               seconds to wait for each step; 60 unless told
set -u -o pipefail

FORMAT=${1:-}
API=${API:-http://127.0.0.1:5080/api/v1}
PATIENCE=${PATIENCE:-60}
MEMBER=M-001
SITE=M-001-HS
WANTED=40
STEP=0

case $FORMAT in
  ubl|cxml) TYPE=application/xml ;;
  x12)      TYPE=application/edi-x12 ;;
  json)     TYPE=application/json ;;
  csv)      TYPE=text/csv ;;
  *)        echo "usage: $0 <ubl|x12|cxml|json|csv>" >&2; exit 2 ;;
esac
for name in BUYER APPROVER COORDINATOR VENDOR; do
  [ -n "${!name:-}" ] || { echo "Set $name to the API key of that role; the demo prints it when it starts." >&2; exit 2; }
done
command -v curl > /dev/null || { echo "This needs curl." >&2; exit 2; }

PLACE=$(mktemp -d)
trap 'rm -rf "$PLACE"' EXIT

say()  { STEP=$((STEP + 1)); printf '%2d. %s\n' "$STEP" "$*"; }
fail() { printf 'Step %d went wrong: %s\n' "$((STEP + 1))" "$*" >&2; [ -s "$PLACE/body" ] && { cat "$PLACE/body"; echo; } >&2; exit 1; }

# ask KEY METHOD PATH [BODY [TYPE]]: leaves the answer in $PLACE/body and its status in STATUS.
ask() {
  local key=$1 method=$2 path=$3 args=()
  [ "$method" = GET ] || args+=(-H "Idempotency-Key: walkthrough-$$-$RANDOM$RANDOM")
  if [ $# -gt 3 ]; then
    printf '%s' "$4" > "$PLACE/sent"
    args+=(-H "Content-Type: ${5:-application/json}" --data-binary "@$PLACE/sent")
  elif [ "$method" != GET ]; then
    args+=(-H 'Content-Length: 0')
  fi
  STATUS=$(curl -sS -o "$PLACE/body" -w '%{http_code}' -X "$method" -H "X-Api-Key: $key" "${args[@]}" "$API$path") ||
    fail "$API does not answer; is the demo running?"
}

# must STATUS WHAT...: the last answer has this status.
must() { local expected=$1; shift; [ "$STATUS" = "$expected" ] || fail "$* was answered with $STATUS instead of $expected:"; }

# field NAME: the first member of that name in the last answer, a text or a number; amount NAME: the first amount of money of that name.
field()  { grep -o "\"$1\":\(\"[^\"]*\"\|[0-9.-]*\)" "$PLACE/body" | head -n 1 | sed 's/^"[^"]*"://; s/^"//; s/"$//'; }
amount() { grep -o "\"$1\":{\"amount\":\"[0-9.-]*\"" "$PLACE/body" | head -n 1 | sed 's/.*"amount":"//; s/"$//'; }

# await KEY PATH PATTERN WHAT...: asks until the answer matches.
await() {
  local key=$1 path=$2 pattern=$3 until=$((SECONDS + PATIENCE)); shift 3
  while ask "$key" GET "$path"; ! grep -q "$pattern" "$PLACE/body"; do
    [ "$SECONDS" -lt "$until" ] || fail "$* did not happen within $PATIENCE seconds; the last answer ($STATUS) was:"
    sleep 0.3
  done
}

# hand_in WHAT DOCUMENT: the vendor hands a document in, in its own format.
hand_in() {
  ask "$VENDOR" POST "/vendor-documents?format=$FORMAT" "$2" "$TYPE"
  must 200 "the vendor's $1"
}

#
# The vendor's documents. TODAY, PO, LINE, ITEM, QUANTITY, UNIT, PRICE and GOODS are known by then; NUMBER is the document's.
#

ubl='urn:oasis:names:specification:ubl:schema:xsd'
ubl_names="xmlns:cac=\"$ubl:CommonAggregateComponents-2\" xmlns:cbc=\"$ubl:CommonBasicComponents-2\""
ubl_party() { # ubl_party ID [LEGAL NAME]
  local name=${2:+<cac:PartyLegalEntity><cbc:RegistrationName>$2</cbc:RegistrationName></cac:PartyLegalEntity>}
  printf '<cac:Party><cbc:EndpointID schemeID="0203">%s</cbc:EndpointID>' "$1"
  printf '<cac:PartyIdentification><cbc:ID>%s</cbc:ID></cac:PartyIdentification>%s</cac:Party>' "$1" "$name"
}

answer_ubl() { cat << XML
<OrderResponse xmlns="urn:oasis:names:specification:ubl:schema:xsd:OrderResponse-2" $ubl_names>
  <cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order_response:3</cbc:CustomizationID>
  <cbc:ProfileID>urn:fdc:peppol.eu:poacc:bis:ordering:3</cbc:ProfileID>
  <cbc:ID>$NUMBER</cbc:ID><cbc:IssueDate>$TODAY</cbc:IssueDate><cbc:OrderResponseCode>AP</cbc:OrderResponseCode>
  <cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>
  <cac:OrderReference><cbc:ID>$PO</cbc:ID></cac:OrderReference>
  <cac:SellerSupplierParty>$(ubl_party "$SUPPLIER")</cac:SellerSupplierParty>
  <cac:BuyerCustomerParty>$(ubl_party SSC)</cac:BuyerCustomerParty>
</OrderResponse>
XML
}

despatch_ubl() { cat << XML
<DespatchAdvice xmlns="urn:oasis:names:specification:ubl:schema:xsd:DespatchAdvice-2" $ubl_names>
  <cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:despatch_advice:3</cbc:CustomizationID>
  <cbc:ProfileID>urn:fdc:peppol.eu:poacc:bis:despatch_advice:3</cbc:ProfileID>
  <cbc:ID>$NUMBER</cbc:ID><cbc:IssueDate>$TODAY</cbc:IssueDate>
  <cac:OrderReference><cbc:ID>$PO</cbc:ID></cac:OrderReference>
  <cac:DespatchSupplierParty>$(ubl_party "$SUPPLIER" 'Whitewater Paper Supply')</cac:DespatchSupplierParty>
  <cac:DeliveryCustomerParty>$(ubl_party "$SITE" 'High school')</cac:DeliveryCustomerParty>
  <cac:Shipment><cbc:ID>1</cbc:ID><cac:Consignment><cbc:ID>NA</cbc:ID></cac:Consignment></cac:Shipment>
  <cac:DespatchLine>
    <cbc:ID>1</cbc:ID><cbc:DeliveredQuantity unitCode="$UNIT">$QUANTITY</cbc:DeliveredQuantity>
    <cac:OrderLineReference><cbc:LineID>$LINE:$SITE</cbc:LineID></cac:OrderLineReference>
    <cac:Item><cbc:Name>Copy paper</cbc:Name>
      <cac:SellersItemIdentification><cbc:ID>$ITEM</cbc:ID></cac:SellersItemIdentification></cac:Item>
  </cac:DespatchLine>
</DespatchAdvice>
XML
}

invoice_ubl() { cat << XML
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" $ubl_names>
  <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
  <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
  <cbc:ID>$NUMBER</cbc:ID><cbc:IssueDate>$TODAY</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>
  <cac:OrderReference><cbc:ID>$PO</cbc:ID></cac:OrderReference>
  <cac:AccountingSupplierParty>$(ubl_party "$SUPPLIER")</cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>$(ubl_party SSC)</cac:AccountingCustomerParty>
  <cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="USD">$GOODS</cbc:PayableAmount></cac:LegalMonetaryTotal>
  <cac:InvoiceLine>
    <cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="$UNIT">$QUANTITY</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="USD">$GOODS</cbc:LineExtensionAmount>
    <cac:OrderLineReference><cbc:LineID>$LINE:$SITE</cbc:LineID></cac:OrderLineReference>
    <cac:Item><cbc:Name>Copy paper</cbc:Name>
      <cac:SellersItemIdentification><cbc:ID>$ITEM</cbc:ID></cac:SellersItemIdentification></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="USD">$PRICE</cbc:PriceAmount></cac:Price>
  </cac:InvoiceLine>
</Invoice>
XML
}

# interchange GROUP SET SEGMENT...: an interchange of one set, its counts and widths made right.
interchange() {
  local group=$1 set=$2 day=${TODAY//-/} control; shift 2
  CONTROL=$((CONTROL + 1))
  control=$(printf '%09d' "$CONTROL")
  printf 'ISA*00*%-10s*00*%-10s*ZZ*%-15s*ZZ*%-15s*%s*0900*U*00401*%s*0*P*>~' '' '' WHITEWATER SSC "${day:2}" "$control"
  printf 'GS*%s*WHITEWATER*SSC*%s*0900*%d*X*004010~ST*%s*0001~' "$group" "$day" "$CONTROL" "$set"
  printf '%s~' "$@"
  printf 'SE*%d*0001~GE*1*%d~IEA*1*%s~' "$(($# + 2))" "$CONTROL" "$control"
}

answer_x12()   { interchange PR 855 "BAK*00*AK*$PO*${TODAY//-/}"; }
despatch_x12() {
  interchange SH 856 "BSN*00*$NUMBER*${TODAY//-/}*0900*0001" 'HL*1**S' "DTM*011*${TODAY//-/}" 'HL*2*1*O' "PRF*$PO" "N1*ST**92*$SITE" \
    'HL*3*2*I' "LIN*$LINE*VN*$ITEM" "SN1**$QUANTITY*${UNIT#X}" 'CTT*3'
}
invoice_x12()  {
  interchange IN 810 "BIG*${TODAY//-/}*$NUMBER**$PO" "N1*ST**92*$SITE" "IT1*$LINE*$QUANTITY*${UNIT#X}*$PRICE**VN*$ITEM" \
    "TDS*${GOODS/./}" 'CTT*1'
}

cxml() { # cxml REQUEST
  cat << XML
<cXML payloadID="$NUMBER@whitewater" timestamp="${TODAY}T09:00:00-06:00" version="1.2.060">
  <Header><From><Credential domain="NetworkID"><Identity>whitewater</Identity></Credential></From>
    <To><Credential domain="NetworkID"><Identity>SSC</Identity></Credential></To>
    <Sender><Credential domain="NetworkID"><Identity>whitewater</Identity></Credential><UserAgent>walkthrough</UserAgent></Sender></Header>
  <Request>$1</Request>
</cXML>
XML
}

cxml_order() { printf '<OrderReference orderID="%s"><DocumentReference payloadID="%s.1@SSC"/></OrderReference>' "$PO" "$PO"; }

answer_cxml()   {
  cxml "<ConfirmationRequest>
    <ConfirmationHeader confirmID=\"$NUMBER\" type=\"accept\" noticeDate=\"${TODAY}T09:00:00-06:00\"/>$(cxml_order)
  </ConfirmationRequest>"
}
despatch_cxml() {
  cxml "<ShipNoticeRequest>
    <ShipNoticeHeader shipmentID=\"$NUMBER\" noticeDate=\"${TODAY}T09:00:00-06:00\" shipmentDate=\"${TODAY}T07:00:00-06:00\"
        operation=\"new\">
      <Contact role=\"shipTo\" addressID=\"$SITE\"><Name xml:lang=\"en\">High school</Name></Contact></ShipNoticeHeader>
    <ShipNoticePortion>$(cxml_order)<ShipNoticeItem quantity=\"$QUANTITY\" lineNumber=\"$LINE\">
      <ItemID><SupplierPartID>$ITEM</SupplierPartID></ItemID><UnitOfMeasure>$UNIT</UnitOfMeasure></ShipNoticeItem></ShipNoticePortion>
  </ShipNoticeRequest>"
}
invoice_cxml()  {
  cxml "<InvoiceDetailRequest>
    <InvoiceDetailRequestHeader invoiceID=\"$NUMBER\" purpose=\"standard\" operation=\"new\" invoiceDate=\"${TODAY}T09:00:00-06:00\">
      <InvoiceDetailHeaderIndicator/><InvoiceDetailLineIndicator/>
      <InvoiceDetailShipping>
        <Contact role=\"shipTo\" addressID=\"$SITE\"><Name xml:lang=\"en\">High school</Name></Contact></InvoiceDetailShipping>
    </InvoiceDetailRequestHeader>
    <InvoiceDetailOrder><InvoiceDetailOrderInfo>$(cxml_order)</InvoiceDetailOrderInfo>
      <InvoiceDetailItem invoiceLineNumber=\"1\" quantity=\"$QUANTITY\">
        <UnitOfMeasure>$UNIT</UnitOfMeasure><UnitPrice><Money currency=\"USD\">$PRICE</Money></UnitPrice>
        <InvoiceDetailItemReference lineNumber=\"$LINE\"><ItemID><SupplierPartID>$ITEM</SupplierPartID></ItemID>
          <Description xml:lang=\"en\">Copy paper</Description></InvoiceDetailItemReference>
        <SubtotalAmount><Money currency=\"USD\">$GOODS</Money></SubtotalAmount>
      </InvoiceDetailItem></InvoiceDetailOrder>
    <InvoiceDetailSummary><SubtotalAmount><Money currency=\"USD\">$GOODS</Money></SubtotalAmount>
      <Tax><Money currency=\"USD\">0.00</Money><Description xml:lang=\"en\">exempt</Description></Tax>
      <NetAmount><Money currency=\"USD\">$GOODS</Money></NetAmount><DueAmount><Money currency=\"USD\">$GOODS</Money></DueAmount>
    </InvoiceDetailSummary>
  </InvoiceDetailRequest>"
}

answer_json()   { printf '{"format":"ssc-order-response/1","documentId":"%s","order":"%s","code":"AP"}' "$NUMBER" "$PO"; }
despatch_json() {
  printf '{"format":"ssc-despatch/1","documentId":"%s","order":"%s","site":"%s","despatchedOn":"%s",' "$NUMBER" "$PO" "$SITE" "$TODAY"
  printf '"lines":[{"line":%s,"item":"%s","quantity":%s,"unit":"%s"}]}' "$LINE" "$ITEM" "$QUANTITY" "$UNIT"
}
invoice_json()  {
  printf '{"format":"ssc-invoice/1","number":"%s","order":"%s","issuedOn":"%s","total":%s,' "$NUMBER" "$PO" "$TODAY" "$GOODS"
  printf '"lines":[{"line":%s,"site":"%s","item":"%s","quantity":%s,"unit":"%s","price":%s,"amount":%s}]}' \
    "$LINE" "$SITE" "$ITEM" "$QUANTITY" "$UNIT" "$PRICE" "$GOODS"
}

answer_csv()    { printf 'Response Number,Order Number,Response Code\r\n%s,%s,AP\r\n' "$NUMBER" "$PO"; }
despatch_csv()  {
  printf 'Shipment Number,Order Number,Site,Ship Date,Line,Item,Quantity,Unit\r\n%s,%s,%s,%s,%s,%s,%s,%s\r\n' \
    "$NUMBER" "$PO" "$SITE" "$TODAY" "$LINE" "$ITEM" "$QUANTITY" "$UNIT"
}
invoice_csv()   {
  printf 'Invoice Number,Order Number,Invoice Date,Line,Site,Item,Quantity,Unit,Unit Price,Amount\r\n%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\r\n' \
    "$NUMBER" "$PO" "$TODAY" "$LINE" "$SITE" "$ITEM" "$QUANTITY" "$UNIT" "$PRICE" "$GOODS"
}

payment() { printf '{"reference":"%s","amount":{"amount":"%s","currency":"USD"},"paidOn":"%s"}' "$1" "$2" "$TODAY"; }

#
# The story.
#

TODAY=$(TZ=America/Chicago date +%F)
CONTROL=$(($(date +%s) % 900000000))

ask "$BUYER" GET '/joint-orders?phase=open&contract=C-paper&limit=100'
must 200 "the list of open joint orders"
ORDER=$(grep -o '"id":"JO-[^"]*","title":"[^"]*walkthrough[^"]*"' "$PLACE/body" | head -n 1 | sed 's/^"id":"//; s/".*//')
[ -n "$ORDER" ] || fail "no joint order for a walkthrough is open any more; start a fresh demo (remove .data):"
say "Joint order $ORDER is open on the contract for copy paper."

ACCOUNT='{"scheme":"UFARS","segments":["01","005","203","000","401","000"]}'
ask "$BUYER" PUT "/joint-orders/$ORDER/commitments/$MEMBER" "{\"lines\":[{
  \"lineNo\":1,\"site\":\"$SITE\",\"quantity\":$WANTED,\"tolerance\":0,\"accounts\":[{\"account\":$ACCOUNT,\"basisPoints\":10000}]}]}"
must 200 "the commitment"
say "The buyer of $MEMBER commits to $WANTED cartons for $SITE."

ask "$APPROVER" POST "/joint-orders/$ORDER/commitments/$MEMBER/approval" '{"upTo":{"amount":"5000.00","currency":"USD"}}'
must 200 "the approval"
say "The approver of $MEMBER approves up to 5,000.00."

ask "$COORDINATOR" POST "/joint-orders/$ORDER/closing" '{"reason":"All members that take part have committed."}'
must 200 "closing the order"
say "The coordinator closes the order before its cutoff: all members that take part have committed."

await "$COORDINATOR" "/joint-orders/$ORDER" '"phase":"issued"' "issuing the purchase order"
SUPPLIER=$(field currentVendor)
PO=$(field purchaseOrder)
say "The service settles it, reserves budgets and issues purchase order $PO to $SUPPLIER."

ask "$BUYER" GET "/joint-orders/$ORDER/allocation"
must 200 "the allocation"
LINE=$(field lineNo); QUANTITY=$(field allocated); PRICE=$(amount price)
GOODS=$(grep -o '"allocated":.*' "$PLACE/body" | grep -o '"goods":{"amount":"[0-9.]*"' | head -n 1 | sed 's/.*"amount":"//; s/"$//')
[ -n "$QUANTITY" ] && [ -n "$PRICE" ] && [ -n "$GOODS" ] || fail "the allocation of $MEMBER cannot be read:"
say "$MEMBER gets $QUANTITY cartons at $PRICE, $GOODS in all."

ask "$VENDOR" GET "/purchase-orders/$ORDER:$SUPPLIER/documents/$FORMAT"
must 200 "the purchase order as $FORMAT"
grep -q "$PO" "$PLACE/body" || fail "the document does not name $PO:"
ITEM=PAPER-20LB; UNIT=XCT
grep -q "$ITEM" "$PLACE/body" || fail "the document does not name $ITEM:"
say "The vendor fetches the order in $FORMAT: $(wc -c < "$PLACE/body") bytes."

NUMBER=OR-$ORDER
hand_in "answer" "$("answer_$FORMAT")"
await "$COORDINATOR" "/joint-orders/$ORDER" '"phase":"confirmed"' "confirming the order"
say "The vendor accepts it ($FORMAT), and the order is confirmed."

DELIVERY=$ORDER:$SUPPLIER:$SITE
await "$BUYER" "/deliveries/$DELIVERY" '"standing"' "expecting the delivery"
NUMBER=DA-$ORDER
hand_in "despatch advice" "$("despatch_$FORMAT")"
await "$BUYER" "/deliveries/$DELIVERY" "$NUMBER" "announcing the delivery"
say "The vendor despatches the goods to $SITE ($FORMAT)."

ask "$BUYER" POST /receipts "{\"delivery\":\"$DELIVERY\",\"documentId\":\"PS-$ORDER\",\"receivedOn\":\"$TODAY\",
  \"lines\":[{\"orderLine\":$LINE,\"item\":\"$ITEM\",\"quantity\":$QUANTITY,\"unit\":\"$UNIT\"}]}"
must 201 "the receipt"
say "The buyer of $MEMBER counts $QUANTITY cartons and records the receipt."

NUMBER=INV-$ORDER
INVOICE=$SUPPLIER:$NUMBER
hand_in "invoice" "$("invoice_$FORMAT")"
await "$COORDINATOR" "/invoices/$INVOICE" '"standing":"\(payable\|excepted\)"' "matching the invoice"
[ "$(field standing)" = payable ] || fail "the match found exceptions:"
say "The vendor bills $GOODS ($FORMAT); order, receipt and invoice match."

ask "$COORDINATOR" POST "/invoices/$INVOICE/approvals" '{}'
must 200 "the cooperative's approval"
ask "$COORDINATOR" POST "/invoices/$INVOICE/payments" "$(payment "ACH-$ORDER" "$GOODS")"
must 200 "the cooperative's payment"
say "The cooperative approves the invoice and pays the vendor $GOODS."

ask "$APPROVER" GET "/invoices/$INVOICE/statements/$MEMBER"
must 200 "the statement of $MEMBER"
DUE=$(amount balance)
ask "$APPROVER" POST "/invoices/$INVOICE/approvals" '{}'
must 200 "the member's approval"
ask "$APPROVER" POST "/invoices/$INVOICE/payments" "$(payment "CHK-$ORDER" "$DUE")"
must 200 "the member's payment"
say "$MEMBER approves its statement and pays $DUE."

await "$COORDINATOR" "/invoices/$INVOICE" '"standing":"paid"' "settling the invoice"
say "Invoice $NUMBER is paid."
