using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Api;

/// <summary>
/// A row of a read model as server-sent events: the current view at once, then again whenever it has changed, with a comment line
/// now and then so that proxies keep the line open. The event id is the log position, so a client that reconnects misses nothing that
/// matters.
/// </summary>
public static class ServerSentEvents
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(250);

    /// <summary>Answers with the stream; ends when the caller leaves, the host stops, or the row is gone.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The read model.</param>
    /// <param name="key">Its row.</param>
    /// <param name="name">Name of the events.</param>
    /// <param name="view">What callers see of the row at a moment.</param>
    public static IResult Live<TRow, TView>(ApiRequest request, ReadModel<TRow> model, string key, string name, Func<TRow, TView> view)
        where TRow : class => new Stream<TRow, TView>(request, model, key, name, view);

    private sealed class Stream<TRow, TView>(ApiRequest request, ReadModel<TRow> model, string key, string name, Func<TRow, TView> view)
        : IResult
        where TRow : class
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var stopping = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
            httpContext.Response.ContentType = "text/event-stream";
            httpContext.Response.Headers.CacheControl = "no-cache";
            httpContext.Response.Headers["X-Accel-Buffering"] = "no";
            try
            {
                await Send(httpContext.Response, ends.Token);
            }
            catch (OperationCanceledException) when (ends.IsCancellationRequested)
            {
                // The caller has left or the host stops: that is how these streams end.
            }
        }

        private async Task Send(HttpResponse response, CancellationToken ct)
        {
            var (services, last) = (request.Services, Array.Empty<byte>());
            while (true)
            {
                var head = await services.Commands.Store.Head(ct);
                await services.Models.WaitFor(model, head.Position, Heartbeat, ct);
                if (await services.Models.Find(model, services.Tenant, key, ct) is not { } row) break;
                var data = JsonSerializer.SerializeToUtf8Bytes(view(row), EdgeJson.Of<TView>());
                if (!data.AsSpan().SequenceEqual(last)) await Write(response, head.Position, last = data, ct);
                while (!await services.Models.WaitFor(model, head.Position + 1, Heartbeat, ct))
                {
                    response.BodyWriter.Write(": still here\n\n"u8);
                    await response.BodyWriter.FlushAsync(ct);
                }

                await Task.Delay(Calm, services.Clock, ct); // a burst of commitments is one picture, not hundreds
            }

            response.BodyWriter.Write("event: gone\ndata: {}\n\n"u8);
            await response.BodyWriter.FlushAsync(ct);
        }

        private async Task Write(HttpResponse response, long position, byte[] data, CancellationToken ct)
        {
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {position}\nevent: {name}\ndata: "),
                response.BodyWriter);
            response.BodyWriter.Write(data);
            response.BodyWriter.Write("\n\n"u8);
            await response.BodyWriter.FlushAsync(ct);
        }
    }
}
