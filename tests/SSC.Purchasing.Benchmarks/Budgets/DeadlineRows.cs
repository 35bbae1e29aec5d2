using System.Diagnostics;
using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Benchmarks.Budgets;

/// <summary>
/// 500 members commit to one joint order at its deadline. Whoever is answered yes must be exactly who is recorded before the order
/// closed, and a no must be for the deadline, never for another member's commitment.
/// </summary>
internal static class DeadlineRows
{
    private const int Members = HttpBench.DeadlineMembers;
    private const string Store = "500 members commit at the deadline: store";
    private const string Http = "500 members commit at the deadline: HTTP";

    public static string[] StoreNames { get; } = [Store];

    public static string[] HttpNames { get; } = [Http];

    /// <summary>Appends with both conditions, the order's closing among them.</summary>
    public static async Task MeasureStore(Bench bench)
    {
        await using var node = new OpenStore(await bench.NewDatabase("bench_deadline"), bench.Catalogue);
        var pairs = new Pairs();
        var faults = new List<string>();
        var accepted = new List<double>();
        var rounds = 2 * bench.Rounds;
        Bench.Say("500 members at the deadline, store");
        for (var round = -2; round < rounds; round++)
        {
            var (seconds, set) = await StoreRound(node, $"JO-store-{round + 2}", faults);
            if (round < 0) continue; // warming up
            accepted.Add(set);
            pairs.Add(1000 * seconds, 1000 * Members / (await bench.Reference.Run(TimeSpan.FromSeconds(1))).PerSecond);
        }

        Report(bench, Store, pairs, 100, faults, accepted);
    }

    /// <summary>Members' systems on a connection each; the order's timer closes it, and settling shows what was counted.</summary>
    public static async Task MeasureHttp(Bench bench)
    {
        var http = await bench.Http();
        var pairs = new Pairs();
        var faults = new List<string>();
        var accepted = new List<double>();
        Bench.Say("500 members at the deadline, HTTP");
        var last = 0.3;
        for (var round = -2; round < bench.Rounds; round++)
        {
            // Half the time the last round took before the cutoff: part of the members is late.
            var (seconds, set) = await HttpRound(http, $"JO-http-{round + 2}", TimeSpan.FromSeconds(last / 2), faults);
            last = seconds;
            if (round < 0) continue; // warming up
            accepted.Add(set);
            pairs.Add(1000 * seconds, 1000 * Members / (await bench.Reference.Run(TimeSpan.FromSeconds(1))).PerSecond);
        }

        Report(bench, Http, pairs, 500, faults, accepted);
    }

    private static void Report(Bench bench, string name, Pairs pairs, double limit, List<string> faults, List<double> accepted)
    {
        var row = Budget.Below(name, pairs, limit, "ms") with { Against = "500 inserts of R1" };
        var sets = string.Create(
            CultureInfo.InvariantCulture, $"accepted {accepted.Min():0} to {accepted.Max():0} of {Members}, each exactly the closed set");
        bench.Report(row with
        {
            Limit = $"{row.Limit}, accepted set = closed set",
            Met = row.Met && faults.Count == 0,
            Why = faults.Count > 0 ? faults[0] : sets + ".",
        });
        Bench.Say(faults.Count > 0 ? faults[0] : sets);
    }

    private static async Task<(double Seconds, int Accepted)> StoreRound(OpenStore node, string order, List<string> faults)
    {
        var cutoff = DateTimeOffset.UtcNow.AddHours(1);
        var stream = $"joint-order-{order}";
        await node.Given(stream, new JointOrder.Event.Opened(1, [], cutoff));
        var placed = Enumerable.Range(0, Members).Select(m => Placed(order, m)).ToArray();
        var start = Stopwatch.GetTimestamp();
        var asked = new Task<AppendOutcome>[Members];
        Task<AppendOutcome>? closing = null;
        for (var m = 0; m < Members; m++)
        {
            if (m == Members / 2)
                closing = node.Store.Append(Append(stream, 1, new JointOrder.Event.Closed(cutoff)), CancellationToken.None);
            var commitment = Append($"commitment-{order}:{World.Member(m)}", 0, placed[m]);
            asked[m] = node.Store.Append(
                commitment with { Conditions = [new(stream, 1)], RecordedBefore = cutoff }, CancellationToken.None);
        }

        var outcomes = await Task.WhenAll(asked);
        var closed = (AppendOutcome.Appended)await closing!;
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var accepted = outcomes.OfType<AppendOutcome.Appended>().Select(a => a.Stream).ToHashSet(StringComparer.Ordinal);
        var counted = await CommittedBefore(node, order, closed.Position);
        if (!accepted.SetEquals(counted))
            faults.Add($"{order}: {accepted.Count} were accepted, {counted.Count} are recorded before the close.");
        if (outcomes.FirstOrDefault(o => o is not AppendOutcome.Appended and not AppendOutcome.TooLate
                && (o as AppendOutcome.ConditionFailed)?.Stream != stream) is { } wrong) faults.Add($"{order}: {wrong}");
        return (seconds, accepted.Count);
    }

