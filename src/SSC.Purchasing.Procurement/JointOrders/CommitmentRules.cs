using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>What makes a commitment acceptable; pure.</summary>
public static class CommitmentRules
{
    /// <summary>Longest purchase order number of a member, characters; it is printed on the drop.</summary>
    public const int MaxReference = 50;

    /// <summary>Most line × site entries of one commitment.</summary>
    public const int MaxLines = 2_000;

    /// <summary>
    /// Null when acceptable. Codes: those of <see cref="CheckOpen"/>, the member's own eligibility refusal, <c>nothing-committed</c>,
    /// <c>too-many-lines</c>, <c>unknown-line</c>, <c>duplicate-line</c>, <c>unknown-site</c>, <c>quantity-negative</c>,
    /// <c>quantity-too-large</c>, <c>quantity-not-whole</c>, <c>quantity-off-increment</c>, <c>tolerance-not-allowed</c>,
    /// <c>below-minimum-drop</c>, <c>max-price-not-positive</c>, <c>account-missing</c>, <c>account-splits-not-whole</c>,
    /// <c>account-invalid</c>, <c>reference-invalid</c>.
    /// </summary>
    public static Refusal? Check(Commitment.Command.Commit c)
    {
        if (CheckOpen(c.Order, c.Now) is { } closed) return closed;
        if (c.Member.NotEligible is { } not) return not;
        if (c.Lines.Count > MaxLines) return new("too-many-lines", $"Commit to at most {MaxLines} line and site entries.");
        var seen = new HashSet<(int, SiteId)>();
        foreach (var line in c.Lines)
        {
            if (!seen.Add((line.LineNo, line.Site)))
                return new("duplicate-line", $"Line {line.LineNo} is given twice for site {line.Site}; add the quantities together.");
            if (c.Order.Lines.FirstOrDefault(l => l.LineNo == line.LineNo) is not { } ordered)
                return new("unknown-line", $"The order has no line {line.LineNo}; look at its lines.");
            if (!c.Member.Sites.Contains(line.Site))
                return new("unknown-site", $"{line.Site} is not an open site of {c.Member.Member}; add the site or choose another.");
            if (CheckQuantities(line, ordered) is { } refusal) return refusal;
            if (line.MaxPrice is { Micros: <= 0 })
                return new("max-price-not-positive", "Leave the maximum price out, or make it positive.");
            if (CheckBooking(line) is { } misbooked) return misbooked;
        }

        return c.Lines.Any(l => l.Quantity > Quantity.Zero)
            ? null
            : new("nothing-committed", "Commit to at least one unit, or withdraw the commitment.");
    }

    /// <summary>
    /// Null while commitments are taken. Codes <c>order-not-open</c>, <c>order-held</c>, <c>box-fill-only</c>, <c>order-closed</c>.
    /// </summary>
    public static Refusal? CheckOpen(OrderStanding order, DateTimeOffset now) => order.Phase switch
    {
        OrderPhase.Open when now < order.Cutoff => null,
        OrderPhase.Absent or OrderPhase.Planned => new("order-not-open", "The order is not open yet; wait for its opening."),
        OrderPhase.Held => new(
            "order-held", "The contract is suspended or expired; the coordinator will resume, move or cancel the order."),
        OrderPhase.BoxFill => new("box-fill-only", "The cutoff is over; only claims that fill a case are taken now."),
        _ => Closed,
    };

    /// <summary>The refusal after the cutoff.</summary>
    public static Refusal Closed { get; } =
        new("order-closed", "The cutoff is over and nothing can be changed; look for the next order on this contract.");

    /// <summary>What moved per line, over all sites.</summary>
    public static StructuralList<LineChange> Changes(StructuralList<CommitmentLine> before, StructuralList<CommitmentLine> after) =>
        before.Concat(after).Select(l => l.LineNo).Distinct().Order()
            .Select(no => new LineChange(
                no, Total(before, no, l => l.Quantity), Total(after, no, l => l.Quantity),
                Total(before, no, l => l.Tolerance), Total(after, no, l => l.Tolerance)))
            .Where(c => c.From != c.To || c.ToleranceFrom != c.ToleranceTo)
            .ToStructuralList();

