using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Api;

/// <summary>Lists whose rows are found through another list.</summary>
public static class ListsThrough
{
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
    public static async Task<IResult> ListThrough<TThrough, TRow>(
        this ApiRequest r, ReadModel<TThrough> through, IEnumerable<(string Column, string? Value)> where, Func<TThrough, string> keyOf,
        ReadModel<TRow> model, Func<TRow, bool> counts)
        where TThrough : class
        where TRow : class
    {
        var limit = r.ListLimit();
        if (await r.NotYet(through) is { } behind) return behind;
        if (await r.NotYet(model) is { } late) return late;
        var query = new RowQuery
        {
            Where = where.Where(w => w.Value is not null).ToDictionary(w => w.Column, w => w.Value!, StringComparer.Ordinal),
            After = r.Query("after"), Limit = limit + 1,
        };
        var found = new List<TRow>();
        while (true)
        {
            var page = await r.Services.Models.List(through, r.Services.Tenant, query, r.Cancelled);
            for (var i = 0; i < page.Count; i++)
            {
                if (found.Count == limit) return Answer.Page(r, found, query.After);
                query = query with { After = page[i].Key };
                var row = await r.Services.Models.Find(model, r.Services.Tenant, keyOf(page[i].Row), r.Cancelled);
                if (row is not null && counts(row)) found.Add(row);
            }

            if (page.Count < query.Limit) return Answer.Page(r, found, null);
        }
    }
}
