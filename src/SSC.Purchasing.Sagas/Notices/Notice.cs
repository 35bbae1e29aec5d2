using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>What a member is told. In webhooks in snake_case, e.g. <c>notice.order_cancelled</c>.</summary>
public enum NoticeKind
{
    /// <summary>The order stays open longer.</summary>
    OrderExtended,

    /// <summary>The order takes no commitments for the time being.</summary>
    OrderHeld,

    /// <summary>The order takes commitments again.</summary>
    OrderResumed,

    /// <summary>The order is bought on another contract: confirm again, or be out.</summary>
    OrderMoved,

    /// <summary>The minimum was missed and a dearer tier is offered: confirm again, or be out.</summary>
    ConfirmAgain,

    /// <summary>Shares and prices are final and the order goes to the vendor.</summary>
    OrderReady,

    /// <summary>The vendor was passed over and the next one is asked.</summary>
    OrderReAwarded,

    /// <summary>The vendor has accepted.</summary>
    OrderConfirmed,

    /// <summary>The order is cancelled; what was encumbered for it is released.</summary>
    OrderCancelled,

    /// <summary>Somebody must approve the member's cost, or its evidence is missing.</summary>
    ApprovalNeeded,

    /// <summary>The member's cost was approved.</summary>
    Approved,

    /// <summary>The member is out of the order or of one of its lines.</summary>
    Declined,

    /// <summary>Part of a line's commitment could not be filled.</summary>
    Shortfall,

    /// <summary>Less of a line will come; the member's share is smaller than it was.</summary>
    ShareChanged,

    /// <summary>A pool offers the member its renewal.</summary>
    RenewalOffered,

    /// <summary>The offer is not answered yet; a reminder, or the last days that it may be.</summary>
    RenewalReminded,

    /// <summary>The offer may be answered longer.</summary>
    RenewalExtended,

    /// <summary>The offer is taken back for another price, or made again at one.</summary>
    RenewalRequoted,

    /// <summary>Nobody answered the offer, and the pool's rule on silence spoke; the board may set it aside.</summary>
    RenewalDefaulted,

    /// <summary>The board set aside what the rule on silence had said.</summary>
    DefaultReversed,

    /// <summary>The member declined and may not leave yet: it stays.</summary>
    DeclineRefused,

    /// <summary>The offer is void.</summary>
    RenewalVoided,

    /// <summary>The board adopted a pool's rates for a year.</summary>
    RatesAdopted,

    /// <summary>A pool's year was given up before it was bound.</summary>
    PoolYearAbandoned,

    /// <summary>A month's contribution is owed to the pool.</summary>
    ContributionBilled,

    /// <summary>A payment came back; what it paid is owed again.</summary>
    PaymentReturned,

    /// <summary>What the member owes is late: a reminder, a notice, a warning.</summary>
    PaymentOverdue,

    /// <summary>For what is owed to a pool, the member's expulsion is proposed to the board.</summary>
    ExpulsionProposed,

    /// <summary>The board put the member out of a pool.</summary>
    PoolExpelled,

    /// <summary>A pool is dissolved; the member's part of what was left.</summary>
    PoolDissolved,

    /// <summary>The member's part of a dividend, or of its correction.</summary>
    DividendShared,

    /// <summary>A dividend is in the books.</summary>
    DividendPosted,

    /// <summary>A dividend was given up.</summary>
    DividendCancelled,

    /// <summary>The member's part of an assessment: consent or pay by a day.</summary>
    AssessmentShared,

    /// <summary>Others did not pay their part of an assessment; the member takes over more of it.</summary>
    AssessmentRespread,

    /// <summary>An assessment was given up.</summary>
    AssessmentCancelled,

    /// <summary>Seats are offered to the member from the line, until a time.</summary>
    SeatsOffered,

    /// <summary>The member did not take its offer of seats in time.</summary>
    SeatOfferExpired,

    /// <summary>The line was closed before the member's turn; nothing is charged.</summary>
    WaitlistClosed,

    /// <summary>The member gave up seats; what comes back of their price.</summary>
    EnrollmentCancelled,

    /// <summary>Too few have enrolled: the member is asked to move to another date.</summary>
    MoveAsked,

    /// <summary>The date was called off; everything comes back.</summary>
    ProgramCancelled,

    /// <summary>A participant of the member has a certificate.</summary>
    CertificateIssued,

    /// <summary>A certificate holds no more.</summary>
    CertificateRevoked,

    /// <summary>The member's invoice of a month is out.</summary>
    InvoiceIssued,

    /// <summary>The membership lapsed for an unpaid fee.</summary>
    MembershipLapsed,

    /// <summary>The board expelled the member.</summary>
    MemberExpelled,

    /// <summary>The board met.</summary>
    BoardMet,

    /// <summary>A resolution that concerns the member is before the board.</summary>
    ResolutionProposed,

    /// <summary>The board adopted, rejected or rescinded a resolution that concerns the member.</summary>
    ResolutionDecided,
}

/// <summary>Something a member is told about what it takes part in.</summary>
/// <param name="Position">Log position of the fact.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Text">One sentence for a person.</param>
public sealed record Notice(long Position, DateTimeOffset At, NoticeKind Kind, string Text)
{
    /// <summary>The stream of the fact, e.g. <c>renewal-offer-SCHOOL:2027:M-001</c>.</summary>
    public string About { get; init; } = string.Empty;

    /// <summary>The member concerned; null when everybody in the order, the pool or the cooperative is.</summary>
    public MemberNo? Member { get; init; }

    /// <summary>The joint order; null when it is about something else.</summary>
    public JointOrderId? Order { get; init; }

    /// <summary>The insurance pool; null when it is about something else.</summary>
    public PoolId? Pool { get; init; }

    /// <summary>The cooperative whose members are concerned; null when it is about something else.</summary>
    public CooperativeId? Cooperative { get; init; }

    /// <summary>The line of the order concerned; null when there is none.</summary>
    public int? Line { get; init; }

    /// <summary>What is owed or comes back; null when it is not about money.</summary>
    public Money? Amount { get; init; }

    /// <summary>Why, as the recorded code, e.g. <c>max-price-exceeded</c>; null when there is none.</summary>
    public string? Code { get; init; }

    /// <summary>The moment by which the member can act, or until which something is open; null when there is none.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What a fact tells, before it is known where it stands in the log.</summary>
    internal static Notice Of(NoticeKind kind, string text, string? code = null, DateTimeOffset? until = null) =>
        new(0, default, kind, text) { Code = code, Until = until };

    /// <summary>The same, with a last day.</summary>
    internal static Notice By(DateOnly day, NoticeKind kind, string text, string? code = null) =>
        Of(kind, text, code, BusinessCalendar.EndOfDay(day));
}
