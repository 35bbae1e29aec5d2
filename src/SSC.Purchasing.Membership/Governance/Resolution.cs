using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>
/// A resolution of a cooperative's board, from the draft to the roll call: the only thing that rate adoptions, distributions,
/// assessments, expulsions and fee schedules are allowed by. Stream <c>resolution-{ResolutionId}</c>.
/// </summary>
public sealed partial class Resolution : IDecider<Resolution.Command, Resolution.State, Resolution.Event>
{
    private const int MaxRecommendations = 20;
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    /// <inheritdoc/>
    public static string Category => "resolution";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <summary>
    /// The evidence that a resolution gives for a kind of command on a subject: null unless it is adopted, not rescinded, and about just
    /// that. Whether it has effect yet is asked of the evidence (<see cref="AdoptedResolution.Flaw"/>).
    /// </summary>
    public static AdoptedResolution? For(State state, ResolutionKind kind, string subject) =>
        EvidenceOf(state) is { } evidence && evidence.Kind == kind && string.Equals(evidence.Subject, subject, StringComparison.Ordinal)
            ? evidence
            : null;

    /// <summary>What a resolution is evidence of; null unless it is adopted and not rescinded.</summary>
    public static AdoptedResolution? EvidenceOf(State state) => state is State.Adopted { File.Matter: var m } s
        ? new(m.Resolution, m.Cooperative, m.Kind, m.Subject, s.Number, s.Result.Roll.HeldOn, s.EffectiveOn)
        : null;

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Draft c, State.Absent) => FlawOf(c.Matter) is { } no ? no : new Event.Drafted(c.Matter),
        (Command.Draft c, { File: { } file }) when file.Matter == c.Matter => Nothing,
        (Command.Draft, _) => new Refusal("resolution-exists", "This id is taken; draft the resolution under a new one."),
        (_, State.Absent) => new Refusal("resolution-unknown", "Draft the resolution first."),

        (Command.Redraft c, { File.Matter: var m }) when SameText(m.Title, c.Title) && SameText(m.DocumentHash, c.DocumentHash) => Nothing,
        (Command.Redraft c, State.Draft s) => FlawOf(s.File.Matter with { Title = c.Title, DocumentHash = c.DocumentHash }) is { } no
            ? no
            : new Event.Redrafted(c.Title, c.DocumentHash),
        (Command.Redraft, _) => new Refusal("resolution-not-a-draft", "It is before the board; withdraw it and draft another."),

        (Command.CiteRecommendation c, { File: var file }) when file!.Recommendations.Contains(c.Recommendation) => Nothing,
        (Command.CiteRecommendation c, State.Draft or State.Proposed) => Citing(c.Recommendation, state.File!),
        (Command.Propose c, State.Draft s) => new Event.Proposed(c.On) { Matter = s.File.Matter },
        (Command.Propose c, State.Proposed s) when s.On == c.On => Nothing,
        (Command.Propose, State.Proposed) => new Refusal("resolution-already-proposed", "It is before the board already."),

        (Command.OpenRollCall c, State.Voting s) when s.Roll == c.Roll => Nothing,
        (Command.OpenRollCall, State.Voting s) => new Refusal("roll-call-open", $"The roll is being called at {s.Roll.Meeting}; close it."),
        (Command.OpenRollCall c, State.Proposed s) => Calling(c.Roll, s),
        (Command.OpenRollCall, State.Draft) => new Refusal("resolution-not-proposed", "Put the resolution before the board first."),

        (Command.RecordVote c, State.Voting s) => Voting(c, s),
        (Command.CloseRollCall c, State.Voting s) => Closing(c, s),
        (Command.CloseRollCall c, State.Proposed s) when s.NoQuorumAt.Contains(c.Meeting, StringComparer.Ordinal) => Nothing,
        (Command.CloseRollCall c, State.Adopted { Result.Roll: var roll } s)
            when SameText(roll.Meeting, c.Meeting) && SameText(s.Number, c.Number) && s.EffectiveOn == c.EffectiveOn => Nothing,
        (Command.CloseRollCall c, State.Rejected { Result.Roll: var roll } s)
            when SameText(roll.Meeting, c.Meeting) && SameText(s.Number, c.Number) => Nothing,
        (Command.RecordVote or Command.CloseRollCall, State.Draft or State.Proposed) =>
            new Refusal("roll-call-not-open", "Call the roll at a meeting first."),

        (Command.Withdraw, State.Withdrawn) => Nothing,
        (Command.Withdraw c, State.Draft or State.Proposed or State.Voting) =>
            PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } no ? no : new Event.Withdrawn(c.Reason),
        (Command.Rescind, State.Rescinded) => Nothing,
        (Command.Rescind c, State.Adopted s) => Rescinding(c, s),
        (Command.Rescind, _) => new Refusal("resolution-not-adopted", "Only an adopted resolution is rescinded; withdraw this one."),

        _ => new Refusal("resolution-decided", "The board has decided on it, or it was withdrawn; bring another resolution."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Drafted e) => new State.Draft(new(e.Matter, [])),
        (State.Draft s, Event.Redrafted e) => new State.Draft(
            s.File with { Matter = s.File.Matter with { Title = e.Title, DocumentHash = e.DocumentHash } }),
        (State.Draft s, Event.RecommendationCited e) => new State.Draft(Add(s.File, e.Recommendation)),
        (State.Draft s, Event.Proposed e) => new State.Proposed(s.File, e.On, []),
        (State.Proposed s, Event.RecommendationCited e) => new State.Proposed(Add(s.File, e.Recommendation), s.On, s.NoQuorumAt),
        (State.Proposed s, Event.RollCallOpened e) => new State.Voting(s, e.Roll, StructuralMap<PersonId, Vote>.Empty),
        (State.Voting s, Event.VoteRecorded e) => s with { Votes = s.Votes.Set(e.Director, e.Vote) },
        (State.Voting { Proposal: var p }, Event.QuorumMissed e) => new State.Proposed(p.File, p.On, p.NoQuorumAt.Add(e.Meeting)),
        (State.Voting s, Event.Adopted e) => new State.Adopted(s.File, e.Number, e.EffectiveOn, new(s.Roll, s.Votes, e.Tally)),
        (State.Voting s, Event.Rejected e) => new State.Rejected(s.File, e.Number, new(s.Roll, s.Votes, e.Tally)),
        (State.Draft or State.Proposed or State.Voting, Event.Withdrawn e) => new State.Withdrawn(state.File!, e.Reason),
        (State.Adopted s, Event.Rescinded e) => new State.Rescinded(s, e.By, e.On),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static bool SameText(string? a, string? b) => string.Equals(a, b, StringComparison.Ordinal);

    private static ResolutionFile Add(ResolutionFile file, CitedRecommendation cited) =>
        file with { Recommendations = file.Recommendations.Add(cited) };

    private static Refusal? FlawOf(ResolutionMatter matter) =>
        PlainText.CheckId("resolution", matter.Resolution.Value)
        ?? PlainText.CheckId("cooperative", matter.Cooperative.Value)
        ?? (Enum.IsDefined(matter.Kind) ? null : new Refusal("resolution-kind-unknown", "Give a kind of resolution that exists."))
        ?? (Id.IsKey(matter.Subject) ? null : new Refusal("subject-malformed", "Give the subject as ids joined by colons, e.g. M-014."))
        ?? (SameText(matter.Subject, matter.Resolution.Value)
            ? new Refusal("subject-is-itself", "A resolution cannot be about itself; give what it decides about.")
            : null)
        ?? PlainText.Check("title", matter.Title)
        ?? (matter.DocumentHash is null || PlainText.IsSha256(matter.DocumentHash)
            ? null
            : new Refusal("document-hash-malformed", "Give the SHA-256 of the text as 64 lower-case hexadecimal digits."));

    private static Decision<Event> Citing(CitedRecommendation cited, ResolutionFile file)
    {
        if (file.Recommendations.Count >= MaxRecommendations)
            return new Refusal("too-many-recommendations", $"A resolution cites at most {MaxRecommendations} recommendations.");
        if (!Enum.IsDefined(cited.Advice)) return new Refusal("advice-unknown", "Advice is in favor, opposed or neutral.");
        return (PlainText.CheckId("committee", cited.Committee) ?? PlainText.CheckId("recommendation", cited.Recommendation)) is { } no
            ? no
            : new Event.RecommendationCited(cited);
    }

    private static Decision<Event> Calling(BoardRoll roll, State.Proposed s)
    {
        if (roll.Flaw() is { } no) return no;
        if (roll.HeldOn < s.On)
            return new Refusal("meeting-before-proposal", $"It came before the board on {s.On:yyyy-MM-dd}; call the roll then or later.");
        return s.NoQuorumAt.Contains(roll.Meeting, StringComparer.Ordinal)
            ? new Refusal("meeting-had-no-quorum", "This meeting could not decide; call the roll at the next one.")
            : new Event.RollCallOpened(roll);
    }

    private static Decision<Event> Voting(Command.RecordVote c, State.Voting s)
    {
        if (!Enum.IsDefined(c.Vote)) return new Refusal("vote-unknown", "Vote for, against, abstain, with a conflict, or absent.");
        if (!s.Roll.Directors.Contains(c.Director))
            return new Refusal("director-not-on-roll", "Only directors in office on the day of the meeting are called.");
        return s.Votes.GetValueOrDefault(c.Director) == c.Vote ? Nothing : new Event.VoteRecorded(c.Director, c.Vote);
    }

    private static Decision<Event> Closing(Command.CloseRollCall c, State.Voting s)
    {
        if (!SameText(c.Meeting, s.Roll.Meeting)) return new Refusal("meeting-differs", $"The roll is being called at {s.Roll.Meeting}.");
        if (PlainText.Check("number", c.Number, MinutesNumber.MaxLength) is { } no) return no;
        if (c.EffectiveOn < s.Roll.HeldOn)
            return new Refusal("effective-before-meeting", "A resolution has effect from the day of its meeting on, at the earliest.");
        var tally = Tally.Of(s.Roll, s.File.Matter.Kind, s.Votes);
        if (tally.HasQuorum && c.NumberOf != s.File.Matter.Resolution)
        {
            return c.NumberOf is { } other
                ? MinutesNumber.TakenBy(other)
                : new Refusal(
                    "minutes-number-not-given", "Give the number of the minutes to this resolution first, then declare its outcome.");
        }

        return tally switch
        {
            { HasQuorum: false } => new Event.QuorumMissed(c.Meeting, tally, Tally.RuleVersion),
            { Carries: true } => new Event.Adopted(c.Number, c.Meeting, s.Roll.HeldOn, c.EffectiveOn, tally, Tally.RuleVersion)
            {
                Matter = s.File.Matter,
            },
            _ => new Event.Rejected(c.Number, c.Meeting, s.Roll.HeldOn, tally, Tally.RuleVersion) { Matter = s.File.Matter },
        };
    }

    private static Decision<Event> Rescinding(Command.Rescind c, State.Adopted s) =>
        AdoptedResolution.Flaw(c.By, s.File.Matter.Cooperative, ResolutionKind.Other, s.File.Matter.Resolution.Value, c.On) is { } no
            ? no
            : new Event.Rescinded(c.By!.Resolution, c.On) { Matter = s.File.Matter };
}
