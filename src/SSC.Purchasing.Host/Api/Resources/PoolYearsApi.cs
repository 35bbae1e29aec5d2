using System.Globalization;
using SSC.Purchasing.Exchange.Pool;
using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.ReadModels;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A pool year to draft; participants are those on the roster.</summary>
public sealed record YearDraft(DateOnly StartsOn, StructuralList<PlanId> Plans);

/// <summary>A pool year as everybody may see it: no member's figures, and no cell below eleven contracts.</summary>
/// <param name="Phase">Where it stands.</param>
/// <param name="Terms">What it was drafted with.</param>
/// <param name="Contracts">Contracts of the census; absent below eleven.</param>
/// <param name="Deadline">Last day to answer an offer.</param>
/// <param name="Adopted">The resolution that adopted the rates.</param>
/// <param name="Test">The last participation test.</param>
/// <param name="HasAttestation">The attestation is filed.</param>
/// <param name="HasStopLoss">The stop-loss is bound.</param>
public sealed record PoolYearView(
    YearPhase Phase, YearTerms Terms, int? Contracts, DateOnly? Deadline, ResolutionCited? Adopted, PublishedTest? Test,
    bool HasAttestation, bool HasStopLoss);

/// <summary>A participation test as everybody may see it: counts below eleven, also as a difference, are absent.</summary>
/// <param name="Passed">Whether enough take part.</param>
/// <param name="Share">Bound ÷ offered.</param>
/// <param name="Offered">Contracts offered.</param>
/// <param name="Bound">Contracts accepted.</param>
public sealed record PublishedTest(bool Passed, Factor? Share, int? Offered, int? Bound)
{
    internal static PublishedTest? Of(ParticipationResult? test)
    {
        if (test is null) return null;
        // What is left out must not be found by subtracting.
        var shown = new[] { test.Offered, test.Bound, test.Offered - test.Bound }.All(n => n == 0 || Counts.Published(n) is not null);
        return shown ? new(test.Passed, test.Share, test.Offered, test.Bound) : new(test.Passed, null, null, null);
    }
}

/// <summary>A line of the renewal comparison.</summary>
/// <param name="Member">Member.</param>
/// <param name="Phase">Where its offer stands.</param>
/// <param name="Version">Live version.</param>
/// <param name="Current">Rate in force.</param>
/// <param name="Offered">Rate offered.</param>
/// <param name="Change">Applied change.</param>
/// <param name="Tiers">Tier rates.</param>
/// <param name="ByDefault">It stands by the rule on silence.</param>
public sealed record RenewalComparison(
    MemberNo Member, OfferPhase Phase, int Version, Money? Current, Money? Offered, Factor? Change, TierRates? Tiers, bool ByDefault);

/// <summary>A member's counts.</summary>
public sealed record CensusReport(StructuralList<TierCount> Counts);

/// <summary>Rates to propose.</summary>
public sealed record RateProposal(StructuralList<RateInput> Inputs, Factor Average);

/// <summary>A date that something moves to.</summary>
public sealed record MovedTo(DateOnly To);

/// <summary>An attestation filed with the Department of Commerce.</summary>
public sealed record AttestationFiling(OpaqueRef Attestation, DateOnly FiledOn);

/// <summary>An answer to an offer.</summary>
/// <param name="Version">The version that is answered.</param>
/// <param name="Approval">The member's own approval, at most 100 characters.</param>
public sealed record OfferAcceptance(int Version, string Approval);

/// <summary>A decline of an offer.</summary>
public sealed record OfferDecline(int Version);

/// <summary>A default that the board reverses.</summary>
public sealed record DefaultReversal(bool Renews, ResolutionId Resolution);

/// <summary>A retroactive change that the board lets count.</summary>
public sealed record RetroWaiver(OpaqueRef Reference, ResolutionId Resolution);

/// <summary>A change of enrollment.</summary>
public sealed record EnrollmentChange(
    OpaqueRef Reference, StructuralList<CountChange> Changes, DateOnly EffectiveOn, DateOnly ReportedOn, ChangeReason Reason);

