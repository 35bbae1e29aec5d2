using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.Invoicing;

/// <summary>
/// Recomputes every match (exceptions, each member's part, day of the last receipt) from the purchase order, the allocation, the receipts
/// and the earlier invoices at the versions that the event names; every month of interest and every last day to pay from the invoice's own
/// history; what a credit memo gives each member from the memo and the members' parts.
/// </summary>
public sealed class InvoiceMatchCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes =>
        ["vendor_invoice_matched", "vendor_invoice_cleared", "vendor_invoice_credited", "vendor_invoice_interest_accrued"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var history = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
        var before = (VendorInvoice.State.Known)history.Aggregate(
            VendorInvoice.Initial, (s, h) => VendorInvoice.Evolve(s, (VendorInvoice.Event)h.Fact));
        var subject = e.KeyIn(VendorInvoice.Category)!;
        return e.Fact switch
        {
            VendorInvoice.Event.Matched fact => await Matches(e, before.File.Facts, fact.Match, subject, store, ct).ConfigureAwait(false),
            VendorInvoice.Event.InterestAccrued fact => [Interest(before.File, fact, subject)],
            VendorInvoice.Event.Cleared fact => [DueDay(e, before.File, history[^1].Fact, fact, subject)],
            VendorInvoice.Event.Credited fact => [await Credit(e, before.File, fact, subject, store, ct).ConfigureAwait(false)],
            _ => throw new ArgumentException($"{e.Type} stores no decision about an invoice.", nameof(e)),
        };
    }

    private static async Task<IReadOnlyList<RecomputedDecision>> Matches(
        RecordedEvent e, InvoiceFacts facts, InvoiceMatch stored, string subject, IEventStore store, CancellationToken ct)
    {
        var input = await MatchInputs.Gather(store, e.Tenant, facts, MatchInputs.EarlierIn(stored.Basis), stored.Basis, ct)
            .ConfigureAwait(false);
        if (input is null) return [Of("inputs", stored.Basis.Inputs.ToString(), "no purchase order")];
        var again = InvoiceMatching.Compute(input);
        return
        [
            Of("inputs", stored.Basis.Inputs.ToString(), again.Basis.Inputs.ToString()),
            Of("match-exceptions", stored.Exceptions.ToString(), again.Exceptions.ToString()),
            Of("invoice-split", stored.Bills.ToString(), again.Bills.ToString()),
            Of("goods-received", Day(stored.GoodsReceivedOn), Day(again.GoodsReceivedOn)),
        ];

        RecomputedDecision Of(string kind, string before, string after) => new(kind, subject, stored.Basis.RuleVersion, before, after);
    }

    /// <summary>
    /// The last day to pay. Where a bill was put right, the period runs from the day of the command that did it: the event's own, or the
    /// day before when midnight lay between the two.
    /// </summary>
    private static RecomputedDecision DueDay(
        RecordedEvent e, InvoiceFile file, object cause, VendorInvoice.Event.Cleared fact, string subject)
    {
        var recorded = BusinessCalendar.LocalDate(e.At);
        var corrected = cause is VendorInvoice.Event.ExceptionResolved && file.WasIncorrect()
            ? fact.From == recorded.AddDays(-1) ? fact.From : recorded
            : (DateOnly?)null;
        return new(
            "due-day", subject, PromptPayment.RuleVersion, $"{Day(fact.DueOn)} from {Day(fact.From)}",
            $"{Day(file.LastDayToPay(corrected))} from {Day(file.PeriodFrom(corrected))}");
    }

    private static async Task<RecomputedDecision> Credit(
        RecordedEvent e, InvoiceFile file, VendorInvoice.Event.Credited fact, string subject, IEventStore store, CancellationToken ct)
    {
        var stored = fact.Credit;
        var memo = await store.ReadStream(
            e.Tenant, $"{VendorInvoice.Category}-{InvoiceKeys.Key(file.Facts.Document.Vendor, stored.Number)}", upToVersion: 1, ct: ct)
            .ConfigureAwait(false);
        return new(
            "credit-shares", $"{subject} {stored.Number}", file.Match?.Basis.RuleVersion ?? 0, $"{stored.Amount}: {stored.Members}",
            memo is [{ Fact: VendorInvoice.Event.Registered { Facts.Document: var document } }]
                ? $"{document.Total}: {InvoiceMatching.ShareCredit(document, file.Bills)}"
                : "no credit memo");
    }

    private static RecomputedDecision Interest(InvoiceFile file, VendorInvoice.Event.InterestAccrued fact, string subject)
    {
        var begins = file.DueOn?.AddMonths(fact.Month.Month - 1);
        var unpaid = begins is { } day ? file.UnpaidOn(fact.Payer, day) : Money.Zero;
        var again = begins is { } on ? PromptPayment.MonthlyInterest(unpaid, on) : Money.Zero;
        return new(
            "late-interest", string.Create(CultureInfo.InvariantCulture, $"{subject} {fact.Payer} month {fact.Month.Month}"),
                fact.RuleVersion,
            $"{fact.Month.Amount} on {fact.Month.Balance}", $"{again} on {unpaid}");
    }

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "-";
}
