using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>What became of one line of a purchase order, over all sites and members.</summary>
/// <param name="Line">Line number.</param>
/// <param name="Ordered">Units agreed.</param>
/// <param name="Accepted">Units received in good order and kept.</param>
/// <param name="WrittenOff">Units never to be paid.</param>
public sealed record LineFulfilment(int Line, Quantity Ordered, Quantity Accepted, Quantity WrittenOff);

/// <summary>What a close-out was decided on, by reference: with it and the log the same answer comes out years later.</summary>
/// <param name="PurchaseOrder">Stream of the purchase order.</param>
/// <param name="PurchaseOrderVersion">Its version that was read.</param>
/// <param name="Billed">Everything delivered is billed, every bill paid or credited.</param>
/// <param name="Deliveries">Delivery streams as far as they were read.</param>
/// <param name="DeliveriesComplete">Nothing is left to come, to decide, to claim or to credit, at any site of the order.</param>
/// <param name="Lines">What became of each line.</param>
/// <param name="RuleVersion">Version of the rule.</param>
public sealed record CloseOutEvidence(
    string PurchaseOrder, long PurchaseOrderVersion, bool Billed, StructuralList<StreamPosition> Deliveries, bool DeliveriesComplete,
    StructuralList<LineFulfilment> Lines, int RuleVersion);

/// <summary>An event that is corrected.</summary>
/// <param name="Stream">Its stream, e.g. <c>delivery-JO-2026-014:V-whitewater:M-001-HS</c>.</param>
/// <param name="Version">Its version there.</param>
public sealed record CitedEvent(string Stream, long Version);

/// <summary>A correction of an order that is closed out.</summary>
/// <param name="Document">Number of the document that says so, 1–100 characters; the same number counts once.</param>
/// <param name="Original">The event that was wrong.</param>
/// <param name="Member">Whose share changes.</param>
/// <param name="LineNo">Line.</param>
/// <param name="Quantity">Units more (or fewer, when negative).</param>
/// <param name="Amount">Dollars more (or fewer, when negative).</param>
/// <param name="Reason">Why, at most 500 characters.</param>
public sealed record Compensation(
    string Document, CitedEvent Original, MemberNo Member, int LineNo, Quantity Quantity, Money Amount, string Reason)
{
    /// <summary>True when nothing changes.</summary>
    public bool IsNothing() => Quantity == Kernel.Quantity.Zero && Amount == Money.Zero;
}
