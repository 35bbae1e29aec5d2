using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Cryptography;
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

/// <summary>
/// What vendors send that is wrong: a stable code or a named exception, the bytes kept as they came, nothing half-applied, and twice the
/// same has one effect. And what they are told: receipts, revisions, numbers.
/// </summary>
public sealed class VendorDocumentScenarios(DeliveringStage stage) : IClassFixture<DeliveringStage>
{
    [Fact]
    public async Task a_bad_document_is_kept_as_it_came_and_changes_nothing()
    {
        using var story = await Issued();
        var po = story.Number;
        await story.IsRefused("malformed", "[{\"format\":", "document-malformed");
        await story.IsRefused("another version", Json("ssc-invoice/9", po, "\"total\":1"), "document-version");
        await story.IsRefused("not json", "ISA*00*", "document-malformed");
        await story.IsRefused("negative", Answer(po, "CA", "{\"line\":1,\"answer\":\"propose\",\"quantity\":-5}"), "quantity-out-of-range");
        await story.IsRefused(
            "10^18", Answer(po, "CA", "{\"line\":1,\"answer\":\"propose\",\"quantity\":1000000000000000000}"), "quantity-out-of-range");
        await story.IsRefused("unknown order", Answer("PO-JO-none-1", "AP"), "order-unknown");
        await story.IsException("unknown line", Answer(po, "CA", "{\"line\":9,\"answer\":\"accept\"}"), "response-unknown-line");
        await story.IsRefused("despatch before the answer", story.Despatch("DA-0", 40), "delivery-not-expected");
        await story.IsException("invoice before the answer", story.Invoice("INV-0", 40, 1676.00m), "order-not-confirmed");
        var last = await story.IsRefused("despatch of another", story.Despatch("DA-00", 40), "delivery-not-expected");

        using var rival = await stage.Vendor("V-rival");
        var foreign = await VendorStory.Send(rival, Answer(po, "AP"));
        foreign.ShouldBe(409, "refusal:order-unknown");
        (await stage.Staff.Get($"purchase-orders/{story.Key}")).ShouldBe(200).Text("standing").ShouldBe("sent");
        (await story.Events("purchase-order", "purchase_order_response_recorded")).ShouldBe(0);
        var kept = await stage.Staff.Get($"vendor-documents?vendor={story.Vendor}&limit=100", ("X-At-Least-Position", last.Position));
        kept.ShouldBe(200).Items.Count.ShouldBe(10);
    }

    [Fact]
    public async Task the_same_document_has_one_effect_however_often_and_in_whatever_bytes_it_comes()
    {
        using var story = await Issued();
        var accepted = Answer(story.Number, "AP");
        foreach (var bytes in new[] { accepted, accepted, " " + accepted }) (await story.Send(bytes)).ShouldBe(200);
        (await story.Events("purchase-order", "purchase_order_response_recorded")).ShouldBe(1);
        await stage.Reaches(story.Order, "confirmed");
        await stage.Recorded($"delivery-{story.Delivery}", "delivery_expected");
        foreach (var _ in new[] { 1, 2 }) (await story.Send(story.Despatch("DA-1", 40))).ShouldBe(200);
        (await story.Events("delivery", "delivery_despatched")).ShouldBe(1);
        foreach (var _ in new[] { 1, 2 }) (await story.Send(story.Invoice("INV-1", 40, 1676.00m))).ShouldBe(200);
        await story.IsException("another invoice under the number", story.Invoice("INV-1", 39, 1634.10m), "invoice-number-used");
        await story.IsRefused("a second answer", Answer(story.Number, "RE", id: "OR-2"), "order-already-confirmed");
    }

    [Fact]
    public async Task wrong_units_lines_and_totals_become_named_exceptions()
    {
        using var story = await Issued();
        (await story.Send(Answer(story.Number, "AP"))).ShouldBe(200);
        await stage.Reaches(story.Order, "confirmed");
        await stage.Recorded($"delivery-{story.Delivery}", "delivery_expected");
        await story.IsException("wrong unit", story.Despatch("DA-2", 40, unit: "EA"), "unit-differs");
        await story.IsException("unknown line", story.Despatch("DA-3", 40, line: 7), "unknown-line");
        await story.IsRefused("negative total", story.Invoice("INV-2", 40, -1m), "amount-negative");
        (await story.Events("delivery", "delivery_despatched")).ShouldBe(0);
        (await story.Send(story.Invoice("INV-3", 40, 1_700.00m))).ShouldBe(200);
        Heard? seen = null;
        await Until.True(
            async () => (seen = await stage.Staff.Get($"invoices/{story.Vendor}:INV-3")).Text("standing") == "excepted",
            "the invoice is matched");
        var kinds = seen!.Body!["openExceptions"]!.AsArray().Select(e => (string)e!["kind"]!).ToList();
        kinds.ShouldContain("totalsDoNotAdd");
        kinds.ShouldContain("quantityAboveReceived");
    }

