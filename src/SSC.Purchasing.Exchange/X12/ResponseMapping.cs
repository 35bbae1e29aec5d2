using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Exchange.X12;

/// <summary>
/// Reads an 855 into an order response. BAK02 says what the vendor answers, ACK what it answers to a line; a line on hold (IE, IF, IH,
/// IW) is no answer yet. The document's number is made of the control numbers, since an 855 has none of its own.
/// </summary>
internal static class ResponseMapping
{
    private const int NoteLength = 500;
    private static readonly string[] DeliveryDates = ["067", "069", "017", "002"];

    private enum Said
    {
        Accept,
        Reject,
        Change,
        Hold,
        Unknown,
    }

    /// <summary>The response; null when the set is rejected.</summary>
    public static VendorDocument? Read(SetReading reading, VendorId sender, string documentId)
    {
        if (reading.Beginning("BAK") is not { } bak) return null;
        if (bak[1] is not ("00" or "05" or "06"))
            reading.Wrong(bak, 1, "7", "purpose-unsupported", "Send an original (00), a replacement (05) or a confirmation (06).");
        reading.RequiredDate(bak, 4);
        var order = reading.Required(bak, 3, 22, 50);
        var revision = DocumentNumbers.Read(bak[5]) is { } number and >= 1 and <= 100_000 && number % 1 == 0 ? (int)number : (int?)null;
        var (head, loops) = reading.Split("PO1", "CTT", "AMT");
        var note = reading.Message(head, NoteLength);
        var answers = loops.Select(l => (Answer: Line(reading, l), Unit: reading.Unit(l[0], 3))).ToList();
        reading.CheckTotals(loops.Count, loops.Sum(l => DocumentNumbers.Read(l[0][2]) ?? 0));
        if (loops.Count == 0 && bak[2] is "AC" or "AE" or "RO" && reading.Find("PO1") is null)
            reading.Missing(bak, "PO1", "segment-missing", "This acknowledgment answers line by line; send PO1 and ACK segments.");
        if (Repeated(loops) is { } twice) reading.Wrong(twice, 1, "7", "line-repeated", "Answer each line once.");
        var details = answers.Where(a => a.Answer is not null).OrderBy(a => a.Answer!.Line)
            .Select(a => new AnswerDetail(a.Answer!, Unit: a.Unit)).ToList();
        var lines = details.ConvertAll(d => d.Answer);
        if (CodeOf(reading, bak, lines) is not { } code || !reading.IsSound) return null;
        var byLine = code == ResponseCode.CA;
        return new VendorDocument.Response(
            order!, new(documentId, sender, code, byLine ? [.. lines] : [], note) { Revision = revision })
        {
            Details = byLine ? [.. details] : [],
        };
    }

    private static ResponseCode? CodeOf(SetReading reading, X12Segment bak, List<LineAnswer> lines)
    {
        switch (bak[2])
        {
            case "AH":
                return ResponseCode.AB;
            case "AK" or "AT":
                return ResponseCode.AP;
            case "AD" when lines.TrueForAll(l => l.Code == LineAnswerCode.Accept):
                return ResponseCode.AP;
            case "RJ":
                return ResponseCode.RE;
            case "RD" when lines.TrueForAll(l => l.Code == LineAnswerCode.Reject):
                return ResponseCode.RE;
            case "AC" or "AE" or "RO":
                return lines.Count > 0 ? ResponseCode.CA : ResponseCode.AB;
            case "AD" or "RD":
                reading.Wrong(bak, 2, "7", "answer-contradictory", "The lines say otherwise than BAK02; send AC when lines differ.");
                return null;
            default:
                reading.Wrong(bak, 2, bak[2].Length == 0 ? "1" : "7", "code-unknown", "Send AC, AD, AE, AH, AK, AT, RD, RJ or RO.");
                return null;
        }
    }

    private static LineAnswer? Line(SetReading reading, IReadOnlyList<X12Segment> loop)
    {
        var po1 = loop[0];
        if (reading.OrderLine(po1, 1) is not { } line) return null;
        reading.Quantity(po1, 2);
        var unit = reading.Unit(po1, 3);
        var acks = SetReading.Of(loop, "ACK").ToList();
        if (acks.Count == 0)
        {
            reading.Missing(po1, "ACK", "segment-missing", "Answer the line with an ACK segment.");
            return null;
        }

        foreach (var ack in acks.Where(a => reading.Unit(a, 3) is { } other && unit is not null && other != unit))
            reading.Wrong(ack, 3, "7", "unit-differs", "Answer in the unit of the line.");
        return acks.Count == 1 ? One(reading, loop, line, acks[0]) : Several(reading, line, acks);
    }

