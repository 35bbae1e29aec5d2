using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PunchOuts;
using SSC.Purchasing.Sagas;
using Read = SSC.Purchasing.Exchange.Cxml.PunchOutReturn;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A vendor's shop.</summary>
/// <param name="Url">Where it takes setup requests: absolute https.</param>
/// <param name="Buyer">Who it knows the cooperative as.</param>
/// <param name="Supplier">Who it says it is.</param>
/// <param name="SharedSecret">What it knows us by, 1 to 200 characters; never shown again. Left out, the one before holds.</param>
public sealed record ShopEntry(string Url, TradingIdentity Buyer, TradingIdentity Supplier, string? SharedSecret = null);

/// <summary>Which site is bought for, and whether a basket from before is taken along.</summary>
/// <param name="Site">A site of the member.</param>
/// <param name="Operation">A new basket unless told.</param>
/// <param name="BasketOf">Id of the visit that brought the basket back which is to be changed or looked at.</param>
public sealed record ShoppingEntry(SiteId Site, PunchOutOperation Operation = PunchOutOperation.Create, string? BasketOf = null);

/// <summary>How a basket becomes a commitment.</summary>
/// <param name="Accounts">Where it is booked; shares sum to 100 %.</param>
/// <param name="Reference">The member's own order number.</param>
/// <param name="WithoutFaulty">True to leave out what cannot be bought; else a basket with faults is refused as a whole.</param>
public sealed record BasketAcceptance(StructuralList<AccountSplit> Accounts, string? Reference = null, bool WithoutFaulty = false);

/// <summary>A visit to a vendor's shop.</summary>
/// <param name="SessionId">Its id.</param>
/// <param name="Standing"><c>shopping</c>, <c>expired</c>, <c>returned</c> or <c>accepted</c>.</param>
/// <param name="Order">The joint order that is bought on.</param>
/// <param name="Member">Who buys.</param>
/// <param name="Site">The site that it is bought for.</param>
/// <param name="Vendor">Whose shop it is.</param>
/// <param name="Shop">Host name of the shop.</param>
/// <param name="ExpiresAt">From then on no basket is taken.</param>
/// <param name="Lines">What of the basket can be bought.</param>
/// <param name="Faults">What cannot, and why.</param>
public sealed record ShoppingView(
    string SessionId, string Standing, JointOrderId Order, MemberNo Member, SiteId Site, VendorId Vendor, string Shop,
    DateTimeOffset ExpiresAt, StructuralList<BasketLine> Lines, StructuralList<BasketFault> Faults)
{
    /// <summary>What it is for.</summary>
    public PunchOutOperation Operation { get; init; }

    /// <summary>The visit whose basket was taken along.</summary>
    public string? BasketOf { get; init; }

    /// <summary>Where the member's browser goes; only while it shops, and only for the member itself: who has it is in the shop.</summary>
    public string? StartPage { get; init; }

    internal static ShoppingView Of(
        string session, PunchOutVisit visit, PunchOutSession.Event.Returned? basket, bool isAccepted, DateTimeOffset now)
    {
        var standing = isAccepted ? "accepted" : basket is not null ? "returned" : now >= visit.ExpiresAt ? "expired" : "shopping";
        return new(
            session, standing, visit.Order, visit.Member, visit.Site, visit.Vendor, visit.Shop, visit.ExpiresAt, basket?.Lines ?? [],
            basket?.Faults ?? [])
        {
            Operation = visit.Operation,
            BasketOf = visit.BasketOf,
        };
    }
}

/// <summary>
/// Punch-out: a member goes into a vendor's shop, the shop sends the basket back through the member's browser
/// (<see cref="PunchOutReturn"/>), and the member takes it into its commitment.
/// </summary>
internal static class PunchOutApi
{
    private const string Shop = "/vendors/{vendorId}/punch-out";
    private const string Visits = "/joint-orders/{orderId}/commitments/{memberNo}/punch-outs";
    private const string Visit = Visits + "/{sessionId}";
    private const string StartPage = "start-page";
    private const int LongestSecret = 200;
    private const int CookieBytes = 32;
    private const int SessionIdLength = 32;

