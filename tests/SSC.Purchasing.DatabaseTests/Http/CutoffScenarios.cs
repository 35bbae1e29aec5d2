using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>The cutoff is exact: what was accepted counts, what was refused does not, and no member stands in another's way.</summary>
public sealed class CutoffScenarios(Stage stage) : IClassFixture<Stage>
{
    private const int Early = 60;
    private const int Late = 60;

    /// <summary>An answer to a commitment: of whom, of how many, and what was said.</summary>
    private sealed record Said(string Member, long Quantity, Heard Answer)
    {
        public bool Accepted => Answer.Status == 200;

        public long Position => long.Parse(Answer.Position, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task what_a_hundred_and_twenty_members_commit_around_the_cutoff_is_counted_exactly_as_it_was_answered()
    {
        var (contract, _) = await stage.Award();
        var members = await Task.WhenAll(Enumerable.Range(0, Early + Late).Select(_ => stage.Join(contract)));
        var (warmUp, _) = await stage.Open(contract, TimeSpan.FromHours(1)); // all are connected and in swing: the race is the cutoff's
        await Task.WhenAll(members.Select(m => m.Commit(warmUp, 1)));
        var (order, cutoff) = await stage.Open(contract, TimeSpan.FromSeconds(2));

        // Half of them revise without a pause from the start; the others come in the last moment, some of them too late.
        var said = new ConcurrentQueue<Said>();
        var rush = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Until.Done(Task.WhenAll(members.Select((member, i) => i < Early ? CommitUntilRefused(member) : CommitInTheRush(member))));

        async Task CommitUntilRefused(Stage.Member member)
        {
            for (long quantity = 1; ; quantity++)
            {
                var answer = new Said(member.Number, quantity, await member.Commit(order, quantity));
                said.Enqueue(answer);
                if (DateTimeOffset.UtcNow > cutoff.AddMilliseconds(-300)) rush.TrySetResult();
                if (!answer.Accepted) return;
            }
        }

        async Task CommitInTheRush(Stage.Member member)
        {
            await rush.Task;
            await CommitUntilRefused(member);
        }

        // Every no is the cutoff's, and nobody's after it was a yes.
        said.Where(s => !s.Accepted).Count().ShouldBe(members.Length);
        foreach (var refused in said.Where(s => !s.Accepted)) refused.Answer.ShouldBe(409, "refusal:order-closed");

        // What was accepted is what the settlement counted: the same members, the same versions, the same quantities.
        var settled = (await stage.Recorded($"joint-order-{order}", "joint_order_settled")).Single();
        var accepted = said.Where(s => s.Accepted).GroupBy(s => s.Member)
            .ToDictionary(g => g.Key, g => g.MaxBy(s => s.Position)!, StringComparer.Ordinal);
        settled["body"]!["basis"]!["inputs"]!.AsArray().Select(i => ((string)i!["member"]!, (long)i["version"]!))
            .ShouldBe(accepted.Values.Select(s => (s.Member, (long)s.Answer.Body!["version"]!)), ignoreOrder: true);
        var allocated = (await stage.Recorded($"joint-order-{order}", "joint_order_line_allocated")).Single();
        allocated["body"]!["outcome"]!["committed"].Number().ShouldBe(accepted.Values.Sum(s => s.Quantity));

        // In the log, everything accepted lies before the cutoff and before the close, and there is nothing else.
        var closed = (await stage.Recorded($"joint-order-{order}", "joint_order_closed")).Single();
        said.Where(s => s.Accepted).ShouldAllBe(s => s.Position < (long)closed["position"]!);
        var recorded = await Commitments(order);
        recorded.Count.ShouldBe(said.Count(s => s.Accepted));
        recorded.ShouldAllBe(e => e["at"]!.GetValue<DateTimeOffset>() < cutoff);
        accepted.Count.ShouldBeGreaterThan(0);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{recorded.Count} commitments accepted of {accepted.Count} members, {said.Count - recorded.Count} refused");
        foreach (var member in members) member.Dispose();
    }

    private async Task<IReadOnlyList<JsonNode>> Commitments(string order)
    {
        var (all, next) = (new List<JsonNode>(), "audit/events?type=commitment_placed,commitment_revised&limit=1000");
        while (next is not null)
        {
            var page = (await stage.Staff.Get(next)).ShouldBe(200);
            all.AddRange(page.Items.Where(e => ((string)e["stream"]!).StartsWith($"commitment-{order}:", StringComparison.Ordinal)));
            next = page.Text("next");
        }

        return all;
    }
}
