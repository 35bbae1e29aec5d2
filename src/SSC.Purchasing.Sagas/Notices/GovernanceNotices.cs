using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Sagas;

/// <summary>What the board and the cooperative's books tell members.</summary>
internal static class GovernanceNotices
{
    /// <summary>What a fact tells; null when it is of something else.</summary>
    public static IEnumerable<Notice?>? Of(RecordedEvent e) => e.Fact switch
    {
        Resolution.Event fact => Of(fact, e.KeyIn(Resolution.Category)!) is { } told ? [told] : [],
        Board.Event.AttendanceRecorded fact =>
            [
                Notice.Of(NoticeKind.BoardMet, $"The board met on {fact.HeldOn:O}; ask its clerk for the minutes.", fact.Meeting)
                    with { Cooperative = new(e.KeyIn(Board.Category)!) },
            ],
        Member.Event.Expelled fact =>
            [
                Notice.By(
                    fact.LastDay, NoticeKind.MemberExpelled, $"The board expelled the member; its last day is {fact.LastDay:O}.",
                    fact.Resolution.Value) with { Member = new(e.KeyIn(Member.Category)!) },
            ],
        MemberInvoice.Event fact when e.KeyIn(MemberInvoice.Category)!.Split(':') is [var member, var month] =>
            Of(fact, month) is { } told ? [told with { Member = new(member) }] : [],
        MembershipYear.Event fact when e.KeyIn(MembershipYear.Category)!.Split(':') is [var member, var year] =>
            Of(fact, year) is { } told ? [told with { Member = new(member) }] : [],
        _ => null,
    };

    private static Notice? Of(Resolution.Event fact, string id) => fact switch
    {
        Resolution.Event.Proposed { Matter: { } matter } f => Concerning(
            matter, NoticeKind.ResolutionProposed, $"\"{matter.Title}\" is before the board since {f.On:O}.", id),
        Resolution.Event.Adopted { Matter: { } matter } f => Concerning(
            matter, NoticeKind.ResolutionDecided, $"The board adopted \"{matter.Title}\" as {f.Number} on {f.MeetingDate:O}.", id),
        Resolution.Event.Rejected { Matter: { } matter } f => Concerning(
            matter, NoticeKind.ResolutionDecided, $"The board rejected \"{matter.Title}\" on {f.MeetingDate:O}.", id),
        Resolution.Event.Rescinded { Matter: { } matter } f => Concerning(
            matter, NoticeKind.ResolutionDecided, $"The board rescinded \"{matter.Title}\" by {f.By}.", id),
        _ => null,
    };

    /// <summary>Whom a matter concerns, as its kind and subject say; null when no member in particular.</summary>
    private static Notice? Concerning(ResolutionMatter matter, NoticeKind kind, string text, string id)
    {
        var (told, parts) = (Notice.Of(kind, text, id), matter.Subject.Split(':'));
        return matter.Kind switch
        {
            ResolutionKind.Expulsion or ResolutionKind.RetroWaiver => told with { Member = new(parts[^1]) },
            ResolutionKind.PoolChange or ResolutionKind.PoolWaiver when parts.Length > 1 && !IsYear(parts[^1]) =>
                told with { Member = new(parts[^1]) },
            ResolutionKind.RateAdoption or ResolutionKind.Distribution or ResolutionKind.Assessment or ResolutionKind.PoolChange
                or ResolutionKind.PoolWaiver => told with { Pool = new PoolId(parts[0]) },
            ResolutionKind.FeeSchedule => told with { Cooperative = matter.Cooperative },
            _ => null,
        };
    }

    private static bool IsYear(string part) => part.Length == 4 && part.All(char.IsAsciiDigit);

    private static Notice? Of(MemberInvoice.Event fact, string month) => fact switch
    {
        MemberInvoice.Event.Issued f => Notice.By(
            f.DueOn, NoticeKind.InvoiceIssued, $"Invoice {f.Number} of {month} is out: {f.Total}, due {f.DueOn:O}.", f.Number)
            with { Amount = f.Total },
        MemberInvoice.Event.PaymentReversed f => Notice.Of(
            NoticeKind.PaymentReturned, $"A payment of {f.Amount} on the invoice of {month} was taken back: {f.Reason}", f.Reference)
            with { Amount = f.Amount },
        _ => null,
    };

    private static Notice? Of(MembershipYear.Event fact, string year) => fact switch
    {
        MembershipYear.Event.Reminded f => Notice.Of(
            NoticeKind.PaymentOverdue, $"Reminder {f.Number}: the membership fee of {year} is not paid.", "membership-fee"),
        MembershipYear.Event.Lapsed => Notice.Of(
            NoticeKind.MembershipLapsed, $"The membership lapsed: the fee of {year} was not paid.", "membership-fee"),
        _ => null,
    };
}
