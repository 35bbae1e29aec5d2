using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.Invoicing;

/// <summary>An invoice or credit memo as registered, with the order it belongs to.</summary>
/// <param name="Document">As received.</param>
/// <param name="JointOrder">The joint order behind the purchase order.</param>
/// <param name="Contract">Its contract.</param>
/// <param name="Billing">Who is billed under the contract.</param>
/// <param name="ReceivedOn">Day on which it was received (America/Chicago).</param>
public sealed record InvoiceFacts(
    InvoiceDocument Document, JointOrderId JointOrder, ContractId Contract, BillingMode Billing, DateOnly ReceivedOn)
{
    /// <summary>Who pays the vendor: the cooperative for all, or each member for itself.</summary>
    /// <param name="bills">The members' parts.</param>
    internal IEnumerable<MemberNo> PayersOfVendor(StructuralList<MemberBill> bills) =>
        Billing == BillingMode.Cooperative ? [InvoiceKeys.Cooperative] : bills.Select(b => b.Member);
}

/// <summary>How invoices are named.</summary>
public static class InvoiceKeys
{
    /// <summary>Stands for the cooperative among the payers of an invoice that it is billed for.</summary>
    public static readonly MemberNo Cooperative = new("COOPERATIVE");

    private const string HashPrefix = "sha256-";

    /// <summary>
    /// The key of an invoice: <c>{VendorId}:{number}</c>, where a number that is no id (spaces, slashes) stands as <c>sha256-</c> and the
    /// first 48 digits of its hash. So (vendor, number) is one stream, and no two share one.
    /// </summary>
    public static string Key(VendorId vendor, string number) => $"{vendor}:{Slug(number)}";

    /// <summary>The number's part of the key.</summary>
    public static string Slug(string number) =>
        Id.IsWellFormed(number) && !number.StartsWith(HashPrefix, StringComparison.Ordinal)
            ? number
            : HashPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(number)))[..48];

    /// <summary>SHA-256 of a document's canonical JSON, lower-case hexadecimal.</summary>
    public static string ContentHash(InvoiceDocument document) =>
        Convert.ToHexStringLower(SHA256.HashData(EventCatalogue.Serialize(document)));
}

/// <summary>What is to become of an exception.</summary>
public enum ExceptionOutcome
{
    /// <summary>The excess is paid as billed, for a reason.</summary>
    AcceptedAsBilled,

    /// <summary>Credit memos of the vendor cover the excess.</summary>
    CoveredByCredit,

    /// <summary>It was a mistake of the buyer's: the goods had come, the price was agreed.</summary>
    Explained,
}

/// <summary>How an exception was settled.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Reason">Why, at most 500 characters.</param>
/// <param name="By">Opaque id of who decided.</param>
public sealed record ExceptionSettlement(ExceptionOutcome Outcome, string Reason, string By);

/// <summary>A payment on an invoice.</summary>
/// <param name="Reference">Check or transfer number, 1–50 characters: counts once per payer.</param>
/// <param name="Amount">Paid on the bill.</param>
/// <param name="Interest">Paid as interest, beside the bill.</param>
/// <param name="PaidOn">Day of payment.</param>
public sealed record InvoicePayment(string Reference, Money Amount, Money Interest, DateOnly PaidOn);

/// <summary>Money that came back to a payer because a credit came after it had paid.</summary>
/// <param name="Reference">Check or transfer number, 1–50 characters: counts once per payer.</param>
/// <param name="Amount">What came back, above zero.</param>
/// <param name="ReceivedOn">Day on which it came.</param>
public sealed record InvoiceRefund(string Reference, Money Amount, DateOnly ReceivedOn);

/// <summary>Interest for one month or part of it.</summary>
/// <param name="Month">1 for the first month after the due day.</param>
/// <param name="Balance">What was unpaid when the month began.</param>
/// <param name="Amount">Interest.</param>
public sealed record InterestMonth(int Month, Money Balance, Money Amount);

/// <summary>Where one payer stands with an invoice.</summary>
public sealed record PayerAccount
{
    /// <summary>Nothing yet.</summary>
    public static readonly PayerAccount New = new();

    /// <summary>Who approved it for payment; null while nobody has.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Payments, in order.</summary>
    public StructuralList<InvoicePayment> Payments { get; init; }

    /// <summary>Interest accrued, by month.</summary>
    public StructuralList<InterestMonth> Interest { get; init; }

    /// <summary>Refunds, in order.</summary>
    public StructuralList<InvoiceRefund> Refunds { get; init; }

    /// <summary>Σ payments on the bill, less what came back.</summary>
    [JsonIgnore]
    public Money Paid => Payments.Select(p => p.Amount).Sum() - Refunds.Select(r => r.Amount).Sum();

    /// <summary>Interest accrued and not paid.</summary>
    [JsonIgnore]
    public Money InterestDue => Interest.Select(i => i.Amount).Sum() - Payments.Select(p => p.Interest).Sum();
}

/// <summary>A credit memo counted against an invoice.</summary>
/// <param name="Number">The vendor's number of it.</param>
/// <param name="Amount">What it gives back.</param>
/// <param name="Members">Whom it gives it to; sums to the amount.</param>
public sealed record InvoiceCredit(string Number, Money Amount, StructuralMap<MemberNo, Money> Members);

/// <summary>All that is known of an invoice.</summary>
/// <param name="Facts">As registered.</param>
/// <param name="ContentHash">SHA-256 of the document.</param>
public sealed record InvoiceFile(InvoiceFacts Facts, string ContentHash)
{
    /// <summary>The last match.</summary>
    public InvoiceMatch? Match { get; init; }

    /// <summary>What the payer contests beside the match.</summary>
    public MatchException? Contested { get; init; }

