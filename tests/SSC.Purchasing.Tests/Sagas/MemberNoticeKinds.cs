using Shouldly;
using SSC.Purchasing.Host;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;
using SSC.Purchasing.Sagas;
using SSC.Purchasing.Tests.InsurancePool;
using Xunit;

using static SSC.Purchasing.Tests.InsurancePool.PoolSamples;
using Happened = (string Stream, object Fact, string Told);

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>Which fact of pools, programs and governance tells whom what: kind and audience, for every kind there is.</summary>
public class MemberNoticeKinds
{
    private static readonly EventCatalogue Catalogue = EventCatalogue.Of(Modules.Assemblies);
    private static readonly MemberNo One = new("M-001"), Two = new("M-002");
    private static readonly DateOnly Day = new(2026, 3, 17);
    private static readonly DateTimeOffset Time = BusinessCalendar.InstantOf(Day, new(9, 0));
    private static readonly ResolutionCited Cited = new(new("R-1"), "2026-1", Day);
    private static readonly StructuralList<MemberShareOut> Shares =
        [new(One, Usd(60m), Usd(60m), Usd(6m)), new(Two, Usd(40m), Usd(40m), Usd(4m))];

    private static readonly Refund Back = new(Usd(98m), Usd(49m), 20, 10_000, Usd(49m), 1);
    private static readonly CertificateText Certified = new(
        new("PD-oct"), new("PD"), "Number sense", new("p-1"), One, Day, Day, 360, Quantity.Of(6), Quantity.Of(1));

