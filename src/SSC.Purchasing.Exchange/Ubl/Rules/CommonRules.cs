using System.Globalization;
using System.Xml.Linq;
using SSC.Purchasing.Procurement.Catalog;
using static SSC.Purchasing.Exchange.Ubl.UblNames;

namespace SSC.Purchasing.Exchange.Ubl.Rules;

/// <summary>
/// Rules of every Peppol post-award document. National company numbers (R041–R050) concern identifiers that no party here has; GLN is
/// the one that is used across borders.
/// </summary>
internal static class CommonRules
{
    private static readonly XName[] Dates =
        [.. new[] { "IssueDate", "DueDate", "TaxPointDate", "StartDate", "EndDate", "ActualDeliveryDate" }.Select(n => Cbc + n)];

    public static IReadOnlyList<PeppolRule> All { get; } =
    [
        new("PEPPOL-COMMON-R001", "An element is never empty; leave it out instead.", d => d.DescendantsAndSelf()
            .Where(e => !e.HasElements && string.IsNullOrWhiteSpace(e.Value))),
        new("PEPPOL-COMMON-R003", "A document should not name schema locations.", d => d.Attributes()
            .Where(a => a.Name.LocalName == "schemaLocation"), IsFatal: false),
        new("PEPPOL-COMMON-R030", "A date is written YYYY-MM-DD.", d => d.Descendants().Where(e => Dates.Contains(e.Name)
            && !DateOnly.TryParseExact(e.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))),
        new("PEPPOL-COMMON-R040", "A GLN (scheme 0088) is digits with a right check digit.", d => d.Descendants()
            .Where(e => (string?)e.Attribute("schemeID") == "0088" && IsPartyNumber(e) && !IsGln(e.Value.Trim()))),
    ];

    private static bool IsPartyNumber(XElement e) => e.Name.LocalName is "EndpointID" or "CompanyID"
        || (e.Name.LocalName == "ID" && e.Parent?.Name.LocalName == "PartyIdentification");

    private static bool IsGln(string text) => text.Length is > 1 and < 30 && text.All(char.IsAsciiDigit)
        && ItemCodes.GtinCheckDigit(text.AsSpan(0, text.Length - 1)) == text[^1] - '0';
}
