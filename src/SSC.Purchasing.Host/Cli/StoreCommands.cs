using System.CommandLine;
using System.Globalization;
using SSC.Purchasing.EventStore.ReadModels;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Cli;

/// <summary><c>migrate</c>, <c>rebuild</c>, <c>events</c>: the store itself.</summary>
internal static class StoreCommands
{
    private const int Batch = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    public static Command Migrate()
    {
        var command = new Command("migrate", "Bring the database schema up to date; safe while other nodes start.");
        command.SetAction(async (parsed, ct) =>
        {
            var applied = await Node.Migrate(ServeCommand.SettingsOf(parsed), ct);
            Output.For(parsed).Result(new Migrated(applied), applied == 0 ? "The schema was up to date."
                : string.Create(CultureInfo.InvariantCulture, $"{applied} scripts applied."));
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Rebuild()
    {
        var model = new Argument<string?>("model") { Description = "Name of a read model; all of them unless told.",
            Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("rebuild",
            "Fold a read model anew beside the live one and switch; all of them unless one is named.") { model };
        command.SetAction(async (parsed, ct) =>
        {
            var output = Output.For(parsed);
            var wanted = parsed.GetValue(model);
            var names = Modules.ReadModels.Select(m => m.Name)
                .Where(n => wanted is null || string.Equals(n, wanted, StringComparison.Ordinal)).ToList();
            if (names.Count == 0)
                return output.Failure("no-such-read-model",
                    $"There is no read model {wanted}; there are {string.Join(", ", Modules.ReadModels.Select(m => m.Name))}.");
            await using var node = await Node.Open(ServeCommand.SettingsOf(parsed), run: false, ct);
            foreach (var name in names)
            {
                await output.Work(name, async progress =>
                {
                    await node.Runtime!.Rebuild(name, new Relay<RebuildProgress>(p => progress.Report(new(p.Position, p.End))), ct);
                    return true;
                });
            }

            output.Result(new Rebuilt(names), $"Rebuilt: {string.Join(", ", names)}.");
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Events()
    {
        var options = new EventOptions();
        var command = new Command("events", "Print recorded events, oldest first; with --json one document per line.");
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            await using var node = await Node.Open(ServeCommand.SettingsOf(parsed), run: false, ct);
            return await Print(node, Output.For(parsed), options, parsed, ct);
        });
        return command;
    }

    private sealed record Migrated(int Applied);

    private sealed record Rebuilt(IReadOnlyList<string> ReadModels);

    private static async Task<int> Print(Node node, Output output, EventOptions options, ParseResult parsed, CancellationToken ct)
    {
        var filter = options.Filter(parsed, node.Settings.Tenant);
        var (after, left, follow) = (parsed.GetValue(options.After), parsed.GetValue(options.Limit), parsed.GetValue(options.Follow));
        while (left > 0)
        {
            var events = await node.Store.ReadAll(after, (int)Math.Min(Batch, left), filter, ct);
            foreach (var e in events)
            {
                output.Line(EventLine.Of(e), string.Create(
                    CultureInfo.InvariantCulture,
                    $"{e.Position,8}  {e.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}  {e.Stream}@{e.Version}  {e.Type}  {e.Metadata.Actor}"));
                after = e.Position;
            }

            left -= events.Count;
            if (events.Count > 0) continue;
            if (!follow) break;
            await Task.Delay(Poll, ct);
        }

        return ExitCode.Ok;
    }

    /// <summary>The parts of an <see cref="EventFilter"/> as options.</summary>
    private sealed class EventOptions
    {
        public Option<long> After { get; } = new("--after") { Description = "Only events after this position." };

        public Option<long> Limit { get; } = new("--limit")
        {
            Description = "At most this many events.", DefaultValueFactory = _ => long.MaxValue,
        };

        public Option<bool> Follow { get; } = new("--follow", "-f") { Description = "Wait for more until stopped." };

        private Option<string?> Stream { get; } = new("--stream") { Description = "Only this stream." };

        private Option<string[]> Types { get; } = new("--type") { Description = "Only these stored names; may be repeated." };

        private Option<string?> Actor { get; } = new("--actor") { Description = "Only by this actor." };

        private Option<string?> Correlation { get; } = new("--correlation") { Description = "Only of this correlation." };

        private Option<DateTimeOffset?> From { get; } = new("--from") { Description = "Recorded at or after this time." };

        private Option<DateTimeOffset?> Until { get; } = new("--until") { Description = "Recorded before this time." };

        public void AddTo(Command command)
        {
            foreach (var option in new Option[] { After, Limit, Follow, Stream, Types, Actor, Correlation, From, Until }) command.Add(
                option);
        }

        public EventFilter Filter(ParseResult parsed, string tenant) => new()
        {
            Tenant = tenant,
            Stream = parsed.GetValue(Stream),
            Types = parsed.GetValue(Types) is { Length: > 0 } types ? types : null,
            Actor = parsed.GetValue(Actor),
            CorrelationId = parsed.GetValue(Correlation),
            From = parsed.GetValue(From),
            Until = parsed.GetValue(Until),
        };
    }
}
