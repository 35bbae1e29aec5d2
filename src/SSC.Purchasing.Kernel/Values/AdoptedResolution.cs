using System.Text.Json.Serialization;

namespace SSC.Purchasing.Kernel;

/// <summary>A resolution of a cooperative's board, e.g. <c>R-2026-014</c>; unique in the tenant.</summary>
[JsonConverter(typeof(IdJsonConverter<ResolutionId>))]
public readonly record struct ResolutionId(string Value) : IId<ResolutionId>, IComparable<ResolutionId>
{
    /// <inheritdoc/>
    public static ResolutionId From(string value) => new(value);

    /// <summary>Ordinal order.</summary>
    public int CompareTo(ResolutionId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>What a resolution decides about. Stored names, for ever.</summary>
public enum ResolutionKind
{
    /// <summary>Anything that no command waits for; also the rescission of another resolution, whose id is then the subject.</summary>
    Other,

    /// <summary>Rates of an insurance pool for a plan year.</summary>
    RateAdoption,

    /// <summary>A distribution of a pool's surplus.</summary>
    Distribution,

    /// <summary>An assessment of a pool's members.</summary>
    Assessment,

    /// <summary>The expulsion of a member.</summary>
    Expulsion,

    /// <summary>Fees: of memberships, of a contract, of a program or service.</summary>
    FeeSchedule,

    /// <summary>A purchase together with other cooperatives or agencies.</summary>
    JointPurchase,

    /// <summary>A waiver of the window for retroactive changes.</summary>
    RetroWaiver,

    /// <summary>An insurance pool itself: its parameters, its closing, an admission that the bylaws leave to the board.</summary>
    PoolChange,

    /// <summary>A rule of an insurance pool set aside for once: a default, a failed participation test, an accepted notice.</summary>
    PoolWaiver,
}

/// <summary>
/// Evidence that a board has adopted a resolution: what a gated command carries. Whoever prepares such a command reads the resolution
/// (<c>Resolution.For</c>) and adds its stream, at the version read, to <see cref="AppendConditions.Unchanged"/>; so a resolution that is
/// rescinded meanwhile gates no more. Modules that know no governance decide on this value alone.
/// </summary>
/// <param name="Resolution">Which resolution.</param>
/// <param name="Cooperative">Whose board adopted it.</param>
/// <param name="Kind">What it decides about.</param>
/// <param name="Subject">
/// What exactly, as ids joined by colons (<see cref="Id.IsKey"/>): a member number, <c>POOL-SCHOOLS:2027</c>, a contract id.
/// </param>
/// <param name="Number">Its number in the minutes, e.g. <c>2026-14</c>.</param>
/// <param name="AdoptedOn">Day of the meeting.</param>
/// <param name="EffectiveOn">First day on which it has effect.</param>
public sealed record AdoptedResolution(
    ResolutionId Resolution, CooperativeId Cooperative, ResolutionKind Kind, string Subject, string Number, DateOnly AdoptedOn,
    DateOnly EffectiveOn)
{
    /// <summary>
    /// Why cited evidence does not allow something on a day, or null: <c>resolution-missing</c>, <c>resolution-other-cooperative</c>,
    /// <c>resolution-other-kind</c>, <c>resolution-other-subject</c>, <c>resolution-not-effective</c>.
    /// </summary>
    /// <param name="cited">The evidence; null when no adopted resolution was found.</param>
    /// <param name="cooperative">Whose board must have adopted it.</param>
    /// <param name="kind">What it must decide about.</param>
    /// <param name="subject">What exactly.</param>
    /// <param name="on">Day on which it must have effect.</param>
    public static Refusal? Flaw(AdoptedResolution? cited, CooperativeId cooperative, ResolutionKind kind, string subject, DateOnly on) =>
        cited switch
        {
            null => new("resolution-missing", $"Cite a resolution of {cooperative}'s board that has adopted this: {kind}, {subject}."),
            _ when cited.Cooperative != cooperative =>
                new("resolution-other-cooperative", $"{cited.Resolution} is of {cited.Cooperative}; cite one of {cooperative}."),
            _ when cited.Kind != kind =>
                new("resolution-other-kind", $"Resolution {cited.Resolution} is about {cited.Kind}; cite one about {kind}."),
            _ when !string.Equals(cited.Subject, subject, StringComparison.Ordinal) =>
                new("resolution-other-subject", $"Resolution {cited.Resolution} is about {cited.Subject}; cite one about {subject}."),
            _ when on < cited.EffectiveOn =>
                new("resolution-not-effective", $"Resolution {cited.Resolution} has effect from {cited.EffectiveOn:yyyy-MM-dd} on; wait."),
            _ => null,
        };
}
