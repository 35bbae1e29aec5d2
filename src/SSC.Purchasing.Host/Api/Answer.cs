using System.Globalization;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Api;

/// <summary>What a write answers: where its effect can be seen.</summary>
/// <param name="Stream">Stream of the aggregate, as in <c>/audit/streams/{id}</c>.</param>
/// <param name="Version">Its version, also the <c>ETag</c>.</param>
/// <param name="Position">Send it as <c>X-At-Least-Position</c> to read what you have just written.</param>
public sealed record Receipt(string Stream, long Version, long Position);

/// <summary>A page of a list.</summary>
/// <param name="Items">In stable order.</param>
/// <param name="Next">Link to the next page; absent on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Answers of endpoints.</summary>
public static class Answer
{
    /// <summary>From the outcome of a command: a receipt, or the problem it stands for.</summary>
    public static IResult Of(CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Done done => new ReceiptAnswer(done, null),
        CommandOutcome.Refused no => Problem(Api.Problem.Refused(no.Refusal)),
        CommandOutcome.Stale stale => Problem(Api.Problem.Stale(stale.Actual)),
        CommandOutcome.KeyReused reused => Problem(Api.Problem.KeyReused(WithoutOrganization(reused.Key))),
        CommandOutcome.Busy busy => Problem(Api.Problem.Busy(busy.RetryAfter)),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };

    /// <summary>The same with 201 and the place (below <c>/api/v1</c>) of what was made.</summary>
    public static async Task<IResult> Created(this Task<IResult> answer, string path) =>
        await answer is ReceiptAnswer receipt ? new ReceiptAnswer(receipt.Done, "/api/v1" + path) : await answer;

    /// <summary>201 with more to say than a receipt.</summary>
    public static IResult Made<T>(CommandOutcome.Done done, T view, string path)
        where T : class => new MadeAnswer<T>(done, view, "/api/v1" + path);

    /// <summary>The same with more to say than a receipt.</summary>
    public static IResult With<T>(this IResult answer, T view)
        where T : class => answer is ReceiptAnswer receipt ? new MadeAnswer<T>(receipt.Done, view, null) : answer;

    /// <summary>Tells where in the log the effect is, whatever else is answered: a document that is refused is recorded too.</summary>
    public static void At(IHeaderDictionary headers, long position) =>
        headers["X-Position"] = position.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a command was done, now or before.</summary>
    public static bool IsDone(this IResult answer) => answer is ReceiptAnswer;

    /// <summary>An aggregate's view with its version as ETag; 304 when the caller has it already, 404 when there is nothing to
    /// see.</summary>
    public static IResult Versioned<T>(T? view, long version)
        where T : class => view is null ? NotFound : new ViewAnswer<T>(view, version, 200);

    /// <summary>A view without a version.</summary>
    public static IResult View<T>(T? view, int status = 200)
        where T : class => view is null ? NotFound : new ViewAnswer<T>(view, null, status);

    /// <summary>A page of a list.</summary>
    public static IResult Page<T>(ApiRequest request, IEnumerable<T> items, string? last)
    {
        string? next = null;
        if (last is not null)
        {
            var kept = request.Http.Request.Query.Where(q => q.Key is not "after")
                .SelectMany(q => q.Value, (q, v) => KeyValuePair.Create(q.Key, v));
            next = request.Http.Request.Path.Value + QueryString.Create(kept.Append(new("after", last)));
        }

        return new ViewAnswer<Page<T>>(new([.. items], next), null, 200);
    }

    /// <summary>A problem.</summary>
    public static IResult Problem(Problem problem) => new ProblemAnswer(problem);

    /// <summary>Nothing there, or nothing of yours.</summary>
    public static readonly IResult NotFound = new ProblemAnswer(Api.Problem.NotFound());

    /// <summary>Keys are kept as <c>{kind}/{id}/{key}</c>, so that organizations cannot collide; callers know the last part.</summary>
    private static string WithoutOrganization(string key) => key.Split('/', 3)[^1];

    private static string Tag(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    private static void Mark(IHeaderDictionary headers, CommandOutcome.Done done, string? created)
    {
        headers.ETag = Tag(done.Version);
        At(headers, done.Position);
        if (done.Repeated) headers["Idempotent-Replayed"] = "true";
        if (created is not null) headers.Location = created;
    }

    private static async Task Write<T>(HttpContext http, int status, T value)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, EdgeJson.Of<T>());
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    private sealed class ReceiptAnswer(CommandOutcome.Done done, string? created) : IResult
    {
        public CommandOutcome.Done Done => done;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            Mark(httpContext.Response.Headers, done, created);
            return Write(httpContext, created is null ? 200 : 201, new Receipt(done.Stream, done.Version, done.Position));
        }
    }

    private sealed class MadeAnswer<T>(CommandOutcome.Done done, T view, string? path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            Mark(httpContext.Response.Headers, done, path);
            return Write(httpContext, path is null ? 200 : 201, view);
        }
    }

    private sealed class ViewAnswer<T>(T view, long? version, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.CacheControl = "private, no-cache";
            if (version is { } seen)
            {
                var tag = Tag(seen);
                httpContext.Response.Headers.ETag = tag;
                if (httpContext.Request.Headers[HeaderNames.IfNoneMatch].Contains(tag, StringComparer.Ordinal))
                {
                    httpContext.Response.StatusCode = 304;
                    return Task.CompletedTask;
                }
            }

            return Write(httpContext, status, view);
        }
    }

    private sealed class ProblemAnswer(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => problem.Write(httpContext);
    }
}