    /// <summary>What the member says yes to: quantity × its maximum price, or the highest scheduled one.</summary>
    public static Money Amount(StructuralList<CommitmentLine> lines, OrderStanding order) => lines.Select(line =>
    {
        var item = order.Lines.First(l => l.LineNo == line.LineNo).Item;
        var highest = item.Tiers.Max(t => t.Price);
        var price = line.MaxPrice is { } max && max < highest ? max : highest;
        return price.Extend(line.Quantity) + item.FeeOn(line.Quantity) - item.CreditOn(line.Quantity);
    }).Sum();

    /// <summary>What is wrong with the quantities of a line: the codes of <see cref="Check"/> that begin with quantity, tolerance,
    /// below.</summary>
    internal static Refusal? CheckQuantities(CommitmentLine line, OrderLine ordered)
    {
        var item = ordered.Item;
        if (line.Quantity < Quantity.Zero || line.Tolerance < Quantity.Zero)
            return new("quantity-negative", $"Quantity and tolerance of line {line.LineNo} must not be negative.");
        if (line.Quantity > Quantity.Max || line.Tolerance > Quantity.Max)
            return new("quantity-too-large", $"Line {line.LineNo}: at most {Quantity.Max} {item.Unit}.");
        if (Units.Find(item.Unit) is not { Fractional: true } && !(IsWhole(line.Quantity) && IsWhole(line.Tolerance)))
            return new("quantity-not-whole", $"Line {line.LineNo} counts in whole {item.Unit}.");
        if (!line.Quantity.IsMultipleOf(ordered.SiteIncrement) || !line.Tolerance.IsMultipleOf(ordered.SiteIncrement))
            return new("quantity-off-increment",
                $"Line {line.LineNo} is ordered in multiples of {ordered.SiteIncrement} {item.Unit} per site.");
        if (line.Tolerance > Quantity.Zero && !item.ToleranceAllowed)
            return new("tolerance-not-allowed", $"Line {line.LineNo} takes no tolerance; give the exact quantity.");
        return line.Quantity > Quantity.Zero && line.Quantity < item.MinimumDrop
            ? new("below-minimum-drop", $"The vendor drops at least {item.MinimumDrop} {item.Unit} of line {line.LineNo} at a site.")
            : null;
    }

    // One member's account or order number must never keep the vendor's purchase order from being issued.
    private static Refusal? CheckBooking(CommitmentLine line)
    {
        if (line.Accounts.Count == 0) return new("account-missing", $"Say which account line {line.LineNo} is booked to.");
        if (line.Accounts.Any(a => AccountCode.TryParse(a.Account.Scheme, a.Account.Code) != a.Account))
        {
            return new(
                "account-invalid",
                $"Line {line.LineNo}: an account has 1 to {AccountCode.MaxSegments} segments of up to 12 letters and digits.");
        }

        if (line.Accounts.Any(a => a.BasisPoints <= 0) || line.Accounts.Sum(a => (long)a.BasisPoints) != AccountSplit.Whole)
            return new("account-splits-not-whole", $"The account shares of line {line.LineNo} must be positive and sum to 100 %.");
        return PlainText.IsWellFormedOrAbsent(line.Reference, MaxReference)
            ? null
            : new("reference-invalid", $"Your order number on line {line.LineNo} has 1 to {MaxReference} printable characters.");
    }

    private static bool IsWhole(Quantity quantity) => quantity.Thousandths % 1000 == 0;

    private static Quantity Total(StructuralList<CommitmentLine> lines, int lineNo, Func<CommitmentLine, Quantity> of) =>
        lines.Where(l => l.LineNo == lineNo).Select(of).Sum();
}
