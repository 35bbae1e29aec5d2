using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace SSC.Purchasing.EventStore;

/// <summary>The embedded database could not be found, installed or started; the message says what to do.</summary>
public sealed class EmbeddedPostgresException(string message) : Exception(message);

/// <summary>How the embedded PostgreSQL is run.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>Folder for data, log, locks and password. It is made when missing and kept between runs.</summary>
    public required string Folder { get; init; }

    /// <summary>Told about long steps (installation, first start) and about a folder that had to be moved.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>Whether PostgreSQL may be installed with the system's package manager when root. Default true.</summary>
    public bool MayInstall { get; init; } = true;

    /// <summary>Server settings that replace the ones chosen here, e.g. <c>shared_buffers</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>
/// A PostgreSQL server of our own, for a host without a connection string and for tests: on 127.0.0.1 and a free port, never as
/// root, durable (<c>fsync</c> and <c>synchronous_commit</c> on), reused after a crash of the host or of itself. Hosts that start
/// on one folder at once share one server; the last one that leaves stops it.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const string Superuser = "postgres";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly EmbeddedPostgresOptions options;
    private readonly PostgresAccount account;
    private readonly PostgresBinaries binaries;
    private readonly string home;
    private readonly string password;
    private FileStream? presence;

    private EmbeddedPostgres(
        EmbeddedPostgresOptions options, PostgresAccount account, PostgresBinaries binaries, string home, string password)
    {
        this.options = options;
        this.account = account;
        this.binaries = binaries;
        this.home = home;
        this.password = password;
    }

    /// <summary>
    /// Where it really lives: <see cref="EmbeddedPostgresOptions.Folder"/>, or elsewhere when its account cannot reach that.
    /// </summary>
    public string Folder => home;

    /// <summary>TCP port on 127.0.0.1; may change over <see cref="StartAgain"/> when another program took it meanwhile.</summary>
    public int Port { get; private set; }

    /// <summary>Folder of <c>psql</c>, <c>pgbench</c> and the other programs.</summary>
    public string BinaryFolder => binaries.Folder;

    private string Data => Path.Combine(home, "data");

    private string Log => Path.Combine(home, "server.log");

    /// <summary>Starts the server, or joins the one that runs on this folder; returns when it answers.</summary>
    /// <exception cref="EmbeddedPostgresException">It cannot run here; the message says what to do.</exception>
    public static async Task<EmbeddedPostgres> Start(EmbeddedPostgresOptions options, CancellationToken ct = default)
    {
        if (OperatingSystem.IsWindows())
            throw new EmbeddedPostgresException(
                "The embedded database runs on Linux and macOS. Set ConnectionStrings__Purchasing to a PostgreSQL server.");

        var programs = await PostgresBinaries.Locate(MajorOf(options.Folder), options.MayInstall, options.Say, ct).ConfigureAwait(false);
        var (runsAs, folder) = await PostgresAccount.Choose(options.Folder, options.Say, ct).ConfigureAwait(false);
        if (MajorOf(folder) is { } made && made != programs.Major)
            programs = await PostgresBinaries.Locate(made, options.MayInstall, options.Say, ct).ConfigureAwait(false);

        using var turn = await TakeTurn(folder, ct).ConfigureAwait(false);
        var secret = await Password(runsAs, folder, ct).ConfigureAwait(false);
        var server = new EmbeddedPostgres(options, runsAs, programs, folder, secret);
        await server.Initialize(ct).ConfigureAwait(false);
        await server.Run(ct).ConfigureAwait(false);
        server.presence = new FileStream(Path.Combine(folder, "hosts.lock"), FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
        return server;
    }

    /// <summary>Connection string of a database on this server.</summary>
    public string ConnectionStringFor(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = Superuser,
        Password = password,
        Database = database,
        IncludeErrorDetail = true,
    }.ConnectionString;

    /// <summary>Makes a database (as a copy of a template when given), unless it is there.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabase(string name, string? template = null, CancellationToken ct = default)
    {
        var connection = new NpgsqlConnection(ConnectionStringFor("postgres"));
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(ct).ConfigureAwait(false);
            using var command = connection.CreateCommand();
            command.CommandText = $"create database {Quoted(name)}{(template is null ? "" : $" template {Quoted(template)}")}";
            try
            {
                await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
            {
                // Another host was faster: that is what was wanted.
            }
        }

        return ConnectionStringFor(name);
    }

    /// <summary>Ends the server at once, without a checkpoint, as a crash would (<c>pg_ctl -m immediate</c>). For tests.</summary>
    public async Task StopImmediately(CancellationToken ct = default)
    {
        using var turn = await TakeTurn(home, ct).ConfigureAwait(false);
        await Stop("immediate", ct).ConfigureAwait(false);
    }

    /// <summary>Starts it again after <see cref="StopImmediately"/>; it recovers from its log.</summary>
    public async Task StartAgain(CancellationToken ct = default)
    {
        using var turn = await TakeTurn(home, ct).ConfigureAwait(false);
        await Run(ct).ConfigureAwait(false);
    }

    /// <summary>Stops the server cleanly, unless another host uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (presence is null) return;
        using var turn = await TakeTurn(home, CancellationToken.None).ConfigureAwait(false);
        await presence.DisposeAsync().ConfigureAwait(false);
        presence = null;
        try
        {
            using var alone = new FileStream(Path.Combine(home, "hosts.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            await Stop("fast", CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // Another host on this folder still uses the server.
        }
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static int? MajorOf(string folder)
    {
        var file = Path.Combine(folder, "data", "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var major) ? major : null;
    }

    /// <summary>One host at a time looks, starts or stops. The kernel frees the lock of a killed one.</summary>
    private static async Task<FileStream> TakeTurn(string home, CancellationToken ct)
    {
        var deadline = Environment.TickCount64 + (long)(2 * Patience).TotalMilliseconds;
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(home, "turn.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 < deadline)
            {
                await Task.Delay(50, ct).ConfigureAwait(false);
            }
        }
    }

    private static async Task<string> Password(PostgresAccount account, string home, CancellationToken ct)
    {
        var file = Path.Combine(home, "password");
        if (!File.Exists(file) || new FileInfo(file).Length == 0)
        {
            var draft = $"{file}.new";
            await File.WriteAllTextAsync(draft, RandomNumberGenerator.GetHexString(32, lowercase: true), ct).ConfigureAwait(false);
            await account.Own(draft, ct).ConfigureAwait(false);
            File.Move(draft, file, overwrite: true);
        }

        return (await File.ReadAllTextAsync(file, ct).ConfigureAwait(false)).Trim();
    }

    private async Task Initialize(CancellationToken ct)
    {
        if (File.Exists(Path.Combine(Data, "PG_VERSION"))) return;
        options.Say($"Preparing a PostgreSQL {binaries.Major} database in {home} …");

        // Made beside and renamed, so that a kill half way leaves nothing that looks like a database.
        var draft = Path.Combine(home, "data.new");
        if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        var made = await account.Run(
            binaries.Tool("initdb"),
            ["-D", draft, "-U", Superuser, "--pwfile", Path.Combine(home, "password"), "-A", "scram-sha-256", "--locale=C",
                "--encoding=UTF8"],
            ct).ConfigureAwait(false);
        if (!made.Succeeded) throw new EmbeddedPostgresException($"initdb failed in {home}: {made.Said}");
        await File.AppendAllTextAsync(Path.Combine(draft, "postgresql.conf"), "\ninclude_if_exists 'purchasing.conf'\n", ct)
            .ConfigureAwait(false);
        Directory.Move(draft, Data);
    }

    private async Task Run(CancellationToken ct)
    {
        if (await JoinRunning(ct).ConfigureAwait(false)) return;

        var failure = "";
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (Environment.TickCount64 < deadline)
        {
            var port = ChoosePort();
            await WriteSettings(port, ct).ConfigureAwait(false);
            if (File.Exists(Log) && new FileInfo(Log).Length > 20_000_000) File.Delete(Log);
            var started = await account.Run(
                binaries.Tool("pg_ctl"), ["start", "-w", "-t", "60", "-s", "-D", Data, "-l", Log], ct).ConfigureAwait(false);
            if (started.Succeeded)
            {
                Port = port;
                await File.WriteAllTextAsync(Path.Combine(home, "port"), port.ToString(CultureInfo.InvariantCulture), ct)
                    .ConfigureAwait(false);
                return;
            }

            // A port just taken, or children of a killed server that have not left its shared memory yet: both pass.
            failure = started.Said;
            File.Delete(Path.Combine(home, "port"));
            await Task.Delay(250, ct).ConfigureAwait(false);
        }

        throw new EmbeddedPostgresException($"PostgreSQL did not start in {home}: {failure} {TailOfLog()}");
    }

    /// <summary>Uses a server that a killed or a parallel host left running; clears the traces of one that is dead.</summary>
    private async Task<bool> JoinRunning(CancellationToken ct)
    {
        var file = Path.Combine(Data, "postmaster.pid");
        if (!File.Exists(file)) return false;
        var lines = await File.ReadAllLinesAsync(file, ct).ConfigureAwait(false);
        if (lines.Length < 4 || !int.TryParse(lines[0], CultureInfo.InvariantCulture, out var pid) || !await IsOurs(pid, ct)
            .ConfigureAwait(false))
        {
            File.Delete(file);
            return false;
        }

        Port = int.Parse(lines[3], CultureInfo.InvariantCulture);
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (Environment.TickCount64 < deadline && await IsOurs(pid, ct).ConfigureAwait(false))
        {
            if (await Answers(ct).ConfigureAwait(false)) return true;
            await Task.Delay(100, ct).ConfigureAwait(false);
        }

        await Stop("immediate", ct).ConfigureAwait(false);
        return false;
    }

    /// <summary>True when the process is a PostgreSQL server on our data folder, and not one that inherited the number.</summary>
    private async Task<bool> IsOurs(int pid, CancellationToken ct)
    {
        if (pid <= 1) return false;
        if (Directory.Exists("/proc/self"))
        {
            try
            {
                return string.Equals(new FileInfo($"/proc/{pid}/cwd")
                    .ResolveLinkTarget(false)?.FullName, Real(Data), StringComparison.Ordinal);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false; // gone, or somebody else's
            }
        }

        var asked = await ChildProcess.Run("ps", ["-p", pid.ToString(CultureInfo.InvariantCulture), "-o", "comm="], ct)
            .ConfigureAwait(false);
        return asked.Succeeded && asked.Output.Contains("postgres", StringComparison.Ordinal);
    }

    private static string Real(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null) return path;
        var resolved = new DirectoryInfo(path).ResolveLinkTarget(true)?.FullName;
        return resolved is not null ? Real(resolved) : Path.Combine(Real(parent), Path.GetFileName(path));
    }

    private async Task<bool> Answers(CancellationToken ct)
    {
        try
        {
            var connection = new NpgsqlConnection($"{ConnectionStringFor("postgres")};Pooling=false;Timeout=3");
            await using (connection.ConfigureAwait(false)) await connection.OpenAsync(ct).ConfigureAwait(false);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task Stop(string mode, CancellationToken ct)
    {
        if (!File.Exists(Path.Combine(Data, "postmaster.pid"))) return;
        var stopped = await account.Run(
            binaries.Tool("pg_ctl"), ["stop", "-w", "-t", "60", "-s", "-D", Data, "-m", mode], ct).ConfigureAwait(false);
        if (!stopped.Succeeded && !string.Equals(mode, "immediate", StringComparison.Ordinal))
            await account.Run(binaries.Tool("pg_ctl"), ["stop", "-w", "-s", "-D", Data, "-m", "immediate"], ct).ConfigureAwait(false);
    }

    private int ChoosePort()
    {
        var file = Path.Combine(home, "port");
        if (File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var last) && IsFree(last))
            return last;
        using var any = new TcpListener(IPAddress.Loopback, 0);
        any.Start();
        return ((IPEndPoint)any.LocalEndpoint).Port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task WriteSettings(int port, CancellationToken ct)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = SocketFolder(port),
            ["fsync"] = "on",
            ["synchronous_commit"] = "on",
            ["full_page_writes"] = "on",
            ["max_connections"] = "200",
            ["shared_buffers"] = "256MB",
            ["work_mem"] = "16MB",
            ["maintenance_work_mem"] = "128MB",
            ["wal_buffers"] = "16MB",
            ["min_wal_size"] = "256MB",
            ["max_wal_size"] = "2GB",
            ["checkpoint_timeout"] = "15min",
            ["checkpoint_completion_target"] = "0.9",
            ["random_page_cost"] = "1.1",
            ["jit"] = "off",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            // Starts, stops, recovery, checkpoints. Errors go to the caller; a conflict of two writers is an everyday one.
            ["log_min_messages"] = "log",
        };
        foreach (var (name, value) in options.Settings) settings[name] = value;
        var text = new StringBuilder();
        foreach (var (name, value) in settings)
            text.Append(CultureInfo.InvariantCulture, $"{name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'\n");
        var file = Path.Combine(Data, "purchasing.conf");
        await File.WriteAllTextAsync(file, text.ToString(), ct).ConfigureAwait(false);
        await account.Own(file, ct).ConfigureAwait(false);
    }

    /// <summary>The socket's path has at most 107 bytes; a longer home does without a socket (TCP is there anyway).</summary>
    private string SocketFolder(int port) =>
        Encoding.UTF8.GetByteCount($"{home}/.s.PGSQL.{port}.lock") <= 107 && !home.Contains(',', StringComparison.Ordinal) ? home : "";

    private string TailOfLog() => File.Exists(Log) ? string.Join(Environment.NewLine, File.ReadLines(Log).TakeLast(10)) : "";
}