/// <summary>What an import of a pool's file found and did.</summary>
/// <param name="Recorded">Whether it was recorded now.</param>
/// <param name="Report">What was found in the file.</param>
public sealed record PoolFileAnswer(bool Recorded, ImportReport Report);

/// <summary>Pool years: census, rates, offers, enrollment.</summary>
internal static class PoolYearsApi
{
    private const string Route = "/pools/{poolId}/years/{year}", Offer = Route + "/offers/{memberNo}";
    private const string Ledger = Route + "/enrollment/{memberNo}";
    private static readonly ResolutionId Resolution = new("R-2026-014");
    private static readonly PlanId Plan = new("PPO-500");

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Insurance pool years");
        api.Get<PoolYearView>(Route, "A pool year, now or as of a moment", Find).AsOf().OnlyWhen(JointOrdersApi.NotVendor);
        api.Put<YearDraft>(Route, "Draft a pool year", Draft).For(Roles.PoolAdmin).Refuses("pool-year-exists", "terms-invalid")
            .Example(() => new YearDraft(new(2027, 1, 1), [Plan]));
        api.Put<CensusReport>(Route + "/census/{memberNo}", "Report a member's counts", (r, b) =>
                Send(r, new PoolYear.Command.ReportCensus(PoolsApi.MemberOf(r), b.Counts)))
            .For(Roles.PoolAdmin, Roles.MemberBuyer, Roles.MemberApprover).OfMember()
            .Refuses("census-not-open", "count-out-of-range", "plan-unknown", "not-a-participant")
            .Example(() => new CensusReport([new(Plan, Tier.Single, 96), new(Plan, Tier.Family, 50)]));
        api.Import<PoolFileAnswer>(Route + "/census/import", "Report counts of several members from a file (CSV or XLSX)", (r, u) =>
                PoolImports.Answer(r, PoolImports.Census(
                    r.Services, r.Context, PoolsApi.PoolOf(r), Year(r), u.Content, r.Flag("dryRun"), r.Cancelled)))
            .For(Roles.PoolAdmin).Takes("dryRun", "`true` to see what would happen.").Refuses("rows-at-fault", "list-empty");
        api.Post(Route + "/census/opening", "Open the census ahead of its day", r => Send(r, new PoolYear.Command.OpenCensus()))
            .For(Roles.PoolAdmin);
        api.Post(Route + "/census/lock", "Lock the census ahead of its day; who kept silent stands with its last ledger", r =>
                PoolsApi.Work(r).Renewal.LockCensus(r.Context, PoolsApi.PoolOf(r), Year(r), r.Cancelled).Answered())
            .For(Roles.PoolAdmin).Refuses("census-empty");
        MapRates(api);
        MapOffers(api);
        MapEnrollment(api);
    }

    internal static int Year(ApiRequest r) =>
        int.TryParse(r.Text("year"), NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1990 and <= 2200
            ? year
            : throw new MalformedRequestException("year", "Name the pool year by the year it begins in, e.g. 2027.");

    private static void MapRates(ApiRoutes api)
    {
        api.Post<RateProposal>(Route + "/rates", "Propose rates", (r, b) => Send(r, new PoolYear.Command.ProposeRates(b.Inputs, b.Average)))
            .For(Roles.PoolAdmin).Refuses("census-not-locked", "rate-input-invalid", "rates-incomplete", "proposals-exhausted")
            .Example(() => new RateProposal(
                [new(new("M-001"), 4_320, UnitPrice.FromDollars(862.40m), Factor.Of(0.085m), 18, UnitPrice.FromDollars(71.20m),
                    UnitPrice.FromDollars(905m), UnitPrice.FromDollars(111.25m), Money.FromDollars(988m), 180)], Factor.Of(0.065m)));
        api.Post<PoolYear.Command.RecordAdvice>(Route + "/rates/advice", "Record what the advisory committee thinks", Send)
            .For(Roles.PoolAdmin, Roles.Clerk).Refuses("pool-year-phase").Example(() => new PoolYear.Command.RecordAdvice(true));
        api.Post<PoolYear.Command.RejectRates>(Route + "/rates/rejection", "Record that the board did not adopt them", Send)
            .For(Roles.PoolAdmin, Roles.Clerk).Refuses("rates-superseded").Example(() => new PoolYear.Command.RejectRates(1));
        api.Post<MovedTo>(Route + "/rates/rescheduling", "Record that the board had no quorum", (r, b) =>
                Send(r, new PoolYear.Command.RescheduleAdoption(b.To)))
            .For(Roles.PoolAdmin, Roles.Clerk).Refuses("already-rescheduled").Example(() => new MovedTo(new(2026, 8, 20)));
        api.Post<ByResolution>(Route + "/rates/adoption", "Adopt the rates, by resolution", (r, b) => Board(
                r, b.Resolution, ResolutionKind.RateAdoption, a => new PoolYear.Command.AdoptRates(a)))
            .For(Roles.PoolAdmin, Roles.Clerk).Refuses("resolution-missing", "no-rates-proposed")
            .Example(() => new ByResolution(Resolution));
        api.Put<AttestationFiling>(Route + "/attestation", "Record the actuary's attestation", (r, b) =>
                Send(r, new PoolYear.Command.FileAttestation(b.Attestation, b.FiledOn)))
            .For(Roles.PoolAdmin).Refuses("pool-year-over").Example(() => new AttestationFiling(new("ACT-2027"), new(2026, 10, 1)));
        api.Put<StopLossCover>(Route + "/stop-loss", "Bind the stop-loss", (r, b) => Send(r, new PoolYear.Command.BindStopLoss(b)))
            .For(Roles.PoolAdmin).Refuses("retention-too-high", "stop-loss-invalid")
            .Example(() => new StopLossCover(
                new("CAR-2027"), Money.FromDollars(150_000m), UnitPrice.FromDollars(1_012.40m), Factor.Of(1.25m)));
        api.Post<PoolYear.Command.RepriceStopLoss>(Route + "/stop-loss/repricing", "Record that the carrier asks for more", Send)
            .For(Roles.PoolAdmin).Refuses("year-not-bound")
            .Example(() => new PoolYear.Command.RepriceStopLoss(Money.FromDollars(9_000m), RepricingAnswer.ReserveAbsorbs));
        api.Post<PoolYear.Command.ChangeStopLoss>(Route + "/stop-loss/changes", "Record a laser or the end of the cover", Send)
            .For(Roles.PoolAdmin).Refuses("commerce-notice-late", "stop-loss-missing")
            .Example(() => new PoolYear.Command.ChangeStopLoss(StopLossChange.Lasered, new(2027, 3, 1), new(2027, 2, 1)));
        api.Post<ByResolution>(Route + "/participation-override", "Let a test that failed twice pass, by resolution", (r, b) => Board(
                r, b.Resolution, ResolutionKind.PoolWaiver, a => new PoolYear.Command.OverrideTest(a)))
            .For(Roles.PoolAdmin, Roles.Clerk).Refuses("resolution-missing", "participation-not-failed")
            .Example(() => new ByResolution(Resolution));
        api.Post(Route + "/re-rating", "Rate the year anew; every offer is void", r => Send(r, new PoolYear.Command.ReRate()))
            .For(Roles.PoolAdmin).Refuses("pool-year-phase");
        api.Post<PoolYear.Command.Abandon>(Route + "/abandonment", "Give the year up before it is bound", Send)
            .For(Roles.PoolAdmin).Refuses("pool-year-phase")
            .Example(() => new PoolYear.Command.Abandon(AbandonReason.TooFewParticipants));
    }

    private static void MapOffers(ApiRoutes api)
    {
        api.List<RenewalComparison>(Route + "/offers", "The renewal comparison; a member sees its own line", r => r.List(
                PoolModels.Offers,
                [("year_key", YearKey(r)), ("member", PoolsApi.OwnOr(r)), ("phase", r.Word<OfferPhase>("phase")?.ToString())],
                row => Line(row.Row)))
            .OnlyWhen(JointOrdersApi.NotVendor).Takes("member", "Only this member.").Takes("phase", "Only in this phase.");
        api.Get<RenewalOffer.State>(Offer, "A member's offer, now or as of a moment", FindOffer).AsOf().OfMember();
        api.Post<OfferAcceptance>(Offer + "/acceptance", "Accept a version", (r, b) =>
                Answering(r, new RenewalOffer.Command.Accept(b.Version, b.Approval, r.Now)))
            .For(Roles.MemberApprover, Roles.PoolAdmin).OfMember()
            .Refuses("offer-version-stale", "offer-superseded", "offer-deadline-passed", "approval-missing")
            .Example(() => new OfferAcceptance(1, "Board minute 2026-41"));
        api.Delete(Offer + "/acceptance", "Take an acceptance back, until the deadline", r =>
                Answering(r, new RenewalOffer.Command.WithdrawAcceptance(r.Now)))
            .For(Roles.MemberApprover, Roles.PoolAdmin).OfMember().Refuses("offer-not-accepted", "offer-deadline-passed");
        api.Post<OfferDecline>(Offer + "/decline", "Decline a version; what is against leaving is recorded and the member stays",
                async (r, b) =>
                {
                    var against = await PoolsApi.Work(r).Renewal.AgainstLeaving(
                        r.Context, PoolsApi.PoolOf(r), Year(r), PoolsApi.MemberOf(r), r.Cancelled);
                    return await Answering(r, new RenewalOffer.Command.Decline(b.Version, against, r.Now));
                })
            .For(Roles.MemberApprover, Roles.PoolAdmin).OfMember().Refuses("offer-version-stale", "offer-deadline-passed")
            .Example(() => new OfferDecline(1));
        api.Post<DefaultReversal>(Offer + "/default-reversal", "Reverse a default, by resolution within ten days", (r, b) =>
                PoolsApi.Work(r).Board.ReverseDefault(
                    r.Context, PoolsApi.PoolOf(r), Year(r), PoolsApi.MemberOf(r), b.Renews, b.Resolution, r.Cancelled).Answered())
            .For(Roles.PoolAdmin, Roles.Clerk).Refuses("resolution-missing", "contest-too-late", "no-default")
            .Example(() => new DefaultReversal(false, Resolution));
    }

    private static void MapEnrollment(ApiRoutes api)
    {
        api.Get<EnrollmentLedger.State>(Ledger, "A member's enrollment, now or as of a moment", FindLedger).AsOf().OfMember();
        api.Post<EnrollmentChange>(Ledger + "/changes", "Report a change of counts", (r, b) => Tell(
                r, new EnrollmentLedger.Command.Adjust(b.Reference, b.Changes, b.EffectiveOn, b.ReportedOn, b.Reason)))
            .For(Roles.PoolAdmin, Roles.MemberBuyer, Roles.MemberApprover).OfMember()
            .Refuses(
                "count-below-zero", "month-outside-year", "coverage-ended", "change-invalid", "plan-unknown", "ledger-frozen",
                "ledger-unknown")
            .Example(() => new EnrollmentChange(
                new("ECH-0001"), [new(Plan, Tier.Family, -1), new(Plan, Tier.Single, 1)], new(2027, 6, 1), new(2027, 6, 10),
                ChangeReason.FamilyChange));
        api.Import<PoolFileAnswer>(Route + "/enrollment/import", "Report changes of several members from a file (CSV or XLSX)", (r, u) =>
                PoolImports.Answer(r, PoolImports.Enrollment(
                    r.Services, r.Context, PoolsApi.PoolOf(r), Year(r), u.Content, r.Flag("dryRun"), r.Cancelled)))
            .For(Roles.PoolAdmin).Takes("dryRun", "`true` to see what would happen.").Refuses("rows-at-fault", "list-empty");
        api.Post<RetroWaiver>(Ledger + "/retro-waiver", "Let a change outside the window count, by resolution", (r, b) =>
                PoolsApi.Work(r).Board.WaiveRetro(
                    r.Context, PoolsApi.PoolOf(r), Year(r), PoolsApi.MemberOf(r), b.Reference, b.Resolution, r.Cancelled).Answered())
            .For(Roles.PoolAdmin, Roles.Clerk).Refuses("resolution-missing", "nothing-denied", "count-below-zero")
            .Example(() => new RetroWaiver(new("ECH-0001"), Resolution));
    }

    private static string YearKey(ApiRequest r) => PoolYear.Key(PoolsApi.PoolOf(r), Year(r));

    private static string Key(ApiRequest r) => RenewalOffer.Key(PoolsApi.PoolOf(r), Year(r), PoolsApi.MemberOf(r));

    private static Task<IResult> Send(ApiRequest r, PoolYear.Command command) =>
        r.Handle<PoolYear, PoolYear.Command, PoolYear.State, PoolYear.Event>(YearKey(r), command);

    private static Task<IResult> Board(
        ApiRequest r, ResolutionId resolution, ResolutionKind kind, Func<AdoptedResolution?, PoolYear.Command> command) =>
        PoolsApi.Work(r).Board.Year(r.Context, PoolsApi.PoolOf(r), Year(r), resolution, kind, command, r.Cancelled).Answered();

    /// <summary>An answer to an offer is recorded before the end of its deadline by the store's clock, or not at all.</summary>
    private static Task<IResult> Answering(ApiRequest r, RenewalOffer.Command command) =>
        r.Handle<RenewalOffer, RenewalOffer.Command, RenewalOffer.State, RenewalOffer.Event>(Key(r), async fresh =>
        {
            var loaded = await r.Services.Commands.Load<RenewalOffer, RenewalOffer.Command, RenewalOffer.State, RenewalOffer.Event>(
                r.Services.Tenant, Key(r), fresh, r.Cancelled);
            return (command, loaded.State.Phase == OfferPhase.Absent ? AppendConditions.None : new AppendConditions
            {
                RecordedBefore = BusinessCalendar.EndOfDay(loaded.State.Deadline).AddSeconds(1),
                WhenLate = new("offer-deadline-passed", $"The offer could be answered through {loaded.State.Deadline:yyyy-MM-dd}."),
            });
        });

    private static Task<IResult> Tell(ApiRequest r, EnrollmentLedger.Command command) =>
        r.Handle<EnrollmentLedger, EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>(
            EnrollmentLedger.Key(PoolsApi.PoolOf(r), Year(r), PoolsApi.MemberOf(r)), command);

    private static async Task<IResult> Draft(ApiRequest r, YearDraft draft)
    {
        var pool = await PoolsApi.Work(r).Streams.Pool(r.Services.Tenant, PoolsApi.PoolOf(r), r.Cancelled);
        if (pool.Facts is null) return Answer.NotFound;
        var parameters = pool.On(draft.StartsOn);
        return await Send(r, new PoolYear.Command.Draft(new(
            PoolsApi.PoolOf(r), Year(r), draft.StartsOn, draft.Plans, [.. pool.Roster.Keys], pool.Regime, parameters.Version,
            parameters.Values)));
    }

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await r.Load<PoolYear, PoolYear.Command, PoolYear.State, PoolYear.Event>(YearKey(r));
        var s = loaded.State;
        return Answer.Versioned(
            s.Terms is { } terms
                ? new PoolYearView(
                    s.Phase, terms, Counts.Published(s.Contracts), s.Deadline, s.Adopted, PublishedTest.Of(s.Test),
                    s.Attestation is not null, s.Cover is not null)
                : null,
            loaded.Version);
    }

    private static RenewalComparison Line(RenewalOffer.State s) => new(
        s.Member, s.Phase, s.Version, s.Terms?.Current, s.Terms?.Rate, s.Terms?.Change, s.Terms?.Tiers, s.ByDefault);

    private static async Task<IResult> FindOffer(ApiRequest r)
    {
        var loaded = await r.Load<RenewalOffer, RenewalOffer.Command, RenewalOffer.State, RenewalOffer.Event>(Key(r));
        return Answer.Versioned(loaded.Version == 0 ? null : loaded.State, loaded.Version);
    }

    private static async Task<IResult> FindLedger(ApiRequest r)
    {
        var loaded = await r.Load<EnrollmentLedger, EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>(
            EnrollmentLedger.Key(PoolsApi.PoolOf(r), Year(r), PoolsApi.MemberOf(r)));
        return Answer.Versioned(loaded.Version == 0 ? null : loaded.State, loaded.Version);
    }
}
