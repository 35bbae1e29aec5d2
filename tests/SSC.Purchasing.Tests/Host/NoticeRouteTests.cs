using Shouldly;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
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
    public async Task a_member_reads_what_its_pool_its_board_and_its_orders_tell_it_in_one_list()
    {
        using var staff = await service.Contracted("M-001", "M-002");
        await staff.Open("C-1", "JO-1");
        using var one = await service.Buyer("M-001");
        using var two = await service.Buyer("M-002");
        (await one.Commit("JO-1", "M-001", 40)).ShouldBe(200);
        (PoolId pool, MemberNo member, var day) = (new("SCHOOL"), new("M-001"), new DateOnly(2026, 10, 18));
        await service.Given(
            "pool-participation-SCHOOL:M-001", new PoolParticipation.Event.Applied(day, null) { Pool = pool, Member = member },
            new PoolParticipation.Event.JoinderSigned(new(2025, 1, 1), LiabilityRegime.PremiumOnly, new())
            {
                Pool = pool, Member = member,
            });
        await service.Given("pool-year-SCHOOL:2027", new PoolYear.Event.RatesAdopted(1, new(new("R-1"), "2026-1", day)));
        await service.Given(
            "renewal-offer-SCHOOL:2027:M-001", new RenewalOffer.Event.Reminded(1) { Pool = pool, Year = 2027, Member = member });
        (await staff.Post("joint-orders/JO-1/cancellation", new Because("The vendor has gone out of business."))).ShouldBe(200);
        await service.Given(
            "board-SSC", new Board.Event.AttendanceRecorded("BM-2026-03", day, StructuralMap<PersonId, Attendance>.Empty));

        Kinds(await one.Get("members/M-001/notices")).ShouldBe(["ratesAdopted", "renewalReminded", "orderCancelled", "boardMet"]);
        Kinds(await two.Get("members/M-002/notices")).ShouldBe(["boardMet"]);
        var (seen, next) = (new List<string>(), "members/M-001/notices?limit=1");
        while (next is not null)
        {
            var page = (await one.Get(next)).ShouldBe(200);
            seen.AddRange(Kinds(page));
            next = page.Body!["next"]?.GetValue<string>();
        }

        seen.ShouldBe(["ratesAdopted", "renewalReminded", "orderCancelled", "boardMet"], "page by page");
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

    private static IReadOnlyList<string> Kinds(Heard heard) =>
        [.. heard.ShouldBe(200).Body!["items"]!.AsArray().Select(n => (string)n!["kind"]!)];

    private static IReadOnlyList<string> Orders(Heard heard) =>
        [.. heard.ShouldBe(200).Body!["items"]!.AsArray().Select(n => $"{n!["order"]} {n["kind"]}")];
}
