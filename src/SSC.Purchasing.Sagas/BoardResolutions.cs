using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Sagas;

/// <summary>What a resolution says about a subject, and where that was read.</summary>
/// <param name="Adopted">The evidence; null when the resolution does not exist, is not adopted, or is about something else.</param>
/// <param name="ReadAt">For <see cref="AppendConditions.Unchanged"/>: a rescission meanwhile makes the command be decided again.</param>
public sealed record ResolutionEvidence(AdoptedResolution? Adopted, StreamAt ReadAt);

/// <summary>
/// Reads the board's resolutions for commands that wait for one: rate adoptions, distributions, assessments, expulsions, fee schedules.
/// The decider takes the evidence as a value and refuses what <see cref="AdoptedResolution.Flaw"/> refuses.
/// </summary>
public sealed class BoardResolutions(Commands commands)
{
    /// <summary>The evidence of one resolution for a kind of command on a subject.</summary>
    /// <param name="tenant">Operator's store.</param>
    /// <param name="resolution">The resolution that is cited.</param>
    /// <param name="kind">What it must decide about.</param>
    /// <param name="subject">What exactly.</param>
    /// <param name="fresh">Past every cache, as <see cref="Commands"/> asks for from the second attempt on.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<ResolutionEvidence> Find(
        string tenant, ResolutionId resolution, ResolutionKind kind, string subject, bool fresh, CancellationToken ct)
    {
        var loaded = await commands.Load<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(
            tenant, resolution.Value, fresh, ct).ConfigureAwait(false);
        return new(Resolution.For(loaded.State, kind, subject), new($"{Resolution.Category}-{resolution}", loaded.Version));
    }
}
