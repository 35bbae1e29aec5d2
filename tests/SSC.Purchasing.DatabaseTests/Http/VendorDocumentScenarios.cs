using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>What vendors are told: receipts, revisions, numbers; and what they send as a workbook.</summary>
public sealed class VendorDocumentScenarios(DeliveringStage stage) : IClassFixture<DeliveringStage>
{
    [Fact]
    public async Task the_vendor_fetches_what_a_site_received_as_a_receipt_advice()
    {
        using var story = await VendorStory.Confirmed(stage);
        var advice = $"deliveries/{story.Delivery}/receipt-advice";
        (await story.Seller.Get(advice)).ShouldBe(404, "not-found");
        (await story.Send(story.Despatch("DA-9", 40))).ShouldBe(200);
        (await story.Member.Buyer.Post("receipts", new ReceiptBody(
            story.Delivery, "PS-1", Stage.Today, [new(1, new(Stage.Paper), Quantity.Of(38), "XCT")]))).ShouldBe(201);
        (await story.Member.Buyer.Post($"deliveries/{story.Delivery}/shortages", new LossEntry("S-1", 1, Quantity.Of(2)))).ShouldBe(200);
        var said = (await story.Seller.Get(advice)).ShouldBe(200);
        said.Text.ShouldContain("<ReceiptAdvice");
        said.Text.ShouldContain("<cbc:ReceivedQuantity unitCode=\"XCT\">38</cbc:ReceivedQuantity>");
        said.Text.ShouldContain("<cbc:ShortQuantity unitCode=\"XCT\">2</cbc:ShortQuantity>");
        said.Text.ShouldContain($"<cbc:ID>{story.Number}</cbc:ID>");
        said.Text.ShouldContain("<cbc:ID>DA-9</cbc:ID>");
        (await story.Seller.Get(advice)).Text.ShouldBe(said.Text);
        using var rival = await stage.Vendor("V-rival");
        (await rival.Get(advice)).ShouldBe(404, "not-found");
    }

    [Fact]
    public async Task a_revision_goes_out_by_itself_through_the_vendors_channel()
    {
        await using var server = await VendorServer.Start((_, http) => { http.Response.StatusCode = 200; return Task.CompletedTask; });
        var order = await Deliveries.Order(stage, server);
        await stage.Recorded($"purchase-order-{order.Key}", "purchase_order_dispatched");
        var document = (await stage.Staff.Get($"purchase-orders/{order.Key}")).ShouldBe(200).Body!["file"]!["document"]!.DeepClone();
        document["terms"] = "Net 35 days; dock closes at noon";
        var body = new JsonObject { ["order"] = document, ["reason"] = "The dock closes earlier." }.ToJsonString();
        (await stage.Staff.Post($"purchase-orders/{order.Key}/revisions", body)).ShouldBe(200);
        (await stage.Staff.Post($"purchase-orders/{order.Key}/revisions", body)).ShouldBe(200);
        await Until.True(() => server.Received.Count == 2, "the revision arrives");
        var (first, second) = (server.Received.First(), server.Received.Last());
        second.Key.ShouldNotBe(first.Key);
        Encoding.UTF8.GetString(second.Bytes).ShouldContain("dock closes at noon");
        (await stage.Recorded($"purchase-order-{order.Key}", "purchase_order_revised")).Count.ShouldBe(1);
        using var seller = await stage.Vendor(order.Vendor);
        (await seller.Post($"purchase-orders/{order.Key}/revisions", body)).ShouldBe(403, "forbidden");
        var one = await seller.Get($"purchase-orders/{order.Key}/documents/x12?revision=1");
        var two = await seller.Get($"purchase-orders/{order.Key}/documents/x12");
        Control(two.Text).ShouldNotBe(Control(one.Text));
    }

