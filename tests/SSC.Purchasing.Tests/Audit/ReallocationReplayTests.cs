using Shouldly;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Host;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using SSC.Purchasing.Tests.Sagas;
using Xunit;
using static SSC.Purchasing.Tests.Sagas.DeliveryStory;
using static SSC.Purchasing.Tests.Sagas.JointOrderStory;

namespace SSC.Purchasing.Tests.Audit;

/// <summary>
/// What a line is allocated again to is what the vendor agreed to deliver or what came to the central site: replay reads it there, so
/// that a total, a price or a receipt that somebody altered is found.
/// </summary>
public class ReallocationReplayTests
{
    private static readonly EventCatalogue Catalogue = EventCatalogue.Of(Modules.Assemblies);

    [Fact]
    public async Task what_came_to_the_warehouse_comes_out_again()
    {
        var report = await Replay((await Short()).Bed.Store);
        report.FirstDifferences.ShouldBeEmpty();
        report.FirstProblems.ShouldBeEmpty();
        report.Kinds.Single(k => k.Kind == "arriving").Decisions.ShouldBe(1);
    }

    [Fact]
    public async Task what_the_vendor_agreed_to_comes_out_again()
    {
        var story = await (await Begin()).OpenOrder();
        await story.Commit("M-001", 120);
        await story.Commit("M-002", 80);
        await story.Bed.AdvanceTo(Cutoff);
        await story.Answer(Whitewater, ResponseCode.CA, new LineAnswer(1, LineAnswerCode.Propose, Quantity.Of(160)));
        await story.PurchaseOrderCommand(Whitewater, new PurchaseOrder.Command.AcceptChange(1));
        var report = await Replay(story.Bed.Store);
        report.FirstDifferences.ShouldBeEmpty();
        report.Kinds.Single(k => k.Kind == "arriving").Decisions.ShouldBe(1);
        var log = DoctoredLog.Forged(
            story.Bed.Store, Catalogue, "purchase_order_response_recorded", "\"quantity\":160", "\"quantity\":170");
        (await log.Altered()).ShouldBe(1);
        (await Replay(log)).FirstDifferences.Select(d => d.Kind).ShouldContain("arriving");
    }

    [Theory]
    [InlineData("joint_order_line_reallocated", "\"ordered\":131", "\"ordered\":130", "arriving")]
    [InlineData("joint_order_line_reallocated", "\"price\":39750000", "\"price\":39740000", "tier")]
    [InlineData("delivery_damage_reported", "\"quantity\":69", "\"quantity\":68", "arriving")]
    [InlineData("delivery_received", "\"accepted\":131", "\"accepted\":130", "receipt-split")]
    public async Task a_figure_that_someone_altered_is_found(string type, string honest, string forged, string kind)
    {
        var log = DoctoredLog.Forged((await Short()).Bed.Store, Catalogue, type, honest, forged);
        (await log.Altered()).ShouldBe(1);
        (await Replay(log)).FirstDifferences.Select(d => d.Kind).ShouldContain(kind);
    }

    /// <summary>Two hundred cartons for a warehouse, of which 69 come damaged.</summary>
    private static async Task<JointOrderStory> Short()
    {
        var story = await Warehouse();
        await story.Receive("SSC-WH", "PS-1", 131);
        await story.Tell("SSC-WH", new Delivery.Command.ReportDamage("X-1", 1, Quantity.Of(69), false, null));
        return story;
    }

    private static Task<ReplayReport> Replay(IEventStore log) =>
        new ReplayCheck(log, Modules.Aggregates, Modules.Checks, TimeProvider.System).Run(ReplayScope.All);
}
