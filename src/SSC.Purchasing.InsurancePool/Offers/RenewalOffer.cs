using System.Diagnostics;
using System.Globalization;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Offers;

/// <summary>
/// A member's renewal offer for a pool year: one live version, answered by naming it, before the end of a day. Stream
/// <c>renewal-offer-{PoolId}:{year}:{MemberNo}</c>. Commands, events and state are in <c>RenewalOffer.Language.cs</c>.
/// </summary>
public sealed partial class RenewalOffer : IDecider<RenewalOffer.Command, RenewalOffer.State, RenewalOffer.Event>
{
    /// <inheritdoc/>
    public static string Category => "renewal-offer";

    /// <inheritdoc/>
    public static State Initial { get; } = new(OfferPhase.Absent);

    /// <summary>The key of an offer.</summary>
    public static string Key(PoolId pool, int year, MemberNo member) =>
        string.Create(CultureInfo.InvariantCulture, $"{pool}:{year:0000}:{member}");

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state.Phase) switch
    {
        (Command.Issue c, OfferPhase.Absent) => Flaw(c.Terms) is { } no
            ? no
            : Of(state, new Event.Issued(c.Terms, 1, c.Deadline) { Pool = c.Pool, Year = c.Year, Member = c.Member }),
        (_, OfferPhase.Absent) => new Refusal("offer-unknown", "There is no offer to this member for this year."),
        (Command.Issue, _) => Nothing, // offers of a year are issued once; afterwards they are re-quoted

        (Command.Bind, OfferPhase.Bound) or (Command.Void, OfferPhase.Voided) => Nothing,
        (Command.Supersede or Command.Remind or Command.ApplyDefault or Command.ExtendDeadline, OfferPhase.Bound or OfferPhase.Voided) =>
            Nothing,
        (Command.Reissue c, OfferPhase.Voided) when c.ReRated => Reissue(c, state),
        (_, OfferPhase.Bound) => new Refusal("offer-bound", "The year is bound; report changes to the enrollment ledger."),
        (_, OfferPhase.Voided) => new Refusal("offer-voided", "The offer is void; a new one will come, or the year was given up."),

        (Command.Supersede, OfferPhase.Superseded) => Nothing,
        (Command.Supersede c, _) => Of(state, new Event.Superseded(state.Version, c.Reason)),
        (Command.Reissue c, _) => Reissue(c, state),
        (Command.ExtendDeadline c, _) => c.Deadline <= state.Deadline ? Nothing : Of(state, new Event.DeadlineExtended(c.Deadline)),
        (Command.Remind c, OfferPhase.Issued) => c.Number > state.Reminders ? Of(state, new Event.Reminded(c.Number)) : Nothing,
        (Command.Remind, _) => Nothing,

        (Command.Accept c, _) => Accept(c, state),
        (Command.Decline c, _) => Decline(c, state),
        (Command.WithdrawAcceptance c, OfferPhase.Accepted) => Late(c.At, state) is { } no ? no
            : Of(state, new Event.AcceptanceWithdrawn(state.Version)),
        (Command.WithdrawAcceptance, OfferPhase.Issued) => Nothing,
        (Command.WithdrawAcceptance, _) => new Refusal("offer-not-accepted", "There is no acceptance to withdraw."),
        (Command.ApplyDefault c, _) => ApplyDefault(c, state),
        (Command.ReverseDefault c, _) => Reverse(c, state),

        (Command.Bind, OfferPhase.Accepted) => Of(state, new Event.Bound(state.Version)),
        (Command.Bind, _) => new Refusal("offer-not-accepted", "Only an accepted offer is bound."),
        (Command.Void c, _) => Of(state, new Event.Voided(c.Reason)),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Issued e => new(OfferPhase.Issued)
        {
            Pool = e.Pool, Year = e.Year, Member = e.Member, Terms = e.Terms, Version = e.Version, Deadline = e.Deadline,
        },
        Event.Reissued e => state with
        {
            Phase = OfferPhase.Issued, Terms = e.Terms, Version = e.Version, Deadline = e.Deadline, ByDefault = false, Escalated = false,
        },
        Event.Superseded => state with { Phase = OfferPhase.Superseded },
        Event.DeadlineExtended e => state with { Deadline = e.Deadline },
        Event.Reminded e => state with { Reminders = e.Number },
        Event.Accepted e => state with { Phase = OfferPhase.Accepted, Approval = e.Approval, ByDefault = false },
        Event.AcceptanceWithdrawn => state with { Phase = OfferPhase.Issued, Approval = null },
        Event.Declined => state with { Phase = OfferPhase.Declined, ByDefault = false },
        Event.DeclineRefused e => state with { RefusedFor = e.Reasons, RefusedVersion = e.Version },
        Event.Escalated e => state with { Escalated = true, Deadline = e.Until },
        Event.DefaultApplied e => state with
        {
            Phase = e.Renews ? OfferPhase.Accepted : OfferPhase.Lapsed, ByDefault = true, DefaultedOn = e.On,
        },
        Event.DefaultReversed e => state with { Phase = e.Renews ? OfferPhase.Accepted : OfferPhase.Declined, ByDefault = false },
        Event.Bound => state with { Phase = OfferPhase.Bound },
        Event.Voided => state with { Phase = OfferPhase.Voided },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Event Of(State state, Event fact) => fact is Event.Issued
        ? fact
        : fact with { Pool = state.Pool, Year = state.Year, Member = state.Member };

    private static Refusal? Flaw(OfferTerms terms) =>
        terms.Rate > Money.Zero && terms.Contracts >= 0 && terms.Tiers.Rates.Count > 0
            ? null
            : new("offer-terms-invalid", "An offer states a rate above zero and its tier rates.");

    /// <summary>Nothing counts from the first moment of the day after the deadline.</summary>
    private static Refusal? Late(DateTimeOffset at, State state) => at > BusinessCalendar.EndOfDay(state.Deadline)
        ? new("offer-deadline-passed", $"The offer could be answered through {state.Deadline:yyyy-MM-dd}.")
        : null;

    private static Refusal? WrongVersion(int version, State state) => state.Phase == OfferPhase.Superseded
        ? new("offer-superseded", "The offer is being made again; answer the next version.")
        : version != state.Version
            ? new("offer-version-stale", $"Version {state.Version} is live; read it and answer that one.")
            : null;

    private static Decision<Event> Reissue(Command.Reissue c, State state)
    {
        if (c.Terms == state.Terms && state.Phase is not (OfferPhase.Superseded or OfferPhase.Voided)) return Nothing;
        if (Flaw(c.Terms) is { } no) return no;
        var deadline = c.Today.AddDays(c.Days) is var later && later > state.Deadline ? later : state.Deadline;
        return Of(state, new Event.Reissued(c.Terms, state.Version + 1, deadline));
    }

    private static Decision<Event> Accept(Command.Accept c, State state)
    {
        if (WrongVersion(c.Version, state) is { } no) return no;
        if (state is { Phase: OfferPhase.Accepted, ByDefault: false }) return Nothing;
        if (Late(c.At, state) is { } late) return late;
        return PlainText.Check("approval", c.Approval, 100) is { } wrong ? wrong : Of(state, new Event.Accepted(c.Version, c.Approval));
    }

    private static Decision<Event> Decline(Command.Decline c, State state)
    {
        if (WrongVersion(c.Version, state) is { } no) return no;
        if (state is { Phase: OfferPhase.Declined }) return Nothing;
        if (Late(c.At, state) is { } late) return late;
        if (c.Against.Count == 0) return Of(state, new Event.Declined(c.Version));
        return state.RefusedVersion == c.Version && state.RefusedFor == c.Against
            ? Nothing
            : Of(state, new Event.DeclineRefused(c.Version, c.Against));
    }

    private static Decision<Event> ApplyDefault(Command.ApplyDefault c, State state)
    {
        if (state.Phase != OfferPhase.Issued) return Nothing;
        if (c.At <= BusinessCalendar.EndOfDay(state.Deadline))
            return new Refusal("too-early", $"The offer may still be answered, through {state.Deadline:yyyy-MM-dd}.");
        var on = BusinessCalendar.LocalDate(c.At);
        if (c.Rule == NonResponseRule.Escalate7Days && !state.Escalated)
            return Of(state, new Event.Escalated(state.Version, on.AddDays(c.EscalationDays)));
        // A member that may not leave stays, whatever silence means: the joint powers agreement continues.
        var renews = c.Rule != NonResponseRule.TreatAsDecline || c.Against.Count > 0;
        return Of(state, new Event.DefaultApplied(state.Version, c.Rule, renews, on, c.Against));
    }

    private static Decision<Event> Reverse(Command.ReverseDefault c, State state)
    {
        if (!state.ByDefault) return state.DefaultedOn is not null && state.Phase == (c.Renews ? OfferPhase.Accepted : OfferPhase.Declined)
            ? Nothing
            : new Refusal("no-default", "No default was applied to this offer.");
        if (ResolutionCited.Flaw(c.Adopted, ResolutionKind.PoolWaiver, Key(state.Pool, state.Year, state.Member)) is { } no) return no;
        if (BusinessCalendar.LocalDate(c.At) > state.DefaultedOn!.Value.AddDays(c.ContestDays))
            return new Refusal("contest-too-late", $"A default is contested within {c.ContestDays} days.");
        return state.Phase == (c.Renews ? OfferPhase.Accepted : OfferPhase.Lapsed)
            ? new Refusal("default-stands", "The default says this already.")
            : Of(state, new Event.DefaultReversed(c.Renews, ResolutionCited.Of(c.Adopted!)));
    }
}
