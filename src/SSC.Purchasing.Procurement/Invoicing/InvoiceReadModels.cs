using System.Text.Json.Serialization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Invoicing;

/// <summary>Where an invoice stands, in one word.</summary>
public enum InvoiceStatus
{
    /// <summary>Received, not matched yet.</summary>
    Registered,

    /// <summary>Matched, and something is open.</summary>
    Excepted,

    /// <summary>Sent back to the vendor.</summary>
    Disputed,

    /// <summary>In order: to be approved and paid.</summary>
    Payable,

    /// <summary>Paid by everybody.</summary>
    Paid,

    /// <summary>Not owed.</summary>
    Rejected,

    /// <summary>A credit memo.</summary>
    CreditMemo,
}

/// <summary>An invoice as its vendor and the coordinator list it.</summary>
/// <param name="Id">Its key.</param>
/// <param name="Facts">As registered, without the lines: read the invoice itself for those.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="OpenExceptions">Exceptions that are open.</param>
/// <param name="Paid">Paid to the vendor, less what it gave back after credits.</param>
/// <param name="Credited">Credit memos.</param>
/// <param name="Interest">Interest accrued.</param>
/// <param name="RegisteredAt">Position of its registration: earlier invoices have lower ones.</param>
public sealed record InvoiceEntry(
    string Id, InvoiceFacts Facts, InvoiceStatus Status, int OpenExceptions, Money Paid, Money Credited, Money Interest, long RegisteredAt)
{
    /// <summary>Last day to pay in time; null while something is open.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>Why a credit memo was not counted.</summary>
    public string? NotApplied { get; init; }
}

/// <summary>Every invoice and credit memo, by key; by vendor, joint order and status.</summary>
public sealed class InvoiceBoard : ReadModel<InvoiceEntry>
{
    /// <summary>The one instance.</summary>
    public static readonly InvoiceBoard Instance = new();

    /// <inheritdoc/>
    public override string Name => "vendor_invoices";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<InvoiceEntry>> Indexes { get; } =
    [
        new("vendor", r => r.Facts.Document.Vendor.Value),
        new("joint_order", r => r.Facts.JointOrder.Value),
        new("status", r => r.Status.ToString()),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<VendorInvoice.Event>(VendorInvoice.Category);

    /// <inheritdoc/>
    public override InvoiceEntry? Apply(string key, InvoiceEntry? row, RecordedEvent e) => (row, (VendorInvoice.Event)e.Fact) switch
    {
        (_, VendorInvoice.Event.Registered f) => new(
            key, f.Facts with { Document = f.Facts.Document with { Lines = [] } },
            f.Facts.Document.Kind == InvoiceKind.CreditNote ? InvoiceStatus.CreditMemo : InvoiceStatus.Registered,
            0, Money.Zero, Money.Zero, Money.Zero, e.Position),
        ({ } r, VendorInvoice.Event.Matched f) => r with
        {
            Status = r.Status == InvoiceStatus.Disputed ? r.Status : InvoiceStatus.Excepted,
            OpenExceptions = f.Match.Exceptions.Count,
        },
        ({ } r, VendorInvoice.Event.Cleared f) => r with { Status = InvoiceStatus.Payable, OpenExceptions = 0, DueOn = f.DueOn },
        ({ } r, VendorInvoice.Event.Disputed f) => r with
        {
            Status = InvoiceStatus.Disputed, OpenExceptions = r.OpenExceptions + (f.Contested is null ? 0 : 1), DueOn = null,
        },
        ({ } r, VendorInvoice.Event.ExceptionResolved) => r with { OpenExceptions = Math.Max(0, r.OpenExceptions - 1) },
        ({ } r, VendorInvoice.Event.Rejected) => r with { Status = InvoiceStatus.Rejected, DueOn = null },
        ({ } r, VendorInvoice.Event.PaymentRecorded f) when PaysVendor(r.Facts, f.Payer) => r with { Paid = r.Paid + f.Payment.Amount },
        ({ } r, VendorInvoice.Event.RefundRecorded f) when PaysVendor(r.Facts, f.Payer) => r with { Paid = r.Paid - f.Refund.Amount },
        ({ } r, VendorInvoice.Event.Credited f) => r with { Credited = r.Credited + f.Credit.Amount },
        ({ } r, VendorInvoice.Event.InterestAccrued f) => r with { Interest = r.Interest + f.Month.Amount },
        ({ } r, VendorInvoice.Event.CreditNotApplied f) => r with { NotApplied = f.Reason },
        ({ } r, VendorInvoice.Event.Settled) => r with { Status = InvoiceStatus.Paid },
        ({ } r, _) => r,
        _ => throw new InvalidOperationException($"{e.Stream} does not begin with its registration."),
    };

    private static bool PaysVendor(InvoiceFacts facts, MemberNo payer) =>
        (facts.Billing == Contracts.BillingMode.Cooperative) == (payer == InvoiceKeys.Cooperative);
}

/// <summary>
/// What one member owes on one invoice: the member's own invoice where the vendor bills it, its statement where the cooperative does.
/// </summary>
/// <param name="Invoice">Key of the invoice.</param>
/// <param name="Vendor">Vendor.</param>
/// <param name="JointOrder">Joint order.</param>
/// <param name="Bill">The member's part.</param>
/// <param name="Credited">Credits to the member.</param>
/// <param name="Paid">What the member has paid.</param>
/// <param name="Interest">Interest the member owes the vendor for paying late.</param>
public sealed record MemberStatement(
    string Invoice, VendorId Vendor, JointOrderId JointOrder, MemberBill Bill, Money Credited, Money Paid, Money Interest)
{
    /// <summary>What came back to the member after a credit.</summary>
    public Money Refunded { get; init; }

    /// <summary>The member may pay it.</summary>
    public bool Approved { get; init; }

    /// <summary>What the member has still to pay; negative while a refund is due to it.</summary>
    [JsonIgnore]
    public Money Balance => Bill.Total - Credited - Paid + Refunded;
}

/// <summary>Every member's part of every invoice. Key: <c>{invoice}:{member}</c>. Indexes: member, vendor, joint order, invoice.</summary>
public sealed class MemberStatements : ReadModel<MemberStatement>
{
    /// <summary>The one instance.</summary>
    public static readonly MemberStatements Instance = new();

