using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>What insurance pools tell their participants. No member is told of another one's figures.</summary>
internal static class PoolNotices
{
    /// <summary>What a fact tells; null when it is of something else.</summary>
    public static IEnumerable<Notice?>? Of(RecordedEvent e) => e.Fact switch
    {
        RenewalOffer.Event fact => Of(fact) is { } told ? [told with { Pool = fact.Pool, Member = fact.Member }] : [],
        PoolYear.Event fact when e.KeyIn(PoolYear.Category)!.Split(':') is [var pool, var year] =>
            Of(fact, year) is { } told ? [told with { Pool = new(pool) }] : [],
        ContributionInvoice.Event fact => Of(fact) is { } told ? [told with { Pool = fact.Pool, Member = fact.Member }] : [],
        Distribution.Event fact => Of(fact).Select(told => told with { Pool = fact.Pool }),
        AssessmentRun.Event fact => Of(fact).Select(told => told with { Pool = fact.Pool }),
        PoolParticipation.Event.Expelled fact =>
            [
                Notice.By(
                    fact.LastDay, NoticeKind.PoolExpelled, $"The board put the member out of pool {fact.Pool} after {fact.LastDay:O}.",
                    fact.Resolution.Resolution.Value) with { Pool = fact.Pool, Member = fact.Member },
            ],
        Pool.Event.Dissolved fact => fact.Shares.Select(s =>
            Notice.Of(NoticeKind.PoolDissolved, $"The pool is dissolved; the member's part of what was left is {s.Amount}.")
                with { Pool = new(e.KeyIn(Pool.Category)!), Member = s.Member, Amount = s.Amount }),
        _ => null,
    };

    private static Notice? Of(RenewalOffer.Event fact) => fact switch
    {
        RenewalOffer.Event.Issued f => Notice.By(
            f.Deadline, NoticeKind.RenewalOffered,
            $"Pool {f.Pool} offers {f.Year} at {f.Terms.Rate} a contract and month, now {f.Terms.Current}; answer by {f.Deadline:O}.")
            with { Amount = f.Terms.Rate },
        RenewalOffer.Event.Reissued f => Notice.By(
            f.Deadline, NoticeKind.RenewalRequoted,
            $"Pool {f.Pool} offers {f.Year} anew, at {f.Terms.Rate} a contract and month (version {f.Version}); answer by {f.Deadline:O}.")
            with { Amount = f.Terms.Rate },
        RenewalOffer.Event.Superseded f => Notice.Of(
            NoticeKind.RenewalRequoted, $"Version {f.Version} of the offer is taken back; another one follows.", CodeOf(f.Reason)),
        RenewalOffer.Event.Reminded f => Notice.Of(
            NoticeKind.RenewalReminded, $"Reminder {f.Number}: pool {f.Pool} waits for an answer to its offer for {f.Year}."),
        RenewalOffer.Event.Escalated f => Notice.By(
            f.Until, NoticeKind.RenewalReminded,
            $"Nobody answered pool {f.Pool}'s offer for {f.Year}; it may be answered until {f.Until:O}.", "escalated"),
        RenewalOffer.Event.DeadlineExtended f => Notice.By(
            f.Deadline, NoticeKind.RenewalExtended, $"Pool {f.Pool}'s offer for {f.Year} may be answered until {f.Deadline:O}."),
        RenewalOffer.Event.DefaultApplied f => Notice.Of(
            NoticeKind.RenewalDefaulted,
            $"Nobody answered pool {f.Pool}'s offer for {f.Year}; by the pool's rule the member {(f.Renews ? "renews" : "leaves")}. "
            + "The board may set that aside.",
            CodeOf(f.Rule)),
        RenewalOffer.Event.DefaultReversed f => Notice.Of(
            NoticeKind.DefaultReversed,
            $"The board set the rule on silence aside: the member {(f.Renews ? "renews" : "leaves")} for {f.Year}.",
            f.Resolution.Resolution.Value),
        RenewalOffer.Event.DeclineRefused f => Notice.Of(
            NoticeKind.DeclineRefused,
            $"The member stays in pool {f.Pool} for {f.Year}: {string.Join(", ", f.Reasons.Select(r => CodeOf(r)))}.",
            f.Reasons is [var first, ..] ? CodeOf(first) : null),
        RenewalOffer.Event.Voided f => Notice.Of(
            NoticeKind.RenewalVoided, $"Pool {f.Pool}'s offer for {f.Year} is void.", CodeOf(f.Reason)),
        _ => null,
    };

