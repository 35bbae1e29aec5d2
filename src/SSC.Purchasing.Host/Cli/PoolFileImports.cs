using System.Globalization;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Cli;

/// <summary>What the imports of pools' files share on the command line: <c>--for SCHOOL:2027</c>, or a pool alone.</summary>
internal static class PoolTargets
{
    private static readonly Refusal Missing =
        new("import-target-missing", "Say for which pool, and year where there is one, e.g. --for SCHOOL:2027.");

    public static async Task<FileImported> Run(
        Node node, FileToImport file, bool needsYear, Func<CommandContext, PoolId, int, Task<PoolImported>> import)
    {
        var parts = (file.Target ?? string.Empty).Split(':');
        var year = 0;
        if (!Id.IsWellFormed(parts[0]) || (needsYear && (parts.Length != 2
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out year))))
            return new(Missing, null, string.Empty);
        var done = await import(FileToImport.Context(node), new(parts[0]), year);
        if (done.No is not null) return new(done.No, null, string.Empty);
        return new(null, done.Report, string.Create(
            CultureInfo.InvariantCulture,
            $"{done.Report!.RowsRead} rows, {done.Report.Faults.Count} at fault{(file.DryRun ? " (dry run)" : string.Empty)}"));
    }
}

/// <summary><c>import pool-census</c>.</summary>
internal sealed class PoolCensusImport : IFileImport
{
    public string Name => "pool-census";

    public string Description => "Report census counts of several members for a pool year (--for SCHOOL:2027).";

    public Task<FileImported> Run(Node node, FileToImport file, CancellationToken ct) =>
        PoolTargets.Run(node, file, needsYear: true, (context, pool, year) =>
            PoolImports.Census(node.Api, context, pool, year, file.Content, file.DryRun, ct));
}

/// <summary><c>import pool-enrollment</c>.</summary>
internal sealed class PoolEnrollmentImport : IFileImport
{
    public string Name => "pool-enrollment";

    public string Description => "Report enrollment changes of several members for a pool year (--for SCHOOL:2027).";

    public Task<FileImported> Run(Node node, FileToImport file, CancellationToken ct) =>
        PoolTargets.Run(node, file, needsYear: true, (context, pool, year) =>
            PoolImports.Enrollment(node.Api, context, pool, year, file.Content, file.DryRun, ct));
}

/// <summary><c>import pool-experience</c>.</summary>
internal sealed class PoolExperienceImport : IFileImport
{
    public string Name => "pool-experience";

    public string Description => "Take in a carrier's month totals for a pool (--for SCHOOL).";

    public Task<FileImported> Run(Node node, FileToImport file, CancellationToken ct) =>
        PoolTargets.Run(node, file, needsYear: false, (context, pool, _) =>
            PoolImports.Experience(node.Api, context, pool, file.Content, file.DryRun, ct));
}
