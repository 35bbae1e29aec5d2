using System.Diagnostics;
using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>
/// A member's team in a student challenge. Stream <c>team-{OfferingId}:{MemberNo}:{number}</c>. A team takes one of the member's confirmed
/// places; its tier follows from the member's enrollment. Students are nowhere named; a head-count is enough.
/// </summary>
public sealed class Team : IDecider<Team.Command, Team.State, Team.Event>
{
    /// <summary>Most rounds of a challenge and most seeds of a tier.</summary>
    public const int Most = 10_000;

    /// <summary>What can be asked of a team. Any of them but <see cref="Register"/> before it: <c>team-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Register it: <c>team-exists</c>, <c>team-without-place</c>, <c>team-number-invalid</c>, <c>tier-unknown</c>,
        /// <c>students-out-of-range</c>, or what is wrong with the label.
        /// </summary>
        public sealed record Register(TeamEntry Entry, TeamStanding Standing) : Command;

        /// <summary>Seed it in its tier: <c>seed-out-of-range</c>, <c>team-withdrawn</c>.</summary>
        public sealed record Seed(int Number) : Command;

        /// <summary>It goes on to a round: <c>not-seeded</c>, <c>round-not-next</c>, <c>team-withdrawn</c>.</summary>
        public sealed record Advance(int Round) : Command;

        /// <summary>It takes part no more, or the reason at fault. Its place and its fee are the enrollment's.</summary>
        public sealed record Withdraw(string Reason) : Command;
    }

    /// <summary>What has happened to a team.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was registered in a tier, with the figures that the tier came from.</summary>
        [EventAlias("team_registered")]
        public sealed record Registered(TeamEntry Entry, string Tier, int Enrollment, TierBands Bands) : Event;

        /// <summary>It was seeded.</summary>
        [EventAlias("team_seeded")]
        public sealed record Seeded(int Number) : Event;

        /// <summary>It went on.</summary>
        [EventAlias("team_advanced")]
        public sealed record Advanced(int Round) : Event;

        /// <summary>It takes part no more.</summary>
        [EventAlias("team_withdrawn")]
        public sealed record Withdrawn(string Reason) : Event;
    }

    /// <summary>Where a team stands.</summary>
    /// <param name="Phase">In one word.</param>
    /// <param name="Entry">What it is; null only before it.</param>
    public sealed record State(TeamPhase Phase, TeamEntry? Entry)
    {
        /// <summary>Its tier.</summary>
        public string? Tier { get; init; }

        /// <summary>Its seed.</summary>
        public int? Number { get; init; }

        /// <summary>The last round that it reached; 0 before the first.</summary>
        public int Round { get; init; }
    }

    /// <inheritdoc/>
    public static string Category => "team";

    /// <inheritdoc/>
    public static State Initial { get; } = new(TeamPhase.Absent, null);

    /// <summary>The key of a team.</summary>
    public static string Key(OfferingId offering, MemberNo member, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{offering}:{member}:{number}");

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Register c, { Entry: null }) => Register(c),
        (Command.Register c, _) => c.Entry == state.Entry
            ? Nothing
            : new Refusal("team-exists", "The member has a team of this number; give the new one the next."),
        (_, { Entry: null }) => new Refusal("team-unknown", "There is no such team; register it first."),
        (Command.Withdraw, { Phase: TeamPhase.Withdrawn }) => Nothing,
        (_, { Phase: TeamPhase.Withdrawn }) => new Refusal("team-withdrawn", "The team was withdrawn; register another one."),
        (Command.Withdraw c, _) => PlainText.Check("reason", c.Reason,
            PlainText.NoteLength) is { } flaw ? flaw : new Event.Withdrawn(c.Reason),
        (Command.Seed c, _) when c.Number == state.Number => Nothing,
        (Command.Seed c, _) => c.Number is < 1 or > Most
            ? new Refusal("seed-out-of-range", $"A seed is 1 to {Most}.")
            : new Event.Seeded(c.Number),
        (Command.Advance, { Number: null }) => new Refusal("not-seeded", "Seed the team before it goes on."),
        (Command.Advance c, _) when c.Round == state.Round => Nothing,
        (Command.Advance c, _) => c.Round == state.Round + 1
            ? new Event.Advanced(c.Round)
            : new Refusal("round-not-next", $"The team is in round {state.Round}; it goes on to the next."),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Registered e => new(TeamPhase.Registered, e.Entry) { Tier = e.Tier },
        Event.Seeded e => state with { Phase = TeamPhase.Seeded, Number = e.Number },
        Event.Advanced e => state with { Round = e.Round },
        Event.Withdrawn => state with { Phase = TeamPhase.Withdrawn },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Decision<Event> Register(Command.Register c)
    {
        var (entry, standing) = (c.Entry, c.Standing);
        if (PlainText.Check("label", entry.Label, 60) is { } flaw) return flaw;
        if (entry.Number is < 1 or > Most) return new Refusal("team-number-invalid", "Number the member's teams from 1 on.");
        if (entry.Students is < 0 or > 1_000) return new Refusal("students-out-of-range", "A team has 0 to 1,000 students.");
        if (entry.Number > standing.Places)
            return new Refusal("team-without-place", $"The member has {standing.Places} confirmed places; enroll for one more first.");
        if (standing.Bands is not { } bands || standing.Enrollment is not { } enrollment || bands.TierOf(enrollment) is not { } tier)
            return new Refusal("tier-unknown", "The program needs tiers and the member an enrollment; set what is missing.");
        return new Event.Registered(entry, tier, enrollment, bands);
    }
}

