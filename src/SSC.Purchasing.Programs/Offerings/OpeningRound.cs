using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>What the opening round gave one request; what it did not get waits in line under the next round's number.</summary>
/// <param name="Request">Name of the request.</param>
/// <param name="Member">Member.</param>
/// <param name="Asked">Seats asked for.</param>
/// <param name="Seats">Seats given.</param>
public sealed record RoundGrant(string Request, MemberNo Member, int Asked, int Seats);

/// <summary>
/// A fair opening of scarce dates: every member's first seat before anybody's second; within a round by the time of asking, ties by a
/// draw that the seed in the event makes repeatable.
/// </summary>
public static class OpeningRound
{
    /// <summary>Version of the rule that new rounds name.</summary>
    public const int RuleVersion = 1;

    /// <summary>Longest seed, characters.</summary>
    public const int LongestSeed = 64;

    /// <summary>Shares seats in rounds.</summary>
    /// <param name="seats">Seats there are.</param>
    /// <param name="requests">At most one per member.</param>
    /// <param name="seed">Seed of the draw.</param>
    /// <returns>One grant per request, in the order of the first round.</returns>
    public static StructuralList<RoundGrant> Draw(int seats, IEnumerable<SeatRequest> requests, string seed)
    {
        var order = requests.Select(r => (Request: r, Draw: Ticket(seed, r.Id))).OrderBy(r => r.Request.At)
            .ThenBy(r => r.Draw, StringComparer.Ordinal).ThenBy(r => r.Request.Id, StringComparer.Ordinal)
            .Select(r => r.Request).ToList();
        var given = new int[order.Count];
        var left = seats;
        for (var moved = true; moved && left > 0;)
        {
            moved = false;
            for (var i = 0; i < order.Count && left > 0; i++)
            {
                if (given[i] == order[i].Seats) continue;
                given[i]++;
                left--;
                moved = true;
            }
        }

        return order.Select((r, i) => new RoundGrant(r.Id, r.Member, r.Seats, given[i])).ToStructuralList();
    }

    /// <summary>
    /// The seed that the collected requests make: nobody can choose it, since every request's own event id goes into it, and everybody
    /// can recompute it.
    /// </summary>
    /// <param name="eventIds">Ids of the events that collected the requests, in the order of the log.</param>
    public static string SeedOf(IEnumerable<Guid> eventIds) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', eventIds.Select(id => id.ToString("N", CultureInfo.InvariantCulture))))));

    private static string Ticket(string seed, string request) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{request}")));
}
