using System.Globalization;
using System.Security.Cryptography;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using MemberFacts = SSC.Purchasing.Membership.MemberFacts;

namespace SSC.Purchasing.Benchmarks.Budgets;

/// <summary>A cooperative for measuring: a contract of so many items, members with a site, a participation and an API key each.</summary>
internal sealed class World(OpenStore node, int members, int items)
{
    public static readonly ContractId Contract = new("C-bench");
    public static readonly VendorId Vendor = new("V-bench");
    public static readonly CooperativeId Cooperative = new("SSC");

    private readonly string[] tokens = new string[members];

    public string Token(int member) => tokens[member];

    public static MemberNo Member(int number) => new(string.Create(CultureInfo.InvariantCulture, $"M-{number:0000}"));

    public static SiteId Site(int number) => new($"{Member(number)}-A");

    public static AccountCode Account { get; } = new("UFARS", ["01", "005", "203", "000", "401", "000"]);

    public static StructuralList<ScheduleLine> Schedule(int items) => Enumerable.Range(1, items).Select(i => new ScheduleLine(
        new(string.Create(CultureInfo.InvariantCulture, $"ITEM-{i:000}")), "Copy paper, carton of 10 reams", "XCT",
        Quantity.Of(40), Quantity.Of(1),
        [new(Quantity.Zero, UnitPrice.FromDollars(41.90m)), new(Quantity.Of(840), UnitPrice.FromDollars(39.75m))])).ToStructuralList();

    public static StructuralList<CommitmentLine> Lines(int member, int lines, long quantity) => Enumerable.Range(1, lines)
        .Select(l => new CommitmentLine(l, Site(member), Quantity.Of(quantity + (l * 7 % 20)), Quantity.Of(3), Whole))
        .ToStructuralList();

    private static StructuralList<AccountSplit> Whole { get; } = [new(Account, AccountSplit.Whole)];

    public async Task Make()
    {
        await node.Given($"cooperative-{Cooperative}", new Cooperative.Event.Registered(MinnesotaCooperatives.Find(Cooperative)!));
        await node.Given(
            $"vendor-{Vendor}", new Vendor.Event.Registered(Vendor, "Vendor for measuring", new(35)),
            new Vendor.Event.OrderChannelSet(new(OrderChannelKind.ApiPickup)));
        await node.Given(
            $"contract-{Contract}",
            new Contract.Event.Awarded(
                new(
                    Vendor, Cooperative, new(AuthorityKind.JointPowersBid, "Minn. Stat. 471.345 subd. 15(b)"), Today.AddDays(-300),
                    Today.AddDays(300)),
                new("Supplies", ContractScope.Statewide, new(FeePayer.Vendor, 100), BillingMode.VendorDirect, new("FOB destination"))),
            new Contract.Event.PriceSchedulePublished(Vendor, new(1, Today.AddDays(-300), Schedule(items)), []));
        await Task.WhenAll(Enumerable.Range(0, members).Select(Admit));
    }

    /// <summary>Plans an order of every item and opens it.</summary>
    public async Task<JointOrderId> OpenOrder(string id, DateTimeOffset cutoff)
    {
        var orders = new OpenJointOrder(node.Commands);
        var plan = new OrderPlan(
            "For measuring", Contract, Cooperative, OrderScope.Cooperative,
            Schedule(items).Select((item, i) => new PlannedLine(i + 1, item.Item, AllocationPolicy.ProRata, null)).ToStructuralList(),
            cutoff, new());
        Done(await orders.Plan(OpenStore.Context, new(id), plan, CancellationToken.None));
        Done(await orders.Open(OpenStore.Context, new(id), CancellationToken.None));
        return new(id);
    }

    public static void Done(CommandOutcome outcome)
    {
        if (outcome is not CommandOutcome.Done) throw new InvalidOperationException($"Not done: {outcome}");
    }

    private static DateOnly Today => DateOnly.FromDateTime(DateTime.UtcNow);

    private async Task Admit(int number)
    {
        var member = Member(number);
        var facts = new MemberFacts($"District {member}", MemberType.Education, MemberKind.SchoolDistrict, "Olmsted", true);
        await node.Given(
            $"member-{member}", new Member.Event.Admitted(member, Cooperative, facts),
            new Member.Event.SiteAdded(Site(number), new("High School", new(["1 School Street"], "Rochester", "55901"))));
        await node.Given(
            $"participation-{Participation.Key(Contract, member)}",
            new Participation.Event.Joined(new(Contract, member, Today.AddDays(-310), ContractScope.Statewide, Today.AddDays(-300))));
        var secret = RandomNumberGenerator.GetBytes(ApiKeySecret.SecretLength);
        var keyId = string.Create(CultureInfo.InvariantCulture, $"bench-{number}");
        await node.Given($"api-key-{keyId}", new ApiKey.Event.Issued(new(
            keyId, ApiKeySecret.HashOf(secret), new(OrganizationKind.Member, member.Value), [Roles.MemberApprover, Roles.MemberBuyer],
            "measuring")));
        tokens[number] = ApiKeySecret.Format(keyId, secret);
    }
}
