using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;

namespace SSC.Purchasing.Procurement.Invoicing;

/// <summary>What an invoice must be to be registered at all; everything else about it is a matter of the match.</summary>
public static class InvoiceRules
{
    private const int MaxLines = 50_000;
    private const int MaxCharges = 100;
    private const long MaxCents = 1_000_000_000_000;

    /// <summary>
    /// The first thing wrong with a document, or null: <c>invoice-number-invalid</c>, <c>invoice-parties-invalid</c>,
    /// <c>invoice-lines-missing</c>, <c>invoice-too-long</c>, <c>invoice-line-repeated</c>, <c>credit-names-no-invoice</c>,
    /// <c>line-text-invalid</c>, <c>quantity-out-of-range</c>, <c>unit-unknown</c>, <c>amount-out-of-range</c>, <c>charge-invalid</c>,
    /// <c>document-hash-invalid</c>.
    /// </summary>
    public static Refusal? Check(InvoiceFacts facts, string? sourceHash) => facts.Document switch
    {
        var d when !PlainText.IsWellFormed(d.Number, 50) =>
            new("invoice-number-invalid", "An invoice carries the vendor's number of 1 to 50 printable characters."),
        var d when !Id.IsWellFormed(d.Vendor.Value) || !PlainText.IsWellFormed(d.OrderNumber, 50)
            || !Id.IsWellFormed(facts.JointOrder.Value) || !Id.IsWellFormed(facts.Contract.Value)
            || (d.BillTo is { } to && !Id.IsWellFormed(to.Value)) =>
            new("invoice-parties-invalid", "Name vendor, purchase order and billed member by their ids."),
        { Lines.Count: 0 } and ({ Kind: InvoiceKind.Invoice } or { Charges.Count: 0 }) =>
            new("invoice-lines-missing", "An invoice has at least one line; a credit memo has a line or a charge."),
        var d when d.Lines.Count > MaxLines || d.Charges.Count > MaxCharges =>
            new("invoice-too-long", $"An invoice has at most {MaxLines} lines and {MaxCharges} charges; split it."),
        var d when d.Lines.Select(l => l.Id).Distinct(StringComparer.Ordinal).Count() != d.Lines.Count =>
            new("invoice-line-repeated", "Give each line of the invoice a number of its own."),
        { Kind: InvoiceKind.CreditNote } d when !PlainText.IsWellFormed(d.Credits, 50) || d.Credits == d.Number =>
            new("credit-names-no-invoice", "A credit memo names the invoice that it credits."),
        var d when !IsAmount(d.Total) => AmountOutOfRange,
        var d when d.Charges.Any(c => !PlainText.IsWellFormed(c.Reason, 200) || !IsAmount(Absolute(c.Amount))) =>
            new("charge-invalid", "State each charge with a reason of 1 to 200 printable characters and an amount."),
        _ when sourceHash is not null && !PlainText.IsSha256(sourceHash) =>
            new("document-hash-invalid", "A document hash is a SHA-256 in 64 lower-case hexadecimal digits."),
        var d => d.Lines.Select(CheckLine).FirstOrDefault(r => r is not null),
    };

    private static Refusal? CheckLine(InvoiceLine line) => line switch
    {
        _ when !PlainText.IsWellFormed(line.Id, 50) || !PlainText.IsWellFormed(line.Description, 200)
            || (line.Site is { } site && !Id.IsWellFormed(site.Value)) || (line.Item is { } item && !Id.IsWellFormed(item.Value)) =>
            new("line-text-invalid", "A line has a number of 1 to 50, a description of 1 to 200 printable characters, and ids."),
        _ when line.Quantity <= Quantity.Zero || line.Quantity > Quantity.Max =>
            new("quantity-out-of-range", $"Line {line.Id}: a quantity is above 0 and at most 10⁹."),
        _ when Units.Find(line.Unit) is null => new("unit-unknown", $"Line {line.Id}: use a UN/ECE unit code such as EA, GLL or XCS."),
        _ when line.Price.Micros < 0 || !IsAmount(line.Amount) || line.Price.Dollars * line.Quantity.Units > MaxCents / 100m =>
            AmountOutOfRange,
        _ => null,
    };

    private static readonly Refusal AmountOutOfRange = new(
        "amount-out-of-range", "Prices and amounts are not negative and at most ten billion dollars; credits come as credit memos.");

    private static bool IsAmount(Money money) => money is { Cents: >= 0 and <= MaxCents };

    private static Money Absolute(Money money) => money < Money.Zero && money.Cents > -MaxCents ? -money : money;
}
