using JasperFx;
using Marten;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.CritterStack;

/// <summary>
/// What Marten needs besides the event tables: its append function, its sequence, its key from events to streams. Added by
/// <c>migrate</c>, after the service's own numbered scripts, and never while the service runs.
/// </summary>
public static class CritterSchema
{
    /// <summary>Adds what is missing. The event tables and every row in them stay as they are.</summary>
    public static async Task Migrate(string connection, EventCatalogue catalogue, CancellationToken ct)
    {
        var store = DocumentStore.For(options =>
        {
            options.Connection(connection);
            options.UsePurchasingEvents(catalogue);
        });
        await using (store.ConfigureAwait(false))
            await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate).WaitAsync(ct).ConfigureAwait(false);
    }
}
