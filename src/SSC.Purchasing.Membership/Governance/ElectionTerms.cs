using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>How a tie between candidates is broken; recorded when the election is called, so nobody chooses afterwards.</summary>
public enum TieRule
{
    /// <summary>By lot, drawn in front of the clerk; the outcome is recorded.</summary>
    Lot,

    /// <summary>By a number that is announced beforehand and recorded; anybody can recompute the outcome.</summary>
    Seed,
}

/// <summary>A seat that is elected.</summary>
/// <param name="Seat">Seat.</param>
/// <param name="SchoolBoard">True when it is for school-board members, as on the board's own record.</param>
public sealed record SeatOnBallot(SeatId Seat, bool SchoolBoard);

/// <summary>How an election runs.</summary>
/// <param name="Election">Its id, e.g. <c>SSC-2027</c>.</param>
/// <param name="Cooperative">Whose board.</param>
/// <param name="Seats">What is elected, 1 to 15 seats.</param>
/// <param name="NominationsUntil">Nominations are taken before this; then voting opens.</param>
/// <param name="VotingUntil">Ballots are taken before this.</param>
/// <param name="TermFrom">First day of the terms.</param>
/// <param name="TieRule">How ties are broken.</param>
public sealed record ElectionTerms(
    string Election, CooperativeId Cooperative, StructuralList<SeatOnBallot> Seats, DateTimeOffset NominationsUntil,
    DateTimeOffset VotingUntil, DateOnly TermFrom, TieRule TieRule)
{
    /// <summary>
    /// The first thing wrong, or null: <c>election-malformed</c>, <c>cooperative-malformed</c>, <c>seats-on-ballot</c>,
    /// <c>tie-rule-unknown</c>, <c>dates-out-of-order</c>.
    /// </summary>
    public Refusal? Flaw() =>
        PlainText.CheckId("election", Election)
        ?? PlainText.CheckId("cooperative", Cooperative.Value)
        ?? (Seats.Count is < 1 or > BoardRules.StatutoryMost || Seats.DistinctBy(s => s.Seat).Count() < Seats.Count
            || Seats.Any(s => !Id.IsWellFormed(s.Seat.Value))
                ? new Refusal("seats-on-ballot", $"Elect 1 to {BoardRules.StatutoryMost} different seats.")
                : null)
        ?? (Enum.IsDefined(TieRule) ? null : new Refusal("tie-rule-unknown", "Break ties by lot or by seed."))
        ?? (NominationsUntil < VotingUntil && BusinessCalendar.LocalDate(VotingUntil) <= TermFrom
            ? null
            : new Refusal("dates-out-of-order", "Nominations end before voting ends, and voting ends before the terms begin."));
}

/// <summary>A member's ballot: one choice a seat; a seat left out is an abstention.</summary>
/// <param name="Choices">Who is chosen, by seat.</param>
public sealed record Ballot(StructuralMap<SeatId, PersonId> Choices);

/// <summary>What the ballots came to for a seat.</summary>
/// <param name="Seat">Seat.</param>
/// <param name="Votes">Votes by candidate, every candidate named.</param>
/// <param name="Winner">Who has most; null when nobody was nominated or candidates are tied.</param>
/// <param name="Tied">Candidates with equally many, when there is no winner.</param>
public sealed record SeatResult(SeatId Seat, StructuralMap<PersonId, int> Votes, PersonId? Winner, StructuralList<PersonId> Tied);

/// <summary>A tie as it was broken.</summary>
/// <param name="Seat">Seat.</param>
/// <param name="Winner">Who won.</param>
/// <param name="Seed">The number, under <see cref="TieRule.Seed"/>; null for a lot.</param>
public sealed record BrokenTie(SeatId Seat, PersonId Winner, long? Seed);

/// <summary>Who was elected to a seat: evidence for the board, which seats the person.</summary>
/// <param name="Election">Which election.</param>
/// <param name="Seat">Seat.</param>
/// <param name="Director">Who.</param>
/// <param name="From">First day of the term.</param>
public sealed record ElectedDirector(string Election, SeatId Seat, Candidate Director, DateOnly From);

/// <summary>How ballots are counted: most votes win. Pure, and the same whatever the order of the ballots.</summary>
public static class ElectionTally
{
    /// <summary>Version of the way ballots are counted and ties are broken.</summary>
    public const int RuleVersion = 1;

    /// <summary>Counts.</summary>
    public static StructuralList<SeatResult> Of(
        StructuralList<SeatOnBallot> seats, StructuralMap<PersonId, Nomination> candidates, IEnumerable<Ballot> ballots)
    {
        var cast = ballots.SelectMany(b => b.Choices).CountBy(c => (c.Key, c.Value)).ToDictionary();
        return seats.Select(seat =>
        {
            var votes = candidates.Where(c => c.Value.Seat == seat.Seat)
                .ToStructuralMap(c => c.Key, c => cast.GetValueOrDefault((seat.Seat, c.Key)));
            var most = votes.Count == 0 ? 0 : votes.Values.Max();
            var first = votes.Where(v => v.Value == most).Select(v => v.Key).ToList();
            return new SeatResult(seat.Seat, votes, first.Count == 1 ? first[0] : null, first.Count > 1 ? [.. first] : []);
        }).ToStructuralList();
    }

    /// <summary>Who of the tied wins under a seed: the least SHA-256 of seed, seat and person.</summary>
    public static PersonId Draw(long seed, SeatId seat, IEnumerable<PersonId> tied)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, seed);
        var prefix = Convert.ToHexString(number);
        return tied.MinBy(
            p => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{prefix}:{seat}:{p}"))), StringComparer.Ordinal);
    }
}

/// <summary>Somebody nominated for a seat.</summary>
/// <param name="Seat">Seat.</param>
/// <param name="Candidate">Who.</param>
public sealed record Nomination(SeatId Seat, Candidate Candidate);