    private static Notice? Of(PoolYear.Event fact, string year) => fact switch
    {
        PoolYear.Event.RatesAdopted f => Notice.Of(
            NoticeKind.RatesAdopted, $"The board adopted the pool's rates for {year}.", f.Resolution.Resolution.Value),
        PoolYear.Event.YearAbandoned f => Notice.Of(
            NoticeKind.PoolYearAbandoned, $"The pool's year {year} was given up; nobody is bound.", CodeOf(f.Reason)),
        _ => null,
    };

    private static Notice? Of(ContributionInvoice.Event fact) => fact switch
    {
        ContributionInvoice.Event.Issued f => Notice.By(
            f.DueOn, NoticeKind.ContributionBilled, $"The contribution of {f.Month} is {f.Total}, due {f.DueOn:O}.")
            with { Amount = f.Total },
        ContributionInvoice.Event.AchReturned f => Notice.Of(
            NoticeKind.PaymentReturned,
            $"The bank returned the collection for {f.Month} ({f.Code}: {AchReturnCodes.MeaningOf(f.Code)}); "
            + (f.Retry ? "it is presented again." : "it is owed again."),
            f.Code),
        ContributionInvoice.Event.PaymentReversed f => Notice.Of(
            NoticeKind.PaymentReturned, $"A payment of {f.Amount} for {f.Month} was taken back; it is owed again.")
            with { Amount = f.Amount },
        ContributionInvoice.Event.BecameOverdue f => Late(f.Open, $"The contribution of {f.Month} is overdue", "overdue"),
        ContributionInvoice.Event.NoticeSent f => Late(f.Open, $"Notice: the contribution of {f.Month} is overdue", "notice"),
        ContributionInvoice.Event.SuspensionWarned f => Late(
            f.Open, $"Warning: coverage is suspended unless the contribution of {f.Month} is paid", "suspension-warned"),
        ContributionInvoice.Event.ExpulsionProposed f => Notice.Of(
            NoticeKind.ExpulsionProposed,
            $"The member's expulsion from pool {f.Pool} is proposed to the board, which alone decides it; {f.Open} is owed for {f.Month}.")
            with { Amount = f.Open },
        _ => null,
    };

    private static IEnumerable<Notice> Of(Distribution.Event fact) => fact switch
    {
        Distribution.Event.Allocated f => f.Shares.Select(s => Notice.Of(
            NoticeKind.DividendShared, $"The member's part of dividend {f.Id} is {s.Amount}.")
            with { Member = s.Member, Amount = s.Amount }),
        Distribution.Event.Posted f =>
            [Notice.Of(NoticeKind.DividendPosted, $"Dividend {f.Id} is in the books; it comes as {Words(f.Method)}.", CodeOf(f.Method))],
        Distribution.Event.Cancelled f =>
            [Notice.Of(NoticeKind.DividendCancelled, $"Dividend {f.Id} was given up.", CodeOf(f.Reason))],
        _ => [],
    };

    private static IEnumerable<Notice> Of(AssessmentRun.Event fact) => fact switch
    {
        AssessmentRun.Event.Allocated f => f.Shares.Select(s => Notice.By(
            f.DueOn, NoticeKind.AssessmentShared,
            $"The member's part of assessment {f.Id} is {s.Amount}; its consent, or the payment, is due by {f.DueOn:O}.")
            with { Member = s.Member, Amount = s.Amount }),
        AssessmentRun.Event.Respread f => f.Shares.Select(s => Notice.By(
            f.DueOn, NoticeKind.AssessmentRespread,
            $"Others did not pay their part of assessment {f.Id}; the member owes {s.Amount} more by {f.DueOn:O}.")
            with { Member = s.Member, Amount = s.Amount }),
        AssessmentRun.Event.PaymentReversed f =>
            [
                Notice.By(f.DueOn, NoticeKind.PaymentReturned, $"A payment of {f.Amount} for assessment {f.Id} was taken back.")
                    with { Member = f.Member, Amount = f.Amount },
            ],
        AssessmentRun.Event.Cancelled f =>
            [Notice.Of(NoticeKind.AssessmentCancelled, $"Assessment {f.Id} was given up.", CodeOf(f.Reason))],
        _ => [],
    };

    private static Notice Late(Money open, string what, string code) =>
        Notice.Of(NoticeKind.PaymentOverdue, $"{what}: {open} is owed.", code) with { Amount = open };

    private static string Words(DistributionMethod method) =>
        method == DistributionMethod.Payment ? "a payment" : "a credit on the next invoice";

    private static string CodeOf(Enum reason) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString());
}
