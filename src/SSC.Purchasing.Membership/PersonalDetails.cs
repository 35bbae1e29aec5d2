namespace SSC.Purchasing.Membership;

/// <summary>What is known of a person. It lives beside the log, never in it, so that it can be erased without touching history.</summary>
/// <param name="Name">As the person writes it.</param>
/// <param name="Email">Address for notices; null when there is none.</param>
/// <param name="Phone">Telephone; null when there is none.</param>
public sealed record PersonalDetails(string Name, string? Email = null, string? Phone = null);

/// <summary>The erasable documents about people, by the opaque id that events carry. The host keeps them.</summary>
public interface IPersonalDetails
{
    /// <summary>The details of a person, or null when none were given or they have been erased.</summary>
    Task<PersonalDetails?> Find(string tenant, string personId, CancellationToken ct = default);

    /// <summary>Writes or replaces the details of a person.</summary>
    Task Save(string tenant, string personId, PersonalDetails details, CancellationToken ct = default);

    /// <summary>Erases the details for good; harmless when there are none.</summary>
    Task Erase(string tenant, string personId, CancellationToken ct = default);
}
