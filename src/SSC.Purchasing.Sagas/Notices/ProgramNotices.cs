using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Sagas;

/// <summary>What programs tell the members that enroll in them.</summary>
internal static class ProgramNotices
{
    /// <summary>What a fact tells; null when it is of something else.</summary>
    public static IEnumerable<Notice?>? Of(RecordedEvent e) => e.Fact switch
    {
        SeatLedger.Event fact => Of(fact, e.KeyIn(SeatLedger.Category)!),
        Enrollment.Event fact when e.KeyIn(Enrollment.Category)!.Split(':') is [var offering, var member] =>
            Of(fact, offering) is { } told ? [told with { Member = new(member) }] : [],
        Certificate.Event.Issued { Text: var text } =>
            [
                Notice.Of(
                    NoticeKind.CertificateIssued,
                    $"Participant {text.Participant} has a certificate of {text.ClockHours} clock hours for {text.Title}.",
                    e.KeyIn(Certificate.Category)) with { Member = text.Member },
            ],
        Certificate.Event.Revoked { Member: { } member } fact =>
            [
                Notice.Of(
                    NoticeKind.CertificateRevoked, $"Certificate {e.KeyIn(Certificate.Category)} holds no more: {fact.Reason}",
                    e.KeyIn(Certificate.Category)) with { Member = member },
            ],
        _ => null,
    };

    private static IEnumerable<Notice> Of(SeatLedger.Event fact, string offering) => fact switch
    {
        SeatLedger.Event.WaitlistOffered f =>
            [
                Notice.Of(
                    NoticeKind.SeatsOffered,
                    $"{f.Seats} seats in {offering} are free for the member until {JointOrderNotices.Time(f.Expires)}"
                    + (f.IsPart ? "; for the rest it keeps its place." : "."),
                    f.Offer, f.Expires) with { Member = f.Member },
            ],
        SeatLedger.Event.OfferExpired f =>
            [
                Notice.Of(
                    NoticeKind.SeatOfferExpired,
                    $"The offer of {f.Seats} seats in {offering} ran out; the member "
                    + (f.Requeued ? "waits again, at the end of the line." : "is out of the line."),
                    f.Offer) with { Member = f.Member },
            ],
        SeatLedger.Event.CutoffReached f => f.LetGo.Select(request => Notice.Of(
            NoticeKind.WaitlistClosed, $"The line for {offering} is closed; nothing is charged. What is free now, anybody may take.")
            with { Member = new(request[..request.LastIndexOf('.')]) }),
        _ => [],
    };

    private static Notice? Of(Enrollment.Event fact, string offering) => fact switch
    {
        Enrollment.Event.Cancelled f => Back(
            f.Refund, NoticeKind.EnrollmentCancelled, $"The member gave up its {f.Seats} seats in {offering}"),
        Enrollment.Event.SeatsReduced f => Back(
            f.Refund, NoticeKind.EnrollmentCancelled, $"The member keeps {f.To} of {f.From} seats in {offering}"),
        Enrollment.Event.CalledOff f => Back(f.Refund, NoticeKind.ProgramCancelled, $"{offering} was called off ({f.Reason})"),
        Enrollment.Event.MoveAsked f => Notice.Of(
            NoticeKind.MoveAsked,
            $"Too few have enrolled in {offering}; say by {JointOrderNotices.Time(f.Until)} whether the member moves to {f.To}, "
            + "or everything is paid back.",
            until: f.Until),
        _ => null,
    };

    private static Notice Back(Refund refund, NoticeKind kind, string what) =>
        Notice.Of(kind, $"{what}; {refund.Amount} comes back.") with { Amount = refund.Amount };
}
