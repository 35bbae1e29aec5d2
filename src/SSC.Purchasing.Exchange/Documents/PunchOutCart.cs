using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PunchOuts;

namespace SSC.Purchasing.Exchange.Documents;

/// <summary>
/// A basket that came back from a vendor's shop. Nothing is ordered by it; what of it can be bought on a joint order is decided by
/// <see cref="BasketRules"/>.
/// </summary>
/// <param name="BuyerCookie">What the session was opened with: it says whose basket this is, so the host compares it with its own.</param>
/// <param name="Items">What could be read of it; empty when the shopper put nothing in.</param>
public sealed record PunchOutCart(string BuyerCookie, StructuralList<PunchOutItem> Items)
{
    /// <summary>Lines that could not be read, and why.</summary>
    public StructuralList<BasketFault> Faults { get; init; }

    /// <summary>Who it says it is from.</summary>
    public StructuralList<CxmlCredential> From { get; init; }

    /// <summary>True when the shopper left without changing anything: what was in the basket before still holds.</summary>
    public bool IsUnchanged { get; init; }
}
