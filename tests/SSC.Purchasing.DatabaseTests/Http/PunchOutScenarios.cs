using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Host;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PunchOuts;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>A member shops at a vendor, a real server here, and the basket becomes its commitment or a page that says why not.</summary>
public sealed class PunchOutScenarios(HurriedStage stage) : IClassFixture<HurriedStage>
{
    private static readonly BasketAcceptance Booked = new([new(Stage.Supplies, AccountSplit.Whole)], "PO 26-1187");

    [Theory]
    [InlineData("cxml-urlencoded")]
    [InlineData("cxml-base64")]
    public async Task a_basket_becomes_the_members_commitment(string field)
    {
        await using var shop = await Shop.Open();
        using var visit = await Visit.Begin(stage, shop);
        var asked = shop.Asked.ShouldHaveSingleItem();
        asked.Descendants("SharedSecret").Single().Value.ShouldBe(Shop.Secret);
        asked.Descendants("ShipTo").Single().Element("Address")!.Attribute("addressID")!.Value.ShouldBe(visit.Member.Site);
        new Uri(asked.Descendants("BrowserFormPost").Single().Element("URL")!.Value).AbsolutePath.ShouldBe("/punch-out/return");
        visit.Started.Text("startPage").ShouldBe(Shop.StartPage);
        visit.Started.Text("standing").ShouldBe("shopping");

        var page = await visit.BringBack(Basket(visit.Cookie, (Stage.Paper, 25, "XCT", 41.90m), (Stage.Paper, 15, "CT", 41.90m)), field);
        page.ShouldBe(200);
        foreach (var said in new[] { "<html lang=\"en\">", "<h1>Your basket is back</h1>", "<caption>Taken</caption>", Stage.Paper, "40" })
            page.Text.ShouldContain(said);
        page.Text.ShouldNotContain("Not taken");
        page.Headers["Content-Security-Policy"].ShouldContain("default-src 'none'");
        (await visit.Read()).ShouldBe(200).Text("standing").ShouldBe("returned");
        (await visit.Commitment()).ShouldBe(404, "not-found"); // nothing is committed by coming back

        (await visit.Accept(Booked, ("Idempotency-Key", "take"))).ShouldBe(200);
        (await visit.Accept(Booked, ("Idempotency-Key", "take"))).ShouldBe(200).Headers["Idempotent-Replayed"].ShouldBe("true");
        (await visit.Accept(Booked)).Code().ShouldBe("409 punch-out-accepted");
        var line = (await visit.Commitment()).ShouldBe(200).Body!["lines"]!.AsArray().ShouldHaveSingleItem()!;
        (line["quantity"].Number(), (string)line["reference"]!, (string)line["site"]!).ShouldBe((40m, "PO 26-1187", visit.Member.Site));
        var seen = (await visit.Read()).ShouldBe(200);
        (seen.Text("standing"), seen.Text("startPage")).ShouldBe(("accepted", null));
        (await stage.Recorded($"punch-out-session-{visit.Session}", "punch_out_session_opened"))
            .ShouldAllBe(e => !e.ToJsonString().Contains(visit.Cookie) && !e.ToJsonString().Contains("/s?id="));
    }

    [Fact]
    public async Task what_is_committed_elsewhere_stays_and_the_cart_revises_its_own_lines()
    {
        await using var shop = await Shop.Open();
        using var visit = await Visit.Begin(stage, shop, async (member, order) =>
        {
            (await stage.Staff.Post($"members/{member.Number}/sites", new Membership.Member.Command.AddSite(
                new($"{member.Number}-ES"), new("Elementary", new(["200 Main Street"], "Rochester", "55901"))))).ShouldBe(201);
            (await member.Buyer.Put(Stage.Member.Route(order, member.Number), new CommitmentEntry(
                [member.Line(10, 4), member.Line(30) with { Site = new($"{member.Number}-ES") }]))).ShouldBe(200);
        });
        (await visit.BringBack(Basket(visit.Cookie, (Stage.Paper, 60, "XCT", 39.75m)))).ShouldBe(200);
        (await visit.Accept(Booked)).ShouldBe(200);
        var lines = (await visit.Commitment()).ShouldBe(200).Body!["lines"]!.AsArray();
        lines.Select(l => ((string)l!["site"]!, l["quantity"].Number(), l["tolerance"].Number()))
            .ShouldBe([($"{visit.Member.Number}-ES", 30m, 0m), (visit.Member.Site, 60m, 4m)]);
    }

