using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>What must not get in says why, each with its own status and code, and leaves no trace in the log.</summary>
public sealed class BadInputScenarios(Stage stage) : IClassFixture<Stage>
{
    /// <summary>A line of a commitment that is right, and a place to spoil it.</summary>
    private static JsonObject Line(Stage.Member member) => new()
    {
        ["lineNo"] = 1,
        ["site"] = member.Site,
        ["quantity"] = 40,
        ["tolerance"] = 0,
        ["accounts"] = new JsonArray(Share("01-005-203-000-401-000", 10_000)),
    };

    private static JsonObject Share(string account, int basisPoints) => new()
    {
        ["account"] = new JsonObject
        {
            ["scheme"] = "UFARS",
            ["segments"] = new JsonArray([.. account.Split('-').Select(s => (JsonNode)s)]),
        },
        ["basisPoints"] = basisPoints,
    };

    private static string With(Stage.Member member, string name, JsonNode? value)
    {
        var line = Line(member);
        line[name] = value;
        return Body(line);
    }

    private static string Body(params JsonNode?[] lines) => new JsonObject { ["lines"] = new JsonArray(lines) }.ToJsonString();

    private static JsonObject Usd(string amount) => new() { ["amount"] = amount, ["currency"] = "USD" };

    [Fact]
    public async Task a_commitment_that_cannot_be_read_is_malformed_and_names_the_field()
    {
        var (contract, _) = await stage.Award();
        using var member = await stage.Join(contract);
        var (order, _) = await stage.Open(contract, TimeSpan.FromHours(1));
        var bad = new (string Body, string Field)[]
        {
            ("{", "$"), ("", "$"), ("null", "$"), ("[]", "$"), ("{} {}", "$"), ("{\"lines\":[]", "$"), ("{}", "$"),
            ("{\"lines\":null}", "$.lines"), ("{\"lines\":{}}", "$.lines"), ("{\"lines\":[null]}", "$.lines"),
            ("{\"lines\":[],\"lines\":[]}", "$.lines"), ("{\"lines\":[],\"note\":\"x\"}", "$.note"),
            (With(member, "colour", "blue"), "$.lines[0].colour"),
            (With(member, "lineNo", "1"), "$.lines[0].lineNo"), (With(member, "lineNo", 1.5), "$.lines[0].lineNo"),
            (With(member, "lineNo", 3_000_000_000), "$.lines[0].lineNo"),
            (With(member, "quantity", "40"), "$.lines[0].quantity"), (With(member, "quantity", null), "$.lines[0].quantity"),
            (With(member, "quantity", true), "$.lines[0].quantity"), (With(member, "quantity", 0.0001m), "$.lines[0].quantity"),
            (With(member, "quantity", JsonNode.Parse("1e30")), "$.lines[0].quantity"),
            (With(member, "site", ""), "$.lines[0].site"), (With(member, "site", "M 1"), "$.lines[0].site"),
            (With(member, "site", new string('M', 65)), "$.lines[0].site"), (With(member, "site", "M-1\0"), "$.lines[0].site"),
            (With(member, "reference", "PO\0 7"), "$.lines[0].reference"),
            (With(member, "reference", "PO\u001b[2J"), "$.lines[0].reference"),
            (With(member, "reference", "PO\u0085"), "$.lines[0].reference"),
            (With(member, "reference", new string('7', 4_001)), "$.lines[0].reference"),
            (With(member, "maxPrice", 41.9), "$.lines[0].maxPrice"), (With(member, "maxPrice", Usd("forty")), "$.lines[0].maxPrice"),
            (With(member, "maxPrice", Usd("1.0000001")), "$.lines[0].maxPrice"),
            (With(member, "federalFunds", "no"), "$.lines[0].federalFunds"),
            (With(member, "accounts", new JsonArray((JsonNode?)null)), "$.lines[0].accounts"),
        };

        var head = await stage.Node.Store.Head();
        foreach (var (body, field) in bad)
        {
            var answer = await member.Buyer.Put(Stage.Member.Route(order, member.Number), body);
            answer.Code().ShouldBe("400 malformed", body);
            answer.Body!["errors"]![0]!["field"]!.GetValue<string>().ShouldStartWith(field, Case.Sensitive, body);
        }

        using var form = new StringContent(Body(Line(member)), Encoding.UTF8, "text/plain");
        (await member.Buyer.Put(Stage.Member.Route(order, member.Number), form)).ShouldBe(415, "unsupported-media-type");
        using var latin = new ByteArrayContent([(byte)'{', 0x22, 0xE9, 0x22, (byte)'}']);
        latin.Headers.ContentType = new("application/json");
        (await member.Buyer.Put(Stage.Member.Route(order, member.Number), latin)).ShouldBe(400, "malformed");
        foreach (var path in new[] { "joint-orders/JO%0A1", $"joint-orders/{new string('J', 65)}", "joint-orders/..%2F1" })
            (await stage.Staff.Get(path)).Code().ShouldBe("400 malformed", path);
        (await stage.Node.Store.Head()).ShouldBe(head);
    }

#if !CRITTER_STACK
    [Fact]
    public async Task what_the_web_server_itself_refuses_never_reaches_the_service()
    {
        using var member = await stage.As(OrgRef.Of(new MemberNo("M-1")), Roles.MemberBuyer);
        var head = await stage.Node.Store.Head();
        (await member.Put("joint-orders/JO-1/commitments/M-1", new string(' ', 1_100_000), ("Expect", "100-continue")))
            .ShouldBe(413, "too-large");
        (await stage.Staff.Get("joint-orders/JO%00/commitments/M-1")).Status.ShouldBe(400);
        (await stage.Node.Store.Head()).ShouldBe(head);
    }
#endif

