using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Exchange.Documents;

/// <summary>Names one drop of an order line as documents do.</summary>
/// <param name="Site">Its site; null when the document counts the line's drops instead.</param>
/// <param name="Nth">1 for the first drop of the line (at the site, when one is named).</param>
public sealed record DropKey(SiteId? Site, int Nth);

/// <summary>One line of an order response as the vendor wrote it.</summary>
/// <param name="Answer">What it says of the line, or of the drop.</param>
/// <param name="Drop">The drop it is about; null when it is about the whole line.</param>
/// <param name="Unit">UN/ECE unit code that its quantity is in; null when it states none.</param>
public sealed record AnswerDetail(LineAnswer Answer, DropKey? Drop = null, string? Unit = null);

/// <summary>
/// Formats that have one order line per drop are answered drop by drop; the order is answered line by line. Reading combines what the
/// vendor said of a line's drops; with the order at hand the result is exact, since drops that it does not name stay as ordered.
/// </summary>
public static class AnswersByDrop
{
    private const int NoteLength = PlainText.NoteLength;

    /// <summary>
    /// The response against the order it answers. Faults: <c>order-line-unknown</c>, <c>order-drop-unknown</c>, <c>unit-differs</c>,
    /// <c>response-line-repeated</c>, <c>response-differs-by-drop</c>. A response without details is taken as it is.
    /// </summary>
    public static (VendorResponse? Answer, IReadOnlyList<DocumentFault> Faults) Against(VendorDocument.Response response,
        OrderDocument order)
    {
        var faults = new List<DocumentFault>();
        foreach (var detail in response.Details)
        {
            if (order.Find(detail.Answer.Line) is not { } line)
                faults.Add(new("order-line-unknown", "The order has no such line; quote the line as the order does.", At(detail)));
            else if (detail.Unit is { } unit && unit != line.Unit)
                faults.Add(new("unit-differs", $"The order counts this line in {line.Unit}; answer in the same unit.", At(detail)));
            else if (detail.Drop is not null && Find(line, detail.Drop) < 0)
                faults.Add(new("order-drop-unknown", "The order drops nothing there on this line; quote the line as the order does.",
                    At(detail)));
        }

        if (faults.Count > 0 || (response.Details.Count == 0 && !response.AcceptsTheRest))
            return (faults.Count > 0 ? null : response.Answer, faults);
        var lines = Combine(response.Details, (line, drop) => order.Find(line)!.Drops[Find(order.Find(line)!, drop)].Quantity,
            line => order.Find(line), faults).ConvertAll(a => AgainstLine(a, order.Find(a.Line)!));
        if (response.AcceptsTheRest)
            lines.AddRange(order.Lines.Where(l => !lines.Exists(a => a.Line == l.No))
                .Select(l => new LineAnswer(l.No, LineAnswerCode.Accept)));
        return faults.Count > 0 ? (null, faults) : (response.Answer with { Lines = [.. lines] }, faults);
    }

    /// <summary>A proposal without what it only repeats of the order; one that changes nothing is an acceptance.</summary>
    private static LineAnswer AgainstLine(LineAnswer answer, OrderLine line)
    {
        if (answer.Code != LineAnswerCode.Propose) return answer;
        var change = answer with
        {
            Quantity = answer.Quantity == line.Quantity ? null : answer.Quantity,
            Price = answer.Price == line.Price ? null : answer.Price,
            Substitute = answer.Substitute == line.Item ? null : answer.Substitute,
        };
        return change is { Quantity: null, Price: null, Substitute: null, DeliverOn: null }
            ? change with { Code = LineAnswerCode.Accept }
            : change;
    }

    /// <summary>
    /// The answers by line as far as they can be told without the order: drops that are not named count as not there, and a drop that
    /// is kept beside changed ones has to state its quantity (<c>response-quantity-missing</c>).
    /// </summary>
    internal static StructuralList<LineAnswer> Combine(IReadOnlyList<AnswerDetail> details, List<DocumentFault> faults) =>
        [.. Combine(details, (_, _) => null, _ => null, faults)];