    private static async Task<(double Seconds, int Accepted)> HttpRound(HttpBench http, string order, TimeSpan before, List<string> faults)
    {
        var cutoff = DateTimeOffset.UtcNow.AddSeconds(4);
        await http.World.OpenOrder(order, cutoff);
        await http.Send(new("early", 0, Argument: order)); // an order that people know has a commitment already
        var result = await http.Send(new("deadline", 0, (cutoff - before).ToUnixTimeMilliseconds(), order), mayFail: true);
        var (closedAt, settled) = await Settled(http.Node, order);
        var accepted = Enumerable.Range(0, Members).Where(m => result.Statuses[m] == 200).Select(World.Member)
            .Append(World.Member(Members)).ToHashSet();
        var recorded = await CommittedBefore(http.Node, order, closedAt);
        var counted = settled.Basis.Inputs.Select(i => i.Member).ToHashSet();
        if (!accepted.SetEquals(counted) || recorded.Count != counted.Count)
        {
            faults.Add(
                $"{order}: {accepted.Count} were accepted, {recorded.Count} are recorded before the close, {counted.Count} were counted.");
        }

        for (var m = 0; m < Members; m++)
        {
            if (result.Statuses[m] != 200 && result.Refusals[m] != "order-closed")
                faults.Add($"{order}: {World.Member(m)} was answered {result.Statuses[m]} {result.Refusals[m]}: {result.FirstFailure}");
        }

        return (result.Seconds, accepted.Count - 1);
    }

    /// <summary>
    /// Waits until the service has settled the order and nothing is recorded any more. What follows a settlement depends on who was in
    /// time: budgets are set aside, or approvers are asked because cases were filled beyond what their members committed.
    /// </summary>
    private static async Task<(long ClosedAt, JointOrder.Event.Settled Settled)> Settled(OpenStore node, string order)
    {
        var patience = Stopwatch.StartNew();
        for (var (still, last) = (0, 0L); patience.Elapsed < TimeSpan.FromMinutes(1);)
        {
            var events = await node.Store.ReadStream(Bench.Tenant, $"joint-order-{order}");
            var head = (await node.Store.Head()).Position;
            (still, last) = (head == last ? still + 1 : 0, head);
            if (still >= 10 && events.Select(e => e.Fact).OfType<JointOrder.Event.Settled>().FirstOrDefault() is { } settled)
                return (events.First(e => e.Fact is JointOrder.Event.Closed).Position, settled);
            await Task.Delay(50);
        }

        throw new InvalidOperationException($"{order} was not settled within a minute.");
    }

    private static async Task<HashSet<string>> CommittedBefore(OpenStore node, string order, long closedAt)
    {
        var streams = Enumerable.Range(0, Members + 1).Select(m => $"commitment-{order}:{World.Member(m)}").ToList();
        var events = await node.Store.ReadStreams(Bench.Tenant, streams);
        return events.Where(e => e.Position < closedAt).Select(e => e.Stream).ToHashSet(StringComparer.Ordinal);
    }

    private static Commitment.Event.Placed Placed(string order, int member) => new(
        new(order), World.Member(member), World.Cooperative, World.Lines(member, 1, 40), [], Money.FromDollars(1_676m), null, 0, 1,
        "buyer");

    private static Append Append(string stream, long expected, object fact)
    {
        var id = Guid.CreateVersion7();
        return new()
        {
            Tenant = Bench.Tenant, Stream = stream, ExpectedVersion = expected, Events = [new(id, fact)], Metadata = new("bench", "bench"),
            Key = new(id.ToString("N"), new byte[32]),
        };
    }
}
