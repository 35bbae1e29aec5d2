using System.Globalization;
using System.Text;
using System.Text.Json;
using Shouldly;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.Host.Cli;
using Xunit;

namespace SSC.Purchasing.Tests.Host;

/// <summary>A vendor's price list on the command line: seen first, then published, or refused row by row.</summary>
public sealed class PriceListFileTests : IAsyncLifetime
{
    private const string List =
        "Item,Description,Unit,Case Qty,Price\nPAPER-20LB,Copy paper,carton,40,39.90\nPEN-1,\"Pen, blue\",each,12,0.25\n";

    private ServiceOnMemory service = null!;

    public async ValueTask InitializeAsync()
    {
        service = await ServiceOnMemory.Start();
        using var staff = await service.Coordinator();
        await staff.Award("C-1");
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task a_dry_run_shows_what_would_change_and_records_nothing()
    {
        var seen = await Import(List, "--for", "C-1", "--dry-run");
        seen.No.ShouldBeNull();
        seen.Summary.ShouldBe("2 rows, 1 items added, 0 removed, 1 changed, 0 unchanged, 0 at fault (dry run)");
        PriceListFileImport.Lines(seen.Diff!).ShouldBe(
            ["+ PEN-1  Pen, blue  0.25", "~ PAPER-20LB  0+ 41.90 → 39.90 (-4.77 %), pack changed, description changed"]);
        JsonSerializer.Serialize(seen, EdgeJson.Of<FileImported>()).ShouldContain("\"percent\":-4.77");
        (await Schedules()).ShouldBe(1);
    }

    [Fact]
    public async Task a_list_is_published_as_the_contracts_next_schedule()
    {
        var from = Counter.Today.AddDays(3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        (await Import(List, "--for", "C-1", "--effective-from", from)).No.ShouldBeNull();
        (await Schedules()).ShouldBe(2);
        (await Import(List.Replace("39.90", "49.90", StringComparison.Ordinal), "--for", "C-1")).No!.Code
            .ShouldBe("price-rise-without-reason");
    }

    [Fact]
    public async Task every_bad_row_is_named_and_nothing_is_published()
    {
        var bad = await Import(List + "PEN-2,Pen,FLOCK,12,1\nPEN-3,Pen,EA,12,free\n", "--for", "C-1");
        bad.Report!.Faults.Select(f => (f.Row, f.Code)).ShouldBe([(4, "unit-unknown"), (5, "price-not-a-number")]);
        (await Schedules()).ShouldBe(1);
    }

    [Fact]
    public async Task what_the_prices_are_for_is_said_and_known()
    {
        (await Import(List)).No!.Code.ShouldBe("contract-missing");
        (await Import(List, "--for", "C-9")).No!.Code.ShouldBe("contract-unknown");
        (await Import(List, "--for", "C-1", "--effective-from", "7/1/2026")).No!.Code.ShouldBe("date-malformed");
    }

    private async Task<FileImported> Import(string list, params string[] options)
    {
        var parsed = CommandLine.Root().Parse(["import", "price-lists", "list.csv", .. options]);
        parsed.Errors.ShouldBeEmpty();
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(list));
        var target = Array.IndexOf(options, "--for") is var at and >= 0 ? options[at + 1] : null;
        return await new PriceListFileImport().Run(
            service.Node, new(content, target, options.Contains("--dry-run", StringComparer.Ordinal), parsed), default);
    }

    private async Task<int> Schedules()
    {
        using var staff = await service.Coordinator();
        return (await staff.Get("contracts/C-1/price-schedules")).ShouldBe(200).Body!["schedules"]!.AsArray().Count;
    }
}
