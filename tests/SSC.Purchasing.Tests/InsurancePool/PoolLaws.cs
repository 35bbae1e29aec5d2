using FsCheck;
using FsCheck.Fluent;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Experience;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.Properties;
using static SSC.Purchasing.Tests.InsurancePool.PoolSamples;

namespace SSC.Purchasing.Tests.InsurancePool;

public class PoolLaws : DeciderLaws<Pool, Pool.Command, Pool.State, Pool.Event>
{
    private static readonly PoolFacts Facts = new(School, new("SSC"), "School pool", PoolPopulation.Schools);
    private static readonly AdoptedResolution Yes = Adopted(ResolutionKind.PoolChange, "SCHOOL");
    private static readonly PoolParameters Banded = Parameters with { Rating = new() { Band = null } };

    protected override Gen<Pool.Command> Commands => Gen.Elements(All());

    protected override IEnumerable<IReadOnlyList<Pool.Command>> Scenarios =>
    [
        [
            Open, new Pool.Command.ChangeRegime(LiabilityRegime.JointAndSeveral, Yes),
            new Pool.Command.AmendParameters(Banded, new(2027, 1, 1), new(2026, 8, 1), Yes), new Pool.Command.AdmitParticipant(One),
            new Pool.Command.SeatTrustee(One), new Pool.Command.Close(Yes), new Pool.Command.ReleaseParticipant(One),
            new Pool.Command.StartRunOff(), new Pool.Command.Dissolve(Usd(10m), [new(One, 12, Money.Zero), new(Two, 6, Usd(1m))], Yes),
        ],
    ];

    private static Pool.Command Open { get; } = new Pool.Command.Open(Facts, LiabilityRegime.PremiumOnly, new(2026, 1, 1), Parameters);

    private static Pool.Command[] All() =>
    [
        Open, new Pool.Command.ChangeRegime(LiabilityRegime.JointAndSeveral, Yes),
        new Pool.Command.ChangeRegime(LiabilityRegime.JointAndSeveral, null),
        new Pool.Command.AmendParameters(Banded, new(2027, 1, 1), new(2026, 8, 1), Yes), new Pool.Command.AdmitParticipant(One),
        new Pool.Command.AdmitParticipant(Two), new Pool.Command.SeatTrustee(One), new Pool.Command.ReleaseParticipant(One),
        new Pool.Command.ReleaseParticipant(Two), new Pool.Command.Close(Yes), new Pool.Command.Close(null),
        new Pool.Command.StartRunOff(), new Pool.Command.Dissolve(Usd(10m), [new(One, 12, Money.Zero)], Yes),
    ];
}

public class ParticipationLaws
    : DeciderLaws<PoolParticipation, PoolParticipation.Command, PoolParticipation.State, PoolParticipation.Event>
{
    private static readonly DateOnly Exit = new(2027, 12, 31);
    private static readonly AdoptedResolution Expulsion = Adopted(ResolutionKind.Expulsion, "SCHOOL:M-001");
    private static readonly PoolParticipation.Command Apply = new PoolParticipation.Command.Apply(School, One, new(2026, 3, 1), null);
    private static readonly PoolParticipation.Command Sign =
        new PoolParticipation.Command.SignJoinder(NewYear, LiabilityRegime.PremiumOnly, new());

    private static readonly PoolParticipation.Command Notice =
        new PoolParticipation.Command.GiveNotice(new(2027, 9, 1), Exit, Exit, Money.Zero);

    protected override Gen<PoolParticipation.Command> Commands => Gen.Elements<PoolParticipation.Command>(
        Apply, new PoolParticipation.Command.Approve(), new PoolParticipation.Command.Reject(RejectionReason.Risk), Sign,
        new PoolParticipation.Command.Activate(), Notice, new PoolParticipation.Command.GiveNotice(new(2027, 12, 1), Exit, Exit, Usd(5m)),
        new PoolParticipation.Command.AcceptNotice(), new PoolParticipation.Command.RescindNotice(),
        new PoolParticipation.Command.Withdraw(new(2028, 1, 1)), new PoolParticipation.Command.Expel(new(2027, 6, 30), Expulsion),
        new PoolParticipation.Command.Expel(new(2027, 6, 30), null), new PoolParticipation.Command.StartRunOut(),
        new PoolParticipation.Command.CloseRunOut(new(2028, 7, 1)), new PoolParticipation.Command.Release(new(2028, 7, 2)));

    protected override IEnumerable<IReadOnlyList<PoolParticipation.Command>> Scenarios =>
    [
        [
            Apply, new PoolParticipation.Command.Reject(RejectionReason.Risk), Apply, new PoolParticipation.Command.Approve(), Sign,
            new PoolParticipation.Command.Activate(), new PoolParticipation.Command.GiveNotice(new(2027, 12, 1), Exit, Exit, Usd(5m)),
            Notice, new PoolParticipation.Command.RescindNotice(), Notice, new PoolParticipation.Command.AcceptNotice(),
            new PoolParticipation.Command.Withdraw(new(2028, 1, 1)), new PoolParticipation.Command.StartRunOut(),
            new PoolParticipation.Command.CloseRunOut(new(2028, 7, 1)), new PoolParticipation.Command.Release(new(2028, 7, 1)),
            new PoolParticipation.Command.Apply(School, One, new(2029, 1, 1), null),
        ],
        [
            Apply, new PoolParticipation.Command.Approve(), Sign, new PoolParticipation.Command.Activate(),
            new PoolParticipation.Command.Expel(new(2027, 6, 30), Expulsion), new PoolParticipation.Command.CloseRunOut(new(2028, 7, 1)),
            new PoolParticipation.Command.Release(new(2028, 7, 1)),
        ],
    ];
}

