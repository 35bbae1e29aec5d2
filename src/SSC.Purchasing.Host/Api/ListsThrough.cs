using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Api;

/// <summary>Lists whose rows are found through another list.</summary>
public static class ListsThrough
{
    private const int Most = 1_000;

    /// <summary>The rows of a read model with a value in an index column, or all of them: a thousand at most.</summary>
    internal static async Task<IEnumerable<TRow>> Rows<TRow>(
        this ApiRequest r, ReadModel<TRow> model, string? column = null, string? value = null)
        where TRow : class
    {
        var where = new Dictionary<string, string>(StringComparer.Ordinal);
        if (column is not null && value is not null) where[column] = value;
        var rows = await r.Services.Models.List(model, r.Services.Tenant, new() { Where = where, Limit = Most }, r.Cancelled);
        return rows.Select(x => x.Row);
    }

    /// <summary>
    /// A page of a read model with only the rows that concern the caller's cooperative, when the caller is its staff; the others see what
    /// their own filters leave.
    /// </summary>
    /// <param name="r">The request.</param>
    /// <param name="model">The read model.</param>
    /// <param name="where">Its index columns.</param>
    /// <param name="view">What callers see of a row.</param>
    /// <param name="of">Whom a row is about.</param>
    internal static async Task<IResult> ListOwn<TRow, TView>(
        this ApiRequest r, ReadModel<TRow> model, IEnumerable<(string Column, string? Value)> where, Func<KeyedRow<TRow>, TView> view,
        Func<TRow, OwnCooperative.Subject> of)
        where TRow : class
        where TView : class
    {
        if (r.Principal.Organization.Kind != OrganizationKind.Cooperative) return await r.List(model, where, view);
        var known = new Dictionary<OwnCooperative.Subject, bool>();
        return await Sifted(r, model, null, where, async row =>
        {
            var subject = of(row.Row);
            if (!known.TryGetValue(subject, out var own)) known[subject] = own = await OwnCooperative.Concerns(r, subject);
            return own ? view(row) : null;
        });
    }

    /// <summary>
    /// A list of rows that are found through the rows of another read model, e.g. a member's deliveries through its shares of them; the
    /// cursor is that of the other one.
    /// </summary>
    /// <param name="r">The request.</param>
    /// <param name="through">The model that is asked.</param>
    /// <param name="where">Its index columns.</param>
    /// <param name="keyOf">Key of the row that one of its rows leads to.</param>
    /// <param name="model">The model of the rows that are listed.</param>
    /// <param name="counts">Whether a row belongs into the list.</param>
    public static Task<IResult> ListThrough<TThrough, TRow>(
        this ApiRequest r, ReadModel<TThrough> through, IEnumerable<(string Column, string? Value)> where, Func<TThrough, string> keyOf,
        ReadModel<TRow> model, Func<TRow, bool> counts)
        where TThrough : class
        where TRow : class => Sifted(r, through, model, where, async found =>
            await r.Services.Models.Find(model, r.Services.Tenant, keyOf(found.Row), r.Cancelled) is { } row && counts(row) ? row : null);

    /// <summary>A page of what a view leaves of a read model's rows: it is asked page by page until there are enough.</summary>
    /// <param name="r">The request.</param>
    /// <param name="model">The model that is asked; its keys are the cursor.</param>
    /// <param name="beside">Another model that the view asks, waited for too.</param>
    /// <param name="where">Its index columns.</param>
    /// <param name="view">What callers see of a row; null when it does not belong into the list.</param>
    private static async Task<IResult> Sifted<TRow, TView>(
        ApiRequest r, ReadModel<TRow> model, IReadModel? beside, IEnumerable<(string Column, string? Value)> where,
        Func<KeyedRow<TRow>, Task<TView?>> view)
        where TRow : class
        where TView : class
    {
        var limit = r.ListLimit();
        if (await r.NotYet(model) is { } behind) return behind;
        if (beside is not null && await r.NotYet(beside) is { } late) return late;
        var query = new RowQuery
        {
            Where = where.Where(w => w.Value is not null).ToDictionary(w => w.Column, w => w.Value!, StringComparer.Ordinal),
            After = r.Query("after"), Limit = limit + 1,
        };
        var found = new List<TView>();
        while (true)
        {
            var page = await r.Services.Models.List(model, r.Services.Tenant, query, r.Cancelled);
            foreach (var row in page)
            {
                if (found.Count == limit) return Answer.Page(r, found, query.After);
                query = query with { After = row.Key };
                if (await view(row) is { } seen) found.Add(seen);
            }

            if (page.Count < query.Limit) return Answer.Page(r, found, null);
        }
    }
}
