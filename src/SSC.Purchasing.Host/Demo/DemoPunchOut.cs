using System.Security.Cryptography;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PunchOuts;

namespace SSC.Purchasing.Host.Demo;

/// <summary>
/// A basket that came back from a vendor's shop this morning and waits for its member: the four packs of lamps that the pool lacks to its
/// next tier. The shop itself is not part of the demo, so nobody is let in again.
/// </summary>
internal static class DemoPunchOut
{
    /// <summary>The order that the basket is for.</summary>
    public const string Title = "LED lamps — open";

    /// <summary>How the vendor's shop names itself.</summary>
    public static readonly ShopIdentity Shop = new("NetworkID", "AN-DEMO-LAKESHORE");

    /// <summary>The site that the lamps are for.</summary>
    public static readonly SiteId Site = new("M-001-HS");

    private const int Packs = 4;

    /// <summary>Id of the visit.</summary>
    public static string Session { get; } = PunchOutApi.SessionOf("the cookie of the demo's one visit to a shop");

    /// <summary>Into the shop, and back with a basket.</summary>
    public static IEnumerable<Happening> Plan(IReadOnlyList<DemoMember> members, IReadOnlyList<DemoOrder> orders, DateTimeOffset now)
    {
        var order = orders.First(o => o.Title.StartsWith(Title, StringComparison.Ordinal));
        var member = members.First(m => m.Sites.Any(s => s.Id == Site));
        return
        [
            new(now.AddHours(-3), s => s.GoShopping(member, order)),
            new(now.AddHours(-2), s => s.BringBasket(order, Quantity.Of(Packs))),
        ];
    }
}

/// <content>A member in a vendor's shop.</content>
internal sealed partial class DemoStage
{
    /// <summary>The shop lets the member in.</summary>
    public async Task GoShopping(DemoMember member, DemoOrder order)
    {
        var context = As(member.Buyer);
        var (standing, facts) = await committing.Judged(context, order.Id, member.No, default);
        await Done(
            Visit(context, new PunchOutSession.Command.Open(
                order.Contract.Vendor.Id, DemoPunchOut.Shop, "shop.lakeshore.example", DemoPunchOut.Site, standing, facts, Now)),
            about: order);
    }

    /// <summary>The member's browser brings a basket of the order's first item back.</summary>
    public async Task BringBasket(DemoOrder order, Quantity quantity)
    {
        var pooled = await commands.Load<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(
            tenant, order.Id.Value, true);
        var standing = OrderStanding.Of(order.Id, pooled.State);
        var item = standing.Lines[0].Item;
        var basket = new Basket(
            Convert.ToHexStringLower(SHA256.HashData("the demo's basket"u8)),
            [new(1, item.Item, quantity, item.Unit, item.Tiers[0].Price, item.Description)], []);
        await Done(
            Visit(As("system:punch-out"), new PunchOutSession.Command.Return([DemoPunchOut.Shop], basket, standing, Now)), about: order);
    }

    private Task<CommandOutcome> Visit(CommandContext context, PunchOutSession.Command command) =>
        commands.Handle<PunchOutSession, PunchOutSession.Command, PunchOutSession.State, PunchOutSession.Event>(
            context, DemoPunchOut.Session, command, default);
}
