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

    public async Task<FileImported> Run(Node node, FileToImport file, CancellationToken ct)
    {
        var cooperative = file.Target is null ? MinnesotaCooperatives.Home : new CooperativeId(file.Target);
        var (no, answer, last) = await Imports.Members(
            node.Api, FileToImport.Context(node), file.Content, cooperative, file.DryRun, ct);
        if (no is not null) return new(no, null, string.Empty);
        if (answer is null) return FileImported.Refused(last);
        var effect = answer.Effect;
        return new(null, answer.Report, string.Create(
            CultureInfo.InvariantCulture,
            $"{answer.Report.RowsRead} rows, {effect?.Admitted ?? 0} admitted, {effect?.Changed ?? 0} changed, "
            + $"{effect?.Unchanged ?? 0} unchanged, {answer.Report.Faults.Count} at fault{(file.DryRun ? " (dry run)" : string.Empty)}"));
    }
}