    [Fact]
    public async Task a_basket_is_taken_back_into_the_shop_to_be_changed_or_looked_at()
    {
        await using var shop = await Shop.Open();
        using var visit = await Visit.Begin(stage, shop);
        using var stranger = await stage.Join(visit.Contract);
        Task<Heard> Again(Stage.Member member, PunchOutOperation operation, string? basketOf) => member.Buyer.Post(
            $"{Stage.Member.Route(visit.Order, member.Number)}/punch-outs", new ShoppingEntry(new(member.Site), operation, basketOf));

        (await Again(visit.Member, PunchOutOperation.Edit, null)).Code().ShouldBe("409 punch-out-basket-missing");
        (await Again(visit.Member, PunchOutOperation.Edit, visit.Session)).Code().ShouldBe("409 punch-out-basket-unknown");
        (await visit.BringBack(Basket(visit.Cookie, (Stage.Paper, 40, "XCT", 41.90m)))).ShouldBe(200);
        (await Again(stranger, PunchOutOperation.Edit, visit.Session)).Code().ShouldBe("409 punch-out-basket-unknown");
        shop.Asked.Count.ShouldBe(1, "a shop is asked only when there is a basket to take along");

        var inside = (await Again(visit.Member, PunchOutOperation.Edit, visit.Session)).ShouldBe(201);
        (inside.Text("operation"), inside.Text("basketOf")).ShouldBe(("edit", visit.Session));
        var asked = shop.Asked[^1].Descendants("PunchOutSetupRequest").Single();
        var item = asked.Elements("ItemOut").ShouldHaveSingleItem();
        (asked.Attribute("operation")!.Value, item.Attribute("quantity")!.Value, item.Descendants("SupplierPartID").Single().Value)
            .ShouldBe(("edit", "40", Stage.Paper));
        var edited = visit with { Started = inside, Cookie = asked.Element("BuyerCookie")!.Value };
        (await edited.BringBack(Basket(edited.Cookie, (Stage.Paper, 60, "XCT", 41.90m)))).ShouldBe(200);
        (await edited.Accept(Booked)).ShouldBe(200);
        (await visit.Commitment()).Body!["lines"]!.AsArray().ShouldHaveSingleItem()!["quantity"].Number().ShouldBe(60m);

        (await Again(visit.Member, PunchOutOperation.Inspect, edited.Session)).ShouldBe(201);
        asked = shop.Asked[^1].Descendants("PunchOutSetupRequest").Single();
        asked.Attribute("operation")!.Value.ShouldBe("inspect");
        asked.Elements("ItemOut").Single().Attribute("quantity")!.Value.ShouldBe("60");
        Refused(
            await visit.BringBack(Basket(asked.Element("BuyerCookie")!.Value, (Stage.Paper, 80, "XCT", 41.90m))), 409,
            "punch-out-inspect-only");
        (await visit.Commitment()).Body!["lines"]![0]!["quantity"].Number().ShouldBe(60m);
    }

