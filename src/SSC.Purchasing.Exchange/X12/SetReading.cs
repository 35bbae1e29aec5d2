using System.Globalization;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;

namespace SSC.Purchasing.Exchange.X12;

/// <summary>Something wrong inside a transaction set, as a 997 reports it and as people read it.</summary>
/// <param name="Segment">The segment; of one that is missing, the segment after which it was due.</param>
/// <param name="SegmentCode">Data element 720, e.g. <c>3</c> missing, <c>8</c> has element errors.</param>
/// <param name="Element">Number of the element; null when it is the segment.</param>
/// <param name="ElementCode">Data element 723, e.g. <c>1</c> missing, <c>7</c> invalid code value.</param>
/// <param name="Fault">In words.</param>
internal sealed record SetFault(X12Segment Segment, string SegmentCode, int? Element, string? ElementCode, DocumentFault Fault)
{
    /// <summary>Id of the segment that is reported: the missing one rather than the one before it.</summary>
    public string Id { get; init; } = Segment.Id;

    /// <summary>False for what can be understood all the same: the set is accepted and the error noted.</summary>
    public bool Rejects { get; init; } = true;
}

/// <summary>Reads the elements of one transaction set, and collects what is wrong with them.</summary>
internal sealed class SetReading(X12Set set)
{
    private const int MaxFaults = 100;
    private readonly List<SetFault> faults = [];

    /// <summary>The set.</summary>
    public X12Set Set => set;

    /// <summary>What was found wrong so far, at most 100.</summary>
    public IReadOnlyList<SetFault> Faults => faults;

    /// <summary>True while nothing was found that rejects the set.</summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>The first segment of an id, or null.</summary>
    public X12Segment? Find(string id) => set.Segments.FirstOrDefault(s => Is(s, id));

    /// <summary>The second segment, which begins what the set says; its absence rejects.</summary>
    public X12Segment? Beginning(string id)
    {
        var first = set.Segments.Count > 1 ? set.Segments[1] : null;
        if (first is not null && Is(first, id)) return first;
        Missing(set.Segments[0], id, "segment-missing", $"The set begins with {id} right after ST.");
        return null;
    }

    /// <summary>A segment that should follow another is not there.</summary>
    public void Missing(X12Segment after, string id, string code, string reason) =>
        Collect(new(after, "3", null, null, new(code, reason, after.At())) { Id = id });

    /// <summary>A segment is wrong as a whole.</summary>
    public void Wrong(X12Segment segment, string segmentCode, string code, string reason) =>
        Collect(new(segment, segmentCode, null, null, new(code, reason, segment.At())));

    /// <summary>An element is wrong.</summary>
    public void Wrong(X12Segment segment, int element, string elementCode, string code, string reason) =>
        Collect(new(segment, "8", element, elementCode, new(code, reason, segment.At(element))));

    /// <summary>An element could be understood and is noted.</summary>
    public void Note(X12Segment segment, int element, string elementCode, string code, string reason) =>
        Collect(new(segment, "8", element, elementCode, new(code, reason, segment.At(element))) { Rejects = false });

    /// <summary>The text of an element without blanks at its end; null when it is empty or at fault.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="element">Its element.</param>
    /// <param name="standard">Most characters by the 4010 dictionary; a longer one is noted.</param>
    /// <param name="most">Most characters this service takes; a longer one rejects.</param>
    public string? Text(X12Segment segment, int element, int standard, int most)
    {
        var text = segment[element].TrimEnd(' ');
        if (text.Length == 0) return null;
        if (text.Length > most)
        {
            Wrong(segment, element, "5", "element-too-long", $"Shorten the element to {X12Text.Number(most)} characters.");
            return null;
        }

        if (!PlainText.IsWellFormed(text, most))
        {
            Wrong(segment, element, "6", "element-not-plain", "Remove control and invisible characters from the element.");
            return null;
        }

        if (text.Length > standard)
            Note(segment, element, "5", "element-too-long", $"X12 4010 takes {X12Text.Number(standard)} characters here.");
        return text;
    }

    /// <summary>As <see cref="Text"/>; an empty element rejects.</summary>
    public string? Required(X12Segment segment, int element, int standard, int most)
    {
        if (segment[element].TrimEnd(' ').Length > 0) return Text(segment, element, standard, most);
        Wrong(segment, element, "1", "element-missing", "Give this element.");
        return null;
    }

    /// <summary>An id of this service or of an item; null when empty or at fault.</summary>
    public string? Id(X12Segment segment, int element)
    {
        if (Text(segment, element, 80, 80) is not { } text) return null;
        if (Kernel.Id.IsWellFormed(text)) return text;
        Wrong(segment, element, "7", "id-malformed", "An id is 1 to 64 letters, digits, '.', '_' or '-'.");
        return null;
    }