public class YearLaws : DeciderLaws<PoolYear, PoolYear.Command, PoolYear.State, PoolYear.Event>
{
    private static readonly StopLossCover Cover = new(new("CAR-2027"), Usd(50_000m), Price(900m), Factor.Of(1.25m));

    private static readonly StructuralList<OfferStanding> AllAccept =
        [.. Terms.Members.Select(m => new OfferStanding(m, 180, Usd(1_101.62m), OfferOutcome.Accepted, false, 2))];

    private static readonly StructuralList<OfferStanding> OneAccepts =
        [.. AllAccept.Select(o => o.Member == One ? o : o with { Outcome = OfferOutcome.Declined })];

    private static readonly PoolYear.Command Propose =
        new PoolYear.Command.ProposeRates([.. Terms.Members.Select(m => Input(m))], Factor.Of(0.065m));

    protected override Gen<PoolYear.Command> Commands => Gen.Elements(
        (PoolYear.Command[])
        [
            .. Scenarios.SelectMany(s => s), new PoolYear.Command.AdoptRates(null), new PoolYear.Command.OverrideTest(null),
        ]);

    /// <summary>Up to rates that are proposed.</summary>
    internal static IEnumerable<PoolYear.Command> Rated() =>
    [
        new PoolYear.Command.Draft(Terms), new PoolYear.Command.OpenCensus(), new PoolYear.Command.ReportCensus(One, Census),
        new PoolYear.Command.ReportCensus(Two, Census), new PoolYear.Command.LockCensus([new(Three, Census)]), Propose,
    ];

    /// <summary>Up to offers that are out.</summary>
    internal static IEnumerable<PoolYear.Command> Offering() =>
    [
        .. Rated(), new PoolYear.Command.RecordAdvice(true),
        new PoolYear.Command.AdoptRates(Adopted(ResolutionKind.RateAdoption, "SCHOOL:2027")),
        new PoolYear.Command.StartOffering(new(2026, 10, 18)),
    ];

    protected override IEnumerable<IReadOnlyList<PoolYear.Command>> Scenarios =>
    [
        [
            .. Rated(), new PoolYear.Command.RescheduleAdoption(new(2026, 8, 20)), new PoolYear.Command.RejectRates(1), Propose,
            new PoolYear.Command.RejectRates(2), Propose, new PoolYear.Command.RejectRates(3),
            new PoolYear.Command.HoldRates([.. Terms.Members.Select(m => Input(m))], Factor.Zero), new PoolYear.Command.RejectRates(4),
            new PoolYear.Command.Abandon(AbandonReason.RatesNotAdopted),
        ],
        [
            .. Offering(), new PoolYear.Command.ReportCensus(One, [new(Ppo, Tier.Single, 150)]),
            new PoolYear.Command.RaiseAttestationAlarm(), new PoolYear.Command.FileAttestation(new("ACT-2027"), new(2026, 10, 5)),
            new PoolYear.Command.RaiseStopLossAlarm(), new PoolYear.Command.BindStopLoss(Cover),
            new PoolYear.Command.ChangeStopLoss(StopLossChange.Lasered, new(2027, 3, 1), new(2027, 2, 1)),
            new PoolYear.Command.TestParticipation(1, OneAccepts, new(2026, 10, 19)),
            new PoolYear.Command.TestParticipation(2, OneAccepts, new(2026, 10, 30)),
            new PoolYear.Command.OverrideTest(Adopted(ResolutionKind.PoolWaiver, "SCHOOL:2027")), new PoolYear.Command.Bind(),
            new PoolYear.Command.RepriceStopLoss(Usd(9_000m), RepricingAnswer.ReserveAbsorbs),
            new PoolYear.Command.Activate(NewYear), new PoolYear.Command.StartRunOut(new(2028, 1, 1)),
            new PoolYear.Command.Close(new(2028, 7, 1)),
        ],
        [.. Offering(), new PoolYear.Command.ReRate(), Propose],
    ];
}

