using System.Text;
using Shouldly;
using SSC.Purchasing.Host.Cli;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Experience;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.Exchange;
using Xunit;
using static SSC.Purchasing.Tests.InsurancePool.PoolSamples;

namespace SSC.Purchasing.Tests.Host;

/// <summary>Pools' files on the command line, as text and as workbooks: seen first, then recorded whole, or refused row by row.</summary>
public sealed class PoolFileImportTests : IAsyncLifetime
{
    private const string Counts = "memberNo,plan,tier,contracts\nM-001,PPO-500,Single,96\nM-002,PPO-500,Family,50\n";
    private const string Changes = "memberNo,reference,plan,tier,change,effectiveOn,reportedOn,reason\n"
        + "M-001,ECH-0001,PPO-500,Family,-1,2027-03-01,2027-03-10,FamilyChange\n"
        + "M-001,ECH-0001,PPO-500,Single,1,2027-03-01,2027-03-10,FamilyChange\n";

    private const string Totals = "memberNo,month,contracts,paid,largeCases\n,2025-01,360,1234.50,2\nM-001,2025-01,180,617.25,\n";

    private ServiceOnMemory service = null!;

    public async ValueTask InitializeAsync()
    {
        service = await ServiceOnMemory.Start();
        await service.Given("pool-year-SCHOOL:2027", new PoolYear.Event.Drafted(Terms), new PoolYear.Event.CensusOpened());
        await service.Given(
            "pool-participation-SCHOOL:M-001", new PoolParticipation.Event.Applied(new(2025, 1, 1), null) { Pool = School, Member = One });
        await service.Node.Commands.Handle<EnrollmentLedger, EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>(
            new("mn", "test", "test", DateTimeOffset.UtcNow), EnrollmentLedger.Key(School, 2027, One),
            new EnrollmentLedger.Command.Open(Ledger(), Census), default);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task counts_of_several_members_are_seen_and_then_recorded_once(bool workbook)
    {
        (await Import<PoolCensusImport>("pool-census", Counts, workbook, "--for", "SCHOOL:2027", "--dry-run")).Summary
            .ShouldBe("2 rows, 0 at fault (dry run)");
        (await Year()).Census.ShouldBeEmpty();
        (await Import<PoolCensusImport>("pool-census", Counts, workbook, "--for", "SCHOOL:2027")).Summary.ShouldBe("2 rows, 0 at fault");
        (await Import<PoolCensusImport>("pool-census", Counts, workbook, "--for", "SCHOOL:2027")).No.ShouldBeNull("the same file again");
        var census = (await Year()).Census;
        (census[One].Counts.Total(), census[Two].Counts.Total()).ShouldBe((96, 50));
        (await service.Store.ReadStream("mn", "pool-year-SCHOOL:2027")).Count.ShouldBe(4, "each member once");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task enrollment_changes_of_a_reference_are_one_change(bool workbook)
    {
        (await Import<PoolEnrollmentImport>("pool-enrollment", Changes, workbook, "--for", "SCHOOL:2027")).Report!.Faults.ShouldBeEmpty();
        var ledger = (await service.Node.Commands.Load<
            EnrollmentLedger, EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>(
            "mn", EnrollmentLedger.Key(School, 2027, One), true)).State;
        ledger.CountsIn(Month(2027, 3)).ShouldBe(
            [new(Ppo, Tier.Single, 97), new(Ppo, Tier.SinglePlusOne, 34), new(Ppo, Tier.Family, 49)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_carriers_totals_go_to_the_pool_and_to_its_members(bool workbook)
    {
        (await Import<PoolExperienceImport>("pool-experience", Totals, workbook, "--for", "SCHOOL")).Report!.Faults.ShouldBeEmpty();
        (await Paid(null)).ShouldBe(Usd(1_234.50m));
        (await Paid(One)).ShouldBe(Usd(617.25m));
    }

    [Fact]
    public async Task what_the_pool_refuses_is_named_by_row_and_nothing_is_recorded()
    {
        var bad = await Import<PoolEnrollmentImport>(
            "pool-enrollment", Changes + "M-001,ECH-0002,PPO-500,Family,-99,2027-03-01,2027-03-10,FamilyChange\n", false,
            "--for", "SCHOOL:2027");
        bad.Report!.Faults.Single().Row.ShouldBe(4);
        (await service.Store.ReadStream("mn", "pool-enrollment-SCHOOL:2027:M-001")).Count.ShouldBe(1, "not even the sound rows");
        (await Import<PoolExperienceImport>("pool-experience", Totals.Replace("M-001", "M-009", StringComparison.Ordinal), false,
            "--for", "SCHOOL")).Report!.Faults.Single().Code.ShouldBe("not-a-participant");
        (await Import<PoolCensusImport>("pool-census", "memberNo,plan,tier,contracts\nM-001,PPO-500,Spouse,1\n", false,
            "--for", "SCHOOL:2027")).Report!.Faults.Single().Code.ShouldBe("tier-unknown");
    }

    [Fact]
    public async Task what_a_file_is_for_is_said()
    {
        (await Import<PoolCensusImport>("pool-census", Counts, false)).No!.Code.ShouldBe("import-target-missing");
        (await Import<PoolCensusImport>("pool-census", Counts, false, "--for", "SCHOOL")).No!.Code.ShouldBe("import-target-missing");
        (await Import<PoolEnrollmentImport>("pool-enrollment", Changes, false, "--for", "SCHOOL:next")).No!.Code
            .ShouldBe("import-target-missing");
    }

    private async Task<FileImported> Import<TImport>(string name, string rows, bool workbook, params string[] options)
        where TImport : IFileImport, new()
    {
        var parsed = CommandLine.Root().Parse(["import", name, workbook ? "file.xlsx" : "file.csv", .. options]);
        parsed.Errors.ShouldBeEmpty();
        using var content = new MemoryStream(workbook
            ? Workbooks.OfRows(Workbooks.Rows([.. rows.TrimEnd().Split('\n').Select(r => r.Split(','))]))
            : Encoding.UTF8.GetBytes(rows));
        var target = Array.IndexOf(options, "--for") is var at and >= 0 ? options[at + 1] : null;
        return await new TImport().Run(
            service.Node, new(content, target, options.Contains("--dry-run", StringComparer.Ordinal), parsed), default);
    }

    private async Task<PoolYear.State> Year() => (await service.Node.Commands.Load<
        PoolYear, PoolYear.Command, PoolYear.State, PoolYear.Event>("mn", PoolYear.Key(School, 2027), true)).State;

    private async Task<Money> Paid(MemberNo? member) => (await service.Node.Commands.Load<
        ExperienceLedger, ExperienceLedger.Command, ExperienceLedger.State, ExperienceLedger.Event>(
        "mn", ExperienceLedger.Key(School, member), true)).State.Months.Values.Select(m => m.Paid).Sum();
}