    private static readonly IReadOnlyList<Happened> Facts =
    [
        .. Offers(
            (new RenewalOffer.Event.Issued(Terms(), 1, Day), "RenewalOffered"),
            (new RenewalOffer.Event.Reminded(1), "RenewalReminded"), (new RenewalOffer.Event.Escalated(1, Day), "RenewalReminded"),
            (new RenewalOffer.Event.DeadlineExtended(Day), "RenewalExtended"),
            (new RenewalOffer.Event.Superseded(1, OfferChangeReason.ReRated), "RenewalRequoted"),
            (new RenewalOffer.Event.Reissued(Terms(), 2, Day), "RenewalRequoted"),
            (new RenewalOffer.Event.DefaultApplied(1, NonResponseRule.TreatAsDecline, false, Day, []), "RenewalDefaulted"),
            (new RenewalOffer.Event.DefaultReversed(true, Cited), "DefaultReversed"),
            (new RenewalOffer.Event.DeclineRefused(1, [NoticeFault.Debt]), "DeclineRefused"),
            (new RenewalOffer.Event.Voided(OfferChangeReason.YearAbandoned), "RenewalVoided")),
        ("pool-year-SCHOOL:2027", new PoolYear.Event.RatesAdopted(1, Cited), "RatesAdopted pool:SCHOOL"),
        ("pool-year-SCHOOL:2027", new PoolYear.Event.YearAbandoned(default), "PoolYearAbandoned pool:SCHOOL"),
        .. Bills(
            (new ContributionInvoice.Event.Issued(Usd(10m), Day), "ContributionBilled"),
            (new ContributionInvoice.Event.AchReturned(new("T-1"), "R01", true, Day), "PaymentReturned"),
            (new ContributionInvoice.Event.PaymentReversed(new("T-1"), Usd(10m), Day), "PaymentReturned"),
            (new ContributionInvoice.Event.BecameOverdue(Usd(10m)), "PaymentOverdue"),
            (new ContributionInvoice.Event.NoticeSent(Usd(10m)), "PaymentOverdue"),
            (new ContributionInvoice.Event.SuspensionWarned(Usd(10m)), "PaymentOverdue"),
            (new ContributionInvoice.Event.ExpulsionProposed(Usd(10m)), "ExpulsionProposed")),
        ("pool-participation-SCHOOL:M-001", new PoolParticipation.Event.Expelled(Cited, Day) { Pool = School, Member = One },
            "PoolExpelled M-001"),
        ("insurance-pool-SCHOOL", new Pool.Event.Dissolved(Usd(10m), [], [new(Two, Usd(7m), Usd(3m), Usd(10m))], 1, Cited),
            "PoolDissolved M-002"),
        ("pool-distribution-SCHOOL:D-1", new Distribution.Event.Allocated(Shares, [], null, new(new string('a', 64)), 1)
            { Pool = School, Id = "D-1" }, "DividendShared M-001, DividendShared M-002"),
        ("pool-distribution-SCHOOL:D-1", new Distribution.Event.Posted(Day, DistributionMethod.Payment, Usd(10m))
            { Pool = School, Id = "D-1" }, "DividendPosted pool:SCHOOL"),
        ("pool-distribution-SCHOOL:D-1", new Distribution.Event.Cancelled(RunCancellation.BoardDecision)
            { Pool = School, Id = "D-1" }, "DividendCancelled pool:SCHOOL"),
        ("pool-assessment-SCHOOL:A-1", new AssessmentRun.Event.Allocated(Shares, [], new(new string('a', 64)), Day, 1)
            { Pool = School, Id = "A-1" }, "AssessmentShared M-001, AssessmentShared M-002"),
        ("pool-assessment-SCHOOL:A-1", new AssessmentRun.Event.Respread([Two], Usd(4m), [Shares[0]], Day, 1)
            { Pool = School, Id = "A-1" }, "AssessmentRespread M-001"),
        ("pool-assessment-SCHOOL:A-1", new AssessmentRun.Event.PaymentReversed(new("T-1"), Two, Usd(4m), Day, Day)
            { Pool = School, Id = "A-1" }, "PaymentReturned M-002"),
        ("pool-assessment-SCHOOL:A-1", new AssessmentRun.Event.Cancelled(RunCancellation.Corrected)
            { Pool = School, Id = "A-1" }, "AssessmentCancelled pool:SCHOOL"),
        ("offering-PD-oct", new SeatLedger.Event.WaitlistOffered("M-001.1.1", "M-001.1", One, 2, true, Time), "SeatsOffered M-001"),
        ("offering-PD-oct", new SeatLedger.Event.OfferExpired("M-001.1.1", "M-001.1", One, 2, true, 0), "SeatOfferExpired M-001"),
        ("offering-PD-oct", new SeatLedger.Event.CutoffReached(["M-001.1", "M-002.1"]), "WaitlistClosed M-001, WaitlistClosed M-002"),
        ("seat-enrollment-PD-oct:M-001", new Enrollment.Event.Cancelled(2, "ill", Back), "EnrollmentCancelled M-001"),
        ("seat-enrollment-PD-oct:M-001", new Enrollment.Event.SeatsReduced(2, 1, Back), "EnrollmentCancelled M-001"),
        ("seat-enrollment-PD-oct:M-001", new Enrollment.Event.CalledOff(2, "below the minimum", Back, []), "ProgramCancelled M-001"),
        ("seat-enrollment-PD-oct:M-001", new Enrollment.Event.MoveAsked(new("PD-nov"), Time), "MoveAsked M-001"),
        ("certificate-ABC", new Certificate.Event.Issued(Certified), "CertificateIssued M-001"),
        ("certificate-ABC", new Certificate.Event.Revoked("issued in error") { Member = One }, "CertificateRevoked M-001"),
        ("monthly-invoice-M-001:2026-03", new MemberInvoice.Event.Issued("2026-17", Day, Day, Usd(10m), 1), "InvoiceIssued M-001"),
        ("monthly-invoice-M-001:2026-03", new MemberInvoice.Event.PaymentReversed("check 7", Usd(10m), "no funds"),
            "PaymentReturned M-001"),
        ("membership-year-M-001:2026", new MembershipYear.Event.Reminded(1), "PaymentOverdue M-001"),
        ("membership-year-M-001:2026", new MembershipYear.Event.Lapsed(Day), "MembershipLapsed M-001"),
        ("member-M-001", new Member.Event.Expelled(Day, new("R-1")), "MemberExpelled M-001"),
        ("board-SSC", new Board.Event.AttendanceRecorded("BM-1", Day, StructuralMap<PersonId, Attendance>.Empty),
            "BoardMet cooperative:SSC"),
        ("resolution-R-1", new Resolution.Event.Proposed(Day) { Matter = Matter(ResolutionKind.Expulsion, "SCHOOL:M-001") },
            "ResolutionProposed M-001"),
        ("resolution-R-1", new Resolution.Event.Proposed(Day) { Matter = Matter(ResolutionKind.PoolWaiver, "SCHOOL:2027:M-002") },
            "ResolutionProposed M-002"),
        ("resolution-R-1", new Resolution.Event.Proposed(Day) { Matter = Matter(ResolutionKind.PoolWaiver, "SCHOOL:2027") },
            "ResolutionProposed pool:SCHOOL"),
        ("resolution-R-1", new Resolution.Event.Rejected("2026-1", "BM-1", Day, Nobody, 1)
            { Matter = Matter(ResolutionKind.RateAdoption, "SCHOOL:2027") }, "ResolutionDecided pool:SCHOOL"),
        ("resolution-R-1", new Resolution.Event.Adopted("2026-1", "BM-1", Day, Day, Nobody, 1)
            { Matter = Matter(ResolutionKind.FeeSchedule, "MEMBERSHIP-FEES:SSC") }, "ResolutionDecided cooperative:SSC"),
        ("resolution-R-1", new Resolution.Event.Rescinded(new("R-2"), Day) { Matter = Matter(ResolutionKind.Expulsion, "M-001") },
            "ResolutionDecided M-001"),
        ("resolution-R-1", new Resolution.Event.Proposed(Day) { Matter = Matter(ResolutionKind.Other, "M-001") }, string.Empty),
        ("resolution-R-1", new Resolution.Event.Proposed(Day), string.Empty),
        ("certificate-ABC", new Certificate.Event.Revoked("as recorded before members were told"), string.Empty),
    ];

