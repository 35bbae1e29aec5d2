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

    /// <summary>Checks the whole file and, unless it is a dry run or has bad rows, applies it.</summary>
    /// <param name="node">The store and its commands.</param>
    /// <param name="actor">Who imports.</param>
    /// <param name="file">Seekable.</param>
    /// <param name="fileName">Its name, whose extension tells CSV from XLSX.</param>
    /// <param name="target">What it is for, e.g. a contract; null where there is only one.</param>
    /// <param name="dryRun">Check only.</param>
    /// <param name="ct">Cancellation.</param>
    Task<FileImported> Run(Node node, string actor, Stream file, string fileName, string? target, bool dryRun, CancellationToken ct);
}

/// <summary>What became of an import.</summary>
/// <param name="No">Why the file, or a command made of it, was refused; null when it was not.</param>
/// <param name="Report">What was found in the file; null when it could not be read.</param>
/// <param name="Summary">One sentence on its effect.</param>
public sealed record FileImported(Refusal? No, ImportReport? Report, string Summary);
