using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;
using SSC.Purchasing.EventStore.Outbox;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>How much a receiver may cost; the defaults suit vendors' order systems.</summary>
public sealed record DeliveryLimits
{
    /// <summary>Time of one attempt, from connecting to the last byte of the answer.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts at the same time to one receiver on this node.</summary>
    public int AtATime { get; init; } = 2;

    /// <summary>Connections that are tried again at once when none came about; the outbox's schedule tries again later.</summary>
    public int QuickRetries { get; init; } = 2;

    /// <summary>Rest before the first quick retry; it doubles, with jitter.</summary>
    public TimeSpan QuickRest { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Attempts in a minute from which on a receiver that mostly fails is left alone.</summary>
    public int BreakAfter { get; init; } = 5;

    /// <summary>How long it is left alone.</summary>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest answer that is read, bytes.</summary>
    public int LargestAnswer { get; init; } = 256 * 1024;
}

/// <summary>
/// One pipeline for each receiver, so that what one does to us never reaches another: a bulkhead, a circuit breaker, a short retry of
/// connections with exponential jitter, a time limit. The lasting retry is the outbox's schedule.
/// </summary>
internal sealed class DeliveryPipelines(DeliveryLimits limits)
{
    private readonly ConcurrentDictionary<(string Tenant, string Receiver), ResiliencePipeline<DeliveryResult>> pipelines = new();

    /// <summary>One attempt through the receiver's pipeline; whatever goes wrong on the way is a failure to be tried again.</summary>
    public async Task<DeliveryResult> Send(
        string tenant, string receiver, Func<CancellationToken, Task<DeliveryResult>> attempt, CancellationToken ct)
    {
        try
        {
            return await pipelines.GetOrAdd((tenant, receiver), _ => New())
                .ExecuteAsync(async token => await attempt(token), ct);
        }
        catch (BrokenCircuitException open)
        {
            return new DeliveryResult.Failed("the receiver has failed repeatedly and is left alone for a while", open.RetryAfter);
        }
        catch (RateLimiterRejectedException)
        {
            return new DeliveryResult.Failed("the receiver has as many deliveries in hand as it may have", limits.QuickRest);
        }
        catch (TimeoutRejectedException)
        {
            return new DeliveryResult.Failed($"the receiver did not answer within {limits.Attempt.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException e) when (NoPublicAddressException.Is(e))
        {
            return new DeliveryResult.Rejected(e.InnerException?.Message ?? e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException)
        {
            return new DeliveryResult.Failed(e.InnerException?.Message ?? e.Message);
        }
    }

    private ResiliencePipeline<DeliveryResult> New() => new ResiliencePipelineBuilder<DeliveryResult>()
        .AddConcurrencyLimiter(limits.AtATime)
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<DeliveryResult>
        {
            FailureRatio = 0.8,
            MinimumThroughput = limits.BreakAfter,
            SamplingDuration = TimeSpan.FromMinutes(1),
            BreakDuration = limits.Break,
            ShouldHandle = static e => ValueTask.FromResult(
                e.Outcome.Exception is HttpRequestException or IOException or TimeoutRejectedException
                    || e.Outcome.Result is DeliveryResult.Failed),
        })
        .AddRetry(new RetryStrategyOptions<DeliveryResult>
        {
            MaxRetryAttempts = limits.QuickRetries,
            Delay = limits.QuickRest,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = static e => ValueTask.FromResult(e.Outcome.Exception is HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
                InnerException: not NoPublicAddressException,
            }),
        })
        .AddTimeout(limits.Attempt)
        .Build();
}
