using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>Who sits on a committee and for whom it speaks.</summary>
public enum CommitteeKind
{
    /// <summary>Administrators of member districts.</summary>
    Administrators,

    /// <summary>Cities, counties and other governmental agencies: their own council.</summary>
    CcogaCouncil,

    /// <summary>Set up for one matter.</summary>
    AdHoc,
}

/// <summary>What a committee recommends to the board. No reasons in free text: they are in the minutes.</summary>
/// <param name="Id">The committee's own id of it, e.g. <c>REC-2026-3</c>.</param>
/// <param name="Kind">Kind of the resolution that it is meant for.</param>
/// <param name="Subject">Its subject, as in <see cref="AdoptedResolution.Subject"/>.</param>
/// <param name="Advice">What it advises.</param>
/// <param name="On">Day of the committee's meeting.</param>
public sealed record Recommendation(string Id, ResolutionKind Kind, string Subject, Advice Advice, DateOnly On);

/// <summary>
/// A committee that advises the board and never binds it; what it recommended, resolutions cite. Stream
/// <c>advisory-committee-{id}</c>.
/// </summary>
public sealed class AdvisoryCommittee
    : IDecider<AdvisoryCommittee.Command, AdvisoryCommittee.State, AdvisoryCommittee.Event>
{
    /// <summary>What can be asked of a committee. Any of them but <see cref="Establish"/> before it: <c>committee-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Set it up: <c>committee-exists</c>, <c>committee-malformed</c>, <c>cooperative-malformed</c>, <c>committee-kind-unknown</c>,
        /// <c>name-*</c>.
        /// </summary>
        public sealed record Establish(string Committee, CooperativeId Cooperative, CommitteeKind Kind, string Name) : Command;

        /// <summary>Let somebody from a member sit on it: <c>person-*</c>, <c>member-malformed</c>, <c>committee-full</c>.</summary>
        public sealed record Seat(PersonId Person, MemberNo Member) : Command;

        /// <summary>Somebody leaves it.</summary>
        public sealed record Release(PersonId Person) : Command;

        /// <summary>
        /// Recommend: <c>recommendation-differs</c> under an id that is used, <c>recommendation-malformed</c>, <c>subject-malformed</c>,
        /// <c>advice-unknown</c>, <c>resolution-kind-unknown</c>, <c>too-many-recommendations</c>.
        /// </summary>
        public sealed record Recommend(Recommendation Recommendation) : Command;
    }

    /// <summary>What has happened to a committee.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was set up.</summary>
        [EventAlias("advisory_committee_established")]
        public sealed record Established(string Committee, CooperativeId Cooperative, CommitteeKind Kind, string Name) : Event;

        /// <summary>Somebody sits on it.</summary>
        [EventAlias("advisory_committee_member_seated")]
        public sealed record Seated(PersonId Person, MemberNo Member) : Event;

        /// <summary>Somebody left it.</summary>
        [EventAlias("advisory_committee_member_released")]
        public sealed record Released(PersonId Person) : Event;

        /// <summary>It recommended something.</summary>
        [EventAlias("advisory_committee_recommended")]
        public sealed record Recommended(Recommendation Recommendation) : Event;
    }

    /// <summary>Where a committee stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>Not set up.</summary>
        public sealed record Absent : State;

        /// <summary>At work.</summary>
        public sealed record Established(
            string Committee, CooperativeId Cooperative, CommitteeKind Kind, string Name, StructuralMap<PersonId, MemberNo> Members,
            StructuralMap<string, Recommendation> Recommendations) : State;
    }

    private const int MaxMembers = 200;
    private const int MaxRecommendations = 2_000;
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    /// <inheritdoc/>
    public static string Category => "advisory-committee";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <summary>
    /// A recommendation as a resolution on a subject may cite it; null when the committee made none of that id, or made it about
    /// something else.
    /// </summary>
    public static CitedRecommendation? For(State state, string recommendation, ResolutionKind kind, string subject) =>
        state is State.Established s && s.Recommendations.TryGetValue(recommendation, out var r) && r.Kind == kind
            && string.Equals(r.Subject, subject, StringComparison.Ordinal)
                ? new(s.Committee, r.Id, r.Advice, r.On)
                : null;

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Establish c, State.Absent) => FlawOf(c) is { } no ? no : new Event.Established(c.Committee, c.Cooperative, c.Kind, c.Name),
        (Command.Establish c, State.Established s)
            when s.Cooperative == c.Cooperative && s.Kind == c.Kind && string.Equals(s.Name, c.Name, StringComparison.Ordinal) => Nothing,
        (Command.Establish, _) => new Refusal("committee-exists", "This committee is set up otherwise; choose another id."),
        (_, State.Absent) => new Refusal("committee-unknown", "Set the committee up first."),

        (Command.Seat c, State.Established s) when s.Members.TryGetValue(c.Person, out var from) && from == c.Member => Nothing,
        (Command.Seat, State.Established { Members.Count: >= MaxMembers }) =>
            new Refusal("committee-full", $"A committee has at most {MaxMembers} members."),
        (Command.Seat c, _) => (PlainText.CheckId("person", c.Person.Value) ?? PlainText.CheckId("member", c.Member.Value)) is { } no
            ? no
            : new Event.Seated(c.Person, c.Member),
        (Command.Release c, State.Established s) => s.Members.ContainsKey(c.Person) ? new Event.Released(c.Person) : Nothing,
        (Command.Recommend c, State.Established s) => Recommending(c.Recommendation, s),
        _ => throw new UnreachableException($"{command} is not a command of a committee."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Established e) =>
            new State.Established(e.Committee, e.Cooperative, e.Kind, e.Name, default, default),
        (State.Established s, Event.Seated e) => s with { Members = s.Members.Set(e.Person, e.Member) },
        (State.Established s, Event.Released e) => s with { Members = s.Members.Remove(e.Person) },
        (State.Established s, Event.Recommended e) =>
            s with { Recommendations = s.Recommendations.Set(e.Recommendation.Id, e.Recommendation) },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static Refusal? FlawOf(Command.Establish c) =>
        PlainText.CheckId("committee", c.Committee)
        ?? PlainText.CheckId("cooperative", c.Cooperative.Value)
        ?? (Enum.IsDefined(c.Kind) ? null : new Refusal("committee-kind-unknown", "Give a kind of committee that exists."))
        ?? PlainText.Check("name", c.Name);

    private static Decision<Event> Recommending(Recommendation r, State.Established s)
    {
        if (PlainText.CheckId("recommendation", r.Id) is { } no) return no;
        if (s.Recommendations.TryGetValue(r.Id, out var known))
        {
            return known == r
                ? Nothing
                : new Refusal("recommendation-differs", "The committee recommended something else under this id; use another.");
        }

        if (s.Recommendations.Count >= MaxRecommendations)
            return new Refusal("too-many-recommendations", $"A committee makes at most {MaxRecommendations} recommendations.");
        if (!Enum.IsDefined(r.Kind)) return new Refusal("resolution-kind-unknown", "Give a kind of resolution that exists.");
        if (!Enum.IsDefined(r.Advice)) return new Refusal("advice-unknown", "Advice is in favor, opposed or neutral.");
        return Id.IsKey(r.Subject)
            ? new Event.Recommended(r)
            : new Refusal("subject-malformed", "Give the subject as ids joined by colons, e.g. M-014.");
    }
}