    private static Tally Nobody => new(7, 4, 4, 0, 0, 0, 4, 3);

    public static TheoryData<int> Places => [.. Enumerable.Range(0, Facts.Count)];

    [Theory]
    [MemberData(nameof(Places))]
    public void a_fact_tells_whom_it_concerns(int place)
    {
        var (stream, fact, told) = Facts[place];
        var notices = Told(stream, fact);
        string.Join(", ", notices.Select(n => $"{n.Kind} {MemberNotices.AudienceOf(n)}")).ShouldBe(told, fact.ToString());
        notices.ShouldAllBe(n => n.About == stream && n.Position == 7 && n.At == Time && n.Text.Length > 20 && n.Order == null);
    }

    [Fact]
    public void every_kind_beside_those_of_joint_orders_is_told_by_some_fact()
    {
        var told = Facts.SelectMany(f => Told(f.Stream, f.Fact)).Select(n => n.Kind).ToHashSet();
        Enum.GetValues<NoticeKind>().Where(k => k > NoticeKind.ShareChanged && !told.Contains(k)).ShouldBeEmpty();
    }

    private static List<Notice> Told(string stream, object fact)
    {
        var model = MemberNotices.Instance;
        var e = new RecordedEvent(Catalogue, fact)
        {
            Id = Guid.Empty, Tenant = "mn", Stream = stream, Version = 1, Position = 7, Type = Catalogue.AliasOf(fact), At = Time,
            Data = EventCatalogue.Serialize(fact),
            Metadata = new("test", "test"),
        };
        return [.. model.KeysOf(e).Select(key => model.Apply(key, null, e)!)];
    }

    private static IEnumerable<Happened> Offers(params IEnumerable<(RenewalOffer.Event Fact, string Kind)> facts) => facts.Select(f =>
        ("renewal-offer-SCHOOL:2027:M-001", (object)(f.Fact with { Pool = School, Year = 2027, Member = One }), $"{f.Kind} M-001"));

    private static IEnumerable<Happened> Bills(params IEnumerable<(ContributionInvoice.Event Fact, string Kind)> facts) => facts.Select(f =>
        ("pool-invoice-SCHOOL:M-001:2027-01",
            (object)(f.Fact with { Pool = School, Year = 2027, Member = One, Month = new(2027, 1) }), $"{f.Kind} M-001"));

    private static OfferTerms Terms() => new(Usd(1_101.62m), 180, TierRates.Of(Usd(1_101.62m), Census, new RatingRules().TierFactors),
        Usd(988m), Factor.Of(0.115m));

    private static ResolutionMatter Matter(ResolutionKind kind, string subject) =>
        new(new("R-1"), new("SSC"), kind, subject, "A matter of the board");
}
