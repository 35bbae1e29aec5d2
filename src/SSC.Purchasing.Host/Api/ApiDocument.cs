using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Api;

/// <summary>
/// Writes the OpenAPI 3.1 document from the declared operations: what the framework knows (schemas) joined with what the
/// declaration says (roles, headers, refusals, examples).
/// </summary>
internal static class ApiDocument
{
    private const string Introduction = """
        A public purchasing cooperative's orders, from contract to the vendor's answer.

        * **Money** is `{"amount":"86.04","currency":"USD"}`; unit prices have up to six decimals; times are RFC 3339 in UTC.
        * **Every write** carries an `Idempotency-Key`; repeating a request with its key has no further effect and the same answer.
        * **Versions**: answers carry `ETag`; send it back as `If-Match` to be told (412) when somebody was faster.
        * **Read your own writes**: send `X-Position` of an answer back as `X-At-Least-Position`.
        * **The past**: where offered, `?asOf=` takes a time or a log position.
        * **Errors** are RFC 9457 problems; a business *no* is 409 with `type: urn:ssc:refusal:{code}`.
        * What belongs to another organization answers 404.
        """;

    /// <summary>Registers the document.</summary>
    public static void AddApiDocument(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(o => EdgeJson.ApplyForSchemas(o.SerializerOptions));
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = SchemaName;
            options.AddSchemaTransformer(Shape);
            options.AddOperationTransformer(Describe);
            options.AddDocumentTransformer(Head);
        });
    }

    /// <summary>Nested domain records are named by their path, so that two aggregates' <c>State</c> do not collide.</summary>
    private static string? SchemaName(JsonTypeInfo type)
    {
        var clr = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (clr == typeof(Money)) return nameof(Money);
        if (clr == typeof(UnitPrice)) return nameof(UnitPrice);
        if (IsPlain(clr)) return null;
        return OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null ? null : NameOf(clr);
    }

    /// <summary>Two types of one name (an order line of a joint order and of a purchase order) are told apart by their folder.</summary>
    private static string NameOf(Type type)
    {
        var name = PlainNameOf(type);
        return Claims.GetOrAdd(name, type) == type ? name : type.Namespace![(type.Namespace!.LastIndexOf('.') + 1)..] + name;
    }

    private static readonly ConcurrentDictionary<string, Type> Claims = new(StringComparer.Ordinal);

    private static string PlainNameOf(Type type)
    {
        var name = type.IsGenericType ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] : type.Name;
        if (type.DeclaringType is { } outer && !type.IsGenericParameter) name = PlainNameOf(outer) + name;
        if (name.EndsWith("Command", StringComparison.Ordinal) && type.DeclaringType is not null) return name[..^7]; // MemberAdmit
        return type.IsGenericType ? name + string.Concat(type.GetGenericArguments().Select(NameOf)) : name;
    }

    private static bool IsPlain(Type type) => type == typeof(Quantity) || type == typeof(DateTimeOffset)
        || type == typeof(Factor) || type == typeof(CoverageMonth) || type == typeof(FileHash)
        || type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IId<>));

    private static Task Shape(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        Shape(schema, Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type);
        return Task.CompletedTask;
    }

    /// <summary>What our own converters write, which the exporter cannot know.</summary>
    private static void Shape(OpenApiSchema schema, Type type)
    {
        if (type == typeof(Money)) DollarShape(schema, @"^-?\d+(\.\d{1,2})?$", "86.04");
        else if (type == typeof(UnitPrice)) DollarShape(schema, @"^-?\d+(\.\d{1,6})?$", "2.689");
        else if (type == typeof(Quantity)) Plain(schema, JsonSchemaType.Number, "Exact to a thousandth, at most 10⁹.");
        else if (type == typeof(Factor)) Plain(schema, JsonSchemaType.Number, "Exact to a millionth; 0.085 is 8.5 %.");
        else if (type == typeof(CoverageMonth)) Plain(schema, JsonSchemaType.String, "A month, e.g. 2027-03.");
        else if (type == typeof(FileHash)) Plain(schema, JsonSchemaType.String, "SHA-256, lower-case hexadecimal.");
        else if (type == typeof(DateTimeOffset)) (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        else if (IsPlain(type))
        {
            Plain(schema, JsonSchemaType.String, schema.Description);
            (schema.Pattern, schema.MaxLength) = ("^[A-Za-z0-9][A-Za-z0-9._:-]*$", Id.MaxLength);
        }
        else if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. EdgeEnumConverterFactory.WordsOf(type)];
        }
        else if (type == typeof(string))
        {
            schema.Type ??= JsonSchemaType.String;
            schema.MaxLength ??= EdgeJson.LongestString;
        }
        else if (type.IsArray && schema.Items is null)
        {
            var items = new OpenApiSchema();
            Shape(items, type.GetElementType()!);
            schema.Items = items;
        }
    }

    private static void Plain(OpenApiSchema schema, JsonSchemaType type, string? description) =>
        (schema.Type, schema.Description) = (type, description);

    private static void DollarShape(OpenApiSchema schema, string pattern, string example)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Required = new HashSet<string>(StringComparer.Ordinal) { "amount", "currency" };
        schema.AdditionalPropertiesAllowed = false;
        schema.Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["amount"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern, Examples = [example] },
            ["currency"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["USD"] },
        };
    }

    private static Task Head(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new() { Title = "SSC.Purchasing", Version = "v1", Description = Introduction };
        document.Servers = []; // the document is the same wherever it is served
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            ["apiKey"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key",
                Description = "A key of the form `ssc_…`; also accepted as `Authorization: ApiKey ssc_…`.",
            },
            ["bearer"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT",
                Description = "A token of the configured OIDC issuer whose subject is a user of this service.",
            },
        };
        return Task.CompletedTask;
    }

    private static async Task Describe(OpenApiOperation described, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<ApiOperation>().FirstOrDefault() is not { } operation) return;
        var document = context.Document!;
        described.OperationId = OperationId(operation);
        described.Summary = operation.Summary;
        described.Description = Text(operation);
        described.Tags = new HashSet<OpenApiTagReference> { new(operation.Tag, document) };
        described.Parameters = [.. Parameters(operation)];
        described.Security = [Secured("apiKey", document), Secured("bearer", document)];
        if (operation.Body is { } body)
        {
            var schema = await context.GetOrCreateSchemaAsync(body, null, ct);
            described.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = Media(operation.BodyMedia, Named(schema, body, document), Sample(operation.BodyExample)),
            };
        }
        else if (operation.BodyMedia is "multipart/form-data")
        {
            described.RequestBody = UploadBody();
        }

        described.Responses = await Responses(operation, context, document, ct);
    }

    private static async Task<OpenApiResponses> Responses(
        ApiOperation operation, OpenApiOperationTransformerContext context, OpenApiDocument document, CancellationToken ct)
    {
        var answers = new OpenApiResponses();
        var answer = await context.GetOrCreateSchemaAsync(operation.AnswerType!, null, ct);
        var example = Sample(operation.AnswerExample)
            ?? (operation.AnswerType == typeof(Receipt) ? Sample(() => new Receipt("joint-order-JO-2026-014", 3, 48_211)) : null);
        answers[operation.IsCreation ? "201" : "200"] = new OpenApiResponse
        {
            Description = operation.IsCreation ? "Made; the Location header says where." : "Done.",
            Content = Media(operation.AnswerMedia, Named(answer, operation.AnswerType!, document), example),
            Headers = AnswerHeaders(operation),
        };
        var problem = Named(await context.GetOrCreateSchemaAsync(typeof(Problem), null, ct), typeof(Problem), document);
        foreach (var (status, meaning, sample) in Problems(operation))
        {
            answers[status] = new OpenApiResponse
            {
                Description = meaning,
                Content = Media("application/problem+json", problem, Sample(() => sample)),
            };
        }

        return answers;
    }

    private static IEnumerable<(string Status, string Meaning, Problem Sample)> Problems(ApiOperation operation)
    {
        yield return ("400", "Malformed: the field and the reason are named.",
            Problem.Malformed("$.lines[0].quantity", "A quantity has at most three decimals."));
        yield return ("401", "Nobody known is asking.", Problem.Unauthenticated("The API key is unknown, expired or revoked."));
        yield return ("403", "The role is missing; auditors write nothing.",
            Problem.Forbidden("Auditors read everything and write nothing."));
        yield return ("404", "Not there, or another organization's.", Problem.NotFound());
        if (operation.IsWrite)
        {
            var codes = operation.Refusals.Count == 0 ? "See the code."
                : $"Codes: {string.Join(", ", operation.Refusals.Select(c => $"`{c}`"))}.";
            var code = operation.Refusals.Count == 0 ? "order-closed" : operation.Refusals[0];
            yield return ("409", $"Refused, nothing recorded. {codes}", Problem.Refused(new(code, "A sentence that says how to mend it.")));
            yield return ("412", "If-Match is not the current version.", Problem.Stale(7));
            yield return ("413", "The body is too large.", Problem.OfStatus(413));
            yield return ("415", "Not the media type that this takes.", Problem.OfStatus(415));
            yield return ("422", "The idempotency key stands for another request.", Problem.KeyReused("5f0c…"));
        }

        yield return ("429", "Too many requests of this organization; see Retry-After.", Problem.TooManyRequests(TimeSpan.FromSeconds(1)));
        yield return ("500", "Our fault.", Problem.OfStatus(500));
        yield return ("503", "Busy or behind; see Retry-After.", Problem.Busy(TimeSpan.FromSeconds(1)));
    }

    private static IEnumerable<IOpenApiParameter> Parameters(ApiOperation operation)
    {
        foreach (var name in RouteNames(operation.Pattern))
        {
            yield return Parameter(name, ParameterLocation.Path, "Id in the route.", required: true, Id.MaxLength);
        }

        foreach (var (name, meaning) in operation.Queries) yield return Parameter(name, ParameterLocation.Query, meaning, required: false);
        if (operation.IsWrite)
        {
            yield return Parameter(RequestHeaders.Key, ParameterLocation.Header,
                "One key per request you mean, e.g. a UUID; repeat it when you repeat the request.", required: true,
                    RequestHeaders.LongestKey);
            yield return Parameter("If-Match", ParameterLocation.Header,
                "The ETag you have seen; 412 when it is no longer the current one.", required: false);
        }
        else if (operation.TakesPosition)
        {
            yield return Parameter(RequestHeaders.AtLeast, ParameterLocation.Header, "Wait until this log position is visible.",
                required: false);
        }

        yield return Parameter(Correlation.Header, ParameterLocation.Header, "Follows your work through everything it causes.",
            required: false, Id.MaxLength);
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation where, string meaning, bool required, int? most = null) =>
        new()
    {
        Name = name, In = where, Description = meaning, Required = required,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = most },
    };

    private static Dictionary<string, IOpenApiHeader> AnswerHeaders(ApiOperation operation)
    {
        var headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        if (operation.IsWrite || operation.TakesAsOf) headers["ETag"] = Header("Version of the resource's stream, e.g. \"7\".");
        if (!operation.IsWrite) return headers;
        headers["X-Position"] = Header("Log position of the effect; read with X-At-Least-Position.");
        headers["Idempotent-Replayed"] = Header("`true` when this request recorded nothing new.");
        if (operation.IsCreation) headers["Location"] = Header("Where the new resource is.");
        return headers;
    }

    private static OpenApiHeader Header(string meaning) =>
        new() { Description = meaning, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static OpenApiRequestBody UploadBody() => new()
    {
        Required = true,
        Content = Media("multipart/form-data", new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary",
                    Description = "CSV (UTF-8) or XLSX, up to 32 MB." },
            },
        }, null),
    };

    private static Dictionary<string, OpenApiMediaType> Media(string type, IOpenApiSchema schema, JsonNode? example) =>
        new(StringComparer.Ordinal) { [type] = new OpenApiMediaType { Schema = schema, Example = example } };

    /// <summary>Puts a schema among the components once and refers to it.</summary>
    private static OpenApiSchemaReference Named(OpenApiSchema schema, Type type, OpenApiDocument document)
    {
        var name = NameOf(type);
        document.AddComponent(name, schema);
        return new OpenApiSchemaReference(name, document);
    }

    private static OpenApiSecurityRequirement Secured(string scheme, OpenApiDocument document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };

    private static JsonNode? Sample(Func<object>? example) =>
        example?.Invoke() is { } value ? JsonSerializer.SerializeToNode(value, value.GetType(), EdgeJson.Options) : null;

    private static string Text(ApiOperation operation)
    {
        var who = operation.AllowedRoles.Count == 0
            ? "Open to every role."
            : $"Roles: {string.Join(", ", operation.AllowedRoles.Order(StringComparer.Ordinal).Select(r => $"`{r}`"))}"
                + $"{(operation.IsWrite ? "" : ", `auditor`")}.";
        return operation.Description.Length == 0 ? who : $"{operation.Description}\n\n{who}";
    }

    private static IEnumerable<string> RouteNames(string pattern) =>
        pattern.Split('{').Skip(1).Select(p => p[..p.IndexOfAny(['}', ':'])].TrimStart('*'));

    private static string OperationId(ApiOperation operation)
    {
        var words = operation.Pattern.Split(['/', '-', '{', '}', ':', '*'], StringSplitOptions.RemoveEmptyEntries);
        return operation.Method.ToLowerInvariant() + string.Concat(words.Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
    }
}