    [Fact]
    public async Task what_cannot_be_bought_is_named_and_never_half_committed()
    {
        await using var shop = await Shop.Open();
        using var visit = await Visit.Begin(stage, shop);
        var basket = With(
            Basket(visit.Cookie, (Stage.Paper, 40, "XCT", 41.90m), ("PENS", 3, "EA", 2m), ("<script>", 1, "EA", 1m), ("INK", 1, "EA", 9m)),
            "<Money currency=\"USD\">9</Money>", "<Money currency=\"CAD\">9</Money>");
        var page = await visit.BringBack(basket);
        page.ShouldBe(200);
        foreach (var said in new[] { "Basket taken in part", "<caption>Not taken</caption>", "item-not-in-order", "item-invalid",
            "currency-unknown" })
        {
            page.Text.ShouldContain(said);
        }

        page.Text.ShouldNotContain("<script>");
        var faults = (await visit.Read()).ShouldBe(200).Body!["faults"]!.AsArray();
        faults.Select(f => ((int)f!["no"]!, (string)f["code"]!)).ShouldBe(
            [(2, "item-not-in-order"), (3, "item-invalid"), (4, "currency-unknown")]);
        (await visit.Accept(Booked)).Code().ShouldBe("409 punch-out-basket-faulty");
        (await visit.Commitment()).ShouldBe(404, "not-found");
        (await visit.Accept(Booked with { WithoutFaulty = true })).ShouldBe(200);
        (await visit.Commitment()).ShouldBe(200).Body!["lines"]!.AsArray().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(40, "RM", "41.90", "unit-differs")]
    [InlineData(40, "XCT", "12.00", "price-not-scheduled")]
    [InlineData(0, "XCT", "41.90", "quantity-out-of-range")]
    [InlineData(1_000_000_001, "XCT", "41.90", "quantity-out-of-range")]
    [InlineData(1_000_000_000_000_000_000, "XCT", "41.90", "quantity-out-of-range")]
    public async Task a_basket_with_nothing_good_commits_nothing(long quantity, string unit, string price, string code)
    {
        await using var shop = await Shop.Open();
        using var visit = await Visit.Begin(stage, shop);
        var page = await visit.BringBack(
            Basket(visit.Cookie, (Stage.Paper, quantity, unit, decimal.Parse(price, CultureInfo.InvariantCulture))));
        page.ShouldBe(200);
        page.Text.ShouldContain("Nothing in the basket can be bought");
        page.Text.ShouldContain(code);
        (await visit.Accept(Booked with { WithoutFaulty = true })).Code().ShouldBe("409 punch-out-basket-empty");
        (await visit.Commitment()).ShouldBe(404, "not-found");
    }

