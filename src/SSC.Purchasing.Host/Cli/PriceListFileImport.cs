using System.CommandLine;
using System.Globalization;
using SSC.Purchasing.Exchange.PriceLists;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Cli;

/// <summary><c>import price-lists</c>.</summary>
internal sealed class PriceListFileImport : IFileImport
{
    private static readonly Option<string?> EffectiveFrom = new("--effective-from")
    {
        Description = "First day of the prices, e.g. 2026-07-01 (America/Chicago); today unless told.",
    };

    private static readonly Option<string?> RiseReason = new("--rise-reason") { Description = "Why prices rise, when they do." };

    public string Name => "price-lists";

    public string Description => "Publish a vendor's price list as the next schedule of a contract (--for C-2026-paper).";

    public IReadOnlyList<Option> Options { get; } = [EffectiveFrom, RiseReason];

    public async Task<FileImported> Run(Node node, FileToImport file, CancellationToken ct)
    {
        if (!Id.IsWellFormed(file.Target))
            return No("contract-missing", "Say which contract the prices are for, e.g. --for C-2026-paper.");
        var context = FileToImport.Context(node);
        var from = BusinessCalendar.LocalDate(context.Now);
        if (file.Parsed.GetValue(EffectiveFrom) is { } text
            && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out from))
        {
            return No("date-malformed", "Write the first day as 2026-07-01.");
        }

        var order = new PriceListOrder(new(file.Target), from, file.Parsed.GetValue(RiseReason), file.DryRun);
        var (no, answer, last) = await Imports.PriceList(node.Api, context, file.Content, order, ct);
        if (no is not null) return new(no, null, string.Empty);
        if (last is not null and not CommandOutcome.Done) return FileImported.Refused(last);
        return new(null, answer!.Report, Summary(answer, file.DryRun)) { Diff = answer.Diff };
    }

    private static FileImported No(string code, string reason) => new(new(code, reason), null, string.Empty);

    private static string Summary(PriceListAnswer answer, bool dryRun) => string.Create(
        CultureInfo.InvariantCulture,
        $"{answer.Report.RowsRead} rows, {answer.Diff?.Added.Count ?? 0} items added, {answer.Diff?.Removed.Count ?? 0} removed, "
        + $"{answer.Diff?.Changed.Count ?? 0} changed, {answer.Diff?.Unchanged ?? 0} unchanged, {answer.Report.Faults.Count} at fault"
        + $"{(dryRun ? " (dry run)" : string.Empty)}");

    /// <summary>What changes, one line for each item, for a person who reads along.</summary>
    internal static IEnumerable<string> Lines(PriceScheduleDiff diff) =>
    [
        .. diff.Added.Select(l => $"+ {l.Item}  {l.Description}  {Ladder(l.Tiers)}"),
        .. diff.Removed.Select(l => $"- {l.Item}  {l.Description}"),
        .. diff.Changed.Select(c => $"~ {c.Item}  {Moves(c)}"),
    ];

    private static string Ladder(IEnumerable<Procurement.Contracts.Tier> tiers) =>
        string.Join(", ", tiers.Select(t => t.From == Quantity.Zero ? $"{t.Price}" : $"{t.From}+ {t.Price}"));

    private static string Moves(LineChange change) => string.Join(
        ", ",
        change.Moves.Select(m => string.Create(
                CultureInfo.InvariantCulture, $"{m.From}+ {m.Before} → {m.After} ({m.Percent:+0.##;-0.##} %)"))
            .Concat(change.PackChanged ? ["pack changed"] : [])
            .Concat(change.DescriptionChanged ? ["description changed"] : []));
}