/// <summary>A team as it is registered.</summary>
/// <param name="Offering">Offering.</param>
/// <param name="Member">Member.</param>
/// <param name="Number">1 for the member's first team.</param>
/// <param name="Label">What it is called, e.g. <c>Austin A</c>: a name of a team, not of persons.</param>
/// <param name="Students">Head-count.</param>
public sealed record TeamEntry(OfferingId Offering, MemberNo Member, int Number, string Label, int Students);

/// <summary>What a registration depends on.</summary>
/// <param name="Places">The member's confirmed places.</param>
/// <param name="Enrollment">The member's students; null when unknown.</param>
/// <param name="Bands">The program's tiers; null when it has none.</param>
public sealed record TeamStanding(int Places, int? Enrollment, TierBands? Bands);

/// <summary>Where a team stands.</summary>
public enum TeamPhase
{
    /// <summary>Not registered yet.</summary>
    Absent,

    /// <summary>Registered.</summary>
    Registered,

    /// <summary>Seeded in its tier.</summary>
    Seeded,

    /// <summary>Takes part no more.</summary>
    Withdrawn,
}

/// <summary>Registers teams: where a program's tiers, the member's enrollment and its confirmed places meet.</summary>
public sealed class RegisterTeam(Commands commands, IProgramMembers members)
{
    /// <summary>Registers a team. Refused as <see cref="Team.Command.Register"/>.</summary>
    public Task<CommandOutcome> Register(CommandContext context, TeamEntry entry, CancellationToken ct) =>
        commands.Handle<Team, Team.Command, Team.State, Team.Event>(
            context, Team.Key(entry.Offering, entry.Member, entry.Number), async fresh =>
            {
                var key = Enrollment.Key(entry.Offering, entry.Member);
                var enrolled = await commands.Load<Enrollment, Enrollment.Command, Enrollment.State, Enrollment.Event>(
                    context.Tenant, key, fresh, ct).ConfigureAwait(false);
                var program = enrolled.State.Placement?.Program.Value ?? "";
                var known = await commands.Load<CoopProgram, CoopProgram.Command, CoopProgram.State, CoopProgram.Event>(
                    context.Tenant, program, fresh, ct).ConfigureAwait(false);
                var on = BusinessCalendar.LocalDate(context.Now);
                var facts = await members.Find(context.Tenant, entry.Member, on, fresh, ct).ConfigureAwait(false);
                return (
                    new Team.Command.Register(entry, new(enrolled.State.Seats, facts?.Enrollment, known.State.Tiers)),
                    new AppendConditions { Unchanged = [new($"{Enrollment.Category}-{key}", enrolled.Version)] });
            }, ct);
}
