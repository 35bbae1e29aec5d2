using System.Globalization;
using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;

namespace SSC.Purchasing.Exchange.Ubl.Rules;

/// <summary>A published rule that a document breaks.</summary>
/// <param name="RuleId">As published, e.g. <c>PEPPOL-T01-R008</c>.</param>
/// <param name="IsFatal">False for a warning: the document stands.</param>
/// <param name="Meaning">What the rule asks for.</param>
/// <param name="At">Where.</param>
public sealed record RuleViolation(string RuleId, bool IsFatal, string Meaning, string At)
{
    /// <summary>The same as a fault of a document; the code is the rule's id in lower case.</summary>
    public DocumentFault ToFault() => new(RuleId.ToLowerInvariant(), $"{RuleId}: {Meaning}", At);
}

/// <summary>One published rule: which nodes of a document break it.</summary>
internal sealed record PeppolRule(string Id, string Meaning, Func<XElement, IEnumerable<XObject>> Broken, bool IsFatal = true)
{
    public IEnumerable<RuleViolation> Violations(XElement document) =>
        Broken(document).Select(at => new RuleViolation(Id, IsFatal, Meaning, Place.Of(at)));
}

/// <summary>
/// The business rules of Peppol BIS Ordering 3 and BIS Despatch Advice 3 (release of May 2025: transactions T01, T76, T16), and those
/// of BIS Billing 3 that do not concern European value added tax, each under its published id.
/// </summary>
public static class PeppolRules
{
    private static readonly DataModel OrderModel = DataModel.Of("T01");
    private static readonly DataModel ResponseModel = DataModel.Of("T76");
    private static readonly DataModel DespatchModel = DataModel.Of("T16");

    /// <summary>What an Order (T01) breaks: nothing, when it may be sent.</summary>
    public static IReadOnlyList<RuleViolation> CheckOrder(XElement order) => Check(order, OrderModel, OrderRules.All);

    /// <summary>What an OrderResponse (T76) breaks.</summary>
    public static IReadOnlyList<RuleViolation> CheckResponse(XElement response) => Check(response, ResponseModel, ResponseRules.All);

    /// <summary>What a DespatchAdvice (T16) breaks.</summary>
    public static IReadOnlyList<RuleViolation> CheckDespatch(XElement advice) => Check(advice, DespatchModel, DespatchRules.All);

    /// <summary>
    /// What an Invoice or CreditNote breaks. Rules on totals are not among them: a wrong total is a match exception and no reason not
    /// to read the invoice.
    /// </summary>
    public static IReadOnlyList<RuleViolation> CheckInvoice(XElement invoice) =>
        [.. BillingRules.All.SelectMany(r => r.Violations(invoice))];

    /// <summary>Every rule by id that is not derived from a data model, with what it asks for.</summary>
    public static IReadOnlyDictionary<string, string> Catalogue { get; } =
        new[] { CommonRules.All, OrderRules.All, ResponseRules.All, DespatchRules.All, BillingRules.All }
            .SelectMany(r => r).ToDictionary(r => r.Id, r => r.Meaning, StringComparer.Ordinal);

    private static List<RuleViolation> Check(XElement document, DataModel model, IReadOnlyList<PeppolRule> rules) =>
        [.. model.Violations(document), .. CommonRules.All.SelectMany(r => r.Violations(document)),
            .. rules.SelectMany(r => r.Violations(document))];
}

/// <summary>Numbers as the rules compute with them; what is no number, or too large for one, is refused where it is read.</summary>
internal static class RuleNumbers
{
    // Two of these multiply without overflow.
    private const decimal Largest = 1e13m;

    public static decimal? Number(this XElement? element) =>
        element is not null && decimal.TryParse(element.Value.Trim(), NumberStyles.Number & ~NumberStyles.AllowThousands,
            CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < Largest ? number : null;

    /// <summary>True for a number of zero or above, however large.</summary>
    public static bool IsFromZeroUp(this XElement? element) =>
        element is not null && double.TryParse(element.Value.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= 0;

    public static decimal Sum(this IEnumerable<XElement?> elements) => elements.Sum(e => e.Number() ?? 0);

    public static bool Is(this XElement? element, string text) => element is not null && element.Value.Trim() == text;

    public static IEnumerable<XElement> When(this IEnumerable<XElement> elements, Func<XElement, bool> broken) => elements.Where(broken);
}