public class OfferLaws : DeciderLaws<RenewalOffer, RenewalOffer.Command, RenewalOffer.State, RenewalOffer.Event>
{
    internal static readonly DateOnly Deadline = new(2026, 10, 18);
    internal static readonly DateTimeOffset InTime = BusinessCalendar.EndOfDay(Deadline);
    internal static readonly DateTimeOffset TooLate = InTime.AddSeconds(1);

    internal static readonly OfferTerms Offered =
        OfferTerms.Of(RateCalculation.Of(Input(One), Parameters.Rating, Factor.Of(0.065m)), new(Census, false), Parameters.Rating);

    internal static readonly RenewalOffer.Command Issue = new RenewalOffer.Command.Issue(School, 2027, One, Offered, Deadline);

    private static readonly OfferTerms Other = Offered with { Contracts = 200 };
    private static readonly AdoptedResolution Yes = Adopted(ResolutionKind.PoolWaiver, "SCHOOL:2027:M-001");

    protected override Gen<RenewalOffer.Command> Commands =>
        Gen.Elements((RenewalOffer.Command[])[.. Scenarios.SelectMany(s => s), new RenewalOffer.Command.Accept(1, "Minute 4", TooLate)]);

    protected override IEnumerable<IReadOnlyList<RenewalOffer.Command>> Scenarios =>
    [
        [
            Issue, new RenewalOffer.Command.Remind(1), new RenewalOffer.Command.Accept(1, "Minute 4", InTime),
            new RenewalOffer.Command.WithdrawAcceptance(InTime),
            new RenewalOffer.Command.Decline(1, [NoticeFault.MinimumTerm], InTime), new RenewalOffer.Command.Decline(1, [], InTime),
            new RenewalOffer.Command.Supersede(OfferChangeReason.CensusMoved),
            new RenewalOffer.Command.Reissue(Other, new(2026, 10, 10), 14), new RenewalOffer.Command.ExtendDeadline(new(2026, 10, 30)),
            new RenewalOffer.Command.Accept(2, "Minute 5", InTime), new RenewalOffer.Command.Bind(),
        ],
        [
            Issue, new RenewalOffer.Command.ApplyDefault(NonResponseRule.Escalate7Days, 7, [], TooLate),
            new RenewalOffer.Command.ApplyDefault(NonResponseRule.Escalate7Days, 7, [], TooLate.AddDays(8)),
            new RenewalOffer.Command.ReverseDefault(false, Yes, TooLate.AddDays(9), 10),
            new RenewalOffer.Command.Void(OfferChangeReason.ReRated),
            new RenewalOffer.Command.Reissue(Offered, new(2026, 11, 1), 20, ReRated: true),
        ],
        [Issue, new RenewalOffer.Command.ApplyDefault(NonResponseRule.TreatAsDecline, 7, [], TooLate)],
    ];
}

public class EnrollmentLaws : DeciderLaws<EnrollmentLedger, EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>
{
    private static readonly EnrollmentLedger.Command Open = new EnrollmentLedger.Command.Open(Ledger(), Census);

    private static readonly EnrollmentLedger.Command Late = new EnrollmentLedger.Command.Adjust(
        Ref(1), [new(Ppo, Tier.Family, -1), new(Ppo, Tier.Single, 1)], new(2027, 3, 1), new(2027, 7, 10), ChangeReason.FamilyChange);

