using System.Text.Json;
using System.Text.Unicode;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Exchange.Json;

/// <summary>
/// Reads responses, despatch notes and invoices in JSON, one to a file, told apart by their member <c>format</c>:
/// <c>ssc-order-response/1</c>, <c>ssc-despatch/1</c>, <c>ssc-invoice/1</c>. Described on <c>src/docs/formats/json.md</c>. Every member
/// at fault is named by its path; members that are not in the description are refused.
/// </summary>
/// <param name="maxBytes">Most bytes of a document.</param>
public sealed class JsonDocumentReader(int maxBytes = 10 * 1024 * 1024) : IVendorDocumentReader
{
    private const int MaxFaults = 100;
    private const int MaxLines = 50_000;
    private const int MaxDepth = 8;

    /// <inheritdoc/>
    public string Format => "json";

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } = ["application/json"];

    /// <inheritdoc/>
    public DocumentReading Read(ReadOnlyMemory<byte> content, VendorId sender)
    {
        if (content.Length > maxBytes) return Refuse("document-too-large", $"Send at most {maxBytes} bytes.");
        if (!Utf8.IsValid(content.Span)) return Refuse("document-encoding", "This is not UTF-8; JSON is sent in UTF-8.");
        try
        {
            using var json = JsonDocument.Parse(content, new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? Read(json.RootElement, sender)
                : Refuse("document-malformed", "A document is one JSON object.", "$");
        }
        catch (JsonException e)
        {
            return Refuse(
                "document-malformed", "This is not sound JSON, or it names a member twice.",
                e.LineNumber is { } line ? FormattableString.Invariant($"line {line + 1}, byte {e.BytePositionInLine + 1}") : null);
        }
        catch (InvalidOperationException)
        {
            // An escape such as \ud800 passes the parser and is no text.
            return Refuse("document-malformed", "A text holds half of a surrogate pair.");
        }
    }

    private static DocumentReading Read(JsonElement root, VendorId sender)
    {
        var faults = new List<DocumentFault>();
        var fields = new JsonFields(root, "$", faults);
        VendorDocument? document = fields.RequiredText("format", 100) switch
        {
            "ssc-order-response/1" => Response(fields, sender),
            "ssc-despatch/1" => Despatch(fields, sender),
            "ssc-invoice/1" => Invoice(fields, sender),
            null => null,
            _ => Unknown(fields),
        };
        return document is not null && faults.Count == 0
            ? new DocumentReading.Read([document])
            : new DocumentReading.Refused([.. faults.Take(MaxFaults)]);
    }

    private static VendorDocument? Unknown(JsonFields fields)
    {
        fields.Wrong("format", "document-version", "Write ssc-order-response/1, ssc-despatch/1 or ssc-invoice/1.");
        return null;
    }

    private static VendorDocument.Response? Response(JsonFields fields, VendorId sender)
    {
        var (id, order) = (fields.RequiredText("documentId", 100), fields.RequiredText("order", 50));
        var code = fields.RequiredWord("code", VendorDocumentWords.Code, "Write AB, AP, CA or RE.");
        var revision = fields.Whole("revision");
        var note = fields.Text("note", 500);
        var lines = fields.Objects("lines", MaxLines).Select(Answer).ToList();
        fields.NothingElse();
        if (code == ResponseCode.CA && lines.Count == 0)
            fields.Wrong("lines", "response-lines-missing", "A conditional acceptance (CA) answers at least one line.");
        if (code is not null and not ResponseCode.CA && lines.Count > 0)
            fields.Wrong("lines", "response-lines-unexpected", "Only a conditional acceptance (CA) answers line by line.");
        if (lines.Select(l => l?.Line).Distinct().Count() != lines.Count)
            fields.Wrong("lines", "line-repeated", "Answer each line once.");
        return fields.IsSound
            ? new(order!, new(id!, sender, code!.Value, [.. lines.Select(l => l!)], note) { Revision = revision })
            : null;
    }

    private static LineAnswer? Answer(JsonFields line)
    {
        var number = line.RequiredWhole("line");
        var code = line.RequiredWord("answer", VendorDocumentWords.Answer, "Write accept, reject or propose.");
        var (quantity, price) = (line.Quantity("quantity"), line.Number<UnitPrice>("price", DocumentNumbers.ToPrice));
        var (day, item) = (line.Day("deliverOn"), line.Id("substitute"));
        var note = line.Text("note", 500);
        line.NothingElse();
        var isChange = quantity is not null || price is not null || day is not null || item is not null;
        if (line.IsSound && code == LineAnswerCode.Propose && !isChange)
            line.Wrong("answer", "proposal-empty", "Propose another quantity, price, day or item, or accept the line.");
        if (line.IsSound && code != LineAnswerCode.Propose && isChange)
            line.Wrong("answer", "answer-contradictory", "Only a proposal changes something; write propose.");
        return line.IsSound
            ? new(number!.Value, code!.Value, quantity, price, day, item is null ? null : new(item), note)
            : null;
    }

    private static VendorDocument.Despatch? Despatch(JsonFields fields, VendorId sender)
    {
        var (id, order) = (fields.RequiredText("documentId", 100), fields.RequiredText("order", 50));
        var (site, day, expected) = (fields.RequiredId("site"), fields.RequiredDay("despatchedOn"), fields.Day("expectedOn"));
        var (carrier, tracking) = (fields.Text("carrier", 100), fields.Text("tracking", 100));
        var lines = fields.Objects("lines", MaxLines).Select(Sent).ToList();
        fields.NothingElse();
        if (lines.Count == 0) fields.Wrong("lines", "lines-missing", "Say what was sent, at least one line.");
        return fields.IsSound
            ? new(new(id!, order!, sender, new(site!), day!.Value, [.. lines.Select(l => l!)])
            {
                ExpectedOn = expected, Carrier = carrier, Tracking = tracking,
            })
            : null;
    }

    private static DespatchLine? Sent(JsonFields line)
    {
        var (number, item) = (line.RequiredWhole("line"), line.RequiredId("item"));
        var (quantity, unit) = (line.RequiredQuantity("quantity"), line.RequiredUnit("unit"));
        var later = line.Quantity("backOrdered");
        var lot = line.Text("lot", 100);
        line.NothingElse();
        return line.IsSound
            ? new(number!.Value, new(item!), quantity!.Value, unit!) { BackOrdered = later, Lot = lot }
            : null;
    }

    private static VendorDocument.Invoice? Invoice(JsonFields fields, VendorId sender)
    {
        var (number, order) = (fields.RequiredText("number", 50), fields.RequiredText("order", 50));
        var kind = fields.Word("kind", VendorDocumentWords.Kind, "Write invoice or credit-note.") ?? InvoiceKind.Invoice;
        var (day, due) = (fields.RequiredDay("issuedOn"), fields.Day("dueOn"));
        var (member, credited) = (fields.Id("billTo"), fields.Text("credits", 50));
        var lines = fields.Objects("lines", MaxLines).Select((l, i) => Line(l, i + 1)).ToList();
        var charges = fields.Objects("charges", 100).Select(Charge).ToList();
        var total = fields.RequiredNumber<Money>("total", DocumentNumbers.ToMoney);
        fields.NothingElse();
        if (lines.Count == 0) fields.Wrong("lines", "lines-missing", "Bill at least one line.");
        if (total < Money.Zero) fields.Wrong("total", "amount-negative", "Amounts are positive; a credit note says so in kind.");
        if (fields.IsSound && lines.Select(l => l!.Id).Distinct(StringComparer.Ordinal).Count() != lines.Count)
            fields.Wrong("lines", "line-repeated", "Number each line differently.");
        return fields.IsSound
            ? new(new(number!, kind, sender, order!, day!.Value, [.. lines.Select(l => l!)], [.. charges.Select(c => c!)], total!.Value)
            {
                BillTo = member is null ? null : new(member), DueOn = due, Credits = credited,
            })
            : null;
    }

    private static InvoiceLine? Line(JsonFields line, int place)
    {
        var id = line.Text("id", 50) ?? FormattableString.Invariant($"{place}");
        var (orderLine, site, item) = (line.Whole("line"), line.Id("site"), line.Id("item"));
        var description = line.Text("description", 200);
        var (quantity, unit) = (line.RequiredQuantity("quantity"), line.RequiredUnit("unit"));
        var price = line.RequiredNumber<UnitPrice>("price", DocumentNumbers.ToPrice);
        var amount = line.RequiredNumber<Money>("amount", DocumentNumbers.ToMoney);
        line.NothingElse();
        if (amount < Money.Zero) line.Wrong("amount", "amount-negative", "Amounts are positive; take money off as a charge.");
        return line.IsSound
            ? new(id, orderLine, site is null ? null : new SiteId(site), item is null ? null : new ItemNo(item),
                description ?? item ?? $"Line {id}", quantity!.Value, unit!, price!.Value, amount!.Value)
            : null;
    }

    private static InvoiceCharge? Charge(JsonFields charge)
    {
        var kind = charge.RequiredWord(
            "kind", VendorDocumentWords.Charge, "Write freight, discount, fee, commodity-credit, tax or other.");
        var reason = charge.Text("reason", 200);
        var amount = charge.RequiredNumber<Money>("amount", DocumentNumbers.ToMoney);
        charge.NothingElse();
        if (kind is { } of && amount > Money.Zero && VendorDocumentWords.IsTakenOff(of))
            charge.Wrong("amount", "amount-positive", "What is taken off is negative.");
        return charge.IsSound ? new(kind!.Value, reason ?? kind.Value.ToString(), amount!.Value) : null;
    }

    private static DocumentReading.Refused Refuse(string code, string message, string? at = null) => new([new(code, message, at)]);
}
