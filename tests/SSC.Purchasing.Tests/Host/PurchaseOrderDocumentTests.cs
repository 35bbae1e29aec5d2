using Shouldly;
using SSC.Purchasing.Exchange.X12;
using SSC.Purchasing.Host;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Tests.Exchange;
using Xunit;

namespace SSC.Purchasing.Tests.Host;

/// <summary>A purchase order can be fetched in every format, by its vendor and nobody else's.</summary>
public sealed class PurchaseOrderDocumentTests : IAsyncLifetime
{
    private const string Key = "JO-2026-014:V-whitewater";
    private const string Path = $"purchase-orders/{Key}/documents";
    private ServiceOnMemory service = null!;

    public async ValueTask InitializeAsync()
    {
        service = await ServiceOnMemory.Start();
        using var staff = await service.Coordinator();
        await staff.Post("vendors", new Vendor.Command.Register(ExchangeOrders.Whitewater, "Whitewater Paper Supply", new(30)));
        foreach (var (member, sites) in new[] { ("M-001", new[] { "M-001-HS", "M-001-WH" }), ("M-002", ["M-002-DO"]) })
        {
            await staff.Post("members", new Member.Command.Admit(
                new(member), new("SSC"), new($"District {member}", MemberType.Education, MemberKind.SchoolDistrict, "Olmsted", true)));
            foreach (var site in sites)
            {
                await staff.Post($"members/{member}/sites", new Member.Command.AddSite(
                    new(site),
                    new($"Building {site}", new(["100 Main Street"], "Rochester", "55901")) { DockInstructions = "East dock." }));
            }
        }

        await Handle(new PurchaseOrder.Command.Issue(ExchangeOrders.Sample.Order));
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    public static TheoryData<string, string, string> Formats => new()
    {
        { "json", "application/json", "attachment; filename=PO-JO-2026-014-1.json" },
        { "json-parties", "application/json", "attachment; filename=PO-JO-2026-014-1.json" },
        { "x12", "application/edi-x12", "attachment; filename=PO-JO-2026-014-1.edi" },
        { "ubl", "application/xml", "attachment; filename=PO-JO-2026-014-1.xml" },
        { "cxml", "text/xml; charset=utf-8", "attachment; filename=PO-JO-2026-014-1.xml" },
        { "csv", "text/csv; charset=utf-8", "attachment; filename=PO-JO-2026-014-1.csv" },
        { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "attachment; filename=PO-JO-2026-014-1.xlsx" },
        { "html", "text/html; charset=utf-8", "inline; filename=PO-JO-2026-014-1.html" },
        { "packing-slips", "text/html; charset=utf-8", "inline; filename=PO-JO-2026-014-1-packing-slips.html" },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task every_format_has_its_media_type_and_file_name_and_is_the_same_each_time(string format, string media, string file)
    {
        using var vendor = await Vendor("V-whitewater");
        var answer = (await vendor.Get($"{Path}/{format}")).ShouldBe(200);
        answer.Headers["Content-Type"].ShouldBe(media);
        answer.Headers["Content-Disposition"].ShouldStartWith(file);
        answer.Headers["X-Order-Revision"].ShouldBe("1");
        (await vendor.Get($"{Path}/{format}")).Headers["X-Content-SHA256"].ShouldBe(answer.Headers["X-Content-SHA256"]);
        if (format is "html" or "packing-slips") answer.Headers["Content-Security-Policy"].ShouldContain("sandbox");
        if (format is "html" or "csv" or "json-parties") answer.Text.ShouldContain("100 Main Street");
    }

    [Fact]
    public void every_registered_writer_is_served() =>
        Modules.OrderWriters.Select(w => w.Format).Except(Formats.Select(f => f.Data.Item1), StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public async Task a_cxml_order_names_the_identities_of_the_vendors_shop_and_no_secret()
    {
        using var vendor = await Vendor("V-whitewater");
        (await vendor.Get($"{Path}/cxml")).ShouldBe(200).Text.ShouldContain("<Identity>V-whitewater</Identity>");
        (await service.Node.Commands.Handle<Vendor, Vendor.Command, Vendor.State, Vendor.Event>(
            new("mn", "test", "test", DateTimeOffset.UtcNow), "V-whitewater",
            new Vendor.Command.SetPunchOut(new(
                "https://shop.whitewater.example/punchout", new("NetworkID", "AN01-SSC"), new("DUNS", "081234567"), "s1")), default))
            .ShouldBeOfType<CommandOutcome.Done>();
        var order = (await vendor.Get($"{Path}/cxml")).ShouldBe(200).Text;
        foreach (var said in new[] { "\"NetworkID\"", "<Identity>AN01-SSC</Identity>", "\"DUNS\"", "<Identity>081234567</Identity>" })
            order.ShouldContain(said);
        order.ShouldNotContain("SharedSecret");
    }

    [Fact]
    public async Task the_json_is_the_recorded_content()
    {
        using var vendor = await Vendor("V-whitewater");
        (await vendor.Get($"{Path}/json")).Headers["X-Content-SHA256"].ShouldBe(PurchaseOrderContent.Hash(ExchangeOrders.Sample.Order, 1));
    }

    [Fact]
    public async Task a_revision_has_a_control_number_of_its_own_and_keeps_it()
    {
        using var staff = await service.Coordinator();
        var control = Control((await staff.Get($"{Path}/x12")).ShouldBe(200).Text);
        await Handle(new PurchaseOrder.Command.Revise(ExchangeOrders.Sample.Order with { Terms = "Net 30" }, "Terms agreed anew."));
        Control((await staff.Get($"{Path}/x12?revision=1")).ShouldBe(200).Text).ShouldBe(control);
        var second = (await staff.Get($"{Path}/x12")).ShouldBe(200);
        second.Headers["X-Order-Revision"].ShouldBe("2");
        Control(second.Text).ShouldNotBe(control);
        second.Headers["Content-Disposition"].ShouldContain("PO-JO-2026-014-1-rev2.edi");
        (await staff.Get($"{Path}/x12?revision=3")).ShouldBe(404, "not-found");
        (await staff.Get($"{Path}/x12?revision=0")).ShouldBe(400, "malformed");
    }

    [Fact]
    public async Task a_slip_can_be_asked_for_one_site()
    {
        using var vendor = await Vendor("V-whitewater");
        var slip = (await vendor.Get($"{Path}/packing-slips?member=M-001&site=M-001-WH&paper=a4")).ShouldBe(200).Text;
        slip.ShouldContain("Building M-001-WH");
        slip.ShouldContain("size: A4");
        slip.ShouldNotContain("M-002");
        (await vendor.Get($"{Path}/packing-slips?member=M-001&site=M-002-DO")).ShouldBe(404, "not-found");
        (await vendor.Get($"{Path}/packing-slips?member=M-001")).ShouldBe(400, "malformed");
        (await vendor.Get($"{Path}/html?paper=napkin")).ShouldBe(400, "malformed");
    }

    [Fact]
    public async Task other_vendors_members_and_unknown_formats_find_nothing()
    {
        using var rival = await Vendor("V-rival");
        (await rival.Get($"{Path}/x12")).ShouldBe(404, "not-found");
        using var buyer = await service.Buyer("M-001");
        (await buyer.Get($"{Path}/x12")).ShouldBe(403, "forbidden");
        using var vendor = await Vendor("V-whitewater");
        (await vendor.Get($"{Path}/papyrus")).ShouldBe(404, "not-found");
        (await vendor.Get("purchase-orders/JO-9:V-whitewater/documents/x12")).ShouldBe(404, "not-found");
    }

    [Fact]
    public async Task an_order_that_x12_cannot_say_is_refused_in_x12_and_served_in_the_others()
    {
        var order = ExchangeOrders.Sample.Order;
        var crates = order.Lines[0] with { Unit = "XCR" };
        await Handle(new PurchaseOrder.Command.Revise(order with { Lines = [crates, order.Lines[1]] }, "Crates."));
        using var vendor = await Vendor("V-whitewater");
        (await vendor.Get($"{Path}/x12")).ShouldBe(409, "refusal:x12-unit-unknown");
        (await vendor.Get($"{Path}/csv")).ShouldBe(200);
    }

    [Fact]
    public async Task without_a_chromium_there_is_no_pdf_and_with_one_there_is()
    {
        using var vendor = await Vendor("V-whitewater");
        (await vendor.Get($"{Path}/pdf")).ShouldBe(409, "refusal:pdf-not-configured");
        (await vendor.Get($"{Path}/packing-slips-pdf")).ShouldBe(409, "refusal:pdf-not-configured");
        await service.DisposeAsync();
        service = await ServiceOnMemory.Start(s => s with { Chromium = "/usr/bin/chromium" });
        await Handle(new PurchaseOrder.Command.Issue(ExchangeOrders.Sample.Order));
        using var again = await Vendor("V-whitewater");
        var pdf = await again.Get($"{Path}/pdf");
        if (!File.Exists("/usr/bin/chromium")) pdf.ShouldBe(409, "refusal:pdf-not-configured");
        else pdf.ShouldBe(200).Headers["Content-Disposition"].ShouldStartWith("inline; filename=PO-JO-2026-014-1.pdf");
    }

    [Fact]
    public async Task two_members_sites_of_one_name_stay_apart()
    {
        using var staff = await service.Coordinator();
        foreach (var (member, city) in new[] { ("M-001", "Rochester"), ("M-002", "Winona") })
        {
            await staff.Post($"members/{member}/sites", new Member.Command.AddSite(
                new("HS"), new($"High School {city}", new(["1 School Road"], city, "55901"))));
        }

        var line = ExchangeOrders.Line(
            1, "A", "A", "EA", 1m, 1, ExchangeOrders.Drop("M-001", "HS", 1, null), ExchangeOrders.Drop("M-002", "HS", 2, null));
        var parties = await new PartiesOfOrders(service.Node.Commands).Of(
            "mn", ExchangeOrders.Document([line], 0m, "Net 35 days"), TestContext.Current.CancellationToken);
        (parties.Site(new("M-001"), new("HS")).City, parties.Site(new("M-002"), new("HS")).City).ShouldBe(("Rochester", "Winona"));
        parties.Sites.ShouldBeEmpty();
        parties.Buyer.Name.ShouldBe(MinnesotaCooperatives.All.Single(c => c.Id == MinnesotaCooperatives.Home).Name);
    }

    private Task<Caller> Vendor(string vendor) => service.As(OrgRef.Of(new VendorId(vendor)), Roles.Vendor);

    private async Task Handle(PurchaseOrder.Command command) =>
        (await service.Node.Commands.Handle<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            new("mn", "test", "test", DateTimeOffset.UtcNow), Key, command, default)).ShouldBeOfType<CommandOutcome.Done>();

    private static string Control(string interchange) =>
        X12Interchange.Parse(System.Text.Encoding.UTF8.GetBytes(interchange), X12Limits.Default, out _)!.ControlNumber;
}
