using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Exchange.Documents;

/// <summary>The words that small vendors' documents use, in JSON and in tables alike; case, blanks and dashes do not matter.</summary>
internal static class VendorDocumentWords
{
    private static readonly Dictionary<string, ResponseCode> Codes = new(StringComparer.Ordinal)
    {
        ["ab"] = ResponseCode.AB, ["received"] = ResponseCode.AB, ["acknowledged"] = ResponseCode.AB,
        ["ap"] = ResponseCode.AP, ["accepted"] = ResponseCode.AP, ["accept"] = ResponseCode.AP,
        ["ca"] = ResponseCode.CA, ["conditional"] = ResponseCode.CA, ["bylines"] = ResponseCode.CA, ["linebyline"] = ResponseCode.CA,
        ["re"] = ResponseCode.RE, ["rejected"] = ResponseCode.RE, ["reject"] = ResponseCode.RE,
    };

    private static readonly Dictionary<string, LineAnswerCode> Answers = new(StringComparer.Ordinal)
    {
        ["accept"] = LineAnswerCode.Accept, ["accepted"] = LineAnswerCode.Accept, ["ok"] = LineAnswerCode.Accept,
        ["reject"] = LineAnswerCode.Reject, ["rejected"] = LineAnswerCode.Reject,
        ["propose"] = LineAnswerCode.Propose, ["proposed"] = LineAnswerCode.Propose, ["change"] = LineAnswerCode.Propose,
        ["changed"] = LineAnswerCode.Propose,
    };

    private static readonly Dictionary<string, InvoiceKind> Kinds = new(StringComparer.Ordinal)
    {
        ["invoice"] = InvoiceKind.Invoice, ["creditnote"] = InvoiceKind.CreditNote, ["creditmemo"] = InvoiceKind.CreditNote,
        ["credit"] = InvoiceKind.CreditNote,
    };

    private static readonly Dictionary<string, ChargeKind> Charges = new(StringComparer.Ordinal)
    {
        ["freight"] = ChargeKind.Freight, ["shipping"] = ChargeKind.Freight, ["delivery"] = ChargeKind.Freight,
        ["discount"] = ChargeKind.Discount, ["fee"] = ChargeKind.Fee, ["commoditycredit"] = ChargeKind.CommodityCredit,
        ["tax"] = ChargeKind.Tax, ["salestax"] = ChargeKind.Tax, ["other"] = ChargeKind.Other,
    };

    /// <summary>What a response says as a whole: AB, AP, CA, RE or a word for one of them.</summary>
    public static ResponseCode? Code(string text) => Find(Codes, text);

    /// <summary>What it says of a line.</summary>
    public static LineAnswerCode? Answer(string text) => Find(Answers, text);

    /// <summary>Invoice or credit note.</summary>
    public static InvoiceKind? Kind(string text) => Find(Kinds, text);

    /// <summary>What an amount beside the lines is for.</summary>
    public static ChargeKind? Charge(string text) => Find(Charges, text);

    /// <summary>True for charges whose amounts are taken off, so that they are negative.</summary>
    public static bool IsTakenOff(ChargeKind kind) => kind is ChargeKind.Discount or ChargeKind.CommodityCredit;

    private static T? Find<T>(Dictionary<string, T> words, string text)
        where T : struct =>
        words.TryGetValue(string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant(), out var value) ? value : null;
}
