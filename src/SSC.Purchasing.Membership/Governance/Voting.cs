using System.Text.Json.Serialization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>A person in an office of the cooperative: opaque. Who it is, is in <see cref="IPersonalDetails"/>, erasable.</summary>
[JsonConverter(typeof(IdJsonConverter<PersonId>))]
public readonly record struct PersonId(string Value) : IId<PersonId>, IComparable<PersonId>
{
    /// <inheritdoc/>
    public static PersonId From(string value) => new(value);

    /// <summary>Ordinal order.</summary>
    public int CompareTo(PersonId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>How a director answered the roll call.</summary>
public enum Vote
{
    /// <summary>Did not answer.</summary>
    Absent,

    /// <summary>Yes.</summary>
    For,

    /// <summary>No.</summary>
    Against,

    /// <summary>Present, and votes neither way.</summary>
    Abstain,

    /// <summary>Takes no part because of a conflict of interest (Minn. Stat. 471.87 to 471.89).</summary>
    ConflictOfInterest,
}

/// <summary>What a director with a conflict of interest still counts for; never for the vote itself.</summary>
public enum ConflictCounting
{
    /// <summary>Present: helps to make the quorum.</summary>
    TowardQuorum,

    /// <summary>Absent: the seat counts, the director does not.</summary>
    AsAbsent,

    /// <summary>Not at all: quorum and majority are reckoned as if the seat were not there.</summary>
    NotAtAll,
}

/// <summary>Of what a majority is reckoned.</summary>
public enum MajorityAmong
{
    /// <summary>Votes for and against.</summary>
    VotesCast,

    /// <summary>Everybody present who has no conflict, abstentions with them.</summary>
    Present,

    /// <summary>Every director in office who has no conflict.</summary>
    Seated,
}

/// <summary>A part of a number of people that must be passed, or reached.</summary>
/// <param name="Numerator">At least 1, at most the denominator.</param>
/// <param name="Denominator">At most 100.</param>
/// <param name="OrMore">True for "at least" (two thirds), false for "more than" (a half).</param>
public sealed record Fraction(int Numerator, int Denominator, bool OrMore)
{
    private const int MaxDenominator = 100;

    /// <summary>More than half.</summary>
    public static readonly Fraction MoreThanHalf = new(1, 2, false);

    /// <summary>Two thirds or more.</summary>
    public static readonly Fraction TwoThirds = new(2, 3, true);

    /// <summary>Fewest people out of a number that satisfy it; at least one.</summary>
    public int Of(int people) => Math.Max(
        1, OrMore ? ((people * Numerator) + Denominator - 1) / Denominator : (people * Numerator / Denominator) + 1);

    /// <summary>True when it can be satisfied and asks for something.</summary>
    [JsonIgnore]
    public bool IsWellFormed =>
        Numerator >= 1 && Denominator is >= 1 and <= MaxDenominator && (OrMore ? Numerator <= Denominator : Numerator < Denominator);
}

/// <summary>How a board votes: a part of its bylaws, so parameters with an effective date.</summary>
/// <param name="Quorum">Of the directors in office, how many must be present.</param>
/// <param name="Conflicts">What a director with a conflict counts for.</param>
/// <param name="Among">Of what the majority is reckoned.</param>
/// <param name="Majority">The majority for kinds that <paramref name="Special"/> does not name.</param>
/// <param name="Special">Other majorities, by kind of resolution.</param>
public sealed record VotingRules(
    Fraction Quorum, ConflictCounting Conflicts, MajorityAmong Among, Fraction Majority, StructuralMap<ResolutionKind, Fraction> Special)
{
    /// <summary>
    /// What holds where a cooperative has recorded nothing: more than half of the directors for the quorum and of the votes cast for a
    /// decision (Minn. Stat. 645.08 (5): a majority of a public body acts for it); a director with a conflict counts toward the quorum.
    /// </summary>
    public static readonly VotingRules Customary = new(
        Fraction.MoreThanHalf, ConflictCounting.TowardQuorum, MajorityAmong.VotesCast, Fraction.MoreThanHalf,
        StructuralMap<ResolutionKind, Fraction>.Empty);

    /// <summary>The majority that a kind of resolution needs.</summary>
    public Fraction MajorityFor(ResolutionKind kind) => Special.TryGetValue(kind, out var special) ? special : Majority;

    /// <summary>The first thing wrong with the rules, or null: <c>fraction-out-of-range</c>, <c>voting-rule-unknown</c>.</summary>
    public Refusal? Flaw()
    {
        if (!Enum.IsDefined(Conflicts) || !Enum.IsDefined(Among) || Special.Keys.Any(k => !Enum.IsDefined(k)))
            return new("voting-rule-unknown", "Give a way of counting, a majority and kinds of resolution that exist.");
        return Special.Values.Append(Majority).Append(Quorum).All(f => f.IsWellFormed)
            ? null
            : new("fraction-out-of-range", "Give every quorum and majority as a fraction of 1 that somebody can satisfy.");
    }
}

/// <summary>Who is called at a meeting, and by which rules: read from the seats and the bylaws when the roll call opens.</summary>
/// <param name="Meeting">Id of the meeting, e.g. <c>BM-2026-03</c>.</param>
/// <param name="HeldOn">Its day.</param>
/// <param name="Directors">The directors in office, each once.</param>
/// <param name="Rules">The rules of that day.</param>
public sealed record BoardRoll(string Meeting, DateOnly HeldOn, StructuralList<PersonId> Directors, VotingRules Rules)
{
    /// <summary>Most directors that a roll takes; bylaws set fewer.</summary>
    public const int MaxDirectors = 100;

    /// <summary>
    /// The first thing wrong with the roll, or null: <c>meeting-malformed</c>, <c>board-empty</c>, <c>director-malformed</c>,
    /// <c>director-repeated</c>, or a code of <see cref="VotingRules.Flaw"/>.
    /// </summary>
    public Refusal? Flaw() =>
        PlainText.CheckId("meeting", Meeting)
        ?? (Directors.Count is 0 or > MaxDirectors ? new Refusal("board-empty", $"Call 1 to {MaxDirectors} directors.") : null)
        ?? Directors.Select(d => PlainText.CheckId("director", d.Value)).FirstOrDefault(no => no is not null)
        ?? (Directors.Distinct().Count() < Directors.Count ? new Refusal("director-repeated", "Call every director once.") : null)
        ?? Rules.Flaw();
}

/// <summary>What a roll call came to. Pure, and the same whatever the order of the votes.</summary>
/// <param name="Seated">Directors in office who count.</param>
/// <param name="Present">Of them present for the quorum.</param>
/// <param name="For">Yes.</param>
/// <param name="Against">No.</param>
/// <param name="Abstained">Present, neither way.</param>
/// <param name="Conflicted">Conflicts of interest.</param>
/// <param name="QuorumNeeded">Fewest present.</param>
/// <param name="VotesNeeded">Fewest votes for it.</param>
public sealed record Tally(
    int Seated, int Present, int For, int Against, int Abstained, int Conflicted, int QuorumNeeded, int VotesNeeded)
{
    /// <summary>Version of the way a roll call is counted.</summary>
    public const int RuleVersion = 1;

    /// <summary>True when enough directors were present.</summary>
    [JsonIgnore]
    public bool HasQuorum => Present >= QuorumNeeded;

    /// <summary>True when the resolution is adopted: a quorum, and enough votes.</summary>
    [JsonIgnore]
    public bool Carries => HasQuorum && For >= VotesNeeded;

    /// <summary>Counts a roll call; who did not answer was absent, an answer of somebody not on the roll counts nowhere.</summary>
    public static Tally Of(BoardRoll roll, ResolutionKind kind, IReadOnlyDictionary<PersonId, Vote> votes)
    {
        var answers = roll.Directors.Select(d => votes.GetValueOrDefault(d)).ToList();
        int Count(Vote vote) => answers.Count(a => a == vote);
        var (yes, no, abstained, conflicted) = (Count(Vote.For), Count(Vote.Against), Count(Vote.Abstain), Count(Vote.ConflictOfInterest));
        var rules = roll.Rules;
        var seated = answers.Count - (rules.Conflicts == ConflictCounting.NotAtAll ? conflicted : 0);
        var present = yes + no + abstained + (rules.Conflicts == ConflictCounting.TowardQuorum ? conflicted : 0);
        var majorityAmong = rules.Among switch
        {
            MajorityAmong.VotesCast => yes + no,
            MajorityAmong.Present => yes + no + abstained,
            _ => answers.Count - conflicted,
        };
        return new(
            seated, present, yes, no, abstained, conflicted, rules.Quorum.Of(seated), rules.MajorityFor(kind).Of(majorityAmong));
    }

    /// <summary>E.g. <c>7 of 11 present (6 needed), 5 for, 1 against (4 needed), 1 abstained, 0 in conflict</c>.</summary>
    public override string ToString() =>
        $"{Present} of {Seated} present ({QuorumNeeded} needed), {For} for, {Against} against ({VotesNeeded} needed), "
        + $"{Abstained} abstained, {Conflicted} in conflict";
}
