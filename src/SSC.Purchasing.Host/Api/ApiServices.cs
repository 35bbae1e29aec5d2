using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api;

/// <summary>What endpoints work with: the one way in, the read side, the clock. One instance per host.</summary>
/// <param name="Tenant">The operator's store.</param>
/// <param name="Commands">Load, decide, append.</param>
/// <param name="Models">Rows of read models.</param>
/// <param name="Clock">The edge's clock.</param>
/// <param name="People">What is known of people, erasable.</param>
/// <param name="PositionTimeout">How long a read waits for <c>X-At-Least-Position</c>.</param>
/// <param name="Exchange">What deliveries and intake keep beside the log.</param>
public sealed record ApiServices(string Tenant, Commands Commands, IReadModels Models, TimeProvider Clock, IPersonalDetails People,
    TimeSpan PositionTimeout, ExchangeStores Exchange)
{
    /// <summary>The work where modules meet.</summary>
    public required SagaCommandHandler Work { get; init; }

    /// <summary>Vendors' shops.</summary>
    internal PunchOutShops Shops { get; init; } = null!;

    /// <summary>The address that browsers reach this service at; null for the one that was asked at.</summary>
    public Uri? PublicUrl { get; init; }
}
