using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using Xunit;
using static SSC.Purchasing.Tests.Sagas.JointOrderStory;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>What a governing body allows in a fiscal year on a contract, over all of its orders.</summary>
public class YearlyLimitStories
{
    private static readonly JointOrderId Second = new("JO-2");

    [Fact]
    public async Task what_a_member_commits_over_all_orders_of_the_year_stays_within_its_limit()
    {
        var story = await Limited(8_380m);
        (await story.TryCommit("M-001", 120)).ShouldBeOfType<CommandOutcome.Done>();
        var no = (await story.TryCommit("M-001", 81, order: Second)).ShouldBeOfType<CommandOutcome.Refused>().Refusal;
        no.Code.ShouldBe("year-limit-exceeded");
        no.Reason.ShouldContain("$5028.00 is committed already");
        (await story.TryCommit("M-001", 80, order: Second)).ShouldBeOfType<CommandOutcome.Done>();
        Refusal(await story.TryCommit("M-001", 121)).ShouldBe("year-limit-exceeded", "a revision counts what it becomes");
        (await story.TryCommit("M-001", 40)).ShouldBeOfType<CommandOutcome.Done>();
        (await story.TryCommit("M-002", 400)).ShouldBeOfType<CommandOutcome.Done>();
    }

    [Fact]
    public async Task a_cancelled_order_gives_its_share_of_the_year_back()
    {
        var story = await Limited(8_380m);
        await story.Commit("M-001", 200);
        Refusal(await story.TryCommit("M-001", 40, order: Second)).ShouldBe("year-limit-exceeded");
        await story.Coordinator(new JointOrder.Command.Cancel("recall"));
        (await story.TryCommit("M-001", 200, order: Second)).ShouldBeOfType<CommandOutcome.Done>();
    }

    [Fact]
    public async Task a_new_fiscal_year_begins_with_nothing_committed()
    {
        var story = await Limited(8_380m, BusinessCalendar.InstantOf(new(2026, 7, 2), new(12, 0)));
        await story.Commit("M-001", 200);
        story.Bed.Clock.Now = BusinessCalendar.InstantOf(new(2026, 6, 30), new(23, 59));
        Refusal(await story.TryCommit("M-001", 40, order: Second)).ShouldBe("year-limit-exceeded");
        story.Bed.Clock.Now = BusinessCalendar.InstantOf(new(2026, 7, 1), new(0, 0));
        (await story.TryCommit("M-001", 200, order: Second)).ShouldBeOfType<CommandOutcome.Done>();
    }

    [Fact]
    public async Task of_two_commitments_at_once_that_fit_only_one_by_one_the_second_is_refused()
    {
        var story = await Limited(8_380m);
        Task<CommandOutcome>? other = null;
        story.Bed.Store.Interfere = append =>
        {
            if (other is not null || !append.Stream.StartsWith("commitment-JO-1", StringComparison.Ordinal)) return null;
            other = story.TryCommit("M-001", 200, order: Second); // decided and recorded between the first one's reading and its append
            return null;
        };
        Refusal(await story.TryCommit("M-001", 200)).ShouldBe("year-limit-exceeded");
        (await other!).ShouldBeOfType<CommandOutcome.Done>();
    }

    private static async Task<JointOrderStory> Limited(decimal perYear, DateTimeOffset? cutoff = null)
    {
        var story = await (await Begin()).OpenOrder();
        await story.Bed.Given(
            $"participation-{Participation.Key(PaperContract, new("M-001"))}",
            new Participation.Event.LimitsSet(new(Money.FromDollars(perYear), null)));
        return await story.OpenAnother(Second, new(
            "Paper again", PaperContract, new("SSC"), OrderScope.Cooperative,
            [new(1, new("PAPER-20LB"), AllocationPolicy.ProRata, null)], cutoff ?? Cutoff, new()));
    }
}
