using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SSC.Purchasing.Host.Access;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Api;

/// <summary>A request that has passed authentication, roles and rate limits; everything an endpoint asks of it.</summary>
public sealed class ApiRequest
{
    private readonly byte[]? hash;

    internal ApiRequest(HttpContext http, ApiServices services, Principal principal, byte[]? hash = null)
    {
        (Http, Services, Principal, this.hash) = (http, services, principal, hash);
    }

    /// <summary>The exchange itself, for the rare endpoint that needs it.</summary>
    public HttpContext Http { get; }

    /// <summary>Commands, read models, clock.</summary>
    public ApiServices Services { get; }

    /// <summary>Who asks.</summary>
    public Principal Principal { get; }

    /// <summary>Ends when the caller goes away or the host stops.</summary>
    public CancellationToken Cancelled => Http.RequestAborted;

    /// <summary>The edge's clock.</summary>
    public DateTimeOffset Now => Services.Clock.GetUtcNow();

    /// <summary>The command's context: actor, correlation, idempotency key, If-Match.</summary>
    public CommandContext Context => new(Services.Tenant, Principal.Actor, Correlation.Of(Http), Now)
    {
        Key = hash is null ? null : new($"{Principal.OrganizationKey}/{RequestHeaders.IdempotencyKey(Http)}", hash),
        IfVersion = RequestHeaders.IfMatch(Http),
    };

    /// <summary>A well-formed id from the route; 400 otherwise.</summary>
    public TId Id<TId>(string name)
        where TId : struct, IId<TId>
    {
        var value = Http.Request.RouteValues[name] as string;
        return Kernel.Id.IsWellFormed(value)
            ? TId.From(value)
            : throw new MalformedRequestException(name, $"An id is 1 to {Kernel.Id.MaxLength} letters, digits, '.', '_' or '-'.");
    }

    /// <summary>A well-formed id, or ids joined by colons, from the route; 400 otherwise.</summary>
    public string Text(string name)
    {
        var value = Http.Request.RouteValues[name] as string;
        return Kernel.Id.IsKey(value)
            ? value
            : throw new MalformedRequestException(name, "A key is one or more ids of letters, digits, '.', '_' or '-', joined by ':'.");
    }

    /// <summary>A query parameter given at most once; null when absent, 400 when repeated, over-long or unclean.</summary>
    public string? Query(string name)
    {
        var values = Http.Request.Query[name];
        if (values.Count == 0) return null;
        if (values.Count > 1 || values[0] is not { Length: > 0 and <= 400 } text)
            throw new MalformedRequestException(name, "Give this parameter once, with 1 to 400 characters.");
        return CleanStringConverter.WhyUnclean(text) is { } why ? throw new MalformedRequestException(name, why) : text;
    }

    /// <summary>A query parameter that is a whole number within bounds.</summary>
    public long? Number(string name, long least = 0, long most = long.MaxValue)
    {
        if (Query(name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new MalformedRequestException(name,
                string.Create(CultureInfo.InvariantCulture, $"Expected a whole number from {least} to {most}."));
    }

    /// <summary>A query parameter that is an RFC 3339 time.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Query(name) is not { } text) return null;
        return EdgeTimeConverter.TryParse(text, out var time)
            ? time
            : throw new MalformedRequestException(name, "Expected an RFC 3339 time with its offset, e.g. 2026-03-06T18:00:00Z.");
    }

    /// <summary>A query parameter that is a day.</summary>
    public DateOnly? Day(string name)
    {
        if (Query(name) is not { } text) return null;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new MalformedRequestException(name, "Expected a date, e.g. 2026-03-06.");
    }

    /// <summary>A query parameter that is <c>true</c> or <c>false</c>; absent means false.</summary>
    public bool Flag(string name) => Query(name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw new MalformedRequestException(name, "Expected true or false."),
    };

    /// <summary>A query parameter that is a word of an enum.</summary>
    public TEnum? Word<TEnum>(string name)
        where TEnum : struct, Enum
    {
        if (Query(name) is not { } text) return null;
        var words = EdgeEnumConverterFactory.WordsOf(typeof(TEnum)).ToList();
        var index = words.IndexOf(text);
        return index >= 0
            ? Enum.Parse<TEnum>(Enum.GetNames<TEnum>()[index])
            : throw new MalformedRequestException(name, $"Expected one of: {string.Join(", ", words)}.");
    }

    /// <summary>The moment a <c>?asOf=</c> or a similar parameter names, as a position: a number is one, a time is looked up.</summary>
    public async Task<long?> Moment(string name)
    {
        if (Query(name) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position)) return position;
        return EdgeTimeConverter.TryParse(text, out var time)
            ? await Services.Commands.Store.PositionAsOf(time, Cancelled)
            : throw new MalformedRequestException(name, "Expected a log position or an RFC 3339 time, e.g. 2026-03-06T18:00:00Z.");
    }

