using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.Exchange.Ach;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.ReadModels;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A file that was settled.</summary>
/// <param name="Paid">Collections that are paid now.</param>
/// <param name="Returned">Collections that the bank had returned.</param>
public sealed record FileSettlement(int Paid, int Returned);

/// <summary>
/// Files of collections for the bank. An invoice gives its trace number to one file only, then the file is recorded with what is in it;
/// asked for again it comes out the same.
/// </summary>
internal static class CollectionFiles
{
    /// <summary>Makes the file of a name, or makes it again.</summary>
    public static async Task<IResult> Make(ApiRequest r, AchRequest b)
    {
        var (pool, id) = (PoolsApi.PoolOf(r), r.Text("fileId"));
        if (PlainText.CheckId("file", id) is { } malformed) return Answer.Problem(Problem.Refused(malformed));
        var open = await Open(r, pool);
        var known = await Find(r, pool, id);
        var entries = known?.Entries ?? await Take(r, open, id, b);
        var (madeAt, collectOn) = (known?.MadeAt ?? r.Now, known?.CollectOn ?? b.CollectOn);
        if (entries.FirstOrDefault(e => !b.Accounts.ContainsKey(e.Member)) is { } without)
            return Answer.Problem(Problem.Refused(new(
                "ach-file-differs", $"The file holds a collection from {without.Member}; send its account again.")));
        var (no, file) = AchFile.Write(
            b.Originator, [.. entries.Select(e => new AchDebit(
                e.Trace, e.Amount, e.Member.Value, b.Accounts[e.Member], $"CONTRIBUTION {e.Month}"))],
            BusinessCalendar.Local(madeAt), collectOn);
        if (no is not null) return Answer.Problem(Problem.Refused(no));
        var hash = new FileHash(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(file!))));
        var made = await r.Services.Commands.Handle<CollectionFile, CollectionFile.Command, CollectionFile.State, CollectionFile.Event>(
            r.Context, CollectionFile.Key(pool, id), new CollectionFile.Command.Make(pool, id, entries, madeAt, collectOn, hash),
            r.Cancelled);
        return made is CommandOutcome.Done
            ? Answer.View(new AchAnswer(
                file!, entries.Select(e => e.Amount).Sum(),
                [.. open.Select(x => x.Row.Member).Where(m => !b.Accounts.ContainsKey(m)).Distinct().Order()]))
            : Answer.Of(made);
    }

    /// <summary>Records as paid whatever of a file the bank did not return.</summary>
    public static async Task<IResult> Settle(ApiRequest r, OnDay b)
    {
        var (pool, id) = (PoolsApi.PoolOf(r), r.Text("fileId"));
        if (await Find(r, pool, id) is not { } file) return Answer.NotFound;
        var streams = PoolsApi.Work(r).Streams;
        var (paid, returned) = (0, 0);
        foreach (var entry in file.Entries)
        {
            if ((await streams.Invoice(r.Services.Tenant, entry.Invoice, r.Cancelled)).ReturnedTraces.Contains(entry.Trace))
            {
                returned++;
                continue;
            }

            var outcome = await streams.Tell(
                r.Context.Part(entry.Trace.Value), entry.Invoice,
                new ContributionInvoice.Command.RecordPayment(entry.Trace, entry.Amount, b.On), r.Cancelled);
            if (outcome is CommandOutcome.Done) paid++;
            else if (outcome is CommandOutcome.Busy) return Answer.Of(outcome);
        }

        var settled = await r.Services.Commands.Handle<CollectionFile, CollectionFile.Command, CollectionFile.State, CollectionFile.Event>(
            r.Context.Part("file"), CollectionFile.Key(pool, id), new CollectionFile.Command.Settle(b.On), r.Cancelled);
        return settled is CommandOutcome.Done ? Answer.View(new FileSettlement(paid, returned)) : Answer.Of(settled);
    }

    private static async Task<StructuralList<CollectionEntry>> Take(
        ApiRequest r, IReadOnlyList<KeyedRow<ContributionInvoice.State>> open, string id, AchRequest b)
    {
        var entries = new List<CollectionEntry>();
        foreach (var (key, row) in open.Select(x => (x.Key, x.Row)).Where(x => b.Accounts.ContainsKey(x.Row.Member)))
        {
            var outcome = await PoolsApi.Work(r).Streams.Tell(
                r.Context.Part(row.Trace!.Value.Value), key, new ContributionInvoice.Command.TakeIntoFile(row.Trace.Value, id),
                r.Cancelled);
            if (outcome is CommandOutcome.Done)
                entries.Add(new(row.Trace.Value, key, row.Member, row.Month, row.Open));
        }

        return [.. entries.OrderBy(e => e.Invoice, StringComparer.Ordinal)];
    }

    private static async Task<CollectionFile.Event.Made?> Find(ApiRequest r, PoolId pool, string id) =>
        (await r.Services.Commands.Load<CollectionFile, CollectionFile.Command, CollectionFile.State, CollectionFile.Event>(
            r.Services.Tenant, CollectionFile.Key(pool, id), true, r.Cancelled)).State.File;

    private static async Task<IReadOnlyList<KeyedRow<ContributionInvoice.State>>> Open(ApiRequest r, PoolId pool)
    {
        var query = new RowQuery
        {
            Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["pool"] = pool.Value },
            Limit = 10_000,
        };
        return [.. (await r.Services.Models.List(PoolModels.Invoices, r.Services.Tenant, query, r.Cancelled)).Where(x => x.Row.Collecting)];
    }
}
