using Npgsql;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.EventStore.ReadModels;
using SSC.Purchasing.EventStore.Sagas;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Host.Cli;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Demo;

/// <summary>
/// The demo cooperative in a node's database. Its keys are random; with <c>Purchasing__DemoSecrets=seed</c> in the environment they follow
/// from the seed, for demos that nobody else can reach.
/// </summary>
internal sealed class DemoCooperative : ISeeder
{
    private const int Whole = 1_000;
    private const int Played = 850;
    private const string MarkerKey = "demo-buyer";

    /// <inheritdoc/>
    public async Task<Seeded> Seed(Node node, int seed, IProgress<WorkDone> progress, CancellationToken ct)
    {
        var access = IsFixed ? DemoAccess.FromSeed(seed) : DemoAccess.Random();
        var head = await node.Store.Head(ct);
        return head.Position == 0 ? await Make(node, seed, access, progress, ct) : await Again(node, access, head.Position, ct);
    }

    private static bool IsFixed =>
        string.Equals(Environment.GetEnvironmentVariable("Purchasing__DemoSecrets"), "seed", StringComparison.OrdinalIgnoreCase);

    private static async Task<Seeded> Make(Node node, int seed, DemoAccess access, IProgress<WorkDone> progress, CancellationToken ct)
    {
        if (node is not { Store: PostgresEventStore store, Runtime: { } runtime, ConnectionString: { } connection })
            throw new NotSupportedException("The demo is made in PostgreSQL.");
        var now = WholeHour(node.Clock.GetUtcNow());
        var script = await DemoScript.Write(seed, now, access, ct);
        var wasRunning = (await runtime.Health(ct)).Loops.Count > 0;
        await runtime.Stop();
        await store.BeginSeeding(ct: ct);
        try
        {
            await Play(node, store, connection, script, new(node.Settings.Tenant, seed, now), progress, ct);
        }
        finally
        {
            await store.EndSeeding(CancellationToken.None);
        }

        var made = (await store.Head(ct)).Position;
        progress.Report(new(Whole, Whole, "Demo cooperative"));
        if (wasRunning) runtime.Start();
        return new(made, false, access.SignIns) { Tour = DemoTour.Lines(script, access.SignIns) };
    }