    /// <summary>Exceptions settled, by number.</summary>
    public StructuralMap<int, ExceptionSettlement> Settled { get; init; }

    /// <summary>Day of the dispute; null when there was none.</summary>
    public DateOnly? DisputedOn { get; init; }

    /// <summary>Last day to pay; null while an exception is open.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>Reminders sent, by what they were about.</summary>
    public StructuralMap<string, int> Reminders { get; init; }

    /// <summary>Credit memos, in order.</summary>
    public StructuralList<InvoiceCredit> Credits { get; init; }

    /// <summary>Accounts of payers that did anything.</summary>
    public StructuralMap<MemberNo, PayerAccount> Accounts { get; init; }

    /// <summary>The members' parts; none before the match.</summary>
    [JsonIgnore]
    public StructuralList<MemberBill> Bills => Match?.Bills ?? [];

    /// <summary>Everything that is or was wrong.</summary>
    [JsonIgnore]
    public StructuralList<MatchException> Exceptions =>
        [.. Match?.Exceptions ?? [], .. Contested is { } contested ? [contested] : Array.Empty<MatchException>()];

    /// <summary>What is wrong and not settled.</summary>
    [JsonIgnore]
    public StructuralList<MatchException> Open => [.. Exceptions.Where(e => !Settled.ContainsKey(e.No))];

    /// <summary>Everybody who pays: the members, and with cooperative billing the cooperative, which pays the vendor.</summary>
    [JsonIgnore]
    public StructuralList<MemberNo> Payers =>
        [.. Bills.Select(b => b.Member), .. Facts.Billing == BillingMode.Cooperative && Match is not null ? [InvoiceKeys.Cooperative]
            : Array.Empty<MemberNo>()];

    /// <summary>A payer's account.</summary>
    public PayerAccount AccountOf(MemberNo payer) => Accounts.TryGetValue(payer, out var account) ? account : PayerAccount.New;

    /// <summary>What a payer owes in all: its part less its credits; the cooperative owes the vendor everything.</summary>
    public Money Owed(MemberNo payer) => payer == InvoiceKeys.Cooperative
        ? Facts.Document.Total - Credits.Select(c => c.Amount).Sum()
        : Bills.Where(b => b.Member == payer).Select(b => b.Total).Sum()
            - Credits.Select(c => c.Members.TryGetValue(payer, out var amount) ? amount : Money.Zero).Sum();

    /// <summary>What a payer has still to pay; negative when the vendor owes it a refund.</summary>
    public Money Balance(MemberNo payer) => Owed(payer) - AccountOf(payer).Paid;

    /// <summary>What a payer had not paid by the end of a day.</summary>
    public Money UnpaidOn(MemberNo payer, DateOnly day) =>
        Owed(payer) - AccountOf(payer).Payments.Where(p => p.PaidOn <= day).Select(p => p.Amount).Sum()
            + AccountOf(payer).Refunds.Where(r => r.ReceivedOn <= day).Select(r => r.Amount).Sum();

    /// <summary>True when everybody has paid everything.</summary>
    [JsonIgnore]
    public bool IsPaid => Match is not null && Payers.All(p => Balance(p) <= Money.Zero);

    /// <summary>True when it was sent back and something about it had to be put right: then the period runs from that day.</summary>
    internal bool WasIncorrect() => DisputedOn is not null && Settled.Values.Any(s => s.Outcome != ExceptionOutcome.Explained);

    /// <summary>The day from which the payment period runs: goods and a bill that is in order are both there.</summary>
    internal DateOnly PeriodFrom(DateOnly? corrected) =>
        new[] { Facts.ReceivedOn, Match?.GoodsReceivedOn ?? Facts.ReceivedOn, corrected ?? Facts.ReceivedOn }.Max();

    /// <summary>Last day to pay, when the last exception ends on a day (null when there was none).</summary>
    internal DateOnly LastDayToPay(DateOnly? corrected) =>
        PromptPayment.LastDayToPay(PeriodFrom(corrected), Facts.Billing == BillingMode.Cooperative);

    /// <summary>The months of interest that are due by a day and not accrued yet.</summary>
    internal IEnumerable<(MemberNo Payer, InterestMonth Month)> InterestMissing(DateOnly on)
    {
        if (DueOn is not { } due || Match is null) yield break;
        foreach (var payer in Facts.PayersOfVendor(Bills))
        {
            for (var month = AccountOf(payer).Interest.Count + 1; month <= PromptPayment.MonthsLate(due, on); month++)
            {
                var begins = due.AddMonths(month - 1);
                var unpaid = UnpaidOn(payer, begins);
                if (unpaid <= Money.Zero) break;
                yield return (payer, new(month, unpaid, PromptPayment.MonthlyInterest(unpaid, begins)));
            }
        }
    }

    /// <summary>With a payer's account changed.</summary>
    internal InvoiceFile With(MemberNo payer, Func<PayerAccount, PayerAccount> change) =>
        this with { Accounts = Accounts.Set(payer, change(AccountOf(payer))) };

    /// <summary>With a new match; what was settled stays settled where the same thing is found again.</summary>
    internal InvoiceFile Matched(InvoiceMatch match)
    {
        var settled = new Dictionary<int, ExceptionSettlement>();
        foreach (var old in Exceptions.Where(e => Settled.ContainsKey(e.No)))
        {
            if (old.No == 0) settled[0] = Settled[0];
            else if (match.Exceptions.FirstOrDefault(e => (e.Kind, e.Subject, e.Excess) == (old.Kind, old.Subject, old.Excess)) is { } same)
                settled[same.No] = Settled[old.No];
        }

        return this with { Match = match, Settled = StructuralMap<int, ExceptionSettlement>.From(settled) };
    }
}