    /// <summary>Sends a command to an aggregate and answers with its outcome.</summary>
    public async Task<IResult> Handle<TDecider, TCommand, TState, TEvent>(string key, TCommand command)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull =>
        Answer.Of(await Services.Commands.Handle<TDecider, TCommand, TState, TEvent>(Context, key, command, Cancelled));

    /// <summary>As above, with the command prepared from other streams at each attempt.</summary>
    public async Task<IResult> Handle<TDecider, TCommand, TState, TEvent>(
        string key, Func<bool, Task<(TCommand Command, AppendConditions Conditions)>> prepare)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull =>
        Answer.Of(await Services.Commands.Handle<TDecider, TCommand, TState, TEvent>(Context, key, prepare, Cancelled));

    /// <summary>An aggregate as it is now, or as of <c>?asOf=</c>; version 0 means that there is (was) none.</summary>
    public async Task<Loaded<TState>> Load<TDecider, TCommand, TState, TEvent>(string key)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull =>
        await Moment("asOf") is { } position
            ? await Services.Commands.LoadAsOf<TDecider, TCommand, TState, TEvent>(Services.Tenant, key, position, Cancelled)
            : await Services.Commands.Load<TDecider, TCommand, TState, TEvent>(Services.Tenant, key, fresh: true, Cancelled);

    /// <summary>
    /// A page of a read model, after waiting for <c>X-At-Least-Position</c>: <c>?limit&amp;after</c>, key order, with a link to the next
    /// page.
    /// </summary>
    /// <param name="model">The read model.</param>
    /// <param name="where">Index column → value; null values are no filter.</param>
    /// <param name="view">What callers see of a row.</param>
    public async Task<IResult> List<TRow, TView>(
        ReadModel<TRow> model, IEnumerable<(string Column, string? Value)> where, Func<KeyedRow<TRow>, TView> view)
        where TRow : class
    {
        var limit = ListLimit();
        if (await NotYet(model) is { } behind) return behind;
        var query = new RowQuery
        {
            Where = where.Where(w => w.Value is not null).ToDictionary(w => w.Column, w => w.Value!, StringComparer.Ordinal),
            After = Query("after"),
            Limit = limit + 1,
        };
        var rows = await Services.Models.List(model, Services.Tenant, query, Cancelled);
        return Answer.Page(this, rows.Take(limit).Select(view), rows.Count > limit ? rows[limit - 1].Key : null);
    }

    /// <summary>A list of at most one row, for a caller who sees no other.</summary>
    public async Task<IResult> Only<TRow, TView>(ReadModel<TRow> model, string key, Func<TRow, TView> view)
        where TRow : class
    {
        var (row, instead) = await Find(model, key);
        return instead ?? Answer.Page(this, row is null ? [] : new[] { view(row) }, null);
    }