    private static readonly AccountCode Supplies = new("UFARS", ["01", "005", "203", "000", "401", "000"]);

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Punch-out");
        api.Put<ShopEntry>(Shop, "Let members into a vendor's shop by cXML punch-out", SetShop)
            .For(Roles.Vendor, Roles.Coordinator).OfVendor()
            .Says("The shared secret is sealed beside the log and never shown.")
            .Refuses("url-not-https", "shared-secret-missing", "shared-secret-invalid", "secrets-key-missing", "vendor-unknown")
            .Example(() => new ShopEntry(
                "https://shop.vendor.example/cxml/setup", new("DUNS", "080123456"), new("DUNS", "081234567"), "correct horse battery"));
        api.Delete(Shop, "Let members into a vendor's shop no longer", EndShop).For(Roles.Vendor, Roles.Coordinator).OfVendor()
            .Refuses("vendor-unknown");
        api.Post<ShoppingEntry>(Visits, "Go into the shop of the order's vendor", Start).For(Roles.MemberBuyer).OfMember().Creates()
            .Says("The shop is asked at once; send the member's browser to `startPage`. The shop sends the basket back to "
                + "`/punch-out/return` through the browser; nothing is committed by it. Nothing is recorded when the shop says no. With "
                + "`operation` `edit` or `inspect` the basket of an earlier visit (`basketOf`) is taken along.")
            .Refuses(
                "punch-out-not-configured", "punch-out-unreachable", "punch-out-declined", "punch-out-answer-unreadable",
                "punch-out-basket-missing", "punch-out-basket-unknown", "shared-secret-missing", "unknown-site", "order-closed",
                "order-not-open", "order-held", "box-fill-only", "participation-missing", "member-kind-not-eligible",
                "order-other-cooperative")
            .Example(() => new ShoppingEntry(new("M-001-HS"))).Answers<ShoppingView>();
        api.List<ShoppingView>(Visits, "A member's visits to the shop of an order's vendor", r => r.List(
                PunchOutSessions.Instance, [("order_id", r.Text("orderId")), ("member", r.Text("memberNo"))],
                row => ShoppingView.Of(row.Key, row.Row.Visit, row.Row.Basket, row.Row.IsAccepted, r.Now)))
            .OfMember();
        api.Get<ShoppingView>(Visit, "One visit, with the basket that came back, now or as of a moment", Find).AsOf().OfMember();
        api.Post<BasketAcceptance>(Visit + "/acceptance", "Take the basket into the commitment", Accept)
            .For(Roles.MemberBuyer).OfMember()
            .Says("Its quantities replace those of the same lines at the session's site; everything else stays committed as it is. What a "
                + "commitment refuses is refused here too, and nothing of the basket is committed then.")
            .Refuses(
                "punch-out-not-returned", "punch-out-basket-empty", "punch-out-basket-faulty", "punch-out-order-changed",
                "punch-out-accepted", "order-closed", "order-held", "participation-missing", "account-missing",
                "account-splits-not-whole", "account-invalid", "reference-invalid", "order-limit-exceeded", "year-limit-exceeded")
            .Example(() => new BasketAcceptance([new(Supplies, AccountSplit.Whole)], "PO 26-1187"));
    }

    /// <summary>The session that a cookie opens: its id tells nothing of the cookie.</summary>
    internal static string SessionOf(string cookie) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cookie)))[..SessionIdLength];

    internal static Task ForgetStartPage(ApiServices services, string session, CancellationToken ct) =>
        services.Exchange.Secrets.Destroy(services.Tenant, ISecretVault.OfPunchOut(session), StartPage, ct);

    private static async Task<IResult> SetShop(ApiRequest r, ShopEntry body)
    {
        var (vendor, vault) = (r.Id<VendorId>("vendorId"), r.Services.Exchange.Secrets);
        var before = (await Load(r, vendor)).File?.PunchOut?.SecretId;
        if (body.SharedSecret is { } given && !PlainText.IsWellFormed(given, LongestSecret))
            return No("shared-secret-invalid", $"A shared secret has 1 to {LongestSecret} printable characters.");
        if (!vault.IsOpen) return WebhooksApi.WithoutKey;
        if (body.SharedSecret is null && before is null) return No("shared-secret-missing", "Give the secret that the shop knows us by.");
        var secretId = body.SharedSecret is null ? before! : $"s{RandomNumberGenerator.GetHexString(15, lowercase: true)}";
        var owner = ISecretVault.OfShop(vendor);
        if (body.SharedSecret is { } secret)
            await vault.Keep(r.Services.Tenant, owner, secretId, Encoding.UTF8.GetBytes(secret), r.Cancelled);
        var outcome = await r.Services.Commands.Handle<Vendor, Vendor.Command, Vendor.State, Vendor.Event>(
            r.Context, vendor.Value, new Vendor.Command.SetPunchOut(new(body.Url, body.Buyer, body.Supplier, secretId)), r.Cancelled);
        var unused = outcome is CommandOutcome.Done { Repeated: false } ? before : secretId;
        if (unused is not null && body.SharedSecret is not null) await vault.Destroy(r.Services.Tenant, owner, unused, r.Cancelled);
        return Answer.Of(outcome);
    }

    private static async Task<IResult> EndShop(ApiRequest r)
    {
        var vendor = r.Id<VendorId>("vendorId");
        var before = (await Load(r, vendor)).File?.PunchOut?.SecretId;
        var answer = await r.Handle<Vendor, Vendor.Command, Vendor.State, Vendor.Event>(vendor.Value, new Vendor.Command.EndPunchOut());
        if (answer.IsDone() && before is not null)
            await r.Services.Exchange.Secrets.Destroy(r.Services.Tenant, ISecretVault.OfShop(vendor), before, r.Cancelled);
        return answer;
    }

    private static async Task<IResult> Start(ApiRequest r, ShoppingEntry body)
    {
        var (order, member) = (r.Id<JointOrderId>("orderId"), r.Id<MemberNo>("memberNo"));
        var pooled = await r.Services.Commands.Load<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(
            r.Services.Tenant, order.Value, true, r.Cancelled);
        if (pooled.State.Terms is not { } terms) return Answer.NotFound;
        if (await Before(r) is { } before) return before;
        if ((await Load(r, terms.Vendor)).File?.PunchOut is not { } shop)
            return No("punch-out-not-configured", "The order's vendor has no shop that members are let into; commit by hand.");

        var (standing, facts) = await CommitmentsApi.Place(r).Judged(r.Context, order, member, r.Cancelled);
        PunchOutSession.Command.Open Opening(string host) =>
            new(terms.Vendor, new(shop.Supplier.Domain, shop.Supplier.Identity), host, body.Site, standing, facts, r.Now)
            {
                Operation = body.Operation,
                BasketOf = body.BasketOf,
            };
        if (PunchOutSession.Decide(Opening("-"), PunchOutSession.Initial) is Decision<PunchOutSession.Event>.Refused no)
            return Answer.Problem(Problem.Refused(no.Refusal));

        var basket = body.BasketOf is null ? null : await Basket(r, body, terms.Vendor);
        if (body.BasketOf is not null && basket is null)
            return No("punch-out-basket-unknown", "Name a visit of your own to this shop, for this site, that a basket came back from.");

        var cookie = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(CookieBytes));
        var session = SessionOf(cookie);
        var site = await new PartiesOfOrders(r.Services.Commands).Site(r.Services.Tenant, member, body.Site, r.Cancelled);
        var setup = new PunchOutSetup(
            $"{session}@{terms.Lead}", r.Now, cookie, PunchOutReturn.Address(r.Http, r.Services.PublicUrl), body.Operation)
        {
            ShipTo = site,
            Cart = basket,
        };
        var (startPage, why) = await r.Services.Shops.Open(r.Services.Tenant, terms.Vendor, shop, setup, r.Cancelled);
        if (startPage is null) return Answer.Problem(Problem.Refused(why!));
        await r.Services.Exchange.Secrets.Keep(
            r.Services.Tenant, ISecretVault.OfPunchOut(session), StartPage, Encoding.UTF8.GetBytes(startPage.AbsoluteUri), r.Cancelled);
        var outcome = await r.Services.Commands.Handle<
            PunchOutSession, PunchOutSession.Command, PunchOutSession.State, PunchOutSession.Event>(
            r.Context, session, Opening(startPage.Host), r.Cancelled);
        if (outcome is CommandOutcome.Done { Repeated: false } done) return await Made(r, done, session);
        await ForgetStartPage(r.Services, session, r.Cancelled);
        return outcome is CommandOutcome.Done first ? await Made(r, first, SessionIn(first.Stream)) : Answer.Of(outcome);
    }

    /// <summary>The basket that an earlier visit of the member brought back from this shop for the same site, as it was sent.</summary>
    private static async Task<PunchOutCart?> Basket(ApiRequest r, ShoppingEntry body, VendorId vendor)
    {
        if (!Id.IsWellFormed(body.BasketOf)) return null;
        var before = (await LoadSession(r, body.BasketOf!)).State;
        if (!Owns(r, before) || before.About!.Site != body.Site || before.About.Vendor != vendor || before.Returned is not { } returned)
            return null;
        var kept = await r.Services.Exchange.Files.Find(r.Services.Tenant, vendor, returned.Sha256, r.Cancelled);
        return kept is not null && PunchOut.ReadOrderMessage(kept.Content) is Read.Returned { Cart: var cart } ? cart : null;
    }

    /// <summary>The same request once more is answered with the session that it began; the shop is not asked again.</summary>
    private static async Task<IResult?> Before(ApiRequest r) => await r.Services.Commands.FirstOutcome(r.Context, r.Cancelled) switch
    {
        null => null,
        CommandOutcome.Done first => await Made(r, first, SessionIn(first.Stream)),
        var other => Answer.Of(other),
    };

    private static async Task<IResult> Made(ApiRequest r, CommandOutcome.Done done, string session)
    {
        var visit = await LoadSession(r, session);
        return Answer.Made(done, await View(r, session, visit.State), $"{Path(visit.State.About!)}/{session}");
    }

    private static async Task<IResult> Find(ApiRequest r)
    {
        var session = r.Text("sessionId");
        var loaded = await r.Load<PunchOutSession, PunchOutSession.Command, PunchOutSession.State, PunchOutSession.Event>(session);
        return Answer.Versioned(Owns(r, loaded.State) ? await View(r, session, loaded.State) : null, loaded.Version);
    }

    private static async Task<IResult> Accept(ApiRequest r, BasketAcceptance body)
    {
        var session = r.Text("sessionId");
        if (!Owns(r, (await LoadSession(r, session)).State)) return Answer.NotFound;
        return await new TakeBasket(r.Services.Commands, CommitmentsApi.Place(r))
            .Accept(r.Context, session, body.Accounts, body.Reference, body.WithoutFaulty, r.Cancelled).Answered();
    }

    /// <summary>A session is there only under its own order and member.</summary>
    private static bool Owns(ApiRequest r, PunchOutSession.State state) =>
        state.About is { } visit && visit.Order == r.Id<JointOrderId>("orderId") && visit.Member == r.Id<MemberNo>("memberNo");

    private static async Task<ShoppingView> View(ApiRequest r, string session, PunchOutSession.State state)
    {
        var view = ShoppingView.Of(session, state.About!, state.Returned, state is PunchOutSession.State.Done, r.Now);
        if (view.Standing is not "shopping" || r.Principal.Member != view.Member || !r.Services.Exchange.Secrets.IsOpen) return view;
        return await r.Services.Exchange.Secrets.Live(r.Services.Tenant, ISecretVault.OfPunchOut(session), r.Cancelled) is [.., var page]
            ? view with { StartPage = Encoding.UTF8.GetString(page) }
            : view;
    }

    private static string Path(PunchOutVisit visit) => $"/joint-orders/{visit.Order}/commitments/{visit.Member}/punch-outs";

    private static string SessionIn(string stream) => stream[(PunchOutSession.Category.Length + 1)..];

    private static IResult No(string code, string reason) => Answer.Problem(Problem.Refused(new(code, reason)));

    private static async Task<Vendor.State> Load(ApiRequest r, VendorId vendor) =>
        (await r.Services.Commands.Load<Vendor, Vendor.Command, Vendor.State, Vendor.Event>(
            r.Services.Tenant, vendor.Value, true, r.Cancelled)).State;

    private static Task<Loaded<PunchOutSession.State>> LoadSession(ApiRequest r, string session) =>
        r.Services.Commands.Load<PunchOutSession, PunchOutSession.Command, PunchOutSession.State, PunchOutSession.Event>(
            r.Services.Tenant, session, true, r.Cancelled);
}
