namespace SSC.Purchasing.EventStore.Subscriptions;

/// <summary>The state of one background loop of this node.</summary>
/// <param name="Name">E.g. <c>read_model/open_orders</c>.</param>
/// <param name="Checkpoint">Last position handled; null when the loop does not follow the log.</param>
/// <param name="Lag">Events still to handle; null as above.</param>
/// <param name="Stopped">Why it stopped until a restart or a rebuild; null while it runs.</param>
/// <param name="Error">The last failure of the infrastructure, which is being retried; null when the last attempt worked.</param>
public sealed record LoopHealth(string Name, long? Checkpoint, long? Lag, string? Stopped, string? Error);

/// <summary>Work that is repeated until cancelled. A failure is noted, waited out and tried again; nothing is skipped.</summary>
internal abstract class RuntimeLoop(string name)
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(5);
    private string? error;

    public string Name { get; } = name;

    public virtual LoopHealth Health => new(Name, null, null, null, Error);

    protected string? Error => Volatile.Read(ref error);

    /// <summary>Does what there is to do and then sleeps if nothing is left; throws when the infrastructure is broken.</summary>
    protected abstract Task Step(CancellationToken ct);

    /// <summary>Called once the loop has ended, to give back what it holds.</summary>
    public virtual Task Stopped() => Task.CompletedTask;

    public async Task Run(CancellationToken ct)
    {
        var rest = FirstRest;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await Step(ct).ConfigureAwait(false);
                rest = FirstRest;
                if (error is not null) Volatile.Write(ref error, null);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (broken is not OutOfMemoryException)
            {
                Volatile.Write(ref error, broken.Message);
                RuntimeMetrics.Failures.Add(1, new KeyValuePair<string, object?>("loop", Name));
                await Rest(rest, ct).ConfigureAwait(false);
                rest = rest * 2 < LongestRest ? rest * 2 : LongestRest;
            }
        }
    }

    private static async Task Rest(TimeSpan rest, CancellationToken ct)
    {
        try
        {
            await Task.Delay(rest, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop's condition ends it.
        }
    }
}

/// <summary>The feed as a loop.</summary>
internal sealed class FeedLoop(LogFeed feed) : RuntimeLoop("log_feed")
{
    public override LoopHealth Health => new(Name, feed.Head, null, null, Error);

    protected override Task Step(CancellationToken ct) => feed.Step(ct);
}
