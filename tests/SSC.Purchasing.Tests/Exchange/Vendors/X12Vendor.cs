using System.Globalization;
using System.Text;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Tests.Exchange.Vendors;

/// <summary>A vendor that sends 855, 856 and 810 in ANSI X12 4010, each in an interchange of its own with counts and hash totals.</summary>
internal sealed class X12Vendor(OrderDocument order) : VendorSystem("x12", "application/edi-x12")
{
    private const string Ordered = "20260803";

    public override byte[] Write(VendorDocument document) => document switch
    {
        VendorDocument.Response r => Interchange("PR", "855", Control(r), Confirmation(r)),
        VendorDocument.Despatch d => Interchange("SH", "856", Control(d), Notice(d.Note)),
        VendorDocument.Invoice i => Interchange("IN", "810", Control(i), Bill(i.Document)),
        _ => throw new ArgumentOutOfRangeException(nameof(document)),
    };

    /// <summary>
    /// An 855 has no number of its own, and every line states its unit; what stands beside another price or item is the ordered quantity
    /// unless it differs. An 810 has no amounts of lines.
    /// </summary>
    public override VendorDocument Meant(VendorDocument document) => document switch
    {
        VendorDocument.Response r => r with
        {
            Answer = r.Answer with { DocumentId = $"855-{Control(r)}-1-0001", Lines = [.. r.Answer.Lines.Select(Meant)] },
            DocumentId = $"855-{Control(r)}-1-0001",
            Details = [.. r.Answer.Lines.Select(l => new AnswerDetail(Meant(l), Unit: UnitOf(r, l)))],
        },
        VendorDocument.Invoice i => i with { Document = Extended(i.Document) },
        _ => document,
    };

    private LineAnswer Meant(LineAnswer answer) =>
        (answer.Price is not null || answer.Substitute is not null) && answer.Quantity == order.Find(answer.Line)!.Quantity
            ? answer with { Quantity = null }
            : answer;

    private static InvoiceDocument Extended(InvoiceDocument invoice)
    {
        var error = invoice.Total - invoice.Sum();
        var extended = invoice with { Lines = [.. invoice.Lines.Select(l => l with { Amount = l.Price.Extend(l.Quantity) })] };
        return extended with { Total = extended.Sum() + error };
    }

    private List<string> Confirmation(VendorDocument.Response response)
    {
        var answer = response.Answer;
        var code = answer.Code switch
        {
            ResponseCode.AB => "AH", ResponseCode.AP => "AK", ResponseCode.RE => "RJ", _ => "AC",
        };
        List<string> set = [Segment("BAK", "00", code, response.OrderNumber, "20260804", Number(answer.Revision))];
        if (answer.Note is not null) set.AddRange([Segment("N9", "ZZ", "NOTE"), Segment("MSG", answer.Note)]);
        foreach (var said in answer.Lines) set.AddRange(Answered(said, order.Find(said.Line)!, UnitOf(response, said)));
        if (answer.Lines.Count > 0)
        {
            set.Add(Segment("CTT", Number(answer.Lines.Count),
                Number(answer.Lines.Sum(l => order.Find(l.Line)!.Quantity.Units))));
        }

        return set;
    }

    private string UnitOf(VendorDocument.Response response, LineAnswer said) =>
        response.Details.FirstOrDefault(d => d.Answer.Line == said.Line)?.Unit ?? order.Find(said.Line)!.Unit;

    private static IEnumerable<string> Answered(LineAnswer said, OrderLine line, string stated)
    {
        var unit = Unit(stated);
        var price = said.Substitute is null ? Number(line.Price.Dollars) : null;
        yield return Segment("PO1", Number(said.Line), Number(line.Quantity.Units), unit, price, null, "VN", line.Item.Value);
        var status = said.Code switch
        {
            LineAnswerCode.Accept => "IA",
            LineAnswerCode.Reject => "IR",
            _ => said.Substitute is not null ? "IS" : said.Price is not null ? "IP" : said.Quantity is not null ? "IQ" : "DR",
        };
        yield return Segment(
            "ACK", status, Number((said.Quantity ?? line.Quantity).Units), unit, said.DeliverOn is null ? null : "067",
            said.DeliverOn is { } day ? Date(day) : null, null, said.Substitute is null ? null : "VN", said.Substitute?.Value);
        if (said.Price is { } each) yield return Segment("CTP", null, "CON", Number(each.Dollars));
        if (said.Note is not null) yield return Segment("MSG", said.Note);
    }