    /// <summary>Sagas keep their states and timers in the database as they go; the log takes its appends in batches.</summary>
    private static async Task Play(
        Node node, PostgresEventStore store, string connection, DemoScript script, DemoTask task, IProgress<WorkDone> progress,
            CancellationToken ct)
    {
        var time = new ScriptedTime(script.Start);
        var log = new SeedingLog(EventCatalogue.Of(Modules.Assemblies, Modules.Upcasters), time, store);
        var commands = new Commands(log, new ScriptedIds(task.Seed, time).Next, 200_000);
        var handler = SagaCommandHandler.Over(commands, new SeedingReadModels(log));

        // What is lost in a crash now is thrown away with the rest; EndSeeding brings all of it to the disk.
        var options = new NpgsqlConnectionStringBuilder(connection) { Enlist = false, MaxAutoPrepare = 64, AutoPrepareMinUsages = 2 };
        options.Options = $"{options.Options} -c synchronous_commit=off -c jit=off".Trim();
        await using var source = NpgsqlDataSource.Create(options);
        var plan = new RuntimePlan
        {
            ReadModels = Modules.ReadModels,
            Sagas = new(Modules.Sagas, SagaCommandCatalogue.Of(Modules.Assemblies), handler.Execute),
        };
        await using var runtime = new StoreRuntime(source, log, plan, new PostgresReadModels(source), time);
        var seeder = new DemoSeeder(task, script, log, time, Modules.Sagas, commands, handler, new Clockwork(runtime));
        await seeder.Play(
            new Relay<(long Done, long Total)>(p => progress.Report(new(p.Done * Played / p.Total, Whole, "Three fiscal years"))), ct);

        // Folded from the log in memory, so that nothing is read or deserialised once for every read model.
        var folded = 0;
        await Parallel.ForEachAsync(
            Modules.ReadModels, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = ct }, async (model, token) =>
        {
            await runtime.Rebuild(model.Name, ct: token);
            var done = Interlocked.Increment(ref folded);
            progress.Report(new(Played + ((Whole - Played) * done / (Modules.ReadModels.Count + 1)), Whole, "Read models"));
        });
    }

    /// <summary>The demo is there: its first keys' secrets are gone, unless they follow from the seed, so the visitor gets new
    /// ones.</summary>
    private static async Task<Seeded> Again(Node node, DemoAccess access, long events, CancellationToken ct)
    {
        if (await Key(node, MarkerKey, ct) is not { } first)
        {
            throw new InvalidOperationException(
                "This database holds other data than the demo's, or a demo that was interrupted. Choose an empty one (or remove .data).");
        }

        var fixedOnes = await Derived(node, access, first, ct);
        if (fixedOnes is not null) return new(events, true, fixedOnes);
        var generation = 2;
        while (await Key(node, $"{MarkerKey}-{generation}", ct) is not null) generation++;
        var issued = access.ForStart(generation);
        var context = new CommandContext(node.Settings.Tenant, DemoStage.Operator, $"demo-start-{generation}", node.Clock.GetUtcNow());
        await issued.Issue(async (id, command) =>
        {
            var outcome = await node.Commands.Handle<ApiKey, ApiKey.Command, ApiKey.State, ApiKey.Event>(context, id, command, ct);
            if (outcome is not CommandOutcome.Done) throw new InvalidOperationException($"{id} could not be issued: {outcome}");
        });
        return new((await node.Store.Head(ct)).Position, true, issued.SignIns);
    }

    private static async Task<IReadOnlyList<DemoSignIn>?> Derived(Node node, DemoAccess access, ApiKeyFacts first, CancellationToken ct)
    {
        if (!IsFixed) return null;
        await access.Issue((_, _) => Task.CompletedTask);
        return access.Knows(first) && await Key(node, MarkerKey, ct) is not null ? access.SignIns : null;
    }

    private static async Task<ApiKeyFacts?> Key(Node node, string id, CancellationToken ct) =>
        (await node.Commands.Load<ApiKey, ApiKey.Command, ApiKey.State, ApiKey.Event>(node.Settings.Tenant, id, true, ct)).State switch
        {
            ApiKey.State.Active s => s.Facts,
            ApiKey.State.Revoked s => s.Facts,
            _ => null,
        };

    private static DateTimeOffset WholeHour(DateTimeOffset now) => new(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);

    private sealed class Clockwork(StoreRuntime runtime) : ISagaClockwork
    {
        public Task RunUntilIdle(DateTimeOffset now, CancellationToken ct) => runtime.RunUntilIdle(now, ct);

        public Task<DateTimeOffset?> NextTimer(CancellationToken ct) => runtime.NextTimer(ct);
    }
}

