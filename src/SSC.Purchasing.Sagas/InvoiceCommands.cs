using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>What the invoice saga asks for.</summary>
public abstract record InvoiceCommand;

/// <summary>Compare an invoice with what was agreed and received.</summary>
/// <param name="Invoice">Key of the invoice.</param>
[SagaCommand("match_invoice")]
public sealed record MatchInvoice(string Invoice) : InvoiceCommand;

/// <summary>Count a credit memo against the invoice it names.</summary>
/// <param name="Memo">Key of the credit memo.</param>
[SagaCommand("apply_credit_memo")]
public sealed record ApplyCreditMemo(string Memo) : InvoiceCommand;

/// <summary>Remind of open exceptions, or of a payment that falls due.</summary>
[SagaCommand("remind_of_invoice")]
public sealed record RemindOfInvoice(string Invoice, string About, int Number) : InvoiceCommand;

/// <summary>Send an invoice back on the last day, so that the right to is not lost.</summary>
[SagaCommand("dispute_invoice")]
public sealed record DisputeInvoice(string Invoice, string Reason) : InvoiceCommand;

/// <summary>Accrue interest on what is late.</summary>
[SagaCommand("accrue_late_interest")]
public sealed record AccrueLateInterest(string Invoice) : InvoiceCommand;

/// <summary>Take a member's payment out of its encumbrances.</summary>
[SagaCommand("liquidate_payment")]
public sealed record LiquidatePayment(string Invoice, MemberNo Member, int Payment) : InvoiceCommand;

/// <summary>Accrue (or take back) the fee on what an event of an invoice changed in what was paid.</summary>
/// <param name="Invoice">Key of the invoice.</param>
/// <param name="Version">Version of the payment or credit in the invoice's stream.</param>
[SagaCommand("accrue_fee")]
public sealed record AccrueFee(string Invoice, long Version) : InvoiceCommand;

/// <summary>See whether a purchase order is billed to the end, and tell it.</summary>
[SagaCommand("check_billing")]
public sealed record CheckBilling(JointOrderId Order, VendorId Vendor) : InvoiceCommand;