    [Fact]
    public async Task a_number_is_given_to_one_subject_for_ever_by_two_nodes_at_once()
    {
        var few = new NpgsqlConnectionStringBuilder(stage.Node.Settings.ConnectionString!) { MaxPoolSize = 8 }.ConnectionString;
        await using var one = NpgsqlDataSource.Create(few);
        await using var two = NpgsqlDataSource.Create(few);
        var nodes = new[] { PostgresExchange.Over(one, new(null)).Numbers, PostgresExchange.Over(two, new(null)).Numbers };
        var vendor = new VendorId(Stage.New("V"));
        var asked = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
            (Subject: i / 4, Number: await nodes[i % 2].Of("mn", vendor, $"997/{i / 4}", default)))));
        asked.GroupBy(a => a.Subject).ShouldAllBe(g => g.Select(a => a.Number).Distinct().Count() == 1);
        asked.Select(a => a.Number).Distinct().Count().ShouldBe(50);
        asked.Min(a => a.Number).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task a_997_has_a_number_of_its_own_from_the_same_source_as_orders()
    {
        using var story = await VendorStory.Issued(stage);
        var order = Control((await story.Seller.Get($"purchase-orders/{story.Key}/documents/x12")).ShouldBe(200).Text);
        byte[] Interchange(int number) => Encoding.UTF8.GetBytes(
            $"ISA*00*          *00*          *ZZ*WHITEWATER     *ZZ*SSC            *260310*0915*U*00401*{number:000000000}*0*P*>~"
            + $"GS*PR*WHITEWATER*SSC*20260310*0915*1*X*004010~ST*855*0001~BAK*00*AH*{story.Number}*20260306~SE*3*0001~GE*1*1~"
            + $"IEA*1*{number:000000000}~");
        var acknowledged = new List<string>();
        foreach (var number in new[] { 905, 906, 905 })
        {
            acknowledged.Add(Control((await VendorStory.Send(
                story.Seller, Interchange(number), "application/edi-x12", "?answer=acknowledgement")).ShouldBe(200).Text));
        }

        acknowledged[2].ShouldBe(acknowledged[0], "the same bytes get the same acknowledgement");
        new[] { order, acknowledged[0], acknowledged[1] }.Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
        acknowledged.ShouldNotContain("000000905");
    }

    [Fact]
    public async Task a_delivery_to_a_central_site_is_listed_for_every_member_that_has_goods_in_it()
    {
        var (contract, vendor) = await stage.Award();
        using var first = await stage.Join(contract);
        using var second = await stage.Join(contract);
        using var outsider = await stage.Join(contract);
        var (order, _) = await stage.Open(contract, TimeSpan.FromHours(1), new OrderPolicies { CentralSite = new("SSC-WH") });
        foreach (var member in new[] { first, second }) (await member.Commit(order, 40)).ShouldBe(200);
        (await stage.Staff.Post($"joint-orders/{order}/closing", new Because("Everybody has committed."))).ShouldBe(200);
        await stage.Reaches(order, "issued");
        using var seller = await stage.Vendor(vendor);
        (await seller.Post(
            $"purchase-orders/{order}:{vendor}/responses", $$"""{"documentId":"OR-1","code":"AP","lines":[]}""")).ShouldBe(200);
        var expected = await stage.Recorded($"delivery-{order}:{vendor}:SSC-WH", "delivery_expected");
        var position = ("X-At-Least-Position", expected[0]["position"]!.ToJsonString());
        foreach (var member in new[] { first, second })
        {
            var listed = (await member.Buyer.Get($"deliveries?jointOrder={order}&limit=1", position)).ShouldBe(200).Items;
            ((string)listed.ShouldHaveSingleItem()["file"]!["expectation"]!["site"]!).ShouldBe("SSC-WH");
            (await member.Buyer.Get("deliveries?status=complete", position)).ShouldBe(200).Items.ShouldBeEmpty();
            (await member.Buyer.Get("deliveries?asOf=1")).ShouldBe(400, "malformed");
        }

        (await outsider.Buyer.Get("deliveries", position)).ShouldBe(200).Items.ShouldBeEmpty();
        (await stage.Staff.Get($"deliveries?member={second.Number}", position)).ShouldBe(200).Items.Count.ShouldBe(1);
        (await seller.Get("deliveries", position)).ShouldBe(200).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task a_workbook_is_taken_as_any_other_document()
    {
        using var story = await VendorStory.Issued(stage);
        using var content = new ByteArrayContent(Workbook(
            ["Response Number", "Order Number", "Response Code"], ["OR-1", story.Number, "AP"]));
        content.Headers.ContentType = new("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        (await story.Seller.Post("vendor-documents?format=xlsx", content)).ShouldBe(200);
        await stage.Reaches(story.Order, "confirmed");
        (await story.Events("purchase-order", "purchase_order_response_recorded")).ShouldBe(1);
    }

    /// <summary>A workbook of one sheet of texts.</summary>
    private static byte[] Workbook(params string[][] rows)
    {
        const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const string Package = "http://schemas.openxmlformats.org/package/2006";
        const string Type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        var cells = string.Concat(rows.Select(r =>
            $"<row>{string.Concat(r.Select(c => $"<c t=\"inlineStr\"><is><t>{c}</t></is></c>"))}</row>"));
        (string Name, string Xml)[] parts =
        [
            ("[Content_Types].xml", $"""<Types xmlns="{Package}/content-types">"""
                + """<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"""
                + $"""<Override PartName="/xl/workbook.xml" ContentType="{Type}.sheet.main+xml"/>"""
                + $"""<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{Type}.worksheet+xml"/></Types>"""),
            ("_rels/.rels", $"""<Relationships xmlns="{Package}/relationships">"""
                + $"""<Relationship Id="rId1" Type="{Office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""),
            ("xl/workbook.xml", $"""<workbook xmlns="{Main}" xmlns:r="{Office}"><sheets>"""
                + """<sheet name="Answer" sheetId="1" r:id="rId1"/></sheets></workbook>"""),
            ("xl/_rels/workbook.xml.rels", $"""<Relationships xmlns="{Package}/relationships">"""
                + $"""<Relationship Id="rId1" Type="{Office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"""),
            ("xl/worksheets/sheet1.xml", $"""<worksheet xmlns="{Main}"><sheetData>{cells}</sheetData></worksheet>"""),
        ];
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, xml) in parts)
            {
                using var part = archive.CreateEntry(name).Open();
                part.Write(Encoding.UTF8.GetBytes(xml));
            }
        }

        return file.ToArray();
    }

    private static string Control(string interchange)
    {
        var elements = interchange.Split('*');
        return elements[13];
    }
}
