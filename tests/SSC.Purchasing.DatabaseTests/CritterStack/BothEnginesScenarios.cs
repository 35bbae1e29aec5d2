using System.Text.RegularExpressions;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Http;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Host;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.CritterStack;

/// <summary>One history, whichever engine wrote it and whichever reads it.</summary>
public sealed partial class BothEnginesScenarios(Stage stage) : IClassFixture<Stage>
{
    [Fact]
    public async Task an_order_that_both_engines_wrote_reads_and_replays_the_same_on_both()
    {
        // Its plan and first commitment by a node on Marten, the second by one on the Npgsql store, the rest by the sagas on Wolverine.
        var (contract, vendor) = await stage.Award();
        using var first = await stage.Join(contract);
        using var second = await stage.Join(contract);
        var (order, _) = await stage.Open(contract, TimeSpan.FromSeconds(5));
        (await first.Commit(order, 120, 10)).ShouldBe(200);
        await using var node = await Node.Open(stage.Settings with { Engine = Engine.Npgsql }, run: false, default);
        await using var front = await Front.Open(node);
        var committed = (await second.Buyer.At(front).Put(
            Stage.Member.Route(order, second.Number), new Host.Api.Resources.CommitmentEntry([second.Line(75, 10)]))).ShouldBe(200);
        await stage.Reaches(order, "issued");

        using var auditor = await stage.As(new(OrganizationKind.State, "MN"), Roles.Auditor);
        var other = auditor.At(front);
        foreach (var path in new[]
        {
            "audit/replay", $"audit/events?stream=joint-order-{order}", $"audit/events?stream=commitment-{order}:{second.Number}",
            $"purchase-orders/{order}:{vendor}", $"joint-orders/{order}",
        })
            (await Heard(other, path)).ShouldBe(await Heard(auditor, path), path);
        (await auditor.Get("audit/replay")).Body!["differences"].Number().ShouldBe(0);

        // Version by version, as of each position of the order's life, and before its own commitment.
        for (var position = long.Parse(committed.Position, null) - 1; position <= (await node.Store.Head()).Position; position++)
        {
            foreach (var stream in new[] { $"joint-order-{order}", $"commitment-{order}:{second.Number}" })
            {
                var here = await stage.Node.Store.ReadStream("mn", stream, upToPosition: position);
                var there = await node.Store.ReadStream("mn", stream, upToPosition: position);
                here.Select(Told).ShouldBe(there.Select(Told));
            }
        }
    }

    [Fact]
    public async Task sagas_that_are_under_way_on_one_engine_are_not_begun_anew_on_the_other()
    {
        var (contract, _) = await stage.Award();
        await stage.Open(contract, TimeSpan.FromHours(1));
        await Until.True(async () => await HasSagas(), "a saga should have heard of the order");
        var other = await Should.ThrowAsync<InvalidOperationException>(
            () => Node.Open(stage.Settings with { Engine = Engine.Npgsql }, run: true, default));
        other.Message.ShouldContain("Runtime=CritterStack");
    }

    private async Task<bool> HasSagas()
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(stage.Settings.ConnectionString!);
        await using var any = source.CreateCommand("select exists (select from critter.mt_doc_hosted_saga)");
        return await any.ExecuteScalarAsync() is true;
    }

    private static async Task<string> Heard(Caller caller, string path)
    {
        var answer = await caller.Get(path);
        answer.ShouldBe(200);
        return HowLong().Replace(answer.Text, "");
    }

    [GeneratedRegex("\"elapsed\":\"[^\"]*\",", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex HowLong();

    private static object Told(RecordedEvent e) =>
        (e.Position, e.Id, e.Version, e.Type, e.At, e.Metadata, System.Text.Encoding.UTF8.GetString(EventCatalogue.Serialize(e.Fact)));
}
