using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.PurchaseOrders;

/// <summary>What an order document and a vendor's response must be; the first thing wrong, or null.</summary>
internal static class PurchaseOrderRules
{
    private const int MaxLines = 5_000;
    private const int MaxDrops = 50_000;
    private const long MaxCents = 1_000_000_000_000;

    /// <summary>Σ drops = line quantity, amounts and total recomputed, every number in range.</summary>
    public static Refusal? Check(OrderDocument document)
    {
        if (!PlainText.IsWellFormed(document.Number, 50))
            return new("order-number-invalid", "An order number has 1 to 50 printable characters.");
        string[] parties = [document.JointOrder.Value, document.Contract.Value, document.Vendor.Value];
        if (!parties.All(Id.IsWellFormed))
            return new("order-parties-invalid", "Name joint order, contract and vendor by their ids.");
        if (!PlainText.IsWellFormed(document.Terms, 1_000))
            return new("order-terms-invalid", "State the terms in at most 1,000 characters.");
        if (document.Lines.Count is 0 or > MaxLines) return new("order-lines-invalid", $"An order has 1 to {MaxLines} lines.");
        if (document.Lines.Sum(l => l.Drops.Count) > MaxDrops) return new("order-lines-invalid", $"An order has at most {MaxDrops} drops.");
        if (document.Lines.Select(l => l.No).Distinct().Count() != document.Lines.Count || document.Lines.Any(l => l.No < 1))
            return new("line-number-invalid", "Number the lines from 1 up, each number once.");
        foreach (var line in document.Lines)
        {
            if (Check(line) is { } wrong) return wrong;
        }

        return !IsAmount(document.Freight) || document.Total != PurchaseOrderContent.TotalOf(document.Lines, document.Freight)
            ? new("total-wrong", "The total is the sum of amounts and fees less credits, plus freight; compute it again.")
            : null;
    }

    /// <summary>Shape of a response by itself: right lines for its code, numbers in range, each line once.</summary>
    public static Refusal? Check(VendorResponse response)
    {
        if (!PlainText.IsWellFormed(response.DocumentId, 100))
            return new("document-id-invalid", "A response carries the vendor's document number of 1 to 100 printable characters.");
        if (!PlainText.IsWellFormedOrAbsent(response.Note, 500)) return NoteInvalid;
        if (response.Code != ResponseCode.CA && response.Lines.Count > 0)
            return new("response-lines-unexpected", "Only a conditional acceptance (CA) answers line by line; leave the lines out.");
        if (response.Code == ResponseCode.CA && response.Lines.Count == 0)
            return new("response-lines-missing", "A conditional acceptance (CA) answers at least one line.");
        if (response.Lines.Select(a => a.Line).Distinct().Count() != response.Lines.Count)
            return new("response-line-repeated", "Answer each line once.");
        foreach (var answer in response.Lines)
        {
            if (Check(answer) is { } wrong) return wrong;
        }

        return null;
    }

    /// <summary>True when a proposal asks more than the scheduled price that was ordered.</summary>
    public static bool IsAboveSchedule(LineAnswer answer, OrderLine line) =>
        answer is { Code: LineAnswerCode.Propose, Price: { } price } && price > line.Price;

    private static Refusal? Check(OrderLine line) => line switch
    {
        _ when !Id.IsWellFormed(line.Item.Value) || !PlainText.IsWellFormed(line.Description, 200) || Units.Find(line.Unit) is null =>
            new("line-item-invalid", $"Line {line.No}: name item, description and unit as in the price schedule."),
        _ when !IsQuantity(line.Quantity) || !IsQuantity(line.CaseSize) || line.Drops.Any(d => !IsQuantity(d.Quantity)) =>
            new("quantity-out-of-range", $"Line {line.No}: quantities are above 0 and at most 10⁹."),
        _ when line.Drops.Select(d => d.Quantity).Sum() != line.Quantity =>
            new("drops-do-not-sum", $"Line {line.No}: the drops must sum to the line's quantity."),
        _ when line.Drops.Any(d => !Id.IsWellFormed(d.Member.Value) || !Id.IsWellFormed(d.Site.Value)
            || !PlainText.IsWellFormedOrAbsent(d.Account, 100) || !PlainText.IsWellFormedOrAbsent(d.MemberOrderNo, 50)) =>
            new("drop-invalid", $"Line {line.No}: a drop names member and site by id; account and order number are short texts."),
        _ when line.Price.Micros <= 0 || line.Price.Dollars * line.Quantity.Units > MaxCents / 100m
            || line.Amount != line.Price.Extend(line.Quantity) || !IsAmount(line.Fees) || !IsAmount(line.Credits) =>
            new("amount-wrong", $"Line {line.No}: the amount is price × quantity, rounded once; compute it again."),
        _ => null,
    };

    private static Refusal? Check(LineAnswer answer) => answer switch
    {
        { Quantity: { } quantity } when !IsQuantity(quantity) =>
            new("quantity-out-of-range", $"Line {answer.Line}: a quantity is above 0 and at most 10⁹; reject the line to deliver none."),
        { Price.Micros: < 0 } => new("price-negative", $"Line {answer.Line}: a price is not negative."),
        { Substitute: { } item } when !Id.IsWellFormed(item.Value) =>
            new("substitute-invalid", $"Line {answer.Line}: name the substitute by its item number."),
        { Note: { } note } when !PlainText.IsWellFormed(note, 500) => NoteInvalid,
        { Code: LineAnswerCode.Propose, Quantity: null, Price: null, DeliverOn: null, Substitute: null } =>
            new("proposal-empty", $"Line {answer.Line}: propose another quantity, price, day or item, or accept the line."),
        _ => null,
    };

    private static readonly Refusal NoteInvalid = new("note-invalid", "A note has 1 to 500 printable characters.");

    private static bool IsQuantity(Quantity quantity) => quantity > Quantity.Zero && quantity <= Quantity.Max;

    private static bool IsAmount(Money money) => money is { Cents: >= 0 and <= MaxCents };
}