    [Fact]
    public async Task a_cookie_is_good_for_one_basket_from_its_own_supplier()
    {
        await using var shop = await Shop.Open();
        using var visit = await Visit.Begin(stage, shop);
        var basket = Basket(visit.Cookie, (Stage.Paper, 40, "XCT", 41.90m));
        Refused(await visit.BringBack(Basket("guessed", (Stage.Paper, 40, "XCT", 41.90m))), 404, "punch-out-unknown");
        Refused(await visit.BringBack(With(basket, Shop.Supplier, "089999999")), 409, "punch-out-identity-differs");
        (await visit.Accept(Booked)).Code().ShouldBe("409 punch-out-not-returned");
        (await visit.BringBack(basket)).ShouldBe(200);
        (await visit.BringBack(basket)).ShouldBe(200).Text.ShouldContain("Your basket is back"); // the browser's reload
        Refused(await visit.BringBack(With(basket, "quantity=\"40\"", "quantity=\"80\"")), 409, "punch-out-cookie-used");
        (await visit.Read()).Body!["lines"]!.AsArray().ShouldHaveSingleItem()!["quantity"].Number().ShouldBe(40m);
        (await stage.Recorded($"punch-out-session-{visit.Session}", "punch_out_basket_returned")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task what_is_no_basket_is_answered_with_a_page_and_kept_nowhere()
    {
        await using var shop = await Shop.Open();
        using var visit = await Visit.Begin(stage, shop);
        var basket = Basket(visit.Cookie, (Stage.Paper, 40, "XCT", 41.90m));
        Refused(await visit.BringBack(With(basket, "<cXML", "<!DOCTYPE cXML [<!ENTITY x \"y\">]><cXML")), 400, "document-dtd");
        Refused(await visit.BringBack("<cXML"), 400, "document-malformed");
        Refused(await visit.BringBack(With(basket, "<From>", "<From2>").Replace("</From>", "</From2>", StringComparison.Ordinal)), 400,
            "sender-missing");
        Refused(await visit.BringBack(basket, "basket"), 400, "punch-out-form-invalid");
        Refused(await visit.Post(new FormUrlEncodedContent([new("cxml-base64", "not base 64!")])), 400, "punch-out-form-invalid");
        Refused(await visit.Post(new StringContent(basket, Encoding.UTF8, "text/xml")), 415, "punch-out-form-invalid");
        Refused(
            await visit.Post(new FormUrlEncodedContent([new("cxml-urlencoded", new string('x', 900_000))])), 413, "document-too-large");
        (await visit.Read()).Text("standing").ShouldBe("shopping");
    }

    [Fact]
    public async Task nobody_but_the_member_reads_or_takes_its_basket()
    {
        await using var shop = await Shop.Open();
        using var visit = await Visit.Begin(stage, shop);
        (await visit.BringBack(Basket(visit.Cookie, (Stage.Paper, 40, "XCT", 41.90m)))).ShouldBe(200);
        using var other = await stage.Join(visit.Contract);
        using var seller = await stage.Vendor(visit.Vendor);
        var own = $"{Stage.Member.Route(visit.Order, other.Number)}/punch-outs/{visit.Session}";
        foreach (var route in new[] { visit.Route, own })
        {
            (await other.Buyer.Get(route)).ShouldBe(404, "not-found");
            (await other.Buyer.Post($"{route}/acceptance", Booked)).ShouldBe(404, "not-found");
        }

        (await other.Buyer.Get(visit.Route[..^(visit.Session.Length + 1)])).ShouldBe(404, "not-found");
        (await seller.Get(visit.Route)).ShouldBe(404, "not-found");
        (await seller.Post($"{visit.Route}/acceptance", Booked)).Code().ShouldBe("403 forbidden");
        (await stage.Staff.Get(visit.Route)).ShouldBe(200).Text("startPage").ShouldBeNull();
        (await visit.Commitment()).ShouldBe(404, "not-found");
        await Until.True(
            async () => (await visit.Member.Buyer.Get(visit.Route[..^(visit.Session.Length + 1)])).ShouldBe(200).Items
                .Any(v => (string)v["standing"]! == "returned"),
            "the member's list has it");
    }

    [Fact]
    public async Task a_basket_that_comes_back_after_its_time_is_not_taken()
    {
        await using var shop = await Shop.Open();
        using var visit = await Visit.Begin(stage, shop);
        var cookie = $"late-{visit.Session}";
        var late = new PunchOutVisit(
            new(visit.Order), 1, new(visit.Member.Number), new(visit.Member.Site), new(visit.Vendor), new("DUNS", Shop.Supplier),
            "127.0.0.1", "buyer", DateTimeOffset.UtcNow.AddMinutes(-1));
        await Tell(stage, $"punch-out-session-{PunchOutApi.SessionOf(cookie)}", new PunchOutSession.Event.Opened(late));
        Refused(await visit.BringBack(Basket(cookie, (Stage.Paper, 40, "XCT", 41.90m))), 409, "punch-out-expired");
        var route = visit.Route.Replace(visit.Session, PunchOutApi.SessionOf(cookie), StringComparison.Ordinal);
        (await visit.Member.Buyer.Get(route)).ShouldBe(200).Text("standing").ShouldBe("expired");
    }

    [Fact]
    public async Task a_commitments_own_refusals_stand_and_leave_the_basket_as_it_was()
    {
        await using var shop = await Shop.Open();
        using var visit = await Visit.Begin(stage, shop);
        (await visit.BringBack(Basket(visit.Cookie, (Stage.Paper, 40, "XCT", 41.90m)))).ShouldBe(200);
        (await visit.Accept(Booked with { Accounts = [] })).Code().ShouldBe("409 account-missing");
        (await visit.Accept(Booked with { Reference = new string('9', 51) })).Code().ShouldBe("409 reference-invalid");
        (await stage.Staff.Post($"joint-orders/{visit.Order}/hold", new Because("The contract is looked at."))).ShouldBe(200);
        (await visit.Accept(Booked)).Code().ShouldBe("409 order-held");
        (await visit.Member.Buyer.Post(visit.Route[..^(visit.Session.Length + 1)], new ShoppingEntry(new(visit.Member.Site)))).Code()
            .ShouldBe("409 order-held");
        (await visit.Read()).Text("standing").ShouldBe("returned");
        (await visit.Commitment()).ShouldBe(404, "not-found");
        shop.Asked.Count.ShouldBe(1); // the shop is not asked for who may not commit
    }

    [Fact]
    public async Task a_request_repeated_begins_one_session()
    {
        await using var shop = await Shop.Open();
        using var visit = await Visit.Begin(stage, shop);
        var visits = visit.Route[..^(visit.Session.Length + 1)];
        var again = await visit.Member.Buyer.Post(visits, new ShoppingEntry(new(visit.Member.Site)), ("Idempotency-Key", Visit.Key));
        again.ShouldBe(201).Text("sessionId").ShouldBe(visit.Session);
        again.Text("startPage").ShouldBe(Shop.StartPage);
        (await visit.Member.Buyer.Post(visits, new ShoppingEntry(new("M-other")), ("Idempotency-Key", Visit.Key)))
            .ShouldBe(422, "idempotency-key-reused");
        (await visit.Member.Buyer.Post(visits, new ShoppingEntry(new("M-other")))).Code().ShouldBe("409 unknown-site");
        shop.Asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("401", "punch-out-declined")]
    [InlineData("nonsense", "punch-out-answer-unreadable")]
    [InlineData("http-start", "punch-out-answer-unreadable")]
    [InlineData("500", "punch-out-unreachable")]
    [InlineData("redirect", "punch-out-unreachable")]
    [InlineData("hang", "punch-out-unreachable")]
    [InlineData("endless", "punch-out-unreachable")]
    public async Task a_shop_that_does_not_let_the_member_in_leaves_nothing_behind(string how, string code)
    {
        await using var shop = await Shop.Open(how);
        var (contract, vendor) = await stage.Award();
        using var member = await stage.Join(contract);
        await shop.Of(stage, vendor);
        var (order, _) = await stage.Open(contract, TimeSpan.FromHours(1));
        var visits = $"{Stage.Member.Route(order, member.Number)}/punch-outs";
        (await member.Buyer.Post(visits, new ShoppingEntry(new(member.Site)))).Code().ShouldBe($"409 {code}");
        (await member.Buyer.Get(visits)).ShouldBe(200).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task a_shop_is_set_up_over_https_and_its_secret_is_never_shown()
    {
        var (contract, vendor) = await stage.Award();
        using var member = await stage.Join(contract);
        var (order, _) = await stage.Open(contract, TimeSpan.FromHours(1));
        var visits = $"{Stage.Member.Route(order, member.Number)}/punch-outs";
        (await member.Buyer.Post(visits, new ShoppingEntry(new(member.Site)))).Code().ShouldBe("409 punch-out-not-configured");
        var entry = new ShopEntry("https://shop.example/in", new("DUNS", "080123456"), new("DUNS", Shop.Supplier), "first secret");
        using var seller = await stage.Vendor(vendor);
        using var rival = await stage.Vendor("V-rival");
        (await rival.Put($"vendors/{vendor}/punch-out", entry)).ShouldBe(404, "not-found");
        (await seller.Put($"vendors/{vendor}/punch-out", entry with { SharedSecret = null })).Code().ShouldBe("409 shared-secret-missing");
        (await seller.Put($"vendors/{vendor}/punch-out", entry with { Url = "http://shop.example/in" })).Code()
            .ShouldBe("409 url-not-https");
        (await seller.Put($"vendors/{vendor}/punch-out", entry)).ShouldBe(200);
        (await seller.Put($"vendors/{vendor}/punch-out", entry with { SharedSecret = "second secret" })).ShouldBe(200);
        (await seller.Put($"vendors/{vendor}/punch-out", entry with { Url = "https://shop.example/2", SharedSecret = null })).ShouldBe(200);
        (await seller.Get($"vendors/{vendor}")).ShouldBe(200).Text.ShouldNotContain("secret\"");
        (await stage.Recorded($"vendor-{vendor}", "vendor_punch_out_set")).ShouldAllBe(
            e => !e.ToJsonString().Contains("second secret") && !e.ToJsonString().Contains("first secret"));
        (await stage.Node.Api.Exchange.Secrets.Live("mn", ISecretVault.OfShop(new(vendor)), default))
            .Select(Encoding.UTF8.GetString).ShouldBe(["second secret"]);
        (await seller.Send(HttpMethod.Delete, $"vendors/{vendor}/punch-out", null)).ShouldBe(200);
        (await stage.Node.Api.Exchange.Secrets.Live("mn", ISecretVault.OfShop(new(vendor)), default)).ShouldBeEmpty();
    }

    private static void Refused(Heard page, int status, string code)
    {
        page.ShouldBe(status);
        page.Headers["Content-Type"].ShouldStartWith("text/html");
        page.Text.ShouldContain("Your basket was not taken");
        page.Text.ShouldContain($"<code>{code}</code>");
    }

    private static string With(string document, string passage, string instead)
    {
        document.ShouldContain(passage);
        return document.Replace(passage, instead, StringComparison.Ordinal);
    }

    private static string Basket(string cookie, params (string Item, long Quantity, string Unit, decimal Price)[] items) => $"""
        <cXML payloadID="{Guid.NewGuid():N}@shop" timestamp="2026-07-02T09:00:00-05:00" version="1.2.060">
          <Header>
            <From><Credential domain="DUNS"><Identity>{Shop.Supplier}</Identity></Credential></From>
            <To><Credential domain="DUNS"><Identity>080123456</Identity></Credential></To>
            <Sender><Credential domain="DUNS"><Identity>{Shop.Supplier}</Identity></Credential><UserAgent>Shop 4</UserAgent></Sender>
          </Header>
          <Message><PunchOutOrderMessage><BuyerCookie>{cookie}</BuyerCookie>
            <PunchOutOrderMessageHeader operationAllowed="create"><Total><Money currency="USD">0</Money></Total>
            </PunchOutOrderMessageHeader>
            {string.Concat(items.Select(Item))}
          </PunchOutOrderMessage></Message>
        </cXML>
        """;

    private static string Item((string Item, long Quantity, string Unit, decimal Price) item) => string.Create(
        CultureInfo.InvariantCulture, $"""
        <ItemIn quantity="{item.Quantity}"><ItemID><SupplierPartID>{new XText(item.Item)}</SupplierPartID></ItemID>
          <ItemDetail><UnitPrice><Money currency="USD">{item.Price}</Money></UnitPrice>
            <Description xml:lang="en">As the shop calls it</Description><UnitOfMeasure>{item.Unit}</UnitOfMeasure>
            <Classification domain="UNSPSC">14111507</Classification></ItemDetail></ItemIn>
        """);

    private static async Task Tell(Stage stage, string stream, object fact) => (await stage.Node.Store.Append(
        new()
        {
            Tenant = "mn", Stream = stream, ExpectedVersion = (await stage.Node.Store.ReadStream("mn", stream)).Count,
            Events = [new(Guid.NewGuid(), fact)], Metadata = new("test", "test"),
        },
        default)).ShouldBeOfType<AppendOutcome.Appended>();

    /// <summary>A vendor's shop as far as a buyer's system sees it.</summary>
    private sealed class Shop(VendorServer server) : IAsyncDisposable
    {
        public const string Supplier = "081234567";
        public const string Secret = "correct horse battery";
        public const string StartPage = "https://shop.example/s?id=8c1f";

        /// <summary>Setup requests so far.</summary>
        public IReadOnlyList<XElement> Asked =>
            [.. server.Received.Select(r => XDocument.Parse(Encoding.UTF8.GetString(r.Bytes).Split('>', 3)[2]).Root!)];

        public static async Task<Shop> Open(string how = "200") => new(await VendorServer.Start((_, http) => how switch
        {
            "hang" => Gone(http),
            "500" => Status(http, 500),
            "redirect" => Redirect(http),
            "nonsense" => http.Response.WriteAsync("<html>Welcome</html>"),
            "endless" => http.Response.WriteAsync(new string('x', 400_000)),
            "401" => http.Response.WriteAsync(
                "<cXML><Response><Status code=\"401\" text=\"Unauthorized\">Who are you?</Status></Response></cXML>"),
            "http-start" => http.Response.WriteAsync(Answer("http://shop.example/")),
            _ => http.Response.WriteAsync(Answer(StartPage)),
        }));

        /// <summary>Over HTTP only https is taken; a shop without a certificate is told to the log directly.</summary>
        public async Task Of(Stage stage, string vendor)
        {
            await stage.Node.Api.Exchange.Secrets.Keep(
                "mn", ISecretVault.OfShop(new(vendor)), "s1", Encoding.UTF8.GetBytes(Secret), default);
            await Tell(stage, $"vendor-{vendor}", new Vendor.Event.PunchOutSet(
                new($"{server.Address}setup", new("DUNS", "080123456"), new("DUNS", Supplier), "s1")));
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();

        private static string Answer(string start) =>
            "<cXML><Response><Status code=\"200\" text=\"OK\"/><PunchOutSetupResponse><StartPage><URL>"
            + start + "</URL></StartPage></PunchOutSetupResponse></Response></cXML>";

        private static Task Status(HttpContext http, int status)
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        }

        private static Task Redirect(HttpContext http)
        {
            http.Response.Redirect("http://127.0.0.1:1/", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        }

        private static Task Gone(HttpContext http)
        {
            var gone = new TaskCompletionSource();
            http.RequestAborted.Register(gone.SetResult);
            return gone.Task;
        }
    }

    /// <summary>A member in a shop.</summary>
    private sealed record Visit(
        string Contract, string Vendor, string Order, Stage.Member Member, Heard Started, string Cookie, Front Front) : IDisposable
    {
        public const string Key = "begin";

        public string Session => Started.Text("sessionId")!;

        public string Route => $"{Stage.Member.Route(Order, Member.Number)}/punch-outs/{Session}";

        public static async Task<Visit> Begin(Stage stage, Shop shop, Func<Stage.Member, string, Task>? before = null)
        {
            var (contract, vendor) = await stage.Award();
            var member = await stage.Join(contract);
            await shop.Of(stage, vendor);
            var (order, _) = await stage.Open(contract, TimeSpan.FromHours(1));
            if (before is not null) await before(member, order);
            var started = await member.Buyer.Post(
                $"{Stage.Member.Route(order, member.Number)}/punch-outs", new ShoppingEntry(new(member.Site)), ("Idempotency-Key", Key));
            started.ShouldBe(201);
            var cookie = shop.Asked[^1].Descendants("BuyerCookie").Single().Value;
            return new(contract, vendor, order, member, started, cookie, stage.Front);
        }

        public Task<Heard> Read() => Member.Buyer.Get(Route);

        public Task<Heard> Commitment() => Member.Buyer.Get(Stage.Member.Route(Order, Member.Number));

        public Task<Heard> Accept(BasketAcceptance how, params (string Name, string Value)[] headers) =>
            Member.Buyer.Post($"{Route}/acceptance", how, headers);

        /// <summary>As the shop's page has the browser do it.</summary>
        public Task<Heard> BringBack(string basket, string field = "cxml-urlencoded") => Post(new FormUrlEncodedContent([new(
            field, field == "cxml-base64" ? Convert.ToBase64String(Encoding.UTF8.GetBytes(basket)) : basket)]));

        /// <summary>A browser has no key of ours.</summary>
        public async Task<Heard> Post(HttpContent body)
        {
            using var client = Front.Client();
            using var request = new HttpRequestMessage(HttpMethod.Post, "/punch-out/return") { Content = body };
            using var answer = await Front.Send(client, request);
            return new(
                (int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), null,
                answer.Headers.Concat(answer.Content.Headers)
                    .ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
        }

        public void Dispose() => Member.Dispose();
    }
}