/// <summary>The main job in a few lines to paste into a shell.</summary>
internal static class DemoTour
{
    /// <summary>Commit as a buyer, look at what is missing, answer as the vendor, ask why as the auditor.</summary>
    public static IReadOnlyList<string> Lines(DemoScript script, IReadOnlyList<DemoSignIn> signIns)
    {
        string Key(string role) => signIns.Single(s => string.Equals(s.Role, role, StringComparison.Ordinal)).ApiKey;
        string Order(string title) => script.Orders.First(o => o.Title.StartsWith(title, StringComparison.Ordinal)).Id.Value;
        string Ask(string role, string path) => $"curl -s -H 'X-Api-Key: {Key(role)}' '{ServiceHost.DefaultUrl}/api/v1{path}'";
        string Tell(string role, string verb, string path, string body) =>
            $"{Ask(role, path)} -X {verb} -H 'Content-Type: application/json' "
            + $"-H 'Idempotency-Key: tour-{Guid.CreateVersion7():N}' -d '{body}'";

        var (open, sent) = (Order("Copy paper — open"), Order("Copy paper — awaiting the vendor"));
        var year = DemoPools.NextYear(script.Now).Year;
        return
        [
            "# what is open, and what is missing to the next case and the next price",
            Ask(Roles.MemberBuyer, "/joint-orders?phase=open"),
            $"# commit 28 cartons for the high school: the pool reaches the truck price ({open})",
            Tell(Roles.MemberBuyer, "PUT", $"/joint-orders/{open}/commitments/M-001", CommitmentBody),
            Ask(Roles.MemberBuyer, $"/joint-orders/{open}/board"),
            "# a basket is back from a vendor's shop: look at it, and take it into the commitment",
            Ask(Roles.MemberBuyer, $"/joint-orders/{Order(DemoPunchOut.Title)}/commitments/M-001/punch-outs"),
            Tell(Roles.MemberBuyer, "POST",
                $"/joint-orders/{Order(DemoPunchOut.Title)}/commitments/M-001/punch-outs/{DemoPunchOut.Session}/acceptance", BasketBody),
            "# approve what waits for the member's approver",
            Tell(Roles.MemberApprover, "POST", $"/joint-orders/{Order("Student laptops — awaiting approvals")}/commitments/M-001/approval",
                ApprovalBody),
            "# answer, as the vendor, the order that waits for it",
            Tell(Roles.Vendor, "POST", $"/purchase-orders/{sent}:{DemoMarket.Whitewater.Id}/responses", ResponseBody),
            "# who gets what and why, and the proof, as the auditor",
            Ask(Roles.Auditor, $"/joint-orders/{sent}/allocation"),
            Ask(Roles.Auditor, $"/audit/replay?stream=joint-order-{sent}"),
            "# the pool's offer for the next plan year, why its rate is what it is, and yes to it, as the approver",
            Ask(Roles.MemberApprover, $"/pools/SCHOOL/years/{year}/offers/M-001"),
            Ask(Roles.MemberApprover, $"/audit/explanations/pool-rate?pool=SCHOOL&year={year}&member=M-001"),
            Tell(Roles.MemberApprover, "POST", $"/pools/SCHOOL/years/{year}/offers/M-001/acceptance", AcceptanceBody),
            "# two seats in a conference, as the buyer; a waiting line a month ago, and event by event",
            Tell(Roles.MemberBuyer, "POST", "/enrollments", SeatsBody),
            Ask(Roles.ProgramAdmin, $"/offerings/WS-line/waitlist?asOf={script.Now.AddDays(-30):yyyy-MM-dd}T00:00:00Z"),
            Ask(Roles.Auditor, "/audit/streams/offering-WS-line"),
            "# one invoice a month for all of it",
            Ask(Roles.MemberApprover, "/member-invoices?limit=3"),
        ];
    }

    /// <summary>28 cartons for the high school of the first member.</summary>
    public const string CommitmentBody =
        """{"lines":[{"lineNo":1,"site":"M-001-HS","quantity":28,"tolerance":0,"accounts":["""
        + """{"account":{"scheme":"UFARS","segments":["01","005","203","000","401","000"]},"basisPoints":10000}]}]}""";

    /// <summary>The accounts that the basket is booked on.</summary>
    public const string BasketBody =
        """{"accounts":[{"account":{"scheme":"UFARS","segments":["01","005","810","000","350","000"]},"basisPoints":10000}]}""";

    /// <summary>An approval that covers what the first member ordered.</summary>
    public const string ApprovalBody = """{"upTo":{"amount":"250000.00","currency":"USD"}}""";

    /// <summary>An acceptance of the pool's first offer.</summary>
    public const string AcceptanceBody = """{"version":1,"approval":"Board minute on the renewal"}""";

    /// <summary>Two seats for the first member.</summary>
    public const string SeatsBody = """{"offering":"CONF-1","member":"M-001","seats":2,"purchaseOrder":"PO 4711"}""";

    /// <summary>An acceptance.</summary>
    public const string ResponseBody = """{"documentId":"OR-1001","code":"AP","lines":[]}""";
}
