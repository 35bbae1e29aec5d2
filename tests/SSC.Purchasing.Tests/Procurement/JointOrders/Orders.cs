using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Tests.Procurement.JointOrders;

/// <summary>Orders and commitments that specs start from, named after the situation.</summary>
internal static class Orders
{
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 15, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Friday = new(2026, 3, 6, 23, 0, 0, TimeSpan.Zero);
    public static readonly AccountCode Supplies = new("UFARS", ["01", "005", "203", "000", "401", "000"]);

    public static ScheduleLine Paper(long caseSize = 40) => new(
        new("PAPER-20LB"), "Copy paper, carton of 10 reams", "XCT", Quantity.Of(caseSize), Quantity.Of(1),
        [Tier(0, 41.90m), Tier(200, 39.75m), Tier(840, 37.85m)]);

    public static ScheduleLine Item(long caseSize, decimal price) => new(
        new("ITEM"), "Item", "EA", Quantity.Of(caseSize), Quantity.Of(1), [Tier(0, price)]);

    public static Tier Tier(long from, decimal price) => new(Quantity.Of(from), UnitPrice.FromDollars(price));

    public static OrderLine Line(ScheduleLine item, AllocationPolicy policy = AllocationPolicy.ProRata, int lineNo = 1) =>
        new(lineNo, item, policy, item.Increment);

    public static OrderTerms Terms(OrderLine line, OrderPolicies? policies = null) => Terms([line], policies);

    public static OrderTerms Terms(StructuralList<OrderLine> lines, OrderPolicies? policies = null) => new(
        "Paper, spring", new("C-paper"), new("V-whitewater"), [new("V-second")], new("SSC"), OrderScope.Cooperative, 1, lines, Friday,
        policies ?? new());

    public static CommitmentAtClose Commits(
        string member, long quantity, long tolerance =
            0, decimal? maxPrice = null, long position = 0, int priority = 0, decimal committed = 1_000_000m) =>
        new(
            new(member), priority, 1,
            [
                new(
                    1, Quantity.Of(quantity), Quantity.Of(tolerance), maxPrice is { } p ? UnitPrice.FromDollars(p) : null,
                    [new(new($"{member}-A"), Quantity.Of(quantity))],
                    quantity == 0 ? [] : [new(position, Quantity.Of(quantity))]),
            ],
            Money.FromDollars(committed), null, null, true);

    public static SettlementBasis Basis(bool final = false) =>
        new(10, [], 3, SettlementRules.CurrentVersion, Money.FromDollars(25_000), final);

    public static SettlementInput Input(OrderTerms terms, params CommitmentAtClose[] commitments) =>
        new(terms, 1, [.. commitments], StructuralMap<int, Quantity>.Empty, [], false, Basis());
}