    [Fact]
    public async Task the_vendor_fetches_what_a_site_received_as_a_receipt_advice()
    {
        using var story = await Issued();
        (await story.Send(Answer(story.Number, "AP"))).ShouldBe(200);
        await stage.Recorded($"delivery-{story.Delivery}", "delivery_expected");
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
        using var story = await Issued();
        var order = Control((await story.Seller.Get($"purchase-orders/{story.Key}/documents/x12")).ShouldBe(200).Text);
        string Interchange(int number) =>
            $"ISA*00*          *00*          *ZZ*WHITEWATER     *ZZ*SSC            *260310*0915*U*00401*{number:000000000}*0*P*>~"
            + $"GS*PR*WHITEWATER*SSC*20260310*0915*1*X*004010~ST*855*0001~BAK*00*AH*{story.Number}*20260306~SE*3*0001~GE*1*1~"
            + $"IEA*1*{number:000000000}~";
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
        (await VendorStory.Send(seller, Answer($"PO-{order}-1", "AP"))).ShouldBe(200);
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
        using var story = await Issued();
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

    private static string Json(string format, string order, string rest) =>
        $"{{\"format\":\"{format}\",\"order\":\"{order}\",{rest}}}";

    private static string Answer(string order, string code, string lines = "", string id = "OR-1") => Json(
        "ssc-order-response/1", order,
        $"\"documentId\":\"{id}\",\"code\":\"{code}\"{(lines.Length > 0 ? $",\"lines\":[{lines}]" : "")}");

    private async Task<VendorStory> Issued()
    {
        var (contract, vendor) = await stage.Award();
        var member = await stage.Join(contract);
        var (order, _) = await stage.Open(contract, TimeSpan.FromHours(1));
        (await member.Commit(order, 40)).ShouldBe(200);
        (await stage.Staff.Post($"joint-orders/{order}/closing", new Because("Everybody has committed."))).ShouldBe(200);
        await stage.Reaches(order, "issued");
        await stage.Recorded($"purchase-order-{order}:{vendor}", "purchase_order_dispatched");
        return new(stage, order, vendor, member, await stage.Vendor(vendor));
    }

    /// <summary>An order at its vendor.</summary>
    private sealed record VendorStory(Stage Stage, string Order, string Vendor, Stage.Member Member, Caller Seller) : IDisposable
    {
        public string Key => $"{Order}:{Vendor}";

        public string Delivery => $"{Key}:{Member.Site}";

        public string Number => $"PO-{Order}-1";

        public string Despatch(string id, long quantity, int line = 1, string unit = "XCT") => Json(
            "ssc-despatch/1", Number, string.Create(
                CultureInfo.InvariantCulture,
                $"\"documentId\":\"{id}\",\"site\":\"{Member.Site}\",\"despatchedOn\":\"{Stage.Today:yyyy-MM-dd}\",")
            + $"\"lines\":[{{\"line\":{line},\"item\":\"{Stage.Paper}\",\"quantity\":{quantity},\"unit\":\"{unit}\"}}]");

        public string Invoice(string number, long quantity, decimal total) => Json(
            "ssc-invoice/1", Number, string.Create(
                CultureInfo.InvariantCulture,
                $"\"number\":\"{number}\",\"issuedOn\":\"{Stage.Today:yyyy-MM-dd}\",\"billTo\":\"{Member.Number}\",\"total\":{total},")
            + $"\"lines\":[{{\"line\":1,\"site\":\"{Member.Site}\",\"item\":\"{Stage.Paper}\",\"quantity\":{quantity},\"unit\":\"XCT\","
            + string.Create(CultureInfo.InvariantCulture, $"\"price\":41.90,\"amount\":{41.90m * quantity}}}]"));

        public Task<Heard> Send(string bytes) => VendorStory.Send(Seller, bytes);

        public static async Task<Heard> Send(Caller caller, string bytes, string type = "application/json", string query = "")
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(bytes));
            content.Headers.ContentType = new MediaTypeHeaderValue(type);
            return await caller.Post("vendor-documents" + query, content);
        }

        /// <summary>It cannot be read, or is refused, with a code; its bytes are there, and the answer says where that shows.</summary>
        public async Task<Heard> IsRefused(string what, string bytes, string code)
        {
            var answer = await Send(bytes);
            answer.Status.ShouldBeOneOf(400, 409);
            answer.Text.ShouldContain(code, customMessage: $"{what}: {answer.Text}");
            await IsKept(bytes);
            return answer;
        }

        /// <summary>It waits for a person, with a code; its bytes are there.</summary>
        public async Task IsException(string what, string bytes, string code)
        {
            var answer = await Send(bytes);
            answer.Status.ShouldBe(202, $"{what}: {answer.Text}");
            ((string?)answer.Body!["parts"]![0]!["outcome"]!["code"]).ShouldBe(code, $"{what}: {answer.Text}");
            await IsKept(bytes);
        }

        public async Task<int> Events(string category, string type)
        {
            var stream = category == "delivery" ? $"delivery-{Delivery}" : $"{category}-{Key}";
            return (await Stage.Node.Store.ReadStream("mn", stream)).Count(e => e.Type == type);
        }

        private async Task IsKept(string bytes)
        {
            var id = $"{Vendor}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bytes)))}";
            (await Seller.Get($"vendor-documents/{id}/content")).ShouldBe(200).Text.ShouldBe(bytes);
        }

        public void Dispose()
        {
            Member.Dispose();
            Seller.Dispose();
        }
    }
}