    private static List<string> Notice(DespatchNote note)
    {
        List<string> set =
        [
            Segment("BSN", "00", note.DocumentId, Date(note.DespatchedOn), "1015", "0001"), Segment("HL", "1", null, "S"),
        ];
        if (note.Carrier is not null) set.Add(Segment("TD5", null, "2", "RVFT", null, note.Carrier));
        if (note.Tracking is not null) set.Add(Segment("REF", "CN", note.Tracking));
        set.Add(Segment("DTM", "011", Date(note.DespatchedOn)));
        if (note.ExpectedOn is { } day) set.Add(Segment("DTM", "017", Date(day)));
        set.AddRange(
            [Segment("HL", "2", "1", "O"), Segment("PRF", note.OrderNumber), Segment("N1", "ST", null, "92", note.Site.Value)]);
        foreach (var (line, i) in note.Lines.Select((l, i) => (l, i)))
        {
            var unit = Unit(line.Unit);
            var whole = line.BackOrdered is { } rest ? Number((line.Quantity + rest).Units) : null;
            set.AddRange(
            [
                Segment("HL", Number(i + 3), "2", "I"),
                Segment("LIN", Number(line.OrderLine), "VN", line.Item.Value, line.Lot is null ? null : "LT", line.Lot),
                Segment("SN1", null, Number(line.Quantity.Units), unit, null, whole, whole is null ? null : unit, null,
                    whole is null ? null : "BP"),
            ]);
        }

        set.Add(Segment("CTT", Number(note.Lines.Count + 2), Number(note.Lines.Sum(l => l.Quantity.Units))));
        return set;
    }

    private static List<string> Bill(InvoiceDocument stated)
    {
        var invoice = Extended(stated);
        List<string> set =
        [
            Segment("BIG", Date(invoice.IssuedOn), invoice.Number, Ordered, invoice.OrderNumber, null, null,
                invoice.Kind == InvoiceKind.CreditNote ? "CR" : "DI", "00", null, invoice.Credits),
        ];
        if (invoice.BillTo is { } member) set.Add(Segment("N1", "BT", null, "92", member.Value));
        if (invoice.DueOn is { } due) set.Add(Segment("ITD", "01", "3", null, null, null, Date(due)));
        foreach (var line in invoice.Lines)
        {
            set.AddRange(
            [
                Segment("IT1", line.Id, Number(line.Quantity.Units), Unit(line.Unit), Number(line.Price.Dollars), null, "VN",
                    line.Item?.Value, "PL", Number(line.OrderLine)),
                Segment("PID", "F", null, null, null, line.Description),
            ]);
            if (line.Site is { } site) set.Add(Segment("N1", "ST", null, "92", site.Value));
        }

        set.Add(Segment("TDS", Number(invoice.Total.Cents)));
        set.AddRange(invoice.Charges.Where(c => c.Kind != ChargeKind.Tax).Select(Charge));
        set.AddRange(invoice.Charges.Where(c => c.Kind == ChargeKind.Tax).Select(t => Segment("TXI", "ST", Number(t.Amount.Dollars))));
        set.Add(Segment("CTT", Number(invoice.Lines.Count), Number(invoice.Lines.Sum(l => l.Quantity.Units))));
        return set;
    }

    private static string Charge(InvoiceCharge charge)
    {
        var elements = new string?[15];
        (elements[0], elements[1]) = charge.Amount < Money.Zero ? ("A", "C310") : ("C", charge.Kind switch
        {
            ChargeKind.Freight => "D240", ChargeKind.Fee => "G740", _ => "ZZZZ",
        });
        elements[4] = Number(Math.Abs(charge.Amount.Cents));
        elements[14] = charge.Reason;
        return Segment("SAC", elements);
    }

    /// <summary>Each document goes out in an interchange of its own number, which is that of the document.</summary>
    private static string Control(VendorDocument document) => "9" + string.Concat(document.DocumentId.Where(char.IsAsciiDigit));

    private static byte[] Interchange(string group, string type, string number, List<string> set)
    {
        var control = number.PadLeft(9, '0');
        return Encoding.UTF8.GetBytes(
            $"ISA*00*          *00*          *ZZ*WHITEWATER     *ZZ*SSC            *260804*0915*U*00401*{control}*0*P*>~"
            + $"GS*{group}*WHITEWATER*SSC*20260804*0915*1*X*004010~ST*{type}*0001~{string.Concat(set)}"
            + string.Create(CultureInfo.InvariantCulture, $"SE*{set.Count + 2}*0001~GE*1*1~IEA*1*{control}~"));
    }

    private static string Segment(string id, params string?[] elements) =>
        string.Join('*', [id, .. elements[..(Array.FindLastIndex(elements, e => !string.IsNullOrEmpty(e)) + 1)]]) + "~";

    private static string Unit(string code) => Units.Find(code)!.X12!;

    private static string Date(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string? Number(decimal? number) => number?.ToString("0.######", CultureInfo.InvariantCulture);
}
