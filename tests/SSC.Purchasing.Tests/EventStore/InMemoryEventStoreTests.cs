using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.Testbed;

namespace SSC.Purchasing.Tests.EventStore;

/// <summary>The store that stories are told on keeps the same promises as the one on PostgreSQL.</summary>
public sealed class InMemoryEventStoreTests : EventStoreContract
{
    protected override Task<IEventStore> NewStore(EventCatalogue catalogue) =>
        Task.FromResult<IEventStore>(new InMemoryEventStore(catalogue, TimeProvider.System));
}
