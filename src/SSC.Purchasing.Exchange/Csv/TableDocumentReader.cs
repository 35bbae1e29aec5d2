using System.Globalization;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Exchange.Csv;

/// <summary>
/// Reads responses, despatch notes and invoices from CSV or XLSX: what a table is, its header says; rows of the same document number are
/// one document, and a file may hold several. All or nothing: every bad row is named. Columns: <c>src/docs/formats/csv.md</c>.
/// </summary>
/// <param name="format"><c>csv</c> or <c>xlsx</c>; the content tells which it is, whatever the name.</param>
/// <param name="limits">How much is read; <see cref="TableLimits.Default"/> when null.</param>
public sealed class TableDocumentReader(string format = "csv", TableLimits? limits = null) : IVendorDocumentReader
{
    private const int MaxFaults = 100;

    /// <inheritdoc/>
    public string Format => format;

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } = format is "xlsx" ? [XlsxOrderWriter.Workbook] : ["text/csv"];

    /// <inheritdoc/>
    public DocumentReading Read(ReadOnlyMemory<byte> content, VendorId sender)
    {
        var outcome = TableReader.Read(
            content, header => DocumentColumns.KindOf(DocumentColumns.Aliases.Match(header)) is not null, limits);
        if (outcome is TableOutcome.Refused no) return Refuse(DocumentCode(no.Refusal.Code), no.Refusal.Reason);
        var table = ((TableOutcome.Read)outcome).Table;
        var columns = DocumentColumns.Aliases.Match(table.Header.Texts);
        if (columns.Repeated.Count > 0)
        {
            return Refuse(
                "column-repeated", $"The header names '{columns.NameOf(columns.Repeated[0])}' twice; keep the column that counts.");
        }

        if (table.Rows.Count == 0) return Refuse("document-empty", "No row stands below the header.");
        var kind = DocumentColumns.KindOf(columns)!.Value;
        var faults = new List<RowFault>();
        var documents = Documents(table, columns, kind, sender, faults).ToList();
        return faults.Count == 0
            ? new DocumentReading.Read(documents)
            : new DocumentReading.Refused([.. faults.Take(MaxFaults).Select(Fault)]);
    }

    private static IEnumerable<VendorDocument> Documents(
        Table table, ColumnMap<DocumentColumn> columns, DocumentColumn kind, VendorId sender, List<RowFault> faults)
    {
        var rows = table.Rows.Select(r => new DocumentRow(r, columns, faults)).ToList();
        var numbered = rows.Select(r => (Row: r, Number: r.RequiredText(kind, kind == DocumentColumn.Invoice ? 50 : 100))).ToList();
        foreach (var document in numbered.Where(r => r.Number is not null).GroupBy(r => r.Number!, r => r.Row, StringComparer.Ordinal))
        {
            var group = new RowGroup([.. document]);
            VendorDocument? read = kind switch
            {
                DocumentColumn.Response => Response(document.Key, group, sender),
                DocumentColumn.Despatch => Despatch(document.Key, group, sender),
                _ => InvoiceRows.Read(document.Key, group, sender),
            };
            if (read is not null) yield return read;
        }
    }

    private static VendorDocument.Response? Response(string number, RowGroup rows, VendorId sender)
    {
        var order = rows.Same(DocumentColumn.Order, r => r.RequiredText(DocumentColumn.Order, 50));
        var stated = rows.Same(DocumentColumn.Code, r => r.Word(DocumentColumn.Code, VendorDocumentWords.Code, "Write AB, AP, CA or RE."));
        var revision = rows.Same(DocumentColumn.Revision, r => r.Whole(DocumentColumn.Revision));
        var answers = rows.Rows.Where(r => r.Says(DocumentColumn.Line) || r.Says(DocumentColumn.Answer))
            .Select(r => (Row: r, Answer: Answer(r))).ToList();
        foreach (var (row, _) in answers.GroupBy(a => a.Answer?.Answer.Line).Where(g => g.Key is not null).SelectMany(g => g.Skip(1)))
            row.Fault(DocumentColumn.Line, "line-repeated", "Answer each line once.");
        var code = stated ?? ResponseCode.CA;
        if (code == ResponseCode.CA && answers.Count == 0)
            rows.First.Fault(DocumentColumn.Answer, "response-lines-missing", "Answer at least one line, or say AP, AB or RE as a whole.");
        if (code != ResponseCode.CA && answers.Count > 0)
        {
            answers[0].Row.Fault(
                DocumentColumn.Answer, "response-lines-unexpected", "Only a conditional acceptance (CA) answers line by line.");
        }

        if (!rows.AreSound) return null;
        var details = answers.Select(a => a.Answer!).OrderBy(d => d.Answer.Line).ToList();
        return new(order!, new(number, sender, code, [.. details.Select(d => d.Answer)]) { Revision = revision })
        {
            Details = details.Exists(d => d.Unit is not null) ? [.. details] : [],
        };
    }

    private static AnswerDetail? Answer(DocumentRow row)
    {
        var line = row.Required(DocumentColumn.Line) ? row.Whole(DocumentColumn.Line) : null;
        var code = row.Required(DocumentColumn.Answer)
            ? row.Word(DocumentColumn.Answer, VendorDocumentWords.Answer, "Write accept, reject or propose.")
            : null;
        var note = row.Text(DocumentColumn.Note, 500);
        if (code != LineAnswerCode.Propose)
            return row.IsSound ? new(new(line!.Value, code!.Value, Note: note)) : null;

        // Columns of our order table may still stand beside an acceptance; a proposal says what is in them.
        var (quantity, price) = (row.Quantity(DocumentColumn.Quantity), row.Price(DocumentColumn.Price));
        var (day, item) = (row.Day(DocumentColumn.DeliverOn), row.Id(DocumentColumn.Substitute));
        var unit = quantity is null ? null : row.Unit(DocumentColumn.Unit);
        if (row.IsSound && quantity is null && price is null && day is null && item is null)
            row.Fault(DocumentColumn.Answer, "proposal-empty", "Propose another quantity, price, day or item, or accept the line.");
        return row.IsSound
            ? new(new(line!.Value, code!.Value, quantity, price, day, item is null ? null : new ItemNo(item), note), Unit: unit)
            : null;
    }

    private static VendorDocument.Despatch? Despatch(string number, RowGroup rows, VendorId sender)
    {
        var order = rows.Same(DocumentColumn.Order, r => r.RequiredText(DocumentColumn.Order, 50));
        var site = rows.Same(DocumentColumn.Site, r => r.RequiredId(DocumentColumn.Site));
        var day = rows.Same(DocumentColumn.DespatchedOn, r => r.RequiredDay(DocumentColumn.DespatchedOn));
        var expected = rows.Same(DocumentColumn.ExpectedOn, r => r.Day(DocumentColumn.ExpectedOn));
        var carrier = rows.Same(DocumentColumn.Carrier, r => r.Text(DocumentColumn.Carrier, 100));
        var tracking = rows.Same(DocumentColumn.Tracking, r => r.Text(DocumentColumn.Tracking, 100));
        var lines = rows.Rows.Select(Sent).ToList();
        return rows.AreSound
            ? new(new(number, order!, sender, new(site!), day!.Value, [.. lines.Select(l => l!)])
            {
                ExpectedOn = expected, Carrier = carrier, Tracking = tracking,
            })
            : null;
    }

    private static DespatchLine? Sent(DocumentRow row)
    {
        var line = row.Required(DocumentColumn.Line) ? row.Whole(DocumentColumn.Line) : null;
        var item = row.RequiredId(DocumentColumn.Item);
        var quantity = row.Required(DocumentColumn.Quantity) ? row.Quantity(DocumentColumn.Quantity) : null;
        var unit = row.Required(DocumentColumn.Unit) ? row.Unit(DocumentColumn.Unit) : null;
        var (later, lot) = (row.Quantity(DocumentColumn.BackOrdered), row.Text(DocumentColumn.Lot, 100));
        return row.IsSound
            ? new(line!.Value, new(item!), quantity!.Value, unit!) { BackOrdered = later, Lot = lot }
            : null;
    }

    private static DocumentFault Fault(RowFault fault) => new(fault.Code, fault.Reason, fault.Column is null
        ? string.Create(CultureInfo.InvariantCulture, $"row {fault.Row}")
        : string.Create(CultureInfo.InvariantCulture, $"row {fault.Row}, {fault.Column}"));

    /// <summary>Codes that every format shares keep their names.</summary>
    private static string DocumentCode(string code) => code switch
    {
        "file-too-large" => "document-too-large",
        "file-encoding" => "document-encoding",
        "file-malformed" or "file-format" => "document-malformed",
        "file-empty" => "document-empty",
        _ => code,
    };

    private static DocumentReading.Refused Refuse(string code, string message) => new([new(code, message)]);
}

/// <summary>Rows of one document.</summary>
internal sealed class RowGroup(IReadOnlyList<DocumentRow> rows)
{
    /// <summary>The rows.</summary>
    public IReadOnlyList<DocumentRow> Rows => rows;

    /// <summary>The first of them.</summary>
    public DocumentRow First => rows[0];

    /// <summary>True while nothing is wrong with any.</summary>
    public bool AreSound => rows.All(r => r.IsSound);

    /// <summary>What every row says of the whole document; <c>rows-disagree</c> where one says otherwise than the first.</summary>
    public T? Same<T>(DocumentColumn column, Func<DocumentRow, T?> read)
    {
        var first = read(First);
        foreach (var row in rows.Skip(1))
        {
            var value = read(row);
            if (row.IsSound && !EqualityComparer<T?>.Default.Equals(value, first))
                row.Fault(column, "rows-disagree", "Rows of one document say the same here.");
        }

        return first;
    }
}
