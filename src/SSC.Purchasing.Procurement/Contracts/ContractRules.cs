using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.Contracts;

/// <summary>What the terms of a contract must be; the first thing wrong, or null.</summary>
internal static class ContractRules
{
    public static Refusal? Check(AwardTerms terms) => terms switch
    {
        _ when !Id.IsWellFormed(terms.Vendor.Value) => new("vendor-invalid", "Name the awarded vendor by its id."),
        _ when !Id.IsWellFormed(terms.Lead.Value) => new("lead-invalid", "Name the lead cooperative by its id."),
        _ when !PlainText.IsWellFormed(terms.Authority.Citation, 200) =>
            new("authority-missing", "Cite the statute or agreement that the award rests on, in at most 200 characters."),
        _ when terms.EndsOn < terms.StartsOn => new("term-invalid", "The term must end on or after the day it starts."),
        { Solicitation: null } when terms.Authority.RestsOnCompetition() =>
            new("solicitation-missing", "An award on bids or quotations needs the reference, dates and count of its solicitation."),
        { Solicitation: { } evidence } => Check(evidence),
        _ => null,
    };

    public static Refusal? Check(TradingTerms terms, VendorId vendor) => terms switch
    {
        _ when !PlainText.IsWellFormed(terms.Title, 200) =>
            new("title-invalid", "Give the contract a title of 1 to 200 printable characters."),
        _ when terms.Fee.BasisPoints is < 0 or > 10_000 || terms.Fee.PerUnit is { Cents: < 0 or > 100_000_000 } =>
            new("fee-invalid", "A fee is 0 to 100 percent, or an amount per unit that is not negative."),
        _ when !PlainText.IsWellFormed(terms.Freight.Terms, 200) || terms.Freight.PerOrder is { Cents: < 0 } =>
            new("freight-invalid", "State the freight terms in at most 200 characters, with an amount that is not negative."),
        _ when terms.MinimumOrderValue is { Cents: < 0 } => new("minimum-invalid", "A minimum order value is not negative."),
        _ when terms.RankedAlternates.Count > 20 || terms.RankedAlternates.Contains(vendor)
            || terms.RankedAlternates.Distinct().Count() != terms.RankedAlternates.Count
            || terms.RankedAlternates.Any(v => !Id.IsWellFormed(v.Value)) =>
            new("alternates-invalid", "Rank at most 20 other vendors, each once, and not the awarded one."),
        _ when terms.OpenTo.Count > 20 || terms.OpenTo.Any(kind => !PlainText.IsWellFormed(kind, 64)) =>
            new("open-to-invalid", "Name at most 20 kinds of members."),
        _ when terms.MatchTolerances.Count > 100 || terms.MatchTolerances.Any(t => t.BasisPoints is < 0 or > AccountSplit.Whole
            || t.UpTo is { Cents: < 0 or > 100_000_000 }) || terms.MatchTolerances.Zip(terms.MatchTolerances.Skip(1))
                .Any(t => t.Second.From <= t.First.From) =>
            new("tolerance-invalid", "A tolerance is 0 to 100 percent and 0 to 1,000,000.00; list them by rising day, each day once."),
        _ => null,
    };

    private static Refusal? Check(SolicitationEvidence evidence) => evidence switch
    {
        _ when !PlainText.IsWellFormed(evidence.Reference, 100) || evidence.QuotesReceived < 1 =>
            new("solicitation-invalid", "State the solicitation's number and how many bids or quotations came in, at least one."),
        _ when evidence.OpenedOn < evidence.PublishedOn =>
            new("solicitation-dates-wrong", "Bids are opened on or after the day the solicitation was published."),
        { DocumentHash: { } hash } when !PlainText.IsSha256(hash) =>
            new("document-hash-invalid", "A document hash is a SHA-256 in 64 lower-case hexadecimal digits."),
        _ => null,
    };
}