    /// <inheritdoc/>
    public override string Name => "member_statements";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<MemberStatement>> Indexes { get; } =
    [
        new("member", r => r.Bill.Member.Value),
        new("vendor", r => r.Vendor.Value),
        new("joint_order", r => r.JointOrder.Value),
        new("invoice", r => r.Invoice),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e)
    {
        if (e.KeyIn(VendorInvoice.Category) is not { } invoice) return [];
        var members = e.Fact switch
        {
            VendorInvoice.Event.Matched f => f.Match.Bills.Select(b => b.Member),
            VendorInvoice.Event.Approved f => [f.Payer],
            VendorInvoice.Event.PaymentRecorded f => [f.Payer],
            VendorInvoice.Event.RefundRecorded f => [f.Payer],
            VendorInvoice.Event.InterestAccrued f => [f.Payer],
            VendorInvoice.Event.Credited f => f.Credit.Members.Keys,
            _ => [],
        };
        return members.Where(m => m != InvoiceKeys.Cooperative).Select(m => $"{invoice}:{m}");
    }

    /// <inheritdoc/>
    public override MemberStatement? Apply(string key, MemberStatement? row, RecordedEvent e) => (row, e.Fact) switch
    {
        (_, VendorInvoice.Event.Matched f) => MatchedAs(key, row, f, e.KeyIn(VendorInvoice.Category)!),
        ({ } r, VendorInvoice.Event.Approved) => r with { Approved = true },
        ({ } r, VendorInvoice.Event.PaymentRecorded f) => r with { Paid = r.Paid + f.Payment.Amount },
        ({ } r, VendorInvoice.Event.RefundRecorded f) => r with { Refunded = r.Refunded + f.Refund.Amount },
        ({ } r, VendorInvoice.Event.InterestAccrued f) => r with { Interest = r.Interest + f.Month.Amount },
        ({ } r, VendorInvoice.Event.Credited f) => r with { Credited = r.Credited + f.Credit.Members[r.Bill.Member] },
        _ => row,
    };

    private static MemberStatement MatchedAs(string key, MemberStatement? row, VendorInvoice.Event.Matched fact, string invoice)
    {
        var bill = fact.Match.Bills.First(b => key == $"{invoice}:{b.Member}");
        return row is null
            ? new(invoice, fact.Vendor, fact.JointOrder, bill, Money.Zero, Money.Zero, Money.Zero)
            : row with { Bill = bill };
    }
}
