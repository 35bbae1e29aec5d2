using System.Globalization;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Exchange.X12;

/// <summary>
/// A purchase order as an ANSI X12 4010 interchange with one 850: a PO1 for each consolidated line, its destinations in SDQ (ten to a
/// segment, quantity by site id), and for each drop a ship-to loop with day, account and the member's own order number. The mapping is
/// on <c>src/docs/formats/x12.md</c>. What 4010 cannot say is refused by <see cref="WhyNot"/>: <c>x12-element-length</c>,
/// <c>x12-unit-unknown</c>, <c>x12-too-many-sites</c>, <c>x12-too-many-drops</c>, <c>x12-site-ambiguous</c>, <c>x12-control-number</c>.
/// </summary>
/// <param name="separators">Used unless a value contains one; <see cref="X12Separators.Usual"/> when null.</param>
/// <param name="isTest">Marks interchanges as tests (ISA15).</param>
public sealed class X12OrderWriter(X12Separators? separators = null, bool isTest = false) : IOrderWriter
{
    /// <summary>SDQ holds ten destinations.</summary>
    private const int SitesInSegment = 10;

    /// <summary>Header N1 loops of an 850, of which buyer and seller take two; N1 loops of a PO1.</summary>
    private const int MaxParties = 200;

    private const int NameLength = 60;
    private const int MessageLength = 264;
    private const int DescriptionLength = 80;
    private const int ReferenceLength = 30;
    private const int AddressLength = 55;

    /// <inheritdoc/>
    public string Format => "x12";

    /// <inheritdoc/>
    public bool IsNumbered => true;

    /// <inheritdoc/>
    public string MediaType => "application/edi-x12";

    /// <inheritdoc/>
    public string FileExtension => "edi";

    /// <inheritdoc/>
    public Refusal? WhyNot(OrderToWrite order)
    {
        var lines = order.Order.Lines;
        if (order.ControlNumber is < 1 or > X12Envelope.MaxControlNumber)
            return new("x12-control-number", "An interchange needs a control number of one to nine digits.");
        if (lines.FirstOrDefault(l => Units.Find(l.Unit)?.X12 is null) is { } line)
        {
            return new("x12-unit-unknown",
                string.Create(CultureInfo.InvariantCulture, $"Line {line.No}: unit {line.Unit} has no X12 code; use another format."));
        }

        var sites = order.Order.Places();
        if (sites.Select(s => s.Site).Distinct().Count() != sites.Count)
        {
            return new(
                "x12-site-ambiguous", "Two members call a site by the same id, and SDQ names sites by id alone; use another format.");
        }

        if (sites.Count > MaxParties - 2)
            return new("x12-too-many-sites", $"An 850 names at most {MaxParties - 2} sites; use another format.");
        return lines.FirstOrDefault(l => l.Drops.Count > MaxParties) is { } wide
            ? new("x12-too-many-drops",
                string.Create(CultureInfo.InvariantCulture, $"Line {wide.No}: an 850 has at most {MaxParties} drops to a line."))
            : X12Lengths.Check(Segments(order));
    }

    /// <inheritdoc/>
    public byte[] Write(OrderToWrite order)
    {
        if (WhyNot(order) is { } no) throw new ArgumentException(no.Reason, nameof(order));
        var envelope = new X12Envelope(
            X12Address.Of(order.Parties.Buyer), X12Address.Of(order.Parties.Seller), order.IssuedAt, order.ControlNumber, "PO", isTest);
        return envelope.Write([("850", Segments(order))], separators ?? X12Separators.Usual);
    }