    [Fact]
    public async Task a_commitment_that_breaks_a_rule_is_refused_with_the_rules_code()
    {
        var (contract, _) = await stage.Award();
        using var member = await stage.Join(contract);
        var (order, _) = await stage.Open(contract, TimeSpan.FromHours(1));
        var bad = new (string Code, string Body)[]
        {
            ("nothing-committed", "{\"lines\":[]}"), ("nothing-committed", With(member, "quantity", 0)),
            ("quantity-negative", With(member, "quantity", -1)), ("quantity-negative", With(member, "tolerance", -1)),
            ("quantity-not-whole", With(member, "quantity", 40.5m)), ("quantity-not-whole", With(member, "tolerance", 0.5m)),
            ("quantity-too-large", With(member, "quantity", 1_000_000_001)),
            ("quantity-too-large", With(member, "tolerance", 1_000_000_001)),
            ("unknown-line", With(member, "lineNo", 2)), ("unknown-line", With(member, "lineNo", -1)),
            ("unknown-site", With(member, "site", "M-999-HS")), ("duplicate-line", Body(Line(member), Line(member))),
            ("max-price-not-positive", With(member, "maxPrice", Usd("0.00"))),
            ("max-price-not-positive", With(member, "maxPrice", Usd("-1.00"))),
            ("account-missing", With(member, "accounts", new JsonArray())),
            ("account-splits-not-whole", With(member, "accounts", new JsonArray(Share("01-005", 9_999)))),
            ("account-splits-not-whole", With(member, "accounts", new JsonArray(Share("01-005", 20_000), Share("01-006", -10_000)))),
            ("account-invalid", With(member, "accounts", new JsonArray(Share("01--000", 10_000)))),
            ("account-invalid", With(member, "accounts", new JsonArray(Share("01-0 05\n", 10_000)))),
            ("account-invalid", With(member, "accounts", new JsonArray(Share(new string('0', 200), 10_000)))),
            ("reference-invalid", With(member, "reference", new string('7', 51))),
            ("reference-invalid", With(member, "reference", "PO\n7")),
        };

        var head = await stage.Node.Store.Head();
        foreach (var (code, body) in bad)
            (await member.Buyer.Put(Stage.Member.Route(order, member.Number), body)).Code().ShouldBe($"409 {code}", body);
        (await stage.Node.Store.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task quantities_off_the_increment_or_below_the_vendors_drop_are_refused()
    {
        var (contract, vendor) = (Stage.New("C"), Stage.New("V"));
        var pallets = Stage.PaperPrices with { Increment = Quantity.Of(5), MinimumDrop = Quantity.Of(20), ToleranceAllowed = false };
        (await stage.Staff.Post("contracts", new ContractAward(new(contract), Stage.Terms(vendor), Stage.Trading))).ShouldBe(201);
        (await stage.Staff.Post($"contracts/{contract}/price-schedules", new SchedulePublication(new(1, Stage.Today, [pallets]))))
            .ShouldBe(201);
        using var member = await stage.Join(contract);
        var (order, _) = await stage.Open(contract, TimeSpan.FromHours(1));
        var head = await stage.Node.Store.Head();
        (await member.Commit(order, 21)).ShouldBe(409, "refusal:quantity-off-increment");
        (await member.Commit(order, 15)).ShouldBe(409, "refusal:below-minimum-drop");
        (await member.Commit(order, 20, 5)).ShouldBe(409, "refusal:tolerance-not-allowed");
        (await stage.Node.Store.Head()).ShouldBe(head);
        (await member.Commit(order, 25)).ShouldBe(200);
    }

    [Fact]
    public async Task who_may_not_commit_is_told_why_or_sees_nothing()
    {
        var (contract, vendor) = await stage.Award();
        using var member = await stage.Join(contract);
        using var other = await stage.Join(contract);
        var (elsewhere, _) = await stage.Award();
        using var stranger = await stage.Join(elsewhere);
        using var lapsed = await stage.Join(elsewhere);
        (await stage.Staff.Put(
            $"contracts/{contract}/participations/{lapsed.Number}",
            new AgreementEntry(Stage.Today.AddDays(-20), ContractScope.Cooperative, Stage.Today.AddDays(-20), Stage.Today.AddDays(-1))))
            .ShouldBe(200);
        var (order, _) = await stage.Open(contract, TimeSpan.FromHours(1));
        var planned = Stage.New("JO");
        (await stage.Staff.Post("joint-orders", Stage.Plan(planned, contract, DateTimeOffset.UtcNow.AddHours(1)))).ShouldBe(201);
        var (held, _) = await stage.Open(contract, TimeSpan.FromHours(1));
        (await stage.Staff.Post($"joint-orders/{held}/hold", new Because("A recall."))).ShouldBe(200);
        using var seller = await stage.Vendor(vendor);
        using var approver = await stage.As(OrgRef.Of(new MemberNo(member.Number)), Roles.MemberApprover);
        using var nobody = new Caller(stage.Front, "ssc_x_y", "x");
        var (route, body) = (Stage.Member.Route(order, member.Number), new CommitmentEntry([member.Line(40)]));

        var head = await stage.Node.Store.Head();
        (await other.Buyer.Put(route, body)).ShouldBe(404, "not-found");
        (await other.Buyer.Send(HttpMethod.Delete, route, null)).ShouldBe(404, "not-found");
        (await seller.Put(route, body)).ShouldBe(403, "forbidden");
        (await approver.Put(route, body)).ShouldBe(403, "forbidden");
        (await stage.Staff.Put(route, body)).ShouldBe(403, "forbidden");
        (await nobody.Put(route, body)).ShouldBe(401, "unauthenticated");
        (await stranger.Commit(order, 40)).ShouldBe(409, "refusal:participation-missing");
        (await lapsed.Commit(order, 40)).ShouldBe(409, "refusal:participation-missing");
        (await member.Commit(planned, 40)).ShouldBe(409, "refusal:order-not-open");
        (await member.Commit("JO-nowhere", 40)).ShouldBe(404, "not-found");
        (await member.Commit(held, 40)).ShouldBe(409, "refusal:order-held");
        (await member.Buyer.Post(route + "/confirmation", null)).ShouldBe(409, "refusal:commitment-unknown");
        (await member.Buyer.Post(route + "/box-fill", new BoxFillEntry(new(member.Site), 1, Quantity.Of(1))))
            .ShouldBe(409, "refusal:not-in-box-fill");
        (await approver.Post(route + "/approval", new ApprovalEntry(Money.FromDollars(1m)))).ShouldBe(409, "refusal:commitment-unknown");
        (await stage.Node.Store.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task a_stale_version_a_key_for_another_body_and_a_missing_key_change_nothing()
    {
        var (contract, _) = await stage.Award();
        using var member = await stage.Join(contract);
        var (order, _) = await stage.Open(contract, TimeSpan.FromHours(1));
        var seen = (await member.Commit(order, 40, 0, ("Idempotency-Key", "k-1"))).ShouldBe(200).Headers["ETag"];
        (await member.Commit(order, 80, 0, ("If-Match", seen))).ShouldBe(200);

        var head = await stage.Node.Store.Head();
        (await member.Commit(order, 120, 0, ("If-Match", seen))).ShouldBe(412, "stale");
        (await member.Commit(order, 120, 0, ("If-Match", "7"))).ShouldBe(400, "malformed");
        (await member.Commit(order, 120, 0, ("Idempotency-Key", "k-1"))).ShouldBe(422, "idempotency-key-reused");
        (await member.Commit(order, 120, 0, ("Idempotency-Key", ""))).ShouldBe(400);
        (await member.Commit(order, 120, 0, ("Idempotency-Key", new string('k', 101)))).ShouldBe(400, "malformed");
        using var bare = new HttpRequestMessage(
            HttpMethod.Delete, new Uri("/api/v1/" + Stage.Member.Route(order, member.Number), UriKind.Relative));
        bare.Headers.Add("X-Api-Key", member.Token);
        using var client = stage.Front.Client();
        using var answer = await client.SendAsync(bare);
        ((int)answer.StatusCode).ShouldBe(400);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("urn:ssc:idempotency-key-missing");
        (await stage.Node.Store.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task a_joint_order_that_could_not_be_carried_through_is_not_planned()
    {
        var (contract, _) = await stage.Award();
        var expired = Stage.New("C");
        var over = Stage.Terms(Stage.New("V")) with { StartsOn = Stage.Today.AddDays(-40), EndsOn = Stage.Today.AddDays(-1) };
        (await stage.Staff.Post("contracts", new ContractAward(new(expired), over, Stage.Trading))).ShouldBe(201);
        await stage.Recorded($"contract-{expired}", "contract_expired");
        var soon = DateTimeOffset.UtcNow.AddHours(1);
        var plan = Stage.Plan(Stage.New("JO"), contract, soon);
        var line = plan.Lines[0];
        var refused = new (string Code, OrderPlanEntry Plan)[]
        {
            ("contract-unknown", plan with { Contract = new("C-nowhere") }), ("no-schedule", plan with { Contract = new(expired) }),
            ("order-without-lines", plan with { Lines = [] }),
            ("item-not-scheduled", plan with { Lines = [line with { Item = new("PENCIL") }] }),
            ("order-line-invalid", plan with { Lines = [line, line] }),
            ("order-line-invalid", plan with { Lines = [line with { LineNo = 0 }] }),
            ("order-line-invalid", plan with { Lines = [line with { SiteIncrement = Quantity.Of(3) }] }),
            ("order-line-invalid", plan with { Lines = [line with { SiteIncrement = Quantity.Of(-40) }] }),
            ("order-policy-invalid", plan with { Policies = new() { MinimumUnits = Quantity.Of(-1) } }),
            ("order-policy-invalid", plan with { Policies = new() { ApprovalDays = 0 } }),
            ("order-policy-invalid", plan with { Policies = new() { ResponseDays = int.MaxValue } }),
            ("order-policy-invalid", plan with { Policies = new() { BoxFillHours = int.MaxValue } }),
            ("order-policy-invalid", plan with { Policies = new() { FirstReminderDays = -1 } }),
            ("order-policy-invalid", plan with { Policies = new() { DeliveryTerms = new string('x', 1_001) } }),
            ("order-title-invalid", plan with { Title = " " }), ("order-title-invalid", plan with { Title = new string('x', 201) }),
            ("order-number-invalid", plan with { Id = new("JO-" + new string('7', 40)) }),
        };

        var head = await stage.Node.Store.Head();
        foreach (var (code, entry) in refused)
            (await stage.Staff.Post("joint-orders", entry)).Code().ShouldBe($"409 {code}", entry.ToString());
        var text = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(plan, Host.Api.EdgeJson.Options))!.AsObject();
        foreach (var (member, value) in new (string, JsonNode?)[]
                 {
                     ("cutoff", "2026-13-01T00:00:00Z"), ("cutoff", "2026-12-04"), ("cutoff", "2026-12-04T17:00:00"),
                     ("cutoff", 1_770_000_000), ("cutoff", null),
                     ("scope", "everybody"), ("scope", 1), ("id", "JO 1"), ("title", "a\0b"), ("priority", 1), ("lines", "1"),
                 })
        {
            var spoilt = text.DeepClone();
            spoilt[member] = value?.DeepClone();
            (await stage.Staff.Post("joint-orders", spoilt.ToJsonString())).Code().ShouldBe("400 malformed", $"{member} {value}");
        }

        (await stage.Staff.Post($"joint-orders/{plan.Id}/opening", null)).Code().ShouldBe("409 order-unknown");
        using var buyer = await stage.As(OrgRef.Of(new MemberNo("M-x")), Roles.MemberBuyer);
        head = await stage.Node.Store.Head();
        (await buyer.Post("joint-orders", plan)).Code().ShouldBe("403 forbidden");
        (await stage.Node.Store.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task what_comes_too_late_or_too_early_for_an_order_is_refused()
    {
        var (contract, _) = await stage.Award();
        var (open, cutoff) = await stage.Open(contract, TimeSpan.FromHours(1));
        var past = Stage.New("JO");
        (await stage.Staff.Post("joint-orders", Stage.Plan(past, contract, DateTimeOffset.UtcNow.AddSeconds(-1)))).ShouldBe(201);

        var head = await stage.Node.Store.Head();
        (await stage.Staff.Post($"joint-orders/{past}/opening", null)).Code().ShouldBe("409 cutoff-passed");
        (await stage.Staff.Post($"joint-orders/{open}/extension", new LaterCutoff(cutoff.AddMinutes(-1), "Earlier.")))
            .Code().ShouldBe("409 cutoff-not-later");
        (await stage.Staff.Post($"joint-orders/{open}/resumption", new LaterCutoff(cutoff.AddDays(1), "Why?")))
            .Code().ShouldBe("409 order-phase");
        (await stage.Staff.Post($"joint-orders/{open}/top-ups", new StockTopUp(1, Quantity.Of(40), "Stock.")))
            .Code().ShouldBe("409 order-phase");
        (await stage.Staff.Post($"joint-orders/{open}/opening", "{}")).Code().ShouldBe("400 malformed");
        (await stage.Staff.Get($"joint-orders/{open}?asOf=yesterday")).Code().ShouldBe("400 malformed");
        (await stage.Staff.Get($"joint-orders/{open}/allocation")).Code().ShouldBe("404 not-found");
        (await stage.Node.Store.Head()).ShouldBe(head);
    }
}

/// <summary>An error as one text.</summary>
internal static class Saying
{
    /// <summary>Status and code, e.g. <c>409 order-closed</c>.</summary>
    public static string Code(this Heard answer) => $"{answer.Status} {answer.Body?["type"]?.GetValue<string>().Split(':')[^1]}";
}
