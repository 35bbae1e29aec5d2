using Shouldly;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Host;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Tests.Sagas;
using Xunit;
using static SSC.Purchasing.Tests.Sagas.JointOrderStory;

namespace SSC.Purchasing.Tests.Audit;

/// <summary>The rejection of a price above schedule is a stored decision like any other: replay computes it again.</summary>
public class PriceRiseCheckTests
{
    private static readonly EventCatalogue Catalogue = EventCatalogue.Of(Modules.Assemblies);

    [Fact]
    public async Task a_rejected_rise_and_an_open_fall_come_out_again_and_are_counted()
    {
        var story = await Answered(42.00m, 39.00m);
        var report = await Replay(story.Bed.Store);
        report.FirstDifferences.ShouldBeEmpty();
        report.Kinds.Single(k => k.Kind == "price-above-schedule").Decisions.ShouldBe(2);
        Modules.Checks.ShouldContain(c => c is PriceRiseCheck);
    }

    [Fact]
    public async Task a_rise_that_someone_made_look_like_a_fall_is_found()
    {
        var story = await Answered(42.00m);
        var log = DoctoredLog.Forged(story.Bed.Store, Catalogue, "purchase_order_response_recorded", "42000000", "32000000");
        (await Replay(log)).FirstDifferences.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            d => d.Kind.ShouldBe("price-above-schedule"),
            d => (d.Stored, d.Recomputed).ShouldBe(("rejected", "left to the buyer")));
    }

    [Fact]
    public async Task a_rejection_that_someone_made_look_automatic_is_found()
    {
        var story = await Answered(39.00m);
        await story.PurchaseOrderCommand(Whitewater, new PurchaseOrder.Command.RejectChange(1, "no"));
        (await Replay(story.Bed.Store)).IsClean.ShouldBeTrue();
        var log = DoctoredLog.Forged(
            story.Bed.Store, Catalogue, "purchase_order_change_rejected", "\"automatic\":false", "\"automatic\":true");
        (await Replay(log)).FirstDifferences.ShouldHaveSingleItem().Kind.ShouldBe("price-above-schedule");
    }

    private static async Task<JointOrderStory> Answered(params decimal[] prices)
    {
        var story = await (await Begin()).OpenOrder();
        await story.Commit("M-001", 200);
        await story.Bed.AdvanceTo(Cutoff);
        foreach (var price in prices)
        {
            await story.Answer(Whitewater, ResponseCode.CA, new LineAnswer(1, LineAnswerCode.Propose, Price: UnitPrice.FromDollars(price)));
            story.Bed.Clock.Now = story.Bed.Clock.Now.AddMinutes(1);
        }

        return story;
    }

    private static Task<ReplayReport> Replay(IEventStore log) =>
        new ReplayCheck(log, Modules.Aggregates, [new SettlementCheck(), new PriceRiseCheck()], TimeProvider.System).Run(ReplayScope.All);
}