    protected override Gen<EnrollmentLedger.Command> Commands => Gen.Frequency(
        (1, Gen.Constant(Open)),
        (3, Gen.Choose(1, 12).Select(m => (EnrollmentLedger.Command)new EnrollmentLedger.Command.Freeze(Month(2027, m)))),
        (3, from n in Gen.Choose(1, 9) from change in Gen.Elements(-60, -1, 1, 2) from month in Gen.Choose(1, 12)
            select (EnrollmentLedger.Command)new EnrollmentLedger.Command.Adjust(
                Ref(n), [new(Ppo, Tier.SinglePlusOne, change)], new(2027, month, 1 + n), new(2027, 6, 20), ChangeReason.NewHire)),
        (1, Gen.Choose(1, 9).Select(n => (EnrollmentLedger.Command)new EnrollmentLedger.Command.WaiveRetro(
            Ref(n), Adopted(ResolutionKind.RetroWaiver, "SCHOOL:2027:M-001")))),
        (1, Gen.Choose(10, 12).Select(n => (EnrollmentLedger.Command)new EnrollmentLedger.Command.Credit(
            Ref(n), CreditCause.Dividend, Usd(-10m)))),
        (1, Gen.Choose(3, 9).Select(m => (EnrollmentLedger.Command)new EnrollmentLedger.Command.EndCoverage(new(2027, m, 17)))),
        (1, Gen.Constant((EnrollmentLedger.Command)new EnrollmentLedger.Command.Close())));

    protected override IEnumerable<IReadOnlyList<EnrollmentLedger.Command>> Scenarios =>
    [
        [
            Open, .. Enumerable.Range(1, 7).Select(m => new EnrollmentLedger.Command.Freeze(Month(2027, m))), Late,
            new EnrollmentLedger.Command.WaiveRetro(Ref(1), Adopted(ResolutionKind.RetroWaiver, "SCHOOL:2027:M-001")),
            new EnrollmentLedger.Command.Credit(Ref(2), CreditCause.Dividend, Usd(-10m)),
            .. Enumerable.Range(8, 5).Select(m => new EnrollmentLedger.Command.Freeze(Month(2027, m))),
            new EnrollmentLedger.Command.Close(),
        ],
        [
            Open, .. Enumerable.Range(1, 7).Select(m => new EnrollmentLedger.Command.Freeze(Month(2027, m))),
            new EnrollmentLedger.Command.EndCoverage(new(2027, 5, 31)), new EnrollmentLedger.Command.Freeze(Month(2027, 8)),
        ],
    ];
}

public class ContributionLaws
    : DeciderLaws<ContributionInvoice, ContributionInvoice.Command, ContributionInvoice.State, ContributionInvoice.Event>
{
    private static readonly DateOnly Due = new(2027, 1, 5);

    internal static readonly ContributionInvoice.Command Draft = new ContributionInvoice.Command.Draft(
        School, 2027, One, Month(2027, 1),
        [new(LineKind.Contribution, Month(2027, 1), Ppo, Tier.Single, 2, Usd(100m))]);

    protected override Gen<ContributionInvoice.Command> Commands =>
        Gen.Elements((ContributionInvoice.Command[])[.. Scenarios.SelectMany(s => s)]);

    protected override IEnumerable<IReadOnlyList<ContributionInvoice.Command>> Scenarios =>
    [
        [
            Draft, new ContributionInvoice.Command.AddAdjustment(Ref(7), Usd(-10m)), new ContributionInvoice.Command.Issue(Due),
            new ContributionInvoice.Command.RecordPayment(Ref(1), Usd(20m), Due),
            new ContributionInvoice.Command.RequestCollection(Ref(100), Due),
            new ContributionInvoice.Command.TakeIntoFile(Ref(100), "F-1"),
            new ContributionInvoice.Command.ReturnCollection(Ref(100), "R01", Due),
            new ContributionInvoice.Command.RequestCollection(Ref(101), Due),
            new ContributionInvoice.Command.ReturnCollection(Ref(101), "R02", Due), new ContributionInvoice.Command.MarkOverdue(),
            new ContributionInvoice.Command.SendNotice(), new ContributionInvoice.Command.WarnSuspension(),
            new ContributionInvoice.Command.ProposeExpulsion(), new ContributionInvoice.Command.RecordPayment(Ref(2), Usd(70m), Due),
        ],
        [
            Draft, new ContributionInvoice.Command.Issue(Due), new ContributionInvoice.Command.RequestCollection(Ref(100), Due),
            new ContributionInvoice.Command.RecordPayment(Ref(100), Usd(100m), Due),
            new ContributionInvoice.Command.ReturnCollection(Ref(100), "R01", Due),
            new ContributionInvoice.Command.RecordPayment(Ref(3), Usd(100m), Due),
            new ContributionInvoice.Command.ReversePayment(Ref(3), Due), new ContributionInvoice.Command.Credit(CreditReason.Withdrawn),
        ],
    ];
}

