using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Contracts;

/// <summary>Who may order under a contract, and how far a member's participation agreement reaches.</summary>
public enum ContractScope
{
    /// <summary>Members of the lead cooperative.</summary>
    Cooperative,

    /// <summary>Members of every service cooperative of the state.</summary>
    Statewide,
}

/// <summary>Why members need not solicit by themselves.</summary>
public enum AuthorityKind
{
    /// <summary>Sealed bids by a joint powers cooperative (Minn. Stat. 471.59, 471.345 subd. 15(b)).</summary>
    JointPowersBid,

    /// <summary>Competitive quotations by a joint powers cooperative (Minn. Stat. 471.59, 471.345 subd. 15(b)).</summary>
    JointPowersQuotation,

    /// <summary>A national association's alliance that buys on competitive bids or quotations (471.345 subd. 15(b)).</summary>
    NationalAlliance,

    /// <summary>A contract of the State's Cooperative Purchasing Venture (471.345 subd. 15(a)).</summary>
    CpvState,

    /// <summary>A negotiated agreement: each member still follows its own method for the amount it spends.</summary>
    Negotiated,
}

/// <summary>The legal basis of an award.</summary>
/// <param name="Kind">Which basis.</param>
/// <param name="Citation">The statute or agreement, e.g. <c>Minn. Stat. 471.345 subd. 15(b); 471.59</c>; at most 200 characters.</param>
public sealed record AuthorityBasis(AuthorityKind Kind, string Citation)
{
    /// <summary>True when it rests on competitive bids or quotations of a joint powers cooperative or alliance (15(b)).</summary>
    public bool RestsOnCompetition() =>
        Kind is AuthorityKind.JointPowersBid or AuthorityKind.JointPowersQuotation or AuthorityKind.NationalAlliance;
}

/// <summary>What shows that a competition took place.</summary>
/// <param name="Reference">Number of the solicitation, at most 100 characters.</param>
/// <param name="PublishedOn">Day of public notice.</param>
/// <param name="OpenedOn">Day of opening; bid data is nonpublic until then (Minn. Stat. 13.591 subd. 3).</param>
/// <param name="QuotesReceived">Bids or quotations received, at least one.</param>
/// <param name="DocumentHash">SHA-256 of the tabulation on file, lower-case hexadecimal; null when it is on paper.</param>
public sealed record SolicitationEvidence(
    string Reference, DateOnly PublishedOn, DateOnly OpenedOn, int QuotesReceived, string? DocumentHash = null);

/// <summary>Who pays the cooperative's administrative fee.</summary>
public enum FeePayer
{
    /// <summary>The vendor, from reported sales.</summary>
    Vendor,

    /// <summary>The member, on top of the price.</summary>
    Member,
}

/// <summary>The cooperative's administrative fee.</summary>
/// <param name="Payer">Who pays.</param>
/// <param name="BasisPoints">Hundredths of a percent of paid sales, net of returns: 0–10,000.</param>
/// <param name="PerUnit">Cents per unit beside or instead of the percentage, e.g. one cent a gallon.</param>
public sealed record FeeTerms(FeePayer Payer, int BasisPoints, Money? PerUnit = null)
{
    /// <summary>No fee.</summary>
    public static readonly FeeTerms None = new(FeePayer.Vendor, 0);

    /// <summary>True when members pay a percentage: forbidden on federally funded food (7 CFR 210.21, no cost plus percentage).</summary>
    public bool IsMemberPaidPercentage() => Payer == FeePayer.Member && BasisPoints > 0;
}

/// <summary>Who invoices the members.</summary>
public enum BillingMode
{
    /// <summary>The vendor invoices each member.</summary>
    VendorDirect,

    /// <summary>The vendor invoices the cooperative, which invoices its members.</summary>
    Cooperative,
}

/// <summary>How freight is charged.</summary>
/// <param name="Terms">E.g. <c>FOB destination, freight prepaid</c>; at most 200 characters.</param>
/// <param name="PerOrder">Flat freight on a consolidated order, shared by its members; null when it is in the price.</param>
public sealed record FreightTerms(string Terms, Money? PerOrder = null);

/// <summary>What is settled by the award for good; only the end moves, by extension.</summary>
/// <param name="Vendor">The awarded vendor.</param>
/// <param name="Lead">Cooperative that solicited.</param>
/// <param name="Authority">Legal basis.</param>
/// <param name="StartsOn">First day of the term.</param>
/// <param name="EndsOn">Last day of the term.</param>
/// <param name="Solicitation">Evidence of the competition; needed by every basis that rests on one.</param>
public sealed record AwardTerms(
    VendorId Vendor, CooperativeId Lead, AuthorityBasis Authority, DateOnly StartsOn, DateOnly EndsOn,
    SolicitationEvidence? Solicitation = null);

/// <summary>What may be amended while the contract runs.</summary>
/// <param name="Title">What buyers call it, at most 200 characters.</param>
/// <param name="Scope">Whose members may order.</param>
/// <param name="Fee">Administrative fee.</param>
/// <param name="Billing">Who invoices.</param>
/// <param name="Freight">Freight.</param>
public sealed record TradingTerms(string Title, ContractScope Scope, FeeTerms Fee, BillingMode Billing, FreightTerms Freight)
{
    /// <summary>Vendors to turn to, best first, when the awarded one rejects an order.</summary>
    public StructuralList<VendorId> RankedAlternates { get; init; }

    /// <summary>Least value of a consolidated order, net and before freight; null for none.</summary>
    public Money? MinimumOrderValue { get; init; }

    /// <summary>Kinds of members that may order (e.g. <c>CityCounty</c>); empty for all.</summary>
    public StructuralList<string> OpenTo { get; init; }

    /// <summary>How far an invoice may exceed what was agreed, by day, strictly ascending; exact where nothing is said.</summary>
    public StructuralList<MatchTolerance> MatchTolerances { get; init; }

    /// <summary>The tolerance for an invoice received on a day.</summary>
    public MatchTolerance ToleranceOn(DateOnly day) => MatchTolerances.LastOrDefault(t => t.From <= day) ?? MatchTolerance.None;
}

/// <summary>
/// How far an invoiced amount may exceed the agreed one and still be paid as billed: at most a percentage of the agreed amount and at
/// most an amount, whichever is less. Set by the cooperative, with the day from which it holds.
/// </summary>
/// <param name="From">First day (America/Chicago) of receipt on which it holds.</param>
/// <param name="BasisPoints">Hundredths of a percent of the agreed amount, 0–10,000.</param>
/// <param name="UpTo">Most that it ever allows, per invoiced line or kind of charge.</param>
public sealed record MatchTolerance(DateOnly From, int BasisPoints, Money UpTo)
{
    /// <summary>Nothing above what was agreed.</summary>
    public static readonly MatchTolerance None = new(DateOnly.MinValue, 0, Money.Zero);

    /// <summary>What may be billed above an agreed amount, cents rounded down.</summary>
    public Money AllowedAbove(Money agreed)
    {
        var share = new Money((long)(Int128.Abs(agreed.Cents) * BasisPoints / AccountSplit.Whole));
        return share < UpTo ? share : UpTo;
    }
}