    private static List<LineAnswer> Combine(
        IReadOnlyList<AnswerDetail> details, Func<int, DropKey, Quantity?> ordered, Func<int, OrderLine?> find, List<DocumentFault> faults)
    {
        var answers = new List<LineAnswer>();
        foreach (var line in details.GroupBy(d => d.Answer.Line))
        {
            var said = line.ToList();
            if (said.Select(d => d.Drop).Distinct().Count() < said.Count || (said.Count > 1 && said.Exists(d => d.Drop is null)))
                faults.Add(new("response-line-repeated", "Answer each line, or each drop of a line, once.", At(said[0])));
            else if (said[0].Drop is null)
                answers.Add(said[0].Answer);
            else if (ByDrop(said, d => ordered(line.Key, d.Drop!), find(line.Key), faults) is { } answer)
                answers.Add(answer);
        }

        return answers;
    }

    private static LineAnswer? ByDrop(
        List<AnswerDetail> said, Func<AnswerDetail, Quantity?> ordered, OrderLine? line, List<DocumentFault> faults)
    {
        var number = said[0].Answer.Line;
        var isWhole = line is null || said.Count == line.Drops.Count;
        if (said.TrueForAll(d => d.Answer.Code == LineAnswerCode.Accept)) return new(number, LineAnswerCode.Accept, Note: Notes(said));
        if (isWhole && said.TrueForAll(d => d.Answer.Code == LineAnswerCode.Reject))
            return new(number, LineAnswerCode.Reject, Note: Notes(said));

        var kept = said.Where(d => d.Answer.Code != LineAnswerCode.Reject).ToList();
        var prices = kept.Select(d => d.Answer.Price).Concat(isWhole ? [] : [null]).Distinct().ToList();
        var items = kept.Select(d => d.Answer.Substitute).Concat(isWhole ? [] : [null]).Distinct().ToList();
        if (prices.Count > 1 || items.Count > 1)
        {
            faults.Add(new("response-differs-by-drop", "A line has one price and one item: propose them for all of its drops.",
                At(said[0])));
            return null;
        }

        var change = new LineAnswer(
            number, LineAnswerCode.Propose, null, prices.SingleOrDefault(), kept.Max(d => d.Answer.DeliverOn), items.SingleOrDefault(),
            Notes(said));
        var isQuantityAsOrdered = kept.Count == said.Count && kept.TrueForAll(d => d.Answer.Quantity is null);
        if (isQuantityAsOrdered) return change;
        var quantities = kept.Select(d => d.Answer.Quantity ?? ordered(d)).ToList();
        if (quantities.Contains(null))
        {
            faults.Add(new("response-quantity-missing", "Where drops of a line are changed, state the quantity of each that is kept.",
                At(said[0])));
            return null;
        }

        var unnamed = line is null ? Quantity.Zero : line.Quantity - said.Select(d => ordered(d)!.Value).Sum();
        return change with { Quantity = quantities.Select(q => q!.Value).Sum() + unnamed };
    }

    private static int Find(OrderLine line, DropKey key)
    {
        var nth = 0;
        for (var i = 0; i < line.Drops.Count; i++)
        {
            if ((key.Site is null || line.Drops[i].Site == key.Site) && ++nth == key.Nth) return i;
        }

        return -1;
    }

    private static string? Notes(List<AnswerDetail> said)
    {
        var text = string.Join("; ", said.Select(d => d.Answer.Note).OfType<string>().Distinct(StringComparer.Ordinal));
        if (text.Length == 0) return null;
        if (text.Length <= NoteLength) return text;
        return text[..(char.IsHighSurrogate(text[NoteLength - 1]) ? NoteLength - 1 : NoteLength)];
    }

    private static string At(AnswerDetail detail) => detail.Drop is { } drop
        ? string.Create(CultureInfo.InvariantCulture, $"line {detail.Answer.Line}, drop {drop.Nth}{(drop.Site is { } s ? $" at {s}" : "")}")
        : string.Create(CultureInfo.InvariantCulture, $"line {detail.Answer.Line}");
}
