using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SSC.Purchasing.EventStore;

/// <summary>Whom the server runs as. PostgreSQL refuses to run as root, so root hands it to an account without privileges.</summary>
internal sealed class PostgresAccount
{
    private readonly (int User, int Group)? account;
    private readonly string? wrapper;

    private PostgresAccount((int User, int Group)? account, string? wrapper) => (this.account, this.wrapper) = (account, wrapper);

    /// <summary>Chooses the account and a folder that it can reach; makes the folder.</summary>
    public static async Task<(PostgresAccount Account, string Home)> Choose(string folder, Action<string> say, CancellationToken ct)
    {
        var home = Path.GetFullPath(folder);
        if (!Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory(home);
            return (new(null, null), home);
        }

        var existed = Directory.Exists(home);
        var owner = existed ? await OwnerOf(home, ct).ConfigureAwait(false) : null;
        var chosen = new PostgresAccount(owner ?? await Unprivileged(ct).ConfigureAwait(false), await Wrapper(ct).ConfigureAwait(false));
        if (await chosen.Settle(home, ct).ConfigureAwait(false)) return (chosen, home);

        if (!existed) Directory.Delete(home);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(home)))[..12];
        var reachable = $"/var/lib/ssc-purchasing/{hash}";
        say($"The database's account cannot reach {home}; its data is in {reachable}.");
        if (await chosen.Settle(reachable, ct).ConfigureAwait(false)) return (chosen, reachable);
        throw new EmbeddedPostgresException(
            $"Neither {home} nor {reachable} can be used by an unprivileged account. Run as an ordinary user.");
    }

    /// <summary>Runs a program as this account.</summary>
    public Task<ChildProcess> Run(string file, IEnumerable<string> arguments, CancellationToken ct)
    {
        if (account is not var (user, group)) return ChildProcess.Run(file, arguments, ct);
        string[] prefix = wrapper switch
        {
            "setpriv" => [$"--reuid={user}", $"--regid={group}", "--clear-groups", "--", file],
            "runuser" => ["-u", Name(user), "--", file],
            _ => ["-s", "/bin/sh", Name(user), "-c", "exec \"$0\" \"$@\"", "--", file],
        };
        return ChildProcess.Run(wrapper!, prefix.Concat(arguments), ct);
    }

    /// <summary>Gives a file or folder to this account, readable by nobody else.</summary>
    public async Task Own(string path, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        File.SetUnixFileMode(path, Directory.Exists(path)
            ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            : UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (account is var (user, group))
            await ChildProcess.Run("chown", [$"{user}:{group}", path], ct).ConfigureAwait(false);
    }

    private async Task<bool> Settle(string home, CancellationToken ct)
    {
        Directory.CreateDirectory(home);
        await Own(home, ct).ConfigureAwait(false);
        return (await Run("test", ["-w", home, "-a", "-x", home], ct).ConfigureAwait(false)).Succeeded;
    }

    private static async Task<string> Wrapper(CancellationToken ct)
    {
        // BusyBox has a setpriv that cannot change the user; the probe tells.
        if ((await ChildProcess.Run("setpriv", ["--reuid=0", "--regid=0", "--clear-groups", "--", "true"], ct)
            .ConfigureAwait(false)).Succeeded)
            return "setpriv";
        return (await ChildProcess.Run("runuser", ["-u", "root", "--", "true"], ct).ConfigureAwait(false)).Succeeded ? "runuser" : "su";
    }

    private static async Task<(int User, int Group)> Unprivileged(CancellationToken ct)
    {
        foreach (var name in new[] { "postgres", "nobody" })
        {
            var user = await ChildProcess.Run("id", ["-u", name], ct).ConfigureAwait(false);
            var group = await ChildProcess.Run("id", ["-g", name], ct).ConfigureAwait(false);
            if (user.Succeeded && group.Succeeded) return (Number(user.Output), Number(group.Output));
        }

        throw new EmbeddedPostgresException("PostgreSQL does not run as root, and there is neither an account 'postgres' nor 'nobody'.");
    }

    /// <summary>An existing folder of an ordinary user stays that user's: the server then runs as them.</summary>
    private static async Task<(int User, int Group)?> OwnerOf(string folder, CancellationToken ct)
    {
        var stat = await ChildProcess.Run("stat", ["-c", "%u:%g", folder], ct).ConfigureAwait(false);
        if (!stat.Succeeded) return null;
        var parts = stat.Output.Trim().Split(':');
        return parts[0] is "0" ? null : (Number(parts[0]), Number(parts[1]));
    }

    private static string Name(int user) => File.ReadLines("/etc/passwd")
        .Select(line => line.Split(':'))
        .FirstOrDefault(f => f.Length > 2 && string.Equals(f[2], user.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))?[0]
        ?? throw new EmbeddedPostgresException($"User {user} is not in /etc/passwd.");

    private static int Number(string text) => int.Parse(text.AsSpan().Trim(), CultureInfo.InvariantCulture);
}