    private static List<X12Segment> Segments(OrderToWrite order)
    {
        var document = order.Order;
        List<X12Segment> segments =
        [
            X12Segment.Of("BEG", order.Revision == 1 ? "00" : "05", "SA", document.Number, X12Text.Number(order.Revision),
                X12Text.Date(BusinessCalendar.LocalDate(order.IssuedAt))),
            X12Segment.Of("CUR", "BY", "USD"),
            Reference("CT", document.Contract.Value),
            Reference("ZZ", document.JointOrder.Value),
        ];
        if (document.Freight != Money.Zero) segments.Add(X12Segment.Of("SAC", "C", "D240", "", "", X12Text.Number(document.Freight.Cents)));
        segments.Add(X12Segment.Of("DTM", "063", X12Text.Date(document.RequiredBy)));
        segments.AddRange(Messages("ZZ", "TERMS", null, document.Terms));
        var sites = document.Places().Select(s => (s.Member, Party: order.Parties.Site(s.Member, s.Site))).ToList();
        foreach (var (_, site) in sites)
        {
            if (site.Instructions is { } instructions) segments.AddRange(Messages("L1", "DELIVERY", site.Id, instructions));
        }

        segments.AddRange(Party("BY", order.Parties.Buyer, null));
        segments.AddRange(Party("SE", order.Parties.Seller, null));
        foreach (var (member, site) in sites)
        {
            segments.AddRange(Party("ST", site, order.Parties.Member(member).Name));
            segments.Add(Reference("CR", member.Value));
        }

        foreach (var line in document.Lines.OrderBy(l => l.No)) segments.AddRange(Line(line));
        var hash = X12Text.Number(document.Lines.Select(l => l.Quantity).Sum().Units);
        segments.Add(X12Segment.Of(
            "CTT", X12Text.Number(document.Lines.Count), hash.Count(char.IsAsciiDigit) <= 10 ? hash : string.Empty));
        segments.Add(X12Segment.Of("AMT", "TT", X12Text.Number(document.Total.Dollars)));
        return segments;
    }

    private static IEnumerable<X12Segment> Line(OrderLine line)
    {
        var unit = Units.Find(line.Unit)!.X12!;
        yield return X12Segment.Of(
            "PO1", X12Text.Number(line.No), X12Text.Number(line.Quantity.Units), unit, X12Text.Number(line.Price.Dollars), "", "VN",
            line.Item.Value);
        foreach (var piece in X12Text.Pieces(line.Description, DescriptionLength))
            yield return X12Segment.Of("PID", "F", "", "", "", piece);
        if (line.CaseSize != Quantity.Of(1)) yield return X12Segment.Of("PO4", X12Text.Number(line.CaseSize.Units));
        if (line.Fees != Money.Zero) yield return X12Segment.Of("SAC", "C", "G740", "", "", X12Text.Number(line.Fees.Cents));
        if (line.Credits != Money.Zero)
            yield return X12Segment.Of("SAC", "A", "", "ZZ", "COMMODITY", X12Text.Number(line.Credits.Cents));
        var drops = line.Sorted();
        foreach (var ten in drops.Chunk(SitesInSegment))
        {
            yield return X12Segment.Of(
                "SDQ", [unit, "92", .. ten.SelectMany(d => new[] { d.Site.Value, X12Text.Number(d.Quantity.Units) })]);
        }

        foreach (var drop in drops)
        {
            yield return X12Segment.Of("N1", "ST", "", "92", drop.Site.Value);
            yield return X12Segment.Of("QTY", "01", X12Text.Number(drop.Quantity.Units), unit);
            yield return Reference("CR", drop.Member.Value);
            if (drop.MemberOrderNo is { } number) yield return Reference("CO", number);
            if (drop.Account is { } account)
            {
                foreach (var piece in X12Text.Pieces(account, DescriptionLength)) yield return Reference("11", piece);
            }

            yield return X12Segment.Of("DTM", "002", X12Text.Date(drop.RequestedOn));
        }

        yield return X12Segment.Of("AMT", "1", X12Text.Number(line.Amount.Dollars));
    }

    /// <summary>Name, address; the second name follows the first in N2.</summary>
    private static IEnumerable<X12Segment> Party(string role, TradingParty party, string? within)
    {
        var names = X12Text.Pieces(party.Name, NameLength).ToList();
        yield return X12Segment.Of("N1", role, names[0], "92", party.Id);
        var more = names.Skip(1).Concat(within is null ? [] : X12Text.Pieces(within, NameLength)).ToList();
        foreach (var two in more.Chunk(2)) yield return X12Segment.Of("N2", two);
        foreach (var two in party.Lines.SelectMany(l => X12Text.Pieces(l, AddressLength)).Chunk(2)) yield return X12Segment.Of("N3", two);
        if (party.City.Length > 0) yield return X12Segment.Of("N4", party.City, party.State, party.Zip, "US");
    }

    /// <summary>A reference; what is too long for an identification goes into the description beside it.</summary>
    private static X12Segment Reference(string qualifier, string value) => value.Length <= ReferenceLength
        ? X12Segment.Of("REF", qualifier, value)
        : X12Segment.Of("REF", qualifier, "", value);

    private static IEnumerable<X12Segment> Messages(string qualifier, string subject, string? about, string text) =>
    [
        X12Segment.Of("N9", qualifier, subject, about ?? string.Empty),
        .. X12Text.Pieces(text, MessageLength).Select(piece => X12Segment.Of("MSG", piece)),
    ];
}
