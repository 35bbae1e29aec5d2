using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>
/// A number in the minutes of a cooperative's board: it belongs to one resolution for ever, so that "resolution 2026-14" says one thing.
/// Each number is a stream of its own, and whoever comes first has it. Stream <c>minutes-number-{CooperativeId}:{number}</c>.
/// </summary>
public sealed class MinutesNumber : IDecider<MinutesNumber.Command, MinutesNumber.State, MinutesNumber.Event>
{
    /// <summary>What can be asked of a number.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Give it to a resolution: <c>minutes-number-taken</c> when another one has it, <c>cooperative-malformed</c>,
        /// <c>resolution-malformed</c>, <c>number-*</c>.
        /// </summary>
        public sealed record Give(CooperativeId Cooperative, string Number, ResolutionId Resolution) : Command;
    }

    /// <summary>What has happened to a number.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>A resolution has it.</summary>
        [EventAlias("minutes_number_given")]
        public sealed record Given(CooperativeId Cooperative, string Number, ResolutionId Resolution) : Event;
    }

    /// <summary>Whose it is.</summary>
    /// <param name="Resolution">The resolution; null while nobody has it.</param>
    public sealed record State(ResolutionId? Resolution);

    /// <summary>Longest number, characters.</summary>
    public const int MaxLength = 40;

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    /// <inheritdoc/>
    public static string Category => "minutes-number";

    /// <inheritdoc/>
    public static State Initial { get; } = new((ResolutionId?)null);

    /// <summary>
    /// The key of a number, whatever its case; one that is no id, e.g. <c>14/2026</c>, goes by the first half of its SHA-256.
    /// </summary>
    public static string Key(CooperativeId cooperative, string number)
    {
        var plain = number.Trim().ToUpperInvariant();
        return Id.IsWellFormed(plain)
            ? $"{cooperative}:{plain}"
            : $"{cooperative}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plain)))[..32]}";
    }

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Give c, { Resolution: null }) => (PlainText.CheckId("cooperative", c.Cooperative.Value)
            ?? PlainText.CheckId("resolution", c.Resolution.Value) ?? PlainText.Check("number", c.Number, MaxLength)) is { } no
                ? no
                : new Event.Given(c.Cooperative, c.Number, c.Resolution),
        (Command.Give c, { Resolution: var has }) when has == c.Resolution => Nothing,
        (Command.Give, { Resolution: { } other }) => TakenBy(other),
        _ => throw new UnreachableException($"{command} is not a command of a number."),
    };

    /// <summary>What is said when another resolution has the number.</summary>
    internal static Refusal TakenBy(ResolutionId other) =>
        new("minutes-number-taken", $"The minutes have resolution {other} under this number; give this one the next.");

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Given e => new(e.Resolution),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };
}

/// <summary>Numbers under which resolutions were decided before numbers were streams: the log alone knows them.</summary>
public static class RecordedNumbers
{
    private const int PageSize = 1_000;

    private static readonly string[] Types = ["resolution_drafted", "resolution_adopted", "resolution_rejected"];

    /// <summary>
    /// The first resolution of a cooperative's board that was decided under a number, whatever its case; null when none was.
    /// </summary>
    public static async Task<ResolutionId?> HolderOf(
        IEventStore store, string tenant, CooperativeId cooperative, string number, CancellationToken ct)
    {
        var (key, own) = (MinutesNumber.Key(cooperative, number), new HashSet<string>(StringComparer.Ordinal));
        var filter = new EventFilter { Tenant = tenant, Types = Types };
        for (var after = 0L; ;)
        {
            var page = await store.ReadAll(after, PageSize, filter, ct).ConfigureAwait(false);
            foreach (var e in page)
            {
                after = e.Position;
                if (e.Fact is Resolution.Event.Drafted { Matter.Cooperative: var home } && home == cooperative) own.Add(e.Stream);
                var decided = e.Fact switch
                {
                    Resolution.Event.Adopted f => f.Number,
                    Resolution.Event.Rejected f => f.Number,
                    _ => null,
                };
                if (decided is not null && own.Contains(e.Stream)
                    && string.Equals(MinutesNumber.Key(cooperative, decided), key, StringComparison.Ordinal))
                    return new(e.KeyIn(Resolution.Category)!);
            }

            if (page.Count < PageSize) return null;
        }
    }
}
