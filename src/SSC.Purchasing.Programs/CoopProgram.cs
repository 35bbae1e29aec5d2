using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>
/// A program of the cooperative: what it is, who may take part, what it costs, what comes back. Stream <c>program-{ProgramId}</c>. Its
/// dates are offerings with seats of their own.
/// </summary>
public sealed class CoopProgram : IDecider<CoopProgram.Command, CoopProgram.State, CoopProgram.Event>
{
    /// <summary>What can be asked of a program. Any of them but <see cref="Draft"/> before it: <c>program-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Draft it for a cooperative, the home one unless another is named. <c>program-exists</c>, <c>program-malformed</c>,
        /// <c>cooperative-malformed</c>, or what is wrong with the title.
        /// </summary>
        public sealed record Draft(ProgramId Program, string Title, ProgramKind Kind, CooperativeId? Cooperative = null) : Command;

        /// <summary>
        /// Set what it costs from now on; what members were quoted stays. A code of <see cref="PricingRules.Flaw"/>; other prices of a
        /// published program need a resolution of its cooperative's board on them: a code of <see cref="AdoptedResolution.Flaw"/>.
        /// </summary>
        public sealed record SetPricing(ProgramPricing Pricing) : Command
        {
            /// <summary>The program.</summary>
            public ProgramId Program { get; init; }

            /// <summary>The board's resolution on its fees.</summary>
            public AdoptedResolution? By { get; init; }

            /// <summary>Day of the change.</summary>
            public DateOnly Today { get; init; }
        }

        /// <summary>Set who may take part: <c>eligibility-invalid</c>.</summary>
        public sealed record SetEligibility(ProgramEligibility Eligibility) : Command;

        /// <summary>Set what comes back: <c>refund-tiers-invalid</c>.</summary>
        public sealed record SetRefundPolicy(RefundPolicy Policy) : Command;

        /// <summary>Set the tiers of teams by enrollment: <c>tier-bands-invalid</c>.</summary>
        public sealed record SetTiers(TierBands Bands) : Command;

        /// <summary>Publish it: <c>pricing-missing</c>, <c>program-retired</c>.</summary>
        public sealed record Publish : Command;

        /// <summary>Offer it no more; what is open goes on. What is wrong with the reason.</summary>
        public sealed record Retire(string Reason) : Command;
    }

    /// <summary>What has happened to a program.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was drafted; programs that name no cooperative are of the time when only the home one had any.</summary>
        [EventAlias("program_drafted")]
        public sealed record Drafted(ProgramId Program, string Title, ProgramKind Kind, CooperativeId? Cooperative = null) : Event;

        /// <summary>Its prices were set.</summary>
        [EventAlias("program_pricing_set")]
        public sealed record PricingSet(ProgramPricing Pricing) : Event
        {
            /// <summary>The resolution that changed those of a published program.</summary>
            public ResolutionId? Resolution { get; init; }
        }

        /// <summary>Who may take part was set.</summary>
        [EventAlias("program_eligibility_set")]
        public sealed record EligibilitySet(ProgramEligibility Eligibility) : Event;

        /// <summary>What comes back was set.</summary>
        [EventAlias("program_refund_policy_set")]
        public sealed record RefundPolicySet(RefundPolicy Policy) : Event;

        /// <summary>The tiers of its teams were set.</summary>
        [EventAlias("program_tiers_set")]
        public sealed record TiersSet(TierBands Bands) : Event;

        /// <summary>It was published.</summary>
        [EventAlias("program_published")]
        public sealed record Published : Event;

        /// <summary>It is offered no more.</summary>
        [EventAlias("program_retired")]
        public sealed record Retired(string Reason) : Event;
    }

    /// <summary>Where a program stands.</summary>
    /// <param name="Phase">How far it has come.</param>
    /// <param name="Title">What members call it; empty only before it is drafted.</param>
    /// <param name="Kind">What it is.</param>
    public sealed record State(ProgramPhase Phase, string Title, ProgramKind Kind)
    {
        /// <summary>Whose it is.</summary>
        public CooperativeId Cooperative { get; init; } = Home;

        /// <summary>What it costs; null until set.</summary>
        public ProgramPricing? Pricing { get; init; }

        /// <summary>Who may take part; everybody until set.</summary>
        public ProgramEligibility Eligibility { get; init; } = ProgramEligibility.Everybody;

        /// <summary>What comes back; nothing until set.</summary>
        public RefundPolicy Refunds { get; init; } = new([]);

        /// <summary>Tiers of teams; null when it has none.</summary>
        public TierBands? Tiers { get; init; }
    }

    /// <summary>The home cooperative: whose the programs are that name none.</summary>
    public static readonly CooperativeId Home = new("SSC");

    /// <inheritdoc/>
    public static string Category => "program";

    /// <inheritdoc/>
    public static State Initial { get; } = new(ProgramPhase.Absent, string.Empty, ProgramKind.ProfessionalDevelopment);

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Draft c, { Phase: ProgramPhase.Absent }) => Draft(c),
        (Command.Draft c, _) => c.Title == state.Title && c.Kind == state.Kind && (c.Cooperative ?? Home) == state.Cooperative
            ? Nothing
            : new Refusal("program-exists", "This program exists; give the new one another id."),
        (_, { Phase: ProgramPhase.Absent }) => new Refusal("program-unknown", "There is no such program; draft it first."),
        (Command.Retire, { Phase: ProgramPhase.Retired }) => Nothing,
        (_, { Phase: ProgramPhase.Retired }) => new Refusal("program-retired", "The program is retired; draft a new one."),
        (Command.Retire c, _) => PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } flaw ? flaw : new Event.Retired(c.Reason),
        (Command.Publish, { Phase: ProgramPhase.Published }) => Nothing,
        (Command.Publish, { Pricing: null }) => new Refusal("pricing-missing", "Set what it costs, then publish it."),
        (Command.Publish, _) => new Event.Published(),
        (Command.SetPricing c, _) => PricingRules.Flaw(c.Pricing) is { } flaw ? flaw
            : c.Pricing == state.Pricing ? Nothing : Price(c, state),
        (Command.SetEligibility c, _) => ProgramEligibility.Flaw(c.Eligibility) is { } flaw ? flaw
            : c.Eligibility == state.Eligibility ? Nothing : new Event.EligibilitySet(c.Eligibility),
        (Command.SetRefundPolicy c, _) => RefundPolicy.Flaw(c.Policy) is { } flaw ? flaw
            : c.Policy == state.Refunds ? Nothing : new Event.RefundPolicySet(c.Policy),
        (Command.SetTiers c, _) => TierBands.Flaw(c.Bands) is { } flaw ? flaw
            : c.Bands == state.Tiers ? Nothing : new Event.TiersSet(c.Bands),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Drafted e => new(ProgramPhase.Draft, e.Title, e.Kind) { Cooperative = e.Cooperative ?? Home },
        Event.PricingSet e => state with { Pricing = e.Pricing },
        Event.EligibilitySet e => state with { Eligibility = e.Eligibility },
        Event.RefundPolicySet e => state with { Refunds = e.Policy },
        Event.TiersSet e => state with { Tiers = e.Bands },
        Event.Published => state with { Phase = ProgramPhase.Published },
        Event.Retired => state with { Phase = ProgramPhase.Retired },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    /// <summary>The first prices are published with the program; members rely on them, and the board alone changes them.</summary>
    private static Decision<Event> Price(Command.SetPricing c, State state)
    {
        if (state.Phase != ProgramPhase.Published) return new Event.PricingSet(c.Pricing);
        return AdoptedResolution.Flaw(c.By, state.Cooperative, ResolutionKind.FeeSchedule, c.Program.Value, c.Today) is { } no
            ? no
            : new Event.PricingSet(c.Pricing) { Resolution = c.By!.Resolution };
    }

    private static Decision<Event> Draft(Command.Draft c)
    {
        if ((PlainText.CheckId("program", c.Program.Value) ?? PlainText.Check("title", c.Title)) is { } flaw) return flaw;
        if (!Enum.IsDefined(c.Kind)) return new Refusal("program-kind-unknown", "Name one of the kinds of program.");
        if (PlainText.CheckId("cooperative", (c.Cooperative ?? Home).Value) is { } malformed) return malformed;
        return new Event.Drafted(c.Program, c.Title, c.Kind, c.Cooperative ?? Home);
    }
}

