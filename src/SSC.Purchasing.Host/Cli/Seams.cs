using System.CommandLine;
using SSC.Purchasing.Exchange.PriceLists;
using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Cli;

/// <summary>Fills an empty tenant with the demo cooperative by driving the real commands with a scripted clock.</summary>
public interface ISeeder
{
    /// <summary>Seeds; harmless when the tenant has been seeded with the same seed before.</summary>
    Task<Seeded> Seed(Node node, int seed, IProgress<WorkDone> progress, CancellationToken ct);
}

/// <summary>What a seeding made.</summary>
/// <param name="Events">Events in the log now.</param>
/// <param name="AlreadyThere">True when nothing had to be done.</param>
/// <param name="SignIns">Who can sign in and with which key, one for each role.</param>
public sealed record Seeded(long Events, bool AlreadyThere, IReadOnlyList<DemoSignIn> SignIns)
{
    /// <summary>The main job in lines to paste into a shell; empty when the demo was there already.</summary>
    public IReadOnlyList<string> Tour { get; init; } = [];
}

/// <summary>A way in for a visitor of the demo.</summary>
/// <param name="Role">Role, e.g. <c>member-buyer</c>.</param>
/// <param name="Organization">For whom.</param>
/// <param name="ApiKey">The key.</param>
public sealed record DemoSignIn(string Role, string Organization, string ApiKey);

/// <summary>An import that the command line and HTTP share.</summary>
public interface IFileImport
{
    /// <summary>Name on the command line, e.g. <c>members</c>.</summary>
    string Name { get; }

    /// <summary>What it reads, for --help.</summary>
    string Description { get; }

    /// <summary>Options of its own, beside <c>--for</c> and <c>--dry-run</c>.</summary>
    IReadOnlyList<Option> Options => [];

    /// <summary>Checks the whole file and, unless it is a dry run or has bad rows, applies it.</summary>
    Task<FileImported> Run(Node node, FileToImport file, CancellationToken ct);
}

/// <summary>A file given on the command line.</summary>
/// <param name="Content">Seekable.</param>
/// <param name="Target">What it is for, e.g. a contract; null where there is only one.</param>
/// <param name="DryRun">Check only.</param>
/// <param name="Parsed">The command line, for the import's own options.</param>
public sealed record FileToImport(Stream Content, string? Target, bool DryRun, ParseResult Parsed)
{
    /// <summary>The context of the command that applies it.</summary>
    internal static CommandContext Context(Node node) =>
        new(node.Settings.Tenant, "cli", $"import-{Guid.CreateVersion7():N}", node.Clock.GetUtcNow());
}

/// <summary>What became of an import.</summary>
/// <param name="No">Why the file, or a command made of it, was refused; null when it was not.</param>
/// <param name="Report">What was found in the file; null when it could not be read.</param>
/// <param name="Summary">One sentence on its effect.</param>
public sealed record FileImported(Refusal? No, ImportReport? Report, string Summary)
{
    /// <summary>What a price list changes in the schedule before it; null for other files.</summary>
    public PriceScheduleDiff? Diff { get; init; }

    /// <summary>From the outcome of the command that was to apply the file.</summary>
    internal static FileImported Refused(CommandOutcome? outcome) =>
        new((outcome as CommandOutcome.Refused)?.Refusal ?? new("busy", "The store is busy; try again."), null, string.Empty);
}
