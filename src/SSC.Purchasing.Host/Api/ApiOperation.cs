using System.Collections.Frozen;
using SSC.Purchasing.Host.Access;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Host.Api;

/// <summary>
/// One endpoint as it is declared: who may use it and what its readers need to know. The route pattern enforces the first part,
/// the OpenAPI document shows all of it.
/// </summary>
public sealed class ApiOperation
{
    private static readonly FrozenSet<string> Anyone = FrozenSet<string>.Empty;
    private readonly List<string> refusals = [];
    private readonly List<(string Name, string Meaning)> queries = [];

    internal ApiOperation(string method, string pattern, string tag, string summary) =>
        (Method, Pattern, Tag, Summary) = (method, pattern, tag, summary);

    /// <summary>HTTP method.</summary>
    public string Method { get; }

    /// <summary>Route below <c>/api/v1</c>.</summary>
    public string Pattern { get; }

    /// <summary>Resource, as the docs group it.</summary>
    public string Tag { get; }

    /// <summary>One line.</summary>
    public string Summary { get; }

    /// <summary>True when it changes something: idempotency key, roles, and never an auditor.</summary>
    public bool IsWrite => Method is not "GET";

    internal string Description { get; private set; } = string.Empty;

    internal FrozenSet<string> AllowedRoles { get; private set; } = Anyone;

    internal IReadOnlyList<string> Refusals => refusals;

    internal IReadOnlyList<(string Name, string Meaning)> Queries => queries;

    internal Func<ApiRequest, bool>? Visible { get; private set; }

    internal Func<object, OwnCooperative.Subject> NamedBy { get; private set; } = _ => default;

    /// <summary>What the member that the body names takes part in by it: its staff's business too.</summary>
    internal Func<object, OwnCooperative.Subject> TakenBy { get; private set; } = _ => default;

    internal Type? Body { get; set; }

    internal string BodyMedia { get; set; } = "application/json";

    internal Type? AnswerType { get; set; }

    internal string AnswerMedia { get; set; } = "application/json";

    internal bool IsCreation { get; private set; }

    internal bool TakesAsOf { get; private set; }

    internal bool TakesPosition { get; set; }

    internal Func<object>? BodyExample { get; private set; }

    internal Func<object>? AnswerExample { get; private set; }

    /// <summary>Only these roles may; others get 403. Reads are also open to auditors.</summary>
    public ApiOperation For(params string[] roles)
    {
        AllowedRoles = roles.ToFrozenSet(StringComparer.Ordinal);
        return this;
    }

    /// <summary>The resource belongs to the member that the route names; for any other member it does not exist (404).</summary>
    public ApiOperation OfMember(string route = "memberNo") => OnlyWhen(r => r.Principal.SeesMember(r.Id<MemberNo>(route)));

    /// <summary>The resource belongs to the vendor that the route names; for any other vendor, and for members, it does not exist
    /// (404).</summary>
    public ApiOperation OfVendor(string route = "vendorId") => OnlyWhen(r => r.Principal.SeesVendor(r.Id<VendorId>(route)));

    /// <summary>Where it says no, the resource does not exist for this caller (404).</summary>
    public ApiOperation OnlyWhen(Func<ApiRequest, bool> visible)
    {
        Visible = visible;
        return this;
    }

    /// <summary>
    /// The body says which member it is about and what the member takes part in by it; <see cref="OwnCooperative"/> asks whose they are,
    /// and one of them is enough.
    /// </summary>
    internal ApiOperation About<TBody>(Func<TBody, MemberNo> member, Func<TBody, OwnCooperative.Subject> takes)
        where TBody : class
    {
        NamedBy = body => new(Member: member((TBody)body));
        TakenBy = body => takes((TBody)body);
        return this;
    }

    /// <summary>The body says whose it is.</summary>
    internal ApiOperation Of<TBody>(Func<TBody, CooperativeId?> cooperative)
        where TBody : class
    {
        NamedBy = body => new(Cooperative: cooperative((TBody)body));
        return this;
    }

    /// <summary>The body says which program it is about.</summary>
    internal ApiOperation OfProgram<TBody>(Func<TBody, ProgramId> program)
        where TBody : class
    {
        NamedBy = body => new(Program: program((TBody)body));
        return this;
    }

    /// <summary>What a reader of the docs should know beyond the summary.</summary>
    public ApiOperation Says(string description)
    {
        Description = description;
        return this;
    }

    /// <summary>A query parameter.</summary>
    public ApiOperation Takes(string query, string meaning)
    {
        queries.Add((query, meaning));
        return this;
    }

    /// <summary>It also answers as of a time or position in the past (<c>?asOf=</c>).</summary>
    public ApiOperation AsOf()
    {
        TakesAsOf = true;
        return Takes("asOf", "RFC 3339 time or log position: the resource as it was then.");
    }

    /// <summary>It makes a resource: 201 with its Location.</summary>
    public ApiOperation Creates()
    {
        IsCreation = true;
        return this;
    }

    /// <summary>Codes of the refusals (409) a caller can expect.</summary>
    public ApiOperation Refuses(params string[] codes)
    {
        refusals.AddRange(codes);
        return this;
    }

    /// <summary>Example of the body, shown in the docs and sent by the tests.</summary>
    public ApiOperation Example(Func<object> body)
    {
        BodyExample = body;
        return this;
    }

    /// <summary>It answers with more than a receipt.</summary>
    public ApiOperation Answers<T>()
    {
        AnswerType = typeof(T);
        return this;
    }

    /// <summary>Example of the answer, shown in the docs.</summary>
    public ApiOperation Shows(Func<object> answer)
    {
        AnswerExample = answer;
        return this;
    }
}
