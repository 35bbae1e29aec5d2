using Shouldly;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.Tests.Host;

/// <summary>Each member reads what it is told, page by page, and nobody reads another member's notices.</summary>
public sealed class NoticeRouteTests : IAsyncLifetime
{
    private ServiceOnMemory service = null!;

    public async ValueTask InitializeAsync() => service = await ServiceOnMemory.Start();

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task everyone_who_had_committed_reads_that_the_order_was_cancelled()
    {
        using var staff = await service.Contracted("M-001", "M-002", "M-003");
        await staff.Open("C-1", "JO-1");
        await staff.Open("C-1", "JO-2");
        using var one = await service.Buyer("M-001");
        using var two = await service.Buyer("M-002");
        using var three = await service.Buyer("M-003");
        (await one.Commit("JO-1", "M-001", 40)).ShouldBe(200);
        (await two.Commit("JO-1", "M-002", 40)).ShouldBe(200);
        (await two.Commit("JO-2", "M-002", 40)).ShouldBe(200);
        foreach (var order in new[] { "JO-1", "JO-2" })
            (await staff.Post($"joint-orders/{order}/cancellation", new Because("The vendor has gone out of business."))).ShouldBe(200);

        Orders(await one.Get("members/M-001/notices")).ShouldBe(["JO-1 orderCancelled"]);
        Orders(await two.Get("members/M-002/notices")).ShouldBe(["JO-1 orderCancelled", "JO-2 orderCancelled"]);
        Orders(await three.Get("members/M-003/notices")).ShouldBeEmpty();
        (await one.Get("members/M-002/notices")).ShouldBe(404, "not-found");
        using var vendor = await service.As(OrgRef.Of(new VendorId("V-paper")), Roles.Vendor);
        (await vendor.Get("members/M-001/notices")).ShouldBe(403, "forbidden");
        using var auditor = await service.Auditor();
        Orders(await auditor.Get("members/M-001/notices")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task a_cursor_leads_through_all_of_them_once()
    {
        using var staff = await service.Contracted("M-001");
        await staff.Open("C-1", "JO-1");
        using var buyer = await service.Buyer("M-001");
        (await buyer.Commit("JO-1", "M-001", 40)).ShouldBe(200);
        for (var day = 2; day < 7; day++)
        {
            (await staff.Post("joint-orders/JO-1/extension", new LaterCutoff(DateTimeOffset.UtcNow.AddDays(day), $"Day {day}.")))
                .ShouldBe(200);
        }

        var (seen, next) = (new List<long>(), "members/M-001/notices?limit=2");
        while (next is not null)
        {
            var page = (await buyer.Get(next)).ShouldBe(200).Body!;
            seen.AddRange(page["items"]!.AsArray().Select(n => n!["position"]!.GetValue<long>()));
            next = page["next"]?.GetValue<string>();
        }

        seen.Count.ShouldBe(5);
        seen.ShouldBeInOrder(SortDirection.Ascending);
        seen.Distinct().Count().ShouldBe(5);
        (await buyer.Get("members/M-001/notices?limit=0")).ShouldBe(400, "malformed");
        service.Models.StuckAt = 1;
        (await buyer.Get("members/M-001/notices", ("X-At-Least-Position", "9"))).ShouldBe(503, "position-not-reached");
    }

    private static IReadOnlyList<string> Orders(Heard heard) =>
        [.. heard.ShouldBe(200).Body!["items"]!.AsArray().Select(n => $"{n!["order"]} {n["kind"]}")];
}
