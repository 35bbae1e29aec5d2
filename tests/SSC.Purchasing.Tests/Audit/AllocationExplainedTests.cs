using System.Globalization;
using Shouldly;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using Xunit;

namespace SSC.Purchasing.Tests.Audit;

public class AllocationExplainedTests
{
    [Fact]
    public async Task a_share_is_told_from_the_commitment_to_the_cent()
    {
        var why = await Why("A", 1);
        why!.Explanation.Answer.ShouldBe(
            "A receives 11 RM of line 1, 1 of them tolerance, at $39.75: $437.25 goods + $0.55 fee = $437.80.");
        why.Explanation.Steps.Select(s => s.Topic).ShouldBe(
            ["committed", "pooled", "excluded", "case-filling", "tier", "allocation", "split", "freight", "drops"]);
        Said(why, "committed").ShouldBe(
            "At position 3 the quantity went from 0 to 4 RM, the tolerance from 0 to 4. "
            + "At position 7 the quantity went from 4 to 10 RM, the tolerance from 4 to 4.");
        Said(why, "pooled").ShouldContain("3 claims recorded up to position 8: Q = 22 RM and a tolerance of T = 9 RM.");
        Said(why, "case-filling").ShouldBe(
            "⌊22 ÷ 12⌋ = 1 full case of 12 RM; 10 left over. 10 and the tolerance of 9 reach 12: one more case is filled. "
            + "2 cases of 12 = 24 RM.");
        Said(why, "tier").ShouldContain("reaches the tier from 20 RM at $39.75, by price schedule 1 of contract C-paper.");
        Said(why, "allocation").ShouldContain("Policy ProRata in increments of 1 RM, settlement rules version 1.");
        Said(why, "allocation").ShouldContain("1 of the tolerance");
    }

    [Fact]
    public async Task the_odd_cent_is_explained_by_its_remainder()
    {
        Said(await Why("A", 2), "split").ShouldContain(
            "$41.66 and the remainder 8000/12000 of a cent ranks 1 where 1 more cent went out: $41.67.");
        Said(await Why("C", 2), "split").ShouldContain("= $25.00 exactly.");
    }

    [Fact]
    public async Task what_is_short_is_said_and_never_dropped()
    {
        var why = await Why("B", 2);
        why!.Explanation.Answer.ShouldStartWith("B receives 4 RM of line 2; 3 are short");
        Said(why, "case-filling").ShouldContain("10 and the tolerance of 0 do not reach 12: no further case.");
    }

    [Fact]
    public async Task a_member_that_fell_out_reads_why()
    {
        var why = await Why("D", 1);
        why!.Explanation.Answer.ShouldBe(
            "D receives nothing of line 1: the price of the tier is above the maximum that the member stated.");
        why.Explanation.Steps.Single(s => s.Topic == "committed").Figures["maximumPrice"].ShouldBe("39.00");
        Said(why, "excluded").ShouldStartWith("D does not count in this line");
    }

    [Fact]
    public async Task the_explained_cents_of_all_members_are_the_whole_lines_cents()
    {
        foreach (var (line, goods) in new[] { (1, 954.00m), (2, 100.00m) })
        {
            var explained = 0m;
            foreach (var member in new[] { "A", "B", "C" })
            {
                var split = (await Why(member, line))!.Explanation.Steps.Single(s => s.Topic == "split");
                explained += decimal.Parse(split.Figures["goods"], CultureInfo.InvariantCulture);
            }

            explained.ShouldBe(goods);
        }
    }

    [Fact]
    public async Task every_citation_is_in_the_log()
    {
        foreach (var (member, line) in new[] { ("A", 1), ("B", 2), ("D", 1) })
        {
            var why = await Why(member, line);
            why!.Missing.ShouldBeEmpty();
            why.Evidence.ShouldNotBeEmpty();
            why.Explanation.Steps.ShouldAllBe(s => s.Citations.Count > 0);
        }
    }

    [Fact]
    public async Task a_line_allocated_again_says_from_what_to_what()
    {
        var order = await SettledOrder.Told();
        var settledAt = (await order.Store.Head()).Position;
        await order.Reallocate(Quantity.Of(6), "the vendor has only six.");
        var why = await Why(order, "A", 2, new PointInHistory.Latest());
        Said(why, "reallocation").ShouldContain("A went from 5 to 3 RM, from $41.67 to $25.00.");
        Said(why, "case-filling").ShouldContain("Of these 6 RM will come.");
        var before = await Why(order, "A", 2, new PointInHistory.AtPosition(settledAt));
        before!.Explanation.Answer.ShouldStartWith("A receives 5 RM", Case.Sensitive, "as of then it was so");
    }

    [Fact]
    public async Task there_is_nothing_to_explain_before_the_order_is_settled_or_about_strangers()
    {
        var order = await SettledOrder.Told();
        (await Why(order, "A", 1, new PointInHistory.AtPosition(order.ClosedAt))).ShouldBeNull();
        (await Why("Z", 1)).ShouldBeNull();
        (await Why("D", 2)).ShouldBeNull();
        (await Why("A", 9)).ShouldBeNull();
        var incomplete = new Dictionary<string, string>(StringComparer.Ordinal) { ["order"] = "JO-1" };
        (await new WhyThisNumber(order.Store, [new AllocationExplained()]).Explain(
            SettledOrder.Tenant, "joint-order-share", incomplete, new PointInHistory.Latest())).ShouldBeNull();
    }

    private static async Task<ExplainedNumber?> Why(string member, int line) =>
        await Why(await SettledOrder.Told(), member, line, new PointInHistory.Latest());

    private static Task<ExplainedNumber?> Why(SettledOrder order, string member, int line, PointInHistory point) =>
        new WhyThisNumber(order.Store, [new AllocationExplained()]).Explain(
            SettledOrder.Tenant, "joint-order-share",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["order"] = SettledOrder.Order.Value,
                ["member"] = member,
                ["line"] = $"{line}",
            },
            point);

    private static string Said(ExplainedNumber? why, string topic) =>
        string.Join(' ', why!.Explanation.Steps.Single(s => s.Topic == topic).Sentences);
}
