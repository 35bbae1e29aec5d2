using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Rules;

/// <summary>What of a pool's matters the board decides and nobody else.</summary>
public enum PoolMatter
{
    /// <summary>Rates of a plan year.</summary>
    RateAdoption,

    /// <summary>A dividend.</summary>
    Distribution,

    /// <summary>An assessment.</summary>
    Assessment,

    /// <summary>The expulsion of a participant.</summary>
    Expulsion,

    /// <summary>Anything that sets a rule aside for once: a retroactive change, a default, a failed test, a rescinded notice.</summary>
    Waiver,

    /// <summary>The pool itself: parameters, closing, dissolution, an admission that the bylaws leave to the board.</summary>
    PoolChange,
}

/// <summary>
/// Evidence that the board adopted a resolution, read from its stream. A command that needs one carries it; the append's conditions
/// hold that stream at the version that was read.
/// </summary>
/// <param name="Id">The resolution.</param>
/// <param name="Matter">What it decides.</param>
/// <param name="Subject">What it is about: a year, run, participation or pool key; null when it names none.</param>
/// <param name="AdoptedOn">The day of the vote, America/Chicago.</param>
/// <param name="Position">Position of its adoption in the log.</param>
public sealed record AdoptedResolution(ResolutionRef Id, PoolMatter Matter, string? Subject, DateOnly AdoptedOn, long Position);

/// <summary>What an event keeps of the resolution that allowed it.</summary>
/// <param name="Id">The resolution.</param>
/// <param name="AdoptedOn">The day of the vote.</param>
/// <param name="Position">Position of its adoption in the log.</param>
public sealed record ResolutionCited(ResolutionRef Id, DateOnly AdoptedOn, long Position)
{
    /// <summary>
    /// What to keep, or <c>resolution-missing</c>, <c>resolution-of-another-matter</c>.
    /// </summary>
    internal static Refusal? Flaw(AdoptedResolution? adopted, PoolMatter matter, string subject) => adopted switch
    {
        null => new("resolution-missing", "This needs an adopted resolution of the board; name it."),
        _ when adopted.Matter != matter || (adopted.Subject is { } about && about != subject) =>
            new("resolution-of-another-matter", $"Resolution {adopted.Id} decides something else; name the one on this matter."),
        _ => null,
    };

    internal static ResolutionCited Of(AdoptedResolution adopted) => new(adopted.Id, adopted.AdoptedOn, adopted.Position);
}