    /// <summary>A date of type DT; null when empty or at fault.</summary>
    public DateOnly? Date(X12Segment segment, int element)
    {
        if (segment[element].Length == 0) return null;
        if (DateOnly.TryParseExact(segment[element], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 1990 and <= 2100)
        {
            return day;
        }

        Wrong(segment, element, "8", "date-invalid", "Write a date as CCYYMMDD.");
        return null;
    }

    /// <summary>A date that must be there.</summary>
    public DateOnly? RequiredDate(X12Segment segment, int element)
    {
        if (segment[element].Length > 0) return Date(segment, element);
        Wrong(segment, element, "1", "element-missing", "Give this date as CCYYMMDD.");
        return null;
    }

    /// <summary>A number of type R made into a quantity or the like; null when empty or at fault.</summary>
    public T? Number<T>(X12Segment segment, int element, NumberReader<T> make)
        where T : struct
    {
        if (segment[element].Length == 0) return null;
        var value = make(DocumentNumbers.Read(segment[element]), out var fault);
        if (fault is { } no) Wrong(segment, element, no.Code is "number-invalid" ? "6" : "7", no.Code, no.Reason);
        return value;
    }

    /// <summary>A quantity, above zero.</summary>
    public Quantity? Quantity(X12Segment segment, int element) =>
        Number(segment, element, static (decimal? n, out Refusal? no) => DocumentNumbers.ToQuantity(n, out no));

    /// <summary>A unit price.</summary>
    public UnitPrice? Price(X12Segment segment, int element) => Number<UnitPrice>(segment, element, DocumentNumbers.ToPrice);

    /// <summary>An amount of type N2: whole cents without a point.</summary>
    public Money? Cents(X12Segment segment, int element)
    {
        if (segment[element].Length == 0) return null;
        var number = segment[element].Contains('.', StringComparison.Ordinal) ? null : DocumentNumbers.Read(segment[element]) / 100;
        var value = DocumentNumbers.ToMoney(number, out var fault);
        if (fault is { } no)
        {
            Wrong(segment, element, "6", no.Code, no.Code is "number-invalid"
                ? "Write the amount in whole cents without a point (type N2)." : no.Reason);
        }

        return value;
    }

    /// <summary>The UN/ECE code of a unit; null when empty or at fault.</summary>
    public string? Unit(X12Segment segment, int element)
    {
        if (segment[element].Length == 0) return null;
        if (Units.FromX12(segment[element]) is { } unit) return unit.Code;
        Wrong(segment, element, "7", "unit-unknown", "Use a unit of data element 355 that this service orders in, e.g. CT or EA.");
        return null;
    }

    /// <summary>The number of an order line.</summary>
    public int? OrderLine(X12Segment segment, int element)
    {
        if (segment[element].Length is > 0 and <= 9
            && int.TryParse(segment[element], NumberStyles.None, CultureInfo.InvariantCulture, out var line) && line > 0)
        {
            return line;
        }

        Wrong(segment, element, segment[element].Length == 0 ? "1" : "7", "order-line-missing", "Give the line number of our PO1 segment.");
        return null;
    }

    /// <summary>The value after a qualifier among pairs of elements, with the element it stands in; 0 when there is none.</summary>
    public static int ElementAfter(X12Segment segment, int from, params string[] qualifiers)
    {
        foreach (var qualifier in qualifiers)
        {
            for (var i = from; i < segment.Elements.Count; i += 2)
            {
                if (string.Equals(segment[i], qualifier, StringComparison.Ordinal) && segment[i + 1].Length > 0) return i + 1;
            }
        }

        return 0;
    }

    /// <summary>The vendor's item in a segment's pairs of product ids.</summary>
    public ItemNo? Item(X12Segment segment, int from) =>
        ElementAfter(segment, from, "VN", "VC", "VP", "SK") is > 0 and var at && Id(segment, at) is { } id ? new ItemNo(id) : null;

    /// <summary>Judges CTT: the number of lines or loops, and the hash total of quantities where it is given.</summary>
    public void CheckTotals(int lines, decimal quantities)
    {
        if (Find("CTT") is not { } totals) return;
        if (DocumentNumbers.Read(totals[1]) != lines)
            Wrong(totals, 1, "7", "count-mismatch", $"CTT states another number of lines than the {X12Text.Number(lines)} that are there.");
        if (totals[2].Length > 0 && DocumentNumbers.Read(totals[2]) != quantities)
            Wrong(totals, 2, "7", "count-mismatch", $"The quantities sum to {X12Text.Number(quantities)}; CTT states another hash total.");
    }

    /// <summary>The words of a loop's MSG segments; words that do not fit or are not plain are left out, and that is noted.</summary>
    public string? Message(IEnumerable<X12Segment> loop, int most)
    {
        var messages = Of(loop, "MSG").ToList();
        var text = string.Join(' ', messages.Select(m => m[1].Trim()).Where(m => m.Length > 0));
        if (text.Length == 0) return null;
        if (PlainText.IsWellFormed(text, most)) return text;
        Note(messages[0], 1, "5", "note-left-out", $"The note is not plain or has more than {X12Text.Number(most)} characters.");
        return null;
    }

    /// <summary>Segments of an id in a loop.</summary>
    public static IEnumerable<X12Segment> Of(IEnumerable<X12Segment> loop, string id) => loop.Where(s => Is(s, id));

    /// <summary>The segments before the first loop of an id, and each of those loops.</summary>
    public (IReadOnlyList<X12Segment> Head, IReadOnlyList<IReadOnlyList<X12Segment>> Loops) Split(string id, params string[] summary)
    {
        var head = new List<X12Segment>();
        var loops = new List<IReadOnlyList<X12Segment>>();
        var current = head;
        foreach (var segment in set.Segments.Skip(1))
        {
            if (segment.Id is "SE" || summary.Contains(segment.Id, StringComparer.Ordinal)) break;
            if (Is(segment, id)) loops.Add(current = []);
            current.Add(segment);
        }

        return (head, loops);
    }

    private static bool Is(X12Segment segment, string id) => string.Equals(segment.Id, id, StringComparison.Ordinal);

    // An element may be asked for twice; what is wrong with it is said once.
    private void Collect(SetFault fault)
    {
        if (faults.Contains(fault)) return;
        IsSound &= !fault.Rejects;
        if (faults.Count < MaxFaults) faults.Add(fault);
    }
}
