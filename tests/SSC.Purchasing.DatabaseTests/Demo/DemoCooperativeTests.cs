using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Shouldly;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Host;
using SSC.Purchasing.Host.Cli;
using SSC.Purchasing.Host.Demo;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Fees;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Demo;

/// <summary>The demo cooperative in real PostgreSQL, as the <c>demo</c> command makes it, and the tour that it prints.</summary>
public sealed class DemoCooperativeTests(FreshDatabase database, ITestOutputHelper output) : IClassFixture<FreshDatabase>
{
    [Fact]
    public async Task it_is_made_once_and_the_tour_runs_as_printed()
    {
        var started = System.Diagnostics.Stopwatch.StartNew();
        var settings = new Settings { ConnectionString = database.ConnectionString, Tenant = "mn" };
        await using var node = await Node.Open(settings, run: true, default);
        var seeded = await new DemoCooperative().Seed(node, 2026, new Relay<WorkDone>(_ => { }), default);
        output.WriteLine($"{seeded.Events} events in {started.Elapsed}");
        seeded.AlreadyThere.ShouldBeFalse();
        seeded.Events.ShouldBeGreaterThan(60_000);

        var replay = await new ReplayCheck(node.Store, Modules.Aggregates, Modules.Checks, TimeProvider.System).Run(ReplayScope.All);
        output.WriteLine(replay.Summary);
        replay.IsClean.ShouldBeTrue(replay.Summary);
        replay.EventsRead.ShouldBe(seeded.Events, "positions are dense and every event is there");
        await EveryReadModelHasTheWholeLog(node, seeded.Events);
        await EveryBranchOfBillingIsThere(node);

        await using var app = ServiceHost.Build(Builder(), node);
        await app.StartAsync();
        await RunTour(new(app.Urls.Single()), seeded);
        await Walkthrough(new(app.Urls.Single()), seeded);
        var after = await new ReplayCheck(node.Store, Modules.Aggregates, Modules.Checks, TimeProvider.System).Run(ReplayScope.All);
        after.IsClean.ShouldBeTrue(after.Summary);
        await app.StopAsync();

        var again = await new DemoCooperative().Seed(node, 2026, new Relay<WorkDone>(_ => { }), default);
        again.AlreadyThere.ShouldBeTrue();
        again.SignIns.Select(s => s.Role).ShouldBe(seeded.SignIns.Select(s => s.Role));
        again.SignIns.Select(s => s.ApiKey).ShouldNotContain(seeded.SignIns[0].ApiKey, "the first secrets are known to nobody any more");
    }

    /// <summary>The documented script, from a commitment to the paid invoice, in every format, as a reader of the page runs it.</summary>
    private async Task Walkthrough(Uri address, Seeded seeded)
    {
        foreach (var format in new[] { "ubl", "x12", "cxml", "json", "csv" })
        {
            var (exit, said, wrong) = await PaidInvoice(address, seeded, format);
            output.WriteLine($"{format}: {exit}\n{said}{wrong}");
            (exit, wrong).ShouldBe((0, string.Empty), $"{format}\n{said}");
            said.TrimEnd().ShouldEndWith("is paid.");
        }

        var (none, _, why) = await PaidInvoice(address, seeded, "ubl");
        none.ShouldBe(1);
        why.ShouldContain("no joint order for a walkthrough is open");
        (await PaidInvoice(address, seeded, "telex")).Exit.ShouldBe(2);
    }