    private static LineAnswer? One(SetReading reading, IReadOnlyList<X12Segment> loop, int line, X12Segment ack)
    {
        var note = reading.Message(loop, NoteLength);
        switch (SaidBy(ack[1]))
        {
            case Said.Accept:
                if (ack[2].Length > 0 && loop[0][2].Length > 0 && reading.Quantity(ack, 2) != reading.Quantity(loop[0], 2))
                    reading.Wrong(ack, 2, "7", "answer-contradictory", "Accepting another quantity than ordered is a change: send IQ.");
                return new(line, LineAnswerCode.Accept, Note: note);
            case Said.Reject:
                return new(line, LineAnswerCode.Reject, Note: note);
            case Said.Hold:
                return null;
            case Said.Change:
                return Change(reading, loop, line, ack) is { } change ? change with { Note = note } : null;
            default:
                reading.Wrong(
                    ack, 1, ack[1].Length == 0 ? "1" : "7", "code-unknown", "Send a line status such as IA, IQ, IP, IS, DR or IR.");
                return null;
        }
    }

    private static LineAnswer? Change(SetReading reading, IReadOnlyList<X12Segment> loop, int line, X12Segment ack)
    {
        var price = ack[1] is "IP" or "IC" or "IS" ? PriceOf(reading, loop) : null;
        var quantity = reading.Quantity(ack, 2);
        if (ack[1] is not ("IQ" or "BP") && quantity == reading.Quantity(loop[0], 2)) quantity = null;
        var deliver = DateOf(reading, loop, ack);
        var item = ack[1] is "IS" ? reading.Item(ack, 7) : null;
        if (quantity is not null || price is not null || deliver is not null || item is not null)
            return new(line, LineAnswerCode.Propose, quantity, price, deliver, item);
        if (reading.IsSound)
            reading.Wrong(ack, 1, "7", "proposal-empty", "A changed line states its quantity, price, delivery date or substitute.");
        return null;
    }

    /// <summary>Part accepted and the rest rejected is a proposal of the part; nothing else fits one answer to a line.</summary>
    private static LineAnswer? Several(SetReading reading, int line, List<X12Segment> acks)
    {
        var taken = acks.Where(a => SaidBy(a[1]) == Said.Accept || a[1] is "IQ").ToList();
        if (taken.Count != 1 || acks.Exists(a => a != taken[0] && SaidBy(a[1]) != Said.Reject))
        {
            reading.Wrong(acks[1], "5", "line-answer-split",
                "A line has one ACK, or one that accepts a part and others that reject the rest; announce back-orders in the 856.");
            return null;
        }

        if (reading.Quantity(taken[0], 2) is { } part) return new(line, LineAnswerCode.Propose, part);
        reading.Wrong(taken[0], 2, "1", "element-missing", "State the quantity that is accepted.");
        return null;
    }

    private static UnitPrice? PriceOf(SetReading reading, IReadOnlyList<X12Segment> loop) =>
        SetReading.Of(loop, "CTP").FirstOrDefault() is { } priced ? reading.Price(priced, 3) : reading.Price(loop[0], 4);

    private static DateOnly? DateOf(SetReading reading, IReadOnlyList<X12Segment> loop, X12Segment ack)
    {
        if (ack[5].Length > 0)
        {
            if (DeliveryDates.Contains(ack[4], StringComparer.Ordinal)) return reading.Date(ack, 5);
            if (ack[1] is "DR")
                reading.Wrong(ack, 4, "7", "date-qualifier-unsupported", "State the day of delivery: qualifier 067, 069, 017 or 002.");
            return null;
        }

        return SetReading.Of(loop, "DTM").FirstOrDefault(d => DeliveryDates.Contains(d[1], StringComparer.Ordinal)) is { } dtm
            ? reading.Date(dtm, 2)
            : null;
    }

    private static Said SaidBy(string status) => status switch
    {
        "IA" or "AC" or "AR" or "AA" => Said.Accept,
        "IR" or "ID" or "R1" or "R2" or "R3" or "R4" or "R5" or "R6" => Said.Reject,
        "IQ" or "IP" or "IC" or "IS" or "DR" or "IB" or "BP" => Said.Change,
        "IE" or "IF" or "IH" or "IW" or "SP" => Said.Hold,
        _ => Said.Unknown,
    };

    private static X12Segment? Repeated(IReadOnlyList<IReadOnlyList<X12Segment>> loops) => loops
        .Select(l => l[0]).GroupBy(p => p[1], StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Last();
}