/// <summary>What a program is.</summary>
public enum ProgramKind
{
    /// <summary>Workshops and conferences for staff.</summary>
    ProfessionalDevelopment,

    /// <summary>Academic challenges for students.</summary>
    StudentChallenge,

    /// <summary>A technology service by the year.</summary>
    TechnologyService,

    /// <summary>An administrative service, billed by use.</summary>
    AdministrativeService,
}

/// <summary>How far a program has come.</summary>
public enum ProgramPhase
{
    /// <summary>Not drafted yet.</summary>
    Absent,

    /// <summary>Drafted.</summary>
    Draft,

    /// <summary>Offered.</summary>
    Published,

    /// <summary>Offered no more.</summary>
    Retired,
}

/// <summary>Who may take part.</summary>
/// <param name="MemberTypes">Types of membership, e.g. <c>Education</c>; every type when empty.</param>
/// <param name="LowestGrade">Lowest grade of students, 0 for kindergarten; null when grades do not matter.</param>
/// <param name="HighestGrade">Highest grade, at most 12.</param>
public sealed record ProgramEligibility(StructuralList<string> MemberTypes, int? LowestGrade = null, int? HighestGrade = null)
{
    /// <summary>Every member.</summary>
    public static readonly ProgramEligibility Everybody = new([]);

    /// <summary><c>eligibility-invalid</c>; null when all is well.</summary>
    public static Refusal? Flaw(ProgramEligibility eligibility) =>
        eligibility.MemberTypes.Count > 20 || !eligibility.MemberTypes.All(Id.IsWellFormed)
        || eligibility.LowestGrade is null != eligibility.HighestGrade is null || eligibility.LowestGrade > eligibility.HighestGrade
        || eligibility.LowestGrade is < 0 or > 12 || eligibility.HighestGrade is > 12
            ? new("eligibility-invalid", "Name types of membership, and grades from 0 (kindergarten) to 12 with the lowest first.")
            : null;

    /// <summary><c>member-type-not-eligible</c>, <c>grade-missing</c>, <c>grade-not-eligible</c>; null when it may.</summary>
    public Refusal? WhyNot(string memberType, int? grade)
    {
        if (MemberTypes.Count > 0 && !MemberTypes.Contains(memberType, StringComparer.Ordinal))
            return new("member-type-not-eligible", $"This program is for {string.Join(", ", MemberTypes)} members.");
        if (LowestGrade is not { } lowest || HighestGrade is not { } highest) return null;
        if (grade is null) return new("grade-missing", $"Say which grade takes part, {lowest} to {highest}.");
        return grade < lowest || grade > highest ? new("grade-not-eligible", $"This program is for grades {lowest} to {highest}.") : null;
    }
}
