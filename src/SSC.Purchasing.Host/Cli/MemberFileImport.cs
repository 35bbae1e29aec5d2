using System.Globalization;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Cli;

/// <summary><c>import members</c>.</summary>
internal sealed class MemberFileImport : IFileImport
{
    public string Name => "members";

    public string Description => $"Bring the members of a cooperative (--for, {MinnesotaCooperatives.Home} unless told) up to a list.";

    public async Task<FileImported> Run(Node node, string actor, Stream file, string fileName, string? target, bool dryRun,
        CancellationToken ct)
    {
        var context = new CommandContext(node.Settings.Tenant, actor, $"import-{Guid.CreateVersion7():N}", node.Clock.GetUtcNow());
        var cooperative = target is null ? MinnesotaCooperatives.Home : new CooperativeId(target);
        var (no, answer, last) = await Imports.Members(node.Api, context, file, cooperative, dryRun, ct);
        if (no is not null) return new(no, null, string.Empty);
        if (answer is null) return new((last as CommandOutcome.Refused)?.Refusal ?? new("busy", "The store is busy; try again."), null,
            string.Empty);
        var effect = answer.Effect;
        return new(null, answer.Report, string.Create(
            CultureInfo.InvariantCulture,
            $"{answer.Report.RowsRead} rows, {effect?.Admitted ?? 0} admitted, {effect?.Changed ?? 0} changed, "
            + $"{effect?.Unchanged ?? 0} unchanged, {answer.Report.Faults.Count} at fault{(dryRun ? " (dry run)" : string.Empty)}"));
    }
}
