using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.Ach;
using SSC.Purchasing.Exchange.Pool;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.Tests.Exchange;

public class PoolFileTests
{
    private static readonly AchOriginator Coop = new("091000019", "EXAMPLE BANK", "1410000000", "SERVICE COOP");

    [Fact]
    public async Task a_census_is_read_by_member_plan_and_tier()
    {
        var read = (await PoolFiles.Census(Csv("Member #,Plan Code,Tier,Employees\nM-1,PPO,Single,96\nM-1,PPO,family,50\n")))
            .ShouldBeOfType<PoolFileOutcome<CensusFile>.Read>();
        read.File.Counts[new("M-1")].ShouldBe([new(new("PPO"), Tier.Single, 96), new(new("PPO"), Tier.Family, 50)]);
    }

    [Fact]
    public async Task every_bad_row_of_a_census_is_named()
    {
        var report = (await PoolFiles.Census(Csv(
            "memberNo,plan,tier,contracts\nM 1,PPO,Single,1\nM-1,PPO,Spouse,1\nM-1,PPO,Single,-1\nM-1,PPO,Single,\n"
            + "M-1,PPO,Family,2\nM-1,PPO,Family,3\n")))
            .ShouldBeOfType<PoolFileOutcome<CensusFile>.Faulty>().Report;
        report.Faults.Select(f => (f.Row, f.Code)).ShouldBe(
        [
            (2, "member-number-malformed"), (3, "tier-unknown"), (4, "count-out-of-range"), (5, "cell-missing"), (7, "row-repeated"),
        ]);
    }

    [Fact]
    public async Task rows_of_one_reference_are_one_change_and_a_name_is_no_reference()
    {
        const string header = "memberNo,reference,plan,tier,change,effectiveOn,reportedOn,reason\n";
        var read = (await PoolFiles.Enrollment(Csv(header
            + "M-1,ECH-0001,PPO,Family,-1,2027-06-01,6/10/2027,FamilyChange\n"
            + "M-1,ECH-0001,PPO,Single,1,2027-06-01,6/10/2027,family change\n")))
            .ShouldBeOfType<PoolFileOutcome<EnrollmentFile>.Read>();
        read.File.Rows.Single().Command.Changes.Count.ShouldBe(2);
        (await PoolFiles.Enrollment(Csv(header + "M-1,Jane Doe,PPO,Family,-1,2027-06-01,2027-06-10,Divorce of Jane\n")))
            .ShouldBeOfType<PoolFileOutcome<EnrollmentFile>.Faulty>().Report.Faults.Select(f => f.Code)
            .ShouldBe(["reference-not-opaque", "reason-unknown"]);
    }

    [Fact]
    public async Task experience_without_a_member_is_the_pools()
    {
        var read = (await PoolFiles.Experience(Csv(
            "memberNo,month,contracts,paid,largeCases\n,2027-01,360,\"$1,234.50\",2\nM-1,2027-01,180,617.25,\n")))
            .ShouldBeOfType<PoolFileOutcome<ExperienceFile>.Read>();
        read.File.Ledgers.Select(l => (l.Member?.Value, l.Months[0].Paid.Dollars, l.Months[0].LargeCases))
            .ShouldBe([(null, 1_234.50m, 2), ("M-1", 617.25m, 0)]);
    }

    [Fact]
    public async Task each_of_the_files_is_read_from_a_workbook_as_well()
    {
        (await PoolFiles.Census(Workbook("Member #,Plan Code,Tier,Employees", "M-1,PPO,Single,96")))
            .ShouldBeOfType<PoolFileOutcome<CensusFile>.Read>().File.Counts[new("M-1")].ShouldBe([new(new("PPO"), Tier.Single, 96)]);
        (await PoolFiles.Enrollment(Workbook(
            "memberNo,reference,plan,tier,change,effectiveOn,reportedOn,reason",
            "M-1,ECH-0001,PPO,Family,-1,2027-06-01,2027-06-10,FamilyChange")))
            .ShouldBeOfType<PoolFileOutcome<EnrollmentFile>.Read>().File.Rows.Single().Command.Changes.Single().Change.ShouldBe(-1);
        (await PoolFiles.Experience(Workbook("memberNo,month,contracts,paid", "M-1,2027-01,180,617.25")))
            .ShouldBeOfType<PoolFileOutcome<ExperienceFile>.Read>().File.Ledgers.Single().Months[0].Paid.Dollars.ShouldBe(617.25m);
    }

    [Fact]
    public void a_collection_file_has_records_of_94_characters_in_blocks_of_ten_and_controls_that_add_up()
    {
        var (no, file) = AchFile.Write(
            Coop, [Debit(1, 198_292.08m, "091000019"), Debit(2, 1_000m, "011000015")], new(2027, 1, 4, 15, 30, 0), new(2027, 1, 5));
        no.ShouldBeNull();
        var records = file!.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        records.ShouldAllBe(r => r.Length == 94);
        (records.Length % 10).ShouldBe(0);
        records.Select(r => r[0]).ShouldBe(['1', '5', '6', '7', '6', '7', '8', '9', '9', '9']);
        records[0][..40].ShouldBe("101 09100001914100000002701041530A094101");
        records[2][..39].ShouldBe("627091000019ACCT1            0019829208");
        records[2][39..54].ShouldBe("ACH-00000000001");
        records[6][4..44].ShouldBe("0000040010200002000019929208000000000000"[..40]);
        records[7][1..21].ShouldBe("00000100000100000004");
    }

    [Theory]
    [InlineData("091000019", true)]
    [InlineData("091000018", false)]
    [InlineData("09100001", false)]
    [InlineData("09100001A", false)]
    public void a_routing_number_has_a_check_digit(string routing, bool valid)
    {
        AchFile.IsRouting(routing).ShouldBe(valid);
        AchFile.Write(Coop, [Debit(1, 1m, routing)], new(2027, 1, 4, 0, 0, 0), new(2027, 1, 5)).No?.Code
            .ShouldBe(valid ? null : "routing-invalid");
    }

    [Fact]
    public void a_return_names_our_reference_and_its_code_and_a_short_file_is_refused()
    {
        var file = AchFile.Write(Coop, [Debit(1, 100m, "091000019")], new(2027, 1, 4, 0, 0, 0), new(2027, 1, 5)).File!;
        var returned = file.Replace("705CONTRIBUTION", "799R01091000010", StringComparison.Ordinal);
        AchReturns.Read(returned).Returns.ShouldBe([new(new("ACH-00000000001"), "R01", Money.FromDollars(100m))]);
        AchReturns.Read(returned[..200]).No!.Code.ShouldBe("ach-malformed");
        AchReturns.Read(file).No!.Code.ShouldBe("ach-empty");
        AchReturns.Read(returned.Replace("9000001000001000000", "9000001000001000001", StringComparison.Ordinal)).No!.Code
            .ShouldBe("ach-control-wrong");
    }

    private static AchDebit Debit(int number, decimal amount, string routing) => new(
        new($"ACH-{number:00000000000}"), Money.FromDollars(amount), $"M-00{number}",
        new(routing, $"ACCT{number}", BankAccountKind.Checking), "CONTRIBUTION 2027-01");

    private static MemoryStream Workbook(params string[] rows) =>
        new(Workbooks.OfRows(Workbooks.Rows([.. rows.Select(r => r.Split(','))])));

    private static MemoryStream Csv(string text) => new(Encoding.UTF8.GetBytes(text));
}