public class CollectionFileLaws : DeciderLaws<CollectionFile, CollectionFile.Command, CollectionFile.State, CollectionFile.Event>
{
    private static readonly DateOnly Day = new(2027, 1, 5);

    protected override Gen<CollectionFile.Command> Commands => Gen.OneOf(
        from n in Gen.Choose(0, 2) from hash in Gen.Elements('a', 'b') from id in Gen.Elements("F-1", "no good")
        select (CollectionFile.Command)new CollectionFile.Command.Make(
            School, id,
            [.. Enumerable.Range(1, n).Select(i => new CollectionEntry(Ref(i), $"SCHOOL:M-1:{i}", One, Month(2027, 1), Usd(i)))],
            DateTimeOffset.UnixEpoch, Day, new(new string(hash, 64))),
        Gen.Constant((CollectionFile.Command)new CollectionFile.Command.Settle(Day)));
}

public class ExperienceLaws : DeciderLaws<ExperienceLedger, ExperienceLedger.Command, ExperienceLedger.State, ExperienceLedger.Event>
{
    protected override Gen<ExperienceLedger.Command> Commands => Gen.OneOf(
        from hash in Gen.Elements('a', 'b') from paid in Gen.Choose(0, 3) from month in Gen.Choose(1, 4)
        select (ExperienceLedger.Command)new ExperienceLedger.Command.Import(
            School, null, new(new string(hash, 64)), [new(Month(2027, month), 180, Usd(paid), 1)], new(2027, 3, 20), null),
        from n in Gen.Choose(1, 2) from paid in Gen.Choose(0, 3)
        select (ExperienceLedger.Command)new ExperienceLedger.Command.Correct(
            Ref(n), new(Month(2027, 1), 180, Usd(paid), 0), ExperienceCorrection.CarrierRestated));
}

public class ValuationLaws : DeciderLaws<ReserveValuation, ReserveValuation.Command, ReserveValuation.State, ReserveValuation.Event>
{
    protected override Gen<ReserveValuation.Command> Commands => Gen.OneOf(
        Gen.Choose(0, 2).Select(n => (ReserveValuation.Command)new ReserveValuation.Command.Estimate(
            School, new(2027, 6, 30), [new(Month(2027, 5), Usd(100m * n), Factor.Of(.5m))],
            new(2027, Usd(1_000m), Money.Zero, Usd(500m), Usd(200m)), new())),
        Gen.Choose(1, 2).Select(n => (ReserveValuation.Command)new ReserveValuation.Command.Attest(Ref(n), new(2027, 7, 1))),
        Gen.Constant((ReserveValuation.Command)new ReserveValuation.Command.Book()));
}

public class RateStabilizationLaws
    : DeciderLaws<RateStabilization, RateStabilization.Command, RateStabilization.State, RateStabilization.Event>
{
    protected override Gen<RateStabilization.Command> Commands =>
        from key in Gen.Elements("SCHOOL:1", "SCHOOL:2", "bad key", "SCHOOL:3")
        from cents in Gen.Choose(-1, 300)
        from draw in Gen.Elements(true, false)
        select draw
            ? (RateStabilization.Command)new RateStabilization.Command.Draw(key, new(cents), ReservePurpose.RateBand, NewYear)
            : new RateStabilization.Command.Deposit(key, new(cents), ReservePurpose.Surplus, NewYear);
}

public class StopLossLaws : DeciderLaws<StopLossCase, StopLossCase.Command, StopLossCase.State, StopLossCase.Event>
{
    private static readonly DateOnly Day = new(2027, 5, 1);

    protected override Gen<StopLossCase.Command> Commands => Gen.OneOf(
        Gen.Elements(10_000, 80_000, 160_000, 212_480).Select(d => (StopLossCase.Command)new StopLossCase.Command.Report(
            School, 2027, Ref(1), Usd(d), new(), Day)),
        Gen.Elements<StopLossCase.Command>(
            new StopLossCase.Command.File(Day, 45), new StopLossCase.Command.Receive(Ref(5), Usd(10_000m), Day),
            new StopLossCase.Command.Receive(Ref(6), Usd(99_000m), Day), new StopLossCase.Command.Deny(DenialReason.Late, Day, 30),
            new StopLossCase.Command.RemindOfAppeal(Day.AddDays(30), Day.AddDays(25)),
            new StopLossCase.Command.Appeal(Day.AddDays(10), 30), new StopLossCase.Command.Chase(1), new StopLossCase.Command.Chase(2)));

