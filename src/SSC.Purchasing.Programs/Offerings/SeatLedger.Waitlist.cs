using System.Diagnostics;
using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <content>
/// The line: offers in its order, parts that keep their rank, bounded skips, one more chance at the tail, the end at the cutoff.
/// </content>
public sealed partial class SeatLedger
{
    /// <summary>The round of those who come after the opening round: after everybody who took part in it.</summary>
    private const int AfterTheRound = MostSeats + 1;

    /// <summary>Version of the line's rules.</summary>
    public const int LineRuleVersion = 1;

    /// <summary>The offer that the line's rules make next in a state; null when they make none.</summary>
    public static Event.WaitlistOffered? NextOffer(State state, DateTimeOffset expires) =>
        state.Free > 0 ? Next(state, expires)?.OfType<Event.WaitlistOffered>().LastOrDefault() : null;

    private static Decision<Event> OfWaitlist(Command command, State s) => command switch
    {
        Command.Promote c => Promote(s, c.Now),
        Command.AcceptOffer c => OfOffer(c.Offer, s) switch
        {
            (null, _) => UnknownOffer,
            ({ } line, null) => line.Accepted.Contains(c.Offer, StringComparer.Ordinal) ? Nothing : OfferOver,
            (_, { } offer) when c.Now >= offer.Expires =>
                new Refusal("offer-expired", "The offer has run out; its seats go to the next in line."),
            _ when IsOver(s) is { } over => over,
            ({ } line, { } offer) => new Event.OfferAccepted(c.Offer, line.Request.Id, line.Request.Member, offer.Seats),
        },
        Command.DeclineOffer c => OfOffer(c.Offer, s) switch
        {
            (null, _) => UnknownOffer,
            ({ } line, null) => line.Accepted.Contains(c.Offer, StringComparer.Ordinal) ? OfferOver : Nothing,
            ({ } line, { } offer) => new Event.OfferDeclined(
                c.Offer, line.Request.Id, line.Request.Member, offer.Seats, offer.IsPart, offer.IsPart ? 0 : line.Waiting),
        },
        Command.ExpireOffer c => OfOffer(c.Offer, s) switch
        {
            (_, null) => Nothing, // taken, declined or run out before: a late or repeated timer does nothing
            (_, { } offer) when c.Now < offer.Expires => TooEarly,
            ({ } line, { } offer) => new Event.OfferExpired(
                c.Offer, line.Request.Id, line.Request.Member, offer.Seats, line.Requeues == 0,
                line.Requeues == 0 ? 0 : line.Waiting),
            _ => Nothing,
        },
        Command.ReachCutoff when s.IsPastCutoff || IsOver(s) is not null => Nothing,
        Command.ReachCutoff c => c.Now < s.Terms!.Cutoff
            ? TooEarly
            : new Event.CutoffReached([.. s.Lines.Values.Where(l => l.Waiting + l.Offered > 0).Select(l => l.Request.Id)]),
        Command.DrawRound c => DrawRound(c, s),
        _ => throw new UnreachableException($"{command} is not of the line"),
    };

    private static readonly Refusal UnknownOffer = new("offer-unknown", "There is no such offer; read the waitlist position again.");

    private static readonly Refusal OfferOver = new("offer-over", "The offer was answered or withdrawn; read the waitlist position again.");

    /// <summary>The entry that an offer was made to, and the offer while it stands.</summary>
    private static (SeatLine? Line, SeatOffer? Offer) OfOffer(string? name, State s)
    {
        var dot = name?.LastIndexOf('.') ?? -1;
        if (dot < 0 || !s.Lines.TryGetValue(name![..dot], out var line)
            || !int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number < 1 || number > line.OffersMade) return (null, null);
        return (line, line.Offers.GetValueOrDefault(name));
    }

    /// <summary>
    /// Offers what is free to the head: all that it waits for, or the part there is; a head that has declined such a part can be passed
    /// by the next entry that fits, as often as the rules allow; then seats are kept for it.
    /// </summary>
    private static Decision<Event> Promote(State state, DateTimeOffset now)
    {
        var terms = state.Terms!;
        var gives = state.Phase is OfferingPhase.Open or OfferingPhase.Full or OfferingPhase.Closed;
        if (!gives || state.IsPastCutoff || state.IsCollecting) return Nothing;
        var expires = Earliest(
            now.AddHours(terms.Rules.OfferHours), terms.StartsAt.AddHours(-terms.Rules.HoursBeforeStart), terms.Cutoff);
        if (expires <= now) return Nothing;
        var facts = new List<Event>();
        for (var s = state; s.Free > 0 && Next(s, expires) is { } step;)
        {
            facts.AddRange(step);
            s = step.Aggregate(s, Evolve);
        }

        return new Decision<Event>.Accepted(facts);
    }

    private static Event[]? Next(State s, DateTimeOffset expires)
    {
        var line = s.Waitlist;
        if (line.Count == 0) return null;
        var (head, rules) = (line[0], s.Terms!.Rules);
        if (head.Waiting <= s.Free) return [Offer(head, head.Waiting, expires)];
        if (s.Free > head.DeclinedPart) return [Offer(head, s.Free, expires)];
        if (!rules.AllowSkip || head.Skips >= rules.MostSkips) return null;
        return line.Skip(1).FirstOrDefault(l => l.Waiting <= s.Free) is { } fits
            ? [new Event.HeadSkipped(head.Request.Id, head.Request.Member, head.Skips + 1), Offer(fits, fits.Waiting, expires)]
            : null;
    }

    private static Event.WaitlistOffered Offer(SeatLine line, int seats, DateTimeOffset expires) => new(
        string.Create(CultureInfo.InvariantCulture, $"{line.Request.Id}.{line.OffersMade + 1}"), line.Request.Id, line.Request.Member,
        seats, seats < line.Waiting, expires);

    private static Decision<Event> DrawRound(Command.DrawRound c, State s)
    {
        if (s.Terms!.RoundUntil is not { } until)
            return new Refusal("no-opening-round", "This offering gives out seats in the order of asking.");
        if (s.IsDrawn || IsOver(s) is not null || s.Phase == OfferingPhase.Scheduled) return Nothing;
        if (c.Now < until) return TooEarly;
        if (string.IsNullOrEmpty(c.Seed) || c.Seed.Length > OpeningRound.LongestSeed || !c.Seed.All(char.IsAsciiLetterOrDigit))
            return new Refusal("seed-missing", "Give a seed of 1 to 64 letters and digits.");
        var grants = OpeningRound.Draw(s.Free, s.Lines.Values.Where(l => l.Collected > 0).Select(l => l.Request), c.Seed);
        var held = Earliest(c.Now.AddHours(s.Terms.Rules.OfferHours), s.Terms.Cutoff, s.Terms.StartsAt);
        var unconfirmed = grants.Where(g => s.Lines[g.Request].Request.PurchaseOrder is null).Sum(g => g.Seats);
        return new Event.RoundDrawn(c.Seed, s.Free, grants, unconfirmed, held, OpeningRound.RuleVersion);
    }

    private static DateTimeOffset Earliest(params ReadOnlySpan<DateTimeOffset> times)
    {
        var first = times[0];
        foreach (var time in times)
        {
            if (time < first) first = time;
        }

        return first;
    }
}
