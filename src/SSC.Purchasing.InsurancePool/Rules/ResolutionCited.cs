using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Rules;

/// <summary>What an event keeps of the resolution that allowed it.</summary>
/// <param name="Resolution">The resolution.</param>
/// <param name="Number">Its number in the minutes.</param>
/// <param name="AdoptedOn">The day of the vote.</param>
public sealed record ResolutionCited(ResolutionId Resolution, string Number, DateOnly AdoptedOn)
{
    /// <summary>
    /// Null when the evidence decides just this matter: <c>resolution-missing</c>, <c>resolution-other-kind</c>,
    /// <c>resolution-other-subject</c>. Whose board it is and whether it has effect yet is asked where the pool and the day are known
    /// (<see cref="AdoptedResolution.Flaw"/>).
    /// </summary>
    internal static Refusal? Flaw(AdoptedResolution? adopted, ResolutionKind kind, string subject) => AdoptedResolution.Flaw(
        adopted, adopted?.Cooperative ?? new("the pool"), kind, subject, adopted?.EffectiveOn ?? default);

    internal static ResolutionCited Of(AdoptedResolution adopted) => new(adopted.Resolution, adopted.Number, adopted.AdoptedOn);
}