    protected override IEnumerable<IReadOnlyList<StopLossCase.Command>> Scenarios =>
    [
        [
            new StopLossCase.Command.TestAggregate(
                School, 2027, new("AGG-2027"), AggregatePosition.Of(Price(10m), Factor.Of(1.25m), 100, Usd(2_000m), Money.Zero), Day),
            new StopLossCase.Command.File(Day, 45), new StopLossCase.Command.Chase(1),
            new StopLossCase.Command.Deny(DenialReason.Late, Day, 30),
            new StopLossCase.Command.RemindOfAppeal(Day.AddDays(30), Day.AddDays(25)), new StopLossCase.Command.Appeal(Day, 30),
            new StopLossCase.Command.Receive(Ref(5), Usd(750m), Day),
        ],
    ];
}

public class DividendLaws : DeciderLaws<Distribution, Distribution.Command, Distribution.State, Distribution.Event>
{
    protected override Gen<Distribution.Command> Commands =>
        Gen.Elements((Distribution.Command[])[.. Scenarios.SelectMany(s => s), new Distribution.Command.Approve(null)]);

    protected override IEnumerable<IReadOnlyList<Distribution.Command>> Scenarios =>
    [
        [
            DividendSpecs.Propose(Usd(100m)), DividendSpecs.Approve,
            new Distribution.Command.Allocate([new(One, Usd(500m), Usd(100m)), new(Two, Usd(500m), Usd(600m))], null, new(2028, 6, 30)),
            new Distribution.Command.Post(new(2028, 7, 1)),
        ],
        [DividendSpecs.Propose(Usd(100m)), new Distribution.Command.Cancel(RunCancellation.Corrected)],
    ];
}

public class AssessmentLaws : DeciderLaws<AssessmentRun, AssessmentRun.Command, AssessmentRun.State, AssessmentRun.Event>
{
    private static readonly DateOnly Day = new(2028, 7, 1);

    private static readonly AssessmentRun.Command Approve =
        new AssessmentRun.Command.Approve(Adopted(ResolutionKind.Assessment, "SCHOOL:A-1"));

    private static readonly AssessmentRun.Command Allocate = new AssessmentRun.Command.Allocate(
        [new(One, Usd(500m), Money.Zero), new(Two, Usd(300m), Money.Zero), new(Three, Usd(200m), Money.Zero)], Day);

    protected override Gen<AssessmentRun.Command> Commands =>
        Gen.Elements((AssessmentRun.Command[])[.. Scenarios.SelectMany(s => s), new AssessmentRun.Command.Approve(null)]);

    protected override IEnumerable<IReadOnlyList<AssessmentRun.Command>> Scenarios =>
    [
        [
            Propose(LiabilityRegime.PremiumOnly), Approve, Allocate, new AssessmentRun.Command.AnswerConsent(One, true, Day),
            new AssessmentRun.Command.AnswerConsent(Two, false, Day), new AssessmentRun.Command.CloseConsents(Day.AddDays(31)),
            new AssessmentRun.Command.RecordPayment(One, Day.AddDays(32)), new AssessmentRun.Command.Post(Day.AddDays(33)),
            new AssessmentRun.Command.ReversePayment(Ref(9), One, Usd(500m), Day.AddDays(34)),
            new AssessmentRun.Command.RecordPayment(One, Day.AddDays(35)), new AssessmentRun.Command.Post(Day.AddDays(36)),
        ],
        [
            Propose(LiabilityRegime.JointAndSeveral), Approve, Allocate, new AssessmentRun.Command.RecordPayment(One, Day),
            new AssessmentRun.Command.RecordPayment(Two, Day), new AssessmentRun.Command.DeclareDefaults(Day.AddDays(31)),
            new AssessmentRun.Command.RecordPayment(Two, Day.AddDays(32)), new AssessmentRun.Command.DeclareDefaults(Day.AddDays(70)),
            new AssessmentRun.Command.ReversePayment(Ref(9), Two, Usd(100m), Day.AddDays(71)),
            new AssessmentRun.Command.Cancel(RunCancellation.BoardDecision),
        ],
    ];

    private static AssessmentRun.Command.Propose Propose(LiabilityRegime regime) =>
        new(School, "A-1", Usd(1_000m), regime, Day, 30, 30);
}
