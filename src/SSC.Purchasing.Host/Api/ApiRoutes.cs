using System.IO.Pipelines;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using SSC.Purchasing.Host.Access;

namespace SSC.Purchasing.Host.Api;

/// <summary>
/// Where endpoints are declared. Each is a plain request delegate, so that nothing is reflected over or compiled at start-up, and
/// each runs the same steps: who is asking, may they, not too often, what do they say — then the endpoint's own lines.
/// </summary>
public sealed class ApiRoutes
{
    /// <summary>Largest file an import takes, bytes.</summary>
    public const long LargestImport = 32 * 1024 * 1024;

    private readonly IEndpointRouteBuilder routes;
    private readonly ApiServices services;
    private readonly Doorkeeper door;
    private readonly string tag;
    private readonly List<ApiOperation> operations;

    internal ApiRoutes(IEndpointRouteBuilder routes, ApiServices services, Doorkeeper door)
        : this(routes, services, door, "API", [])
    {
    }

    private ApiRoutes(IEndpointRouteBuilder routes, ApiServices services, Doorkeeper door, string tag, List<ApiOperation> operations) =>
        (this.routes, this.services, this.door, this.tag, this.operations) = (routes, services, door, tag, operations);

    /// <summary>Every endpoint declared so far.</summary>
    public IReadOnlyList<ApiOperation> Operations => operations;

    /// <summary>The same routes under another heading of the docs.</summary>
    public ApiRoutes Under(string heading) => new(routes, services, door, heading, operations);

    /// <summary>Reads one thing.</summary>
    public ApiOperation Get<TAnswer>(string pattern, string summary, Func<ApiRequest, Task<IResult>> read)
    {
        var operation = Declare("GET", pattern, summary);
        operation.AnswerType = typeof(TAnswer);
        return Map(operation, (http, principal) => Visible(operation, new(http, services, principal), read));
    }

    /// <summary>Reads a page of a list: <c>?limit&amp;after</c>.</summary>
    public ApiOperation List<TItem>(string pattern, string summary, Func<ApiRequest, Task<IResult>> read)
    {
        var operation = Get<Page<TItem>>(pattern, summary, read)
            .Takes("limit", "At most this many items, 1 to 1,000; 100 unless told.")
            .Takes("after", "Cursor: only items after this one; the link in `next` has it.");
        operation.TakesPosition = true;
        return operation;
    }

    /// <summary>Sends one command without a body.</summary>
    public ApiOperation Post(string pattern, string summary, Func<ApiRequest, Task<IResult>> write) =>
        Bodiless("POST", pattern, summary, write);

    /// <summary>Removes what can be removed.</summary>
    public ApiOperation Delete(string pattern, string summary, Func<ApiRequest, Task<IResult>> write) =>
        Bodiless("DELETE", pattern, summary, write);

    /// <summary>Sends one command with a JSON body.</summary>
    public ApiOperation Post<TBody>(string pattern, string summary, Func<ApiRequest, TBody, Task<IResult>> write)
        where TBody : class => WithBody("POST", pattern, summary, write);

    /// <summary>Sets what the route names, with a JSON body.</summary>
    public ApiOperation Put<TBody>(string pattern, string summary, Func<ApiRequest, TBody, Task<IResult>> write)
        where TBody : class => WithBody("PUT", pattern, summary, write);

    /// <summary>Takes a file, up to <see cref="LargestImport"/>, as the raw body or as the one part of a multipart form.</summary>
    public ApiOperation Import<TAnswer>(string pattern, string summary, Func<ApiRequest, Upload, Task<IResult>> write)
    {
        var operation = Declare("POST", pattern, summary);
        operation.AnswerType = typeof(TAnswer);
        operation.BodyMedia = "multipart/form-data";
        return Map(operation, async (http, principal) =>
        {
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = LargestImport;
            await using var upload = await Upload.Read(http, LargestImport);
            var hash = ApiRequest.HashOf(http, principal, await SHA256.HashDataAsync(upload.Content, http.RequestAborted));
            upload.Content.Position = 0;
            return await Visible(operation, new(http, services, principal, hash), r => write(r, upload));
        });
    }

    private ApiOperation Bodiless(string method, string pattern, string summary, Func<ApiRequest, Task<IResult>> write)
    {
        var operation = Declare(method, pattern, summary);
        operation.AnswerType = typeof(Receipt);
        return Map(operation, (http, principal) =>
        {
            if (http.Request.ContentLength > 0) throw new MalformedRequestException("$", "This request takes no body.");
            return Visible(operation, new(http, services, principal, ApiRequest.HashOf(http, principal, [])), write);
        });
    }

    private ApiOperation WithBody<TBody>(string method, string pattern, string summary, Func<ApiRequest, TBody, Task<IResult>> write)
        where TBody : class
    {
        var operation = Declare(method, pattern, summary);
        operation.Body = typeof(TBody);
        operation.AnswerType = typeof(Receipt);
        JsonTypeInfo<TBody>? type = null; // looked up on first use: start-up does not pay for contracts nobody sends
        return Map(operation, async (http, principal) =>
        {
            type ??= EdgeJson.Of<TBody>();
            var body = await JsonBody.Read(http, type);
            var request = new ApiRequest(http, services, principal, ApiRequest.HashOf(http, principal, body, type));
            return await Visible(operation, request, r => write(r, body), body);
        });
    }

    private static async Task<IResult> Visible(
        ApiOperation operation, ApiRequest request, Func<ApiRequest, Task<IResult>> handle, object? body = null) =>
        (operation.Visible is { } visible && !visible(request)) || !await OwnCooperative.Holds(operation, request, body)
            ? Answer.NotFound
            : await handle(request);

    private ApiOperation Declare(string method, string pattern, string summary)
    {
        var operation = new ApiOperation(method, pattern, tag, summary);
        operations.Add(operation);
        return operation;
    }

    private ApiOperation Map(ApiOperation operation, Func<HttpContext, Principal, Task<IResult>> run)
    {
        routes.MapMethods(operation.Pattern, [operation.Method], (RequestDelegate)(async http =>
            {
                var (principal, problem) = await door.Admit(http, operation);
                var answer = principal is null ? Answer.Problem(problem!) : await run(http, principal);
                await answer.ExecuteAsync(http);
            }))
            .WithMetadata(operation, Described);
        return operation;
    }

    /// <summary>The API explorer only lists endpoints that carry a method; the document itself is written from the operation.</summary>
    private static readonly MethodInfo Described =
        typeof(ApiRoutes).GetMethod(nameof(Described_endpoint), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static void Described_endpoint()
    {
    }
}
