using System.Globalization;
using System.Text.Json.Nodes;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Host;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>
/// A node on a database of its own, and what a scenario starts from: contracts with prices, members with a site and an agreement,
/// joint orders, everything over HTTP as the people would do it.
/// </summary>
public class Stage(DatabaseServer server) : IAsyncLifetime
{
    internal const string Paper = "PAPER-20LB";

    internal static readonly AccountCode Supplies = AccountCode.TryParse("UFARS", "01-005-203-000-401-000")!;

    private static int numbers;
    private Front? front;
    private Node? node;
    private Caller? staff;

    internal Node Node => node!;

    internal Settings Settings => node!.Settings;

    internal Caller Staff => staff!;

    internal Front Front => front!;

    internal IServiceProvider Services => front!.Services;

    /// <summary>Today where the members are.</summary>
    internal static DateOnly Today => BusinessCalendar.LocalDate(DateTimeOffset.UtcNow);

    public async ValueTask InitializeAsync()
    {
        var settings = new Settings { ConnectionString = await server.NewDatabase(), Tenant = "mn", Engine = TestedEngine.Here };
        node = await Node.Open(Adjust(settings), run: true, default);
        front = await Front.Open(node);
        staff = await As(OrgRef.Of(new CooperativeId("SSC")), Roles.Coordinator, Roles.Operator);
    }

