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
        (Command.Give c, _) => new Refusal(
            "minutes-number-taken", $"The minutes have resolution {state.Resolution} under this number; give this one the next."),
        _ => throw new UnreachableException($"{command} is not a command of a number."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Given e => new(e.Resolution),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };
}
