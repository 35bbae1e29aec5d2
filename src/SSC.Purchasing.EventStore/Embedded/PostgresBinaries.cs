using System.Globalization;
using System.Text.RegularExpressions;

namespace SSC.Purchasing.EventStore;

/// <summary>Where this machine keeps PostgreSQL's programs, newest version first, installed on demand where that is possible.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    /// <summary>Oldest major version the store's SQL runs on.</summary>
    public const int OldestMajor = 15;

    private static readonly string[] VersionedParents =
        ["/usr/lib/postgresql", "/usr", "/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/local/opt", "/opt/homebrew/opt", "/usr/local"];

    private static readonly (string Tool, string[][] Commands)[] PackageManagers =
    [
        ("apt-get", [["update"], ["install", "-y", "postgresql"]]),
        ("dnf", [["install", "-y", "postgresql-server"]]),
        ("apk", [["add", "--no-cache", "postgresql"]]),
    ];

    public string Tool(string name) => Path.Combine(Folder, name);

    /// <summary>Finds programs of exactly <paramref name="major"/> when a data folder demands it, else the newest usable ones.</summary>
    /// <exception cref="EmbeddedPostgresException">None are there and none could be installed.</exception>
    public static async Task<PostgresBinaries> Locate(int? major, bool mayInstall, Action<string> say, CancellationToken ct)
    {
        var found = await Candidates(ct).ConfigureAwait(false);
        if (Choose(found, major) is { } present) return present;

        var named = Environment.GetEnvironmentVariable("PG_BIN");
        if (mayInstall && string.IsNullOrEmpty(named) && Environment.IsPrivilegedProcess)
        {
            await Install(say, ct).ConfigureAwait(false);
            found = await Candidates(ct).ConfigureAwait(false);
            if (Choose(found, major) is { } installed) return installed;
        }

        var there = found.Count == 0 ? "none was found" : $"found only {string.Join(", ", found.Select(f => $"{f.Major} in {f.Folder}"))}";
        var wanted = major is null ? $"PostgreSQL {OldestMajor} or newer" : $"PostgreSQL {major} (the data folder was made by it)";
        throw new EmbeddedPostgresException(
            $"The embedded database needs {wanted}; {there}. Install it (Debian, Ubuntu: apt-get install postgresql; "
            + "Fedora: dnf install postgresql-server; Alpine: apk add postgresql; macOS: brew install postgresql@17), "
            + "or set PG_BIN to the folder that has initdb and pg_ctl, or point ConnectionStrings__Purchasing at a server.");
    }

    private static PostgresBinaries? Choose(IEnumerable<PostgresBinaries> found, int? major) =>
        found.Where(f => major is null ? f.Major >= OldestMajor : f.Major == major).MaxBy(f => f.Major);

    private static async Task<List<PostgresBinaries>> Candidates(CancellationToken ct)
    {
        var named = Environment.GetEnvironmentVariable("PG_BIN");
        var folders = string.IsNullOrEmpty(named) ? KnownFolders() : [named];
        var found = new List<PostgresBinaries>();
        foreach (var folder in folders.Distinct(StringComparer.Ordinal))
        {
            if (!File.Exists(Path.Combine(folder, "initdb")) || !File.Exists(Path.Combine(folder, "pg_ctl"))) continue;
            var said = await ChildProcess.Run(Path.Combine(folder, "postgres"), ["--version"], ct).ConfigureAwait(false);
            var version = VersionNumber().Match(said.Output);
            if (version.Success) found.Add(new(folder, int.Parse(version.Groups["major"].ValueSpan, CultureInfo.InvariantCulture)));
        }

        return found;
    }

    private static IEnumerable<string> KnownFolders()
    {
        foreach (var parent in VersionedParents.Where(Directory.Exists))
        {
            foreach (var folder in Directory.EnumerateDirectories(parent))
            {
                var name = Path.GetFileName(folder);
                var isVersion = char.IsAsciiDigit(name[0]) && parent.EndsWith("/postgresql", StringComparison.Ordinal);
                if (!isVersion && !name.StartsWith("postgresql", StringComparison.Ordinal)
                    && !name.StartsWith("pgsql", StringComparison.Ordinal)) continue;
                yield return Path.Combine(folder, "bin");
                yield return folder;
            }
        }

        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
    }

    private static async Task Install(Action<string> say, CancellationToken ct)
    {
        var quiet = new Dictionary<string, string>(StringComparer.Ordinal) { ["DEBIAN_FRONTEND"] = "noninteractive" };
        foreach (var (tool, commands) in PackageManagers)
        {
            var probe = await ChildProcess.Run(tool, ["--version"], ct).ConfigureAwait(false);
            if (probe.ExitCode == 127) continue;
            say($"Installing PostgreSQL with {tool} …");
            foreach (var command in commands)
            {
                var run = await ChildProcess.Run(tool, command, ct, quiet).ConfigureAwait(false);
                if (!run.Succeeded) say($"{tool} {string.Join(' ', command)} failed: {run.Said}");
            }

            return;
        }
    }

    [GeneratedRegex(@"\) (?<major>[0-9]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex VersionNumber();
}
