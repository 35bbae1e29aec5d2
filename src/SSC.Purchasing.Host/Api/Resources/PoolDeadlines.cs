using System.Globalization;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.ReadModels;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>Deadlines of insurance pools: what a member must not miss, and what its board and its pool's staff must not.</summary>
internal static class PoolDeadlines
{
    /// <summary>A member's own: counts to report, offers to answer, notice to give, contributions and assessments to pay.</summary>
    public static async Task OfMember(ApiRequest r, ICalendar calendar, MemberNo member)
    {
        foreach (var part in await r.Rows(PoolModels.Participants, "member", member.Value))
        {
            foreach (var year in await r.Rows(PoolModels.Years, "pool", part.Pool.Value)) Counted(r, calendar, part, year);
            foreach (var run in await r.Rows(PoolModels.Assessments, "pool", part.Pool.Value)) Assessed(r, calendar, member, run);
            if (part is { Phase: ParticipationPhase.NoticeGiven, ExitOn: { } exit })
                Add(r, calendar, $"pool-exit-{part.Pool}-{member}", exit, $"Last day of coverage in {part.Pool}");
        }

        foreach (var offer in await r.Rows(PoolModels.Offers, "member", member.Value))
        {
            if (offer.Phase == OfferPhase.Issued)
                Add(r, calendar, $"pool-offer-{Key(offer)}", offer.Deadline, $"Last day to answer the renewal offer of {offer.Pool}");
        }

        foreach (var bill in await r.Rows(PoolModels.Invoices, "member", member.Value))
        {
            if (bill is { DueOn: { } due } && bill.Open > Money.Zero && bill.Phase != ContributionPhase.Credited)
            {
                Add(
                    r, calendar, $"pool-bill-{bill.Pool}-{member}-{bill.Month}", due,
                    $"Contribution to {bill.Pool} for {bill.Month} is due");
            }
        }
    }

    /// <summary>What board and staff of a cooperative owe its pools: rates, attestation, stop-loss, defaults to set aside.</summary>
    public static async Task OfBoard(ApiRequest r, ICalendar calendar, CooperativeId cooperative)
    {
        foreach (var pool in (await r.Rows(PoolModels.Pools)).Select(p => p.Facts).Where(f => f?.Cooperative == cooperative))
        {
            foreach (var year in await r.Rows(PoolModels.Years, "pool", pool!.Id.Value)) await Governed(r, calendar, year);
        }
    }

    private static void Counted(ApiRequest r, ICalendar calendar, PoolParticipation.State part, PoolYear.State year)
    {
        if (year.Terms is not { } terms || !terms.Members.Contains(part.Member)) return;
        if (year is { Phase: YearPhase.CensusOpen, CensusLocked: false } && !year.Census.ContainsKey(part.Member))
        {
            Add(
                r, calendar, $"pool-census-{terms.Key}-{part.Member}", terms.Before(terms.Parameters.Renewal.CensusLocks).AddDays(-1),
                $"Last day to report the counts for {terms.Pool} {terms.Year}");
        }

        if (part.Phase == ParticipationPhase.Active && year.Phase is YearPhase.Bound or YearPhase.Active)
        {
            Add(
                r, calendar, $"pool-notice-{terms.Key}-{part.Member}", terms.EndsOn.AddDays(-part.Rules.NoticeDays),
                $"Last day to give notice of withdrawal from {terms.Pool} at the end of the plan year");
        }
    }

    private static void Assessed(ApiRequest r, ICalendar calendar, MemberNo member, AssessmentRun.State run)
    {
        if (run is not { Phase: RunPhase.Allocated, Proposal: { } p, DueOn: { } due }) return;
        if (run.Shares.GetValueOrDefault(member)?.Standing != ShareStanding.Open) return;
        Add(r, calendar, $"pool-assessment-{p.Pool}-{p.Id}-{member}", due, p.Regime == LiabilityRegime.PremiumOnly
            ? $"Last day to consent to the assessment {p.Id} of {p.Pool}"
            : $"Assessment {p.Id} of {p.Pool} is due");
    }

    private static async Task Governed(ApiRequest r, ICalendar calendar, PoolYear.State year)
    {
        if (year.Terms is not { } terms || year.Phase is YearPhase.Closed or YearPhase.Abandoned) return;
        var (key, days, name) = (terms.Key, terms.Parameters.Renewal, $"{terms.Pool} {terms.Year}");
        void At(string what, DateOnly on, string summary) => Add(r, calendar, $"pool-{what}-{key}", on, summary);
        if (year.Phase is YearPhase.CensusOpen or YearPhase.Rated)
            At("adoption", year.RescheduledTo ?? terms.Before(days.Offers), $"Adopt the rates of {name}; offers go out");
        if (year.Attestation is null)
            At("attestation", terms.Before(days.Attestation), $"File the attestation of {name} with the Department of Commerce");
        if (year.Cover is null) At("stop-loss", terms.Before(days.StopLoss), $"Bind the stop-loss of {name}");
        if (year is { Phase: YearPhase.Offering, Deadline: { } deadline }) At("answers", deadline, $"Last day of the offers of {name}");
        foreach (var offer in await r.Rows(PoolModels.Offers, "year_key", key))
        {
            if (offer is { ByDefault: true, DefaultedOn: { } on })
            {
                Add(
                    r, calendar, $"pool-default-{Key(offer)}", on.AddDays(days.ContestDays),
                    $"Last day to set the default of {offer.Member} in {name} aside");
            }
        }
    }

    private static string Key(RenewalOffer.State offer) =>
        string.Create(CultureInfo.InvariantCulture, $"{offer.Pool}-{offer.Year}-{offer.Member}-{offer.Version}");

    private static void Add(ApiRequest r, ICalendar calendar, string uid, DateOnly on, string summary) =>
        calendar.Add($"{uid}@{r.Services.Tenant}", r.Now, on, summary);
}