    private static async Task<(int Exit, string Said, string Wrong)> PaidInvoice(Uri address, Seeded seeded, string format)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "SSC.Purchasing.sln"))) root = root.Parent!;
        var start = new ProcessStartInfo("bash")
        {
            ArgumentList = { Path.Combine(root.FullName, "src/docs/walkthrough/paid-invoice.sh"), format },
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["API"] = new Uri(address, "/api/v1").ToString();
        foreach (var (name, role) in new[]
        {
            ("BUYER", Roles.MemberBuyer), ("APPROVER", Roles.MemberApprover), ("COORDINATOR", Roles.Coordinator), ("VENDOR", Roles.Vendor),
        })
        {
            start.Environment[name] = seeded.SignIns.Single(s => s.Role == role).ApiKey;
        }

        using var script = Process.Start(start)!;
        var (said, wrong) = (script.StandardOutput.ReadToEndAsync(), script.StandardError.ReadToEndAsync());
        await script.WaitForExitAsync();
        return (script.ExitCode, await said, await wrong);
    }

    private static Microsoft.AspNetCore.Builder.WebApplicationBuilder Builder()
    {
        var builder = ServiceHost.NewBuilder([]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }

    private static async Task EveryReadModelHasTheWholeLog(Node node, long position)
    {
        foreach (var model in Modules.ReadModels)
            (await node.Models.WaitFor(model, position, TimeSpan.FromSeconds(30))).ShouldBeTrue(model.Name);
        var board = await node.Models.List(JointOrderBoard.Instance, "mn", new() { Limit = 1_000 });
        board.Count.ShouldBeGreaterThan(115);
        board.Count(r => r.Row.Phase == OrderPhase.Open).ShouldBeGreaterThanOrEqualTo(7);
        (await node.Runtime!.Health()).Alarms.ShouldBeEmpty();
    }

    /// <summary>What a visitor finds on the boards, by the title of the order.</summary>
    private static async Task EveryBranchOfBillingIsThere(Node node)
    {
        var titles = (await node.Models.List(JointOrderBoard.Instance, "mn", new() { Limit = 1_000 }))
            .ToDictionary(r => r.Row.Id, r => r.Row.Title);
        var invoices = (await node.Models.List(InvoiceBoard.Instance, "mn", new() { Limit = 1_000 })).Select(r => r.Row)
            .ToLookup(r => titles[r.Facts.JointOrder], StringComparer.Ordinal);
        void Has(string title, Func<InvoiceEntry, bool> what) => invoices[title].ShouldContain(i => what(i), title);
        Has("Copy paper — billed above the agreed price, disputed, credited",
            i => i is { Status: InvoiceStatus.Paid, Credited.Cents: > 0 });
        Has("Copy paper — disputed, then withdrawn", i => i is { Status: InvoiceStatus.Paid, Credited.Cents: 0 });
        Has("Copy paper — billed above the agreed price, to be decided", i => i is { OpenExceptions: > 0 });
        Has("Diesel, rack price — paid late, with interest", i => i is { Status: InvoiceStatus.Paid, Interest.Cents: > 0 });
        Has("Milk — more billed than received, disputed, credited", i => i.Status == InvoiceStatus.CreditMemo);
        Has("Apples and pears — credit on a paid invoice, refunded",
            i => i.Status == InvoiceStatus.Paid && i.Paid + i.Credited == i.Facts.Document.Total && i.Credited > Money.Zero);
        Has("Gloves and liners — item billed that nobody ordered, rejected", i => i.Status == InvoiceStatus.Rejected);
        Has("Gloves and liners — discount shared", i => i.Facts.Document.Charges.Any(c => c.Kind == ChargeKind.Discount));
        Has("Student laptops — freight billed that nobody ordered, rejected", i => i.Status == InvoiceStatus.Rejected);
        Has("Floor finish — billed twice, the duplicate rejected", i => i.Status == InvoiceStatus.Rejected);
        Has("Playground fiber — billed to members, one pays late", i => i.Facts.Document.BillTo is not null && i.Interest > Money.Zero);
        var freight = invoices["Classroom chairs — freight shared"].Single(i => i.Facts.Document.Charges.Count > 0);
        var shares = await node.Models.List(MemberStatements.Instance, "mn", new()
        {
            Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["invoice"] = freight.Id }, Limit = 1_000,
        });
        shares.Select(s => s.Row.Bill.Freight).Sum().ShouldBe(freight.Facts.Document.Charges.Single().Amount);

        var ledgers = (await node.Models.List(FeeLedgers.Instance, "mn", new() { Limit = 1_000 })).Select(r => r.Row).ToList();
        ledgers.ShouldContain(l => l.Findings != null && l.Findings.Value.Count > 0);
        ledgers.ShouldContain(l => l.Findings != null && l.Findings.Value.Count == 0 && l.FeeDue > Money.Zero);
        (await node.Models.List(MemberRebates.Instance, "mn", new() { Limit = 1_000 })).ShouldContain(r => r.Row.Share.FederalFood);
        titles.Values.Count(t => t.StartsWith("Copy paper — walkthrough", StringComparison.Ordinal)).ShouldBe(5);
    }

    /// <summary>Every line of the tour, with curl's part played by a client.</summary>
    private async Task RunTour(Uri address, Seeded seeded)
    {
        using var http = new HttpClient();
        var lines = seeded.Tour.Where(l => !l.StartsWith('#')).ToList();
        lines.Count.ShouldBeGreaterThanOrEqualTo(7);
        var position = seeded.Events.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var line in lines)
        {
            var words = line.Split('\'');
            var url = words.Single(w => w.StartsWith("http://", StringComparison.Ordinal));
            var verb = line.Contains("-X PUT", StringComparison.Ordinal) ? HttpMethod.Put
                : line.Contains("-X POST", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get;
            using var request = new HttpRequestMessage(verb, new Uri(address, new Uri(url).PathAndQuery));
            foreach (var header in words.Where(
                w => w.Contains(": ", StringComparison.Ordinal) && !w.StartsWith("Content-Type", StringComparison.Ordinal)))
                request.Headers.TryAddWithoutValidation(
                    header[..header.IndexOf(':', StringComparison.Ordinal)], header[(header.IndexOf(':', StringComparison.Ordinal) + 2)..]);
            if (verb != HttpMethod.Get) request.Content = new StringContent(
                words[^2], Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
            request.Headers.Add("X-At-Least-Position", position); // a person is slower than the read models, a test is not
            using var answer = await http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            output.WriteLine($"{verb} {request.RequestUri!.PathAndQuery} {(int)answer.StatusCode} {body[..Math.Min(300, body.Length)]}");
            answer.IsSuccessStatusCode.ShouldBeTrue($"{line}\n{answer.StatusCode} {body}");
            if (verb != HttpMethod.Get) position = JsonNode.Parse(body)!["position"]!.ToString();
            if (url.EndsWith("/board", StringComparison.Ordinal))
                body.ShouldNotContain("missingToNextTier", customMessage: "the visitor's 28 cartons filled the truck: " + body);
        }
    }
}
