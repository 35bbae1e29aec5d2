using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using Xunit;
using static SSC.Purchasing.Tests.Sagas.JointOrderStory;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>Cities and counties have charts of their own; a budget belongs to one account of one chart.</summary>
public class AccountSchemeStories
{
    private static readonly AccountCode City = Account with { Scheme = "CITY" };

    [Fact]
    public async Task an_order_sets_money_aside_on_the_chart_it_is_booked_to_and_gives_it_back_there()
    {
        var story = await (await Begin()).OpenOrder();
        await story.SetBudget("M-001", 9_000);
        await story.SetBudget("M-001", 8_000, City);
        (await story.TryCommit("M-001", 200, account: City)).ShouldBeOfType<CommandOutcome.Done>();
        await story.Bed.AdvanceTo(Cutoff);
        (await story.Encumbered("M-001", City)).ShouldBe(Money.FromDollars(7_950));
        (await story.Encumbered("M-001")).ShouldBe(Money.Zero);
        await story.Coordinator(new JointOrder.Command.Cancel("budget freeze"));
        (await story.Encumbered("M-001", City)).ShouldBe(Money.Zero);
    }
}