    /// <summary>How many rows a list has at most; lists are as of now.</summary>
    internal int ListLimit() => Query("asOf") is null
        ? (int)(Number("limit", 1, 1_000) ?? 100)
        : throw new MalformedRequestException(
            "asOf", "Lists are as of now; read a single resource or /audit/streams/{id} as of the past.");

    /// <summary>One row of a read model, after waiting for <c>X-At-Least-Position</c>; an answer instead when that takes too
    /// long.</summary>
    public async Task<(TRow? Row, IResult? Instead)> Find<TRow>(ReadModel<TRow> model, string key)
        where TRow : class =>
        await NotYet(model) is { } behind ? (null, behind) : (await Services.Models.Find(model, Services.Tenant, key, Cancelled), null);

    /// <summary>The answer instead, when a read model has not reached <c>X-At-Least-Position</c> in time; null when it has.</summary>
    internal async Task<IResult?> NotYet(IReadModel model) =>
        RequestHeaders.AtLeastPosition(Http) is { } position
        && !await Services.Models.WaitFor(model, position, Services.PositionTimeout, Cancelled)
            ? Answer.Problem(Problem.Behind(position))
            : null;

    /// <summary>SHA-256 over method, path, organization and canonical body: what an idempotency key stands for.</summary>
    internal static byte[] HashOf<TBody>(HttpContext http, Principal principal, TBody body, JsonTypeInfo<TBody> type)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        WriteHead(buffer, http, principal);
        using (var writer = new Utf8JsonWriter(buffer)) JsonSerializer.Serialize(writer, body, type);
        return SHA256.HashData(buffer.WrittenSpan);
    }

    /// <summary>The same for a request without a JSON body, over bytes already hashed.</summary>
    internal static byte[] HashOf(HttpContext http, Principal principal, ReadOnlySpan<byte> content)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        WriteHead(buffer, http, principal);
        buffer.Write(content);
        return SHA256.HashData(buffer.WrittenSpan);
    }

    private static void WriteHead(ArrayBufferWriter<byte> buffer, HttpContext http, Principal principal)
    {
        var head = $"{http.Request.Method}\n{http.Request.Path.Value}{http.Request.QueryString.Value}\n{principal.OrganizationKey}\n";
        Encoding.UTF8.GetBytes(head, buffer);
    }
}

/// <summary>Request headers of our conventions, checked.</summary>
internal static class RequestHeaders
{
    public const string Key = "Idempotency-Key";
    public const string AtLeast = "X-At-Least-Position";

    /// <summary>Longest idempotency key of a caller; the store's limit less room for the organization.</summary>
    public const int LongestKey = 100;

    /// <summary>The key every write carries.</summary>
    public static string IdempotencyKey(HttpContext http)
    {
        var values = http.Request.Headers[Key];
        if (values.Count == 0)
            throw new MalformedRequestException(Key, "Every write carries an Idempotency-Key of its own, e.g. a UUID.",
                "idempotency-key-missing");
        var key = values.Count == 1 ? values[0] : null;
        return key is { Length: >= 1 and <= LongestKey } && key.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            ? key
            : throw new MalformedRequestException(Key, $"Send one key of 1 to {LongestKey} printable ASCII characters.");
    }

    /// <summary>The version in <c>If-Match: "7"</c>; null when absent or <c>*</c>.</summary>
    public static long? IfMatch(HttpContext http)
    {
        var values = http.Request.Headers.IfMatch;
        if (values.Count == 0 || (values.Count == 1 && string.Equals(values[0], "*", StringComparison.Ordinal))) return null;
        return values.Count == 1 && values[0] is ['"', .. var digits, '"']
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new MalformedRequestException("If-Match", "Send back the one ETag you were given, e.g. \"7\".");
    }

    /// <summary>The position a read must have reached.</summary>
    public static long? AtLeastPosition(HttpContext http)
    {
        var values = http.Request.Headers[AtLeast];
        if (values.Count == 0) return null;
        return values.Count == 1 && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : throw new MalformedRequestException(AtLeast, "Send a position as an X-Position header gave it.");
    }
}
