using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A member's calendar: the sessions it has seats in, and every deadline it should not miss.</summary>
internal static class CalendarsApi
{
    public static void Map(ApiRoutes routes) => routes.Under("Calendars")
        .Get<string>("/calendars/{memberNo}", "Sessions and deadlines of a member, to subscribe to", Calendar).OfMember()
        .Says("`text/calendar` (RFC 5545), times in UTC; the same thing always has the same UID.");

    private static async Task<IResult> Calendar(ApiRequest r)
    {
        var member = r.Id<MemberNo>("memberNo");
        if ((await r.Find(Modules.SeatEnrollments, member.Value)).Instead is { } behind) return behind;
        var calendar = new ICalendar($"Cooperative: {member}");
        foreach (var row in await r.Rows(Modules.SeatEnrollments, "member", member.Value)) await Enrolled(r, calendar, row);
        var subscriptions = await r.Rows(Modules.Subscriptions, "member", member.Value);
        foreach (var s in subscriptions.Select(s => s.State).Where(s => s.Phase == SubscriptionPhase.Active))
        {
            var terms = s.Terms!;
            var year = new FiscalYear(terms.Year).FirstDay;
            calendar.Add(
                $"notice-{Subscription.Key(terms.Service, member, terms.Year)}@{r.Services.Tenant}", BusinessCalendar.EndOfDay(year),
                terms.LastDayOfNotice, $"Last day of notice: {terms.Title}");
        }

        foreach (var year in await r.Rows(Modules.MembershipYears, "member", member.Value))
        {
            if (year.Standing == MembershipStanding.Owed)
            {
                calendar.Add(
                    $"fee-{MembershipYear.Key(member, year.Fee.Year)}@{r.Services.Tenant}", r.Now, year.Fee.DueOn,
                    $"Membership fee is due: {year.Fee.Amount}");
            }
        }

        await PoolDeadlines.OfMember(r, calendar, member);
        return Results.Text(calendar.ToString(), ICalendar.MediaType);
    }

    private static async Task Enrolled(ApiRequest r, ICalendar calendar, EnrollmentRow row)
    {
        if (row.State.Status is EnrollmentStatus.Cancelled or EnrollmentStatus.Lapsed) return;
        var offering = await r.Services.Models.Find(Modules.Offerings, r.Services.Tenant, row.Offering.Value, r.Cancelled);
        if (offering is null || offering.Phase == OfferingPhase.Cancelled) return;
        string Uid(string what) => $"{what}-{row.Offering}-{row.Member}@{r.Services.Tenant}";
        var terms = offering.Terms;
        if (row.State.Seats + row.State.Standing.Held > 0)
        {
            foreach (var (i, session) in terms.Sessions.Index())
            {
                calendar.Add(
                    Uid(string.Create(CultureInfo.InvariantCulture, $"session-{i + 1}")), row.ChangedAt, session.StartsAt, session.EndsAt,
                    terms.Title, terms.Place);
            }
        }

        if (row.State.Standing.Waiting > 0)
            calendar.Add(Uid("line-closes"), row.ChangedAt, terms.Cutoff, terms.Cutoff, $"The line closes: {terms.Title}");
        if (row.State is { MoveTo: { } to, MoveUntil: { } until, Consents: null })
            calendar.Add(Uid("move"), row.ChangedAt, until, until, $"Answer by now whether to move to {to}: {terms.Title}");
        if (row.State.Standing.Offered == 0) return;
        var seats = await r.Services.Commands.Load<SeatLedger, SeatLedger.Command, SeatLedger.State, SeatLedger.Event>(
            r.Services.Tenant, row.Offering.Value, ct: r.Cancelled);
        foreach (var (offer, standing) in WaitlistPosition.Of(seats.State, row.Member)?.Offers ?? default)
        {
            calendar.Add(
                Uid($"offer-{offer}"), row.ChangedAt, standing.Expires, standing.Expires,
                string.Create(CultureInfo.InvariantCulture, $"Offer of {standing.Seats} seats ends: {terms.Title}"));
        }
    }
}