    public async ValueTask DisposeAsync()
    {
        staff?.Dispose();
        if (front is not null) await front.DisposeAsync();
        if (node is not null) await node.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected virtual Settings Adjust(Settings settings) => settings;

    /// <summary>A name that no other scenario of this run uses, e.g. <c>JO-7</c>.</summary>
    internal static string New(string prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Interlocked.Increment(ref numbers):000}");

    internal async Task<Caller> As(OrgRef organization, params string[] roles)
    {
        var (token, keyId) = await Key(organization, roles);
        return new(Front, token, keyId);
    }

    internal Task<Caller> Vendor(string vendor) => As(OrgRef.Of(new VendorId(vendor)), Roles.Vendor);

    internal Task<Caller> Auditor() => As(new(OrganizationKind.State, "MN"), Roles.Auditor);

    internal async Task<(string Token, string KeyId)> Key(OrgRef organization, params string[] roles)
    {
        var (token, facts) = ApiKeysApi.Make(new(organization, [.. roles], "test"));
        (await Node.Commands.Handle<ApiKey, ApiKey.Command, ApiKey.State, ApiKey.Event>(
            new("mn", "test", "test", DateTimeOffset.UtcNow), facts.KeyId, new ApiKey.Command.Issue(facts), default))
                .ShouldBeOfType<CommandOutcome.Done>();
        return (token, facts.KeyId);
    }

    /// <summary>
    /// A contract for copy paper with a vendor of its own that picks its orders up: cartons in cases of 40, $41.90, from 200 on $39.75.
    /// </summary>
    internal async Task<(string Contract, string Vendor)> Award(bool pickUp = true)
    {
        var (contract, vendor) = (New("C"), New("V"));
        (await Staff.Post("vendors", new Vendor.Command.Register(new(vendor), "Whitewater Paper Supply", new(30)))).ShouldBe(201);
        if (pickUp) (await Staff.Put($"vendors/{vendor}/order-channel", new OrderChannel(OrderChannelKind.ApiPickup))).ShouldBe(200);
        (await Staff.Post("contracts", new ContractAward(new(contract), Terms(vendor), Trading))).ShouldBe(201);
        (await Staff.Post($"contracts/{contract}/price-schedules", new SchedulePublication(new(1, Today, [PaperPrices])))).ShouldBe(201);
        return (contract, vendor);
    }

    internal static ScheduleLine PaperPrices => new(
        new(Paper), "Copy paper 8.5 x 11, 20 lb, carton of 10 reams", "XCT", Quantity.Of(40), Quantity.Of(1),
        [new(Quantity.Zero, UnitPrice.FromDollars(41.90m)), new(Quantity.Of(200), UnitPrice.FromDollars(39.75m))]);

    internal static TradingTerms Trading => new(
        "Copy paper", ContractScope.Cooperative, new(FeePayer.Vendor, 150), BillingMode.VendorDirect,
        new("FOB destination, freight prepaid"));

    internal static AwardTerms Terms(string vendor) => new(
        new(vendor), new("SSC"), new(AuthorityKind.JointPowersBid, "Minn. Stat. 471.345 subd. 15(b); 471.59"),
        Today.AddDays(-30), Today.AddYears(1), new("RFB 2026-04", Today.AddDays(-90), Today.AddDays(-60), 4));

    /// <summary>A member with a site, its agreement to the contract, and its buyer.</summary>
    internal async Task<Member> Join(string contract, string prefix = "M")
    {
        var number = New(prefix);
        (await Staff.Post("members", new Membership.Member.Command.Admit(
            new(number), new("SSC"), new("A district", MemberType.Education, MemberKind.SchoolDistrict, "Olmsted", true)))).ShouldBe(201);
        (await Staff.Post($"members/{number}/sites", new Membership.Member.Command.AddSite(
            new($"{number}-HS"), new("High School", new(["100 Main Street"], "Rochester", "55901"))))).ShouldBe(201);
        (await Staff.Put(
            $"contracts/{contract}/participations/{number}",
            new AgreementEntry(Today.AddDays(-10), ContractScope.Cooperative, Today.AddDays(-10)))).ShouldBe(200);
        var (token, keyId) = await Key(OrgRef.Of(new MemberNo(number)), Roles.MemberBuyer, Roles.MemberApprover);
        return new(number, token, new(Front, token, keyId));
    }

    /// <summary>A plan for one line of paper.</summary>
    internal static OrderPlanEntry Plan(string order, string contract, DateTimeOffset cutoff, OrderPolicies? policies = null) => new(
        new(order), "Copy paper, winter", new(contract), new("SSC"), OrderScope.Cooperative,
        [new(1, new(Paper), AllocationPolicy.ProRata, null)], cutoff, policies);

    /// <summary>A joint order, open until a time from now and seen on the board.</summary>
    internal async Task<(string Order, DateTimeOffset Cutoff)> Open(string contract, TimeSpan until, OrderPolicies? policies = null)
    {
        var (order, cutoff) = (New("JO"), DateTimeOffset.UtcNow + until);
        (await Staff.Post("joint-orders", Plan(order, contract, cutoff, policies))).ShouldBe(201);
        var opened = await Staff.Post($"joint-orders/{order}/opening", null);
        if (opened.Status == 409 && until < TimeSpan.FromMinutes(1)) return await Open(contract, until * 2, policies); // a busy machine
        opened.ShouldBe(200);
        (await Staff.Get($"joint-orders/{order}/board", ("X-At-Least-Position", opened.Position))).ShouldBe(200);
        return (order, cutoff);
    }

    /// <summary>
    /// A joint order to which a member has committed, soon to be closed. On a busy machine a second can be too short to commit in: then
    /// another order stays open for longer.
    /// </summary>
    internal async Task<(string Order, Heard Committed)> Pool(string contract, Member member, long quantity)
    {
        for (var until = TimeSpan.FromSeconds(1); ; until *= 2)
        {
            var (order, _) = await Open(contract, until);
            var answer = await member.Commit(order, quantity);
            if (answer.Status == 200) return (order, answer);
            answer.ShouldBe(409, "refusal:order-closed");
            until.ShouldBeLessThan(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>The order, as soon as it is in a phase.</summary>
    internal async Task<Heard> Reaches(string order, string phase)
    {
        Heard? seen = null;
        await Until.True(
            async () =>
            {
                seen = (await Staff.Get($"joint-orders/{order}")).ShouldBe(200);
                return seen.Text("phase") == phase;
            },
            $"{order} should be {phase}");
        return seen!;
    }

    /// <summary>The facts of one type on a stream, as an auditor lists them, as soon as there is one.</summary>
    internal async Task<IReadOnlyList<JsonNode>> Recorded(string stream, string type)
    {
        IReadOnlyList<JsonNode> found = [];
        await Until.True(
            async () =>
            {
                found = (await Staff.Get($"audit/events?stream={stream}&type={type}&limit=1000")).ShouldBe(200).Items;
                return found.Count > 0;
            },
            $"{type} on {stream}");
        return found;
    }

    /// <summary>A member of a scenario.</summary>
    internal sealed record Member(string Number, string Token, Caller Buyer) : IDisposable
    {
        public string Site => $"{Number}-HS";

        public static string Route(string order, string number) => $"joint-orders/{order}/commitments/{number}";

        public CommitmentLine Line(long quantity, long tolerance = 0) =>
            new(1, new(Site), Quantity.Of(quantity), Quantity.Of(tolerance), [new(Supplies, AccountSplit.Whole)]);

        public Task<Heard> Commit(string order, long quantity, long tolerance = 0, params (string Name, string Value)[] headers) =>
            Buyer.Put(Route(order, Number), new CommitmentEntry([Line(quantity, tolerance)]), headers);

        public void Dispose() => Buyer.Dispose();
    }
}

/// <summary>Short ways into an answer's JSON.</summary>
internal static class Reading
{
    public static string? Text(this Heard answer, string member) => (string?)answer.Body![member];

    public static string Dollars(this JsonNode? money) => (string)money!["amount"]!;

    public static decimal Number(this JsonNode? node) => (decimal)node!;
}
