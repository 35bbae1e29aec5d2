using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Exchange.X12;

/// <summary>A partner as ISA and GS name it.</summary>
/// <param name="Qualifier">Kind of id (data element I05): <c>01</c> DUNS, <c>ZZ</c> mutually defined.</param>
/// <param name="Id">2 to 15 characters.</param>
public sealed record X12Address(string Qualifier, string Id)
{
    private const string Duns = "0060";
    private const int MaxLength = 15;
    private const int HashLength = 5;

    /// <summary>
    /// The address of a party: its endpoint <c>x12</c> (<c>qualifier:id</c>), else its DUNS number (ISO 6523 scheme 0060), else its id,
    /// mutually defined. An id beyond 15 characters becomes its first nine, a dash and five digits of its SHA-256; the whole id stands
    /// in the N1 segment.
    /// </summary>
    public static X12Address Of(TradingParty party)
    {
        if (party.Endpoints.TryGetValue("x12", out var agreed) && agreed.Split(':') is [{ Length: 2 } qualifier, { Length: >= 2 } id]
            && id.Length <= MaxLength)
        {
            return new(qualifier, id);
        }

        if (party.Endpoints.TryGetValue(Duns, out var duns) && duns.Length == 9) return new("01", duns);
        return new("ZZ", Shortened(party.Id));
    }

    private static string Shortened(string id) => id.Length <= MaxLength
        ? id.PadRight(2, '-')
        : $"{id[..(MaxLength - HashLength - 1)]}-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..HashLength]}";
}

/// <summary>Everything around the transaction sets of an interchange.</summary>
/// <param name="From">Who sends.</param>
/// <param name="To">Who receives.</param>
/// <param name="At">When it was made; written in the cooperative's local time.</param>
/// <param name="ControlNumber">1 to 999,999,999, never used twice between two partners.</param>
/// <param name="Group">Functional group, e.g. <c>PO</c>.</param>
/// <param name="IsTest">True for ISA15 <c>T</c>.</param>
public sealed record X12Envelope(X12Address From, X12Address To, DateTimeOffset At, long ControlNumber, string Group, bool IsTest = false)
{
    /// <summary>Largest control number of an interchange.</summary>
    public const long MaxControlNumber = 999_999_999;

    /// <summary>Writes an interchange of one group: counts and control numbers agree, and no value contains a separator.</summary>
    /// <param name="sets">Type of each transaction set, and its segments without ST and SE.</param>
    /// <param name="preferred">Separators that are used unless a value contains one.</param>
    public byte[] Write(IReadOnlyList<(string Type, IReadOnlyList<X12Segment> Segments)> sets, X12Separators preferred)
    {
        if (ControlNumber is < 1 or > MaxControlNumber)
            throw new ArgumentException("A control number has one to nine digits.", nameof(sets));
        var body = new List<X12Segment> { GroupHeader() };
        for (var i = 0; i < sets.Count; i++)
        {
            var number = (i + 1).ToString("0000", CultureInfo.InvariantCulture);
            body.Add(X12Segment.Of("ST", sets[i].Type, number));
            body.AddRange(sets[i].Segments);
            body.Add(X12Segment.Of("SE", X12Text.Number(sets[i].Segments.Count + 2), number));
        }

        body.Add(X12Segment.Of("GE", X12Text.Number(sets.Count), X12Text.Number(ControlNumber)));
        body.Add(X12Segment.Of("IEA", "1", X12Text.Control(ControlNumber)));
        var separators = preferred.ClearOf(body.SelectMany(s => s.Elements).Append(From.Id).Append(To.Id));
        var text = new StringBuilder();
        Header(separators).AppendTo(text, separators);
        foreach (var segment in body) segment.AppendTo(text, separators);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private DateTime Local => BusinessCalendar.Local(At);

    // Fixed widths: a reader finds the separators by counting.
    private X12Segment Header(X12Separators separators) => X12Segment.Of(
        "ISA", "00", new(' ', 10), "00", new(' ', 10), From.Qualifier, From.Id.PadRight(15), To.Qualifier, To.Id.PadRight(15),
        Local.ToString("yyMMdd", CultureInfo.InvariantCulture), Local.ToString("HHmm", CultureInfo.InvariantCulture), "U", "00401",
        X12Text.Control(ControlNumber), "0", IsTest ? "T" : "P", separators.Component.ToString());

    private X12Segment GroupHeader() => X12Segment.Of(
        "GS", Group, From.Id, To.Id, Local.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
        Local.ToString("HHmm", CultureInfo.InvariantCulture), X12Text.Number(ControlNumber), "X", "004010");
}
