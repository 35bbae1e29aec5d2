using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.Members;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Tests.Architecture;
using Xunit;

namespace SSC.Purchasing.Tests.Exchange;

public class MemberImportTests
{
    private const string Header = "memberNo,name,type,county,voting,enrollment,teachers\n";

    [Fact]
    public async Task the_demo_cooperative_has_eighty_five_members_of_whom_sixty_five_vote()
    {
        var file = await File.ReadAllTextAsync(Path.Combine(House.Root, "src", "SSC.Purchasing.Host", "Demo", "members.csv"));
        var commands = (await Read(file)).ShouldBeOfType<MemberImportOutcome.Ready>().Commands;
        var members = commands.Select(c => ((Member.Command.Admit)c.Command).Facts).ToList();
        members.Count.ShouldBe(85);
        members.Count(m => m.Voting).ShouldBe(65);
        members.GroupBy(m => m.Type).ToDictionary(g => g.Key, g => g.Count()).ShouldBe(new Dictionary<MemberType, int>
        {
            [MemberType.Education] = 42, [MemberType.Associate] = 12, [MemberType.Ccoga] = 23, [MemberType.NonProfit] = 2,
            [MemberType.Participating] = 6,
        }, ignoreOrder: true);
        members.Count(m => MemberEligibility.IsIn(BuyerGroup.CitiesAndCounties, m.Kind)).ShouldBe(21, "nine counties and twelve cities");
        commands.ShouldAllBe(c => Member.Decide(c.Command, Member.Initial) is Decision<Member.Event>.Accepted);
    }

    [Fact]
    public async Task every_bad_row_is_named_and_nothing_is_imported()
    {
        var report = (await Read(Header
            + "M-1,Oak Schools,Education,Rice,yes,900,60\n"
            + "M 2,Elm,Education,Rice,yes,,\n"
            + "M-3,,Monastery,Rice,perhaps,-5,many\n"
            + "\n"
            + "M-4,Ash City,CityCountyOtherGovernment,Rice,no,,\n"
            + "M-1,Oak Schools,Education,Rice,yes,901,60\n")).ShouldBeOfType<MemberImportOutcome.Faulty>().Report;
        report.Faults.Select(f => (f.Row, f.Column, f.Code)).ShouldBe(
        [
            (3, "memberNo", "member-number-malformed"),
            (4, "name", "name-missing"), (4, "type", "member-type-unknown"), (4, "voting", "voting-unknown"),
            (4, "teachers", "not-a-whole-number"),
            (6, "voting", "voting-mismatch"),
            (7, "memberNo", "member-repeated"),
        ]);
        report.RowsRead.ShouldBe(5);
        report.BlankRows.ShouldBe(1);
    }

    [Fact]
    public async Task headers_of_other_systems_are_understood_and_an_equal_row_counts_once()
    {
        var ready = (await Read(
            "Member #;Organization Name;Membership;County;Students\n"
            + "M-1;Oak Schools;School District;Rice;1,900\nM-1;Oak Schools;School District;Rice;1,900\n"))
            .ShouldBeOfType<MemberImportOutcome.Ready>();
        ((Member.Command.Admit)ready.Commands.Single().Command).Facts
            .ShouldBe(new("Oak Schools", MemberType.Education, MemberKind.SchoolDistrict, "Rice", true, 1900));
        ready.Report.Notes.Single().ShouldSatisfyAllConditions(n => n.Row.ShouldBe(3), n => n.Code.ShouldBe("row-repeated"));
    }

    [Fact]
    public async Task a_dry_run_says_what_would_happen_and_gives_nothing_to_execute()
    {
        var oak = new MemberFacts("Oak Schools", MemberType.Education, MemberKind.SchoolDistrict, "Rice", true, 900, 60);
        var request = new MemberImportRequest(MinnesotaCooperatives.Home, DryRun: true)
        {
            Current = new Dictionary<MemberNo, MemberFacts> { [new("M-1")] = oak, [new("M-2")] = oak with { Enrollment = 1 } },
        };
        var list = Header + string.Concat(Enumerable.Range(1, 3).Select(n => $"M-{n},Oak Schools,Education,Rice,yes,900,60\n"));
        (await Read(list, request)).ShouldBeOfType<MemberImportOutcome.Previewed>().Effect.ShouldBe(new(1, 1, 1));
    }

    [Fact]
    public async Task a_second_import_of_a_changed_list_brings_members_up_to_date_in_an_order_that_is_accepted()
    {
        var before = new MemberFacts("Oak Charter", MemberType.Associate, MemberKind.CharterSchool, "Rice", false, 200, 20);
        var request = new MemberImportRequest(MinnesotaCooperatives.Home, false)
        {
            Current = new Dictionary<MemberNo, MemberFacts> { [new("M-1")] = before },
        };
        const string List = "memberNo,name,type,kind,county,enrollment\n";
        foreach (var (row, after) in new[]
        {
            ("M-1,Oak Charter,Education,CharterSchool,Rice,350\n", MemberType.Education),
            ("M-1,Oak Charter,Associate,CharterSchool,Rice,100\n", MemberType.Associate),
        })
        {
            var commands = (await Read(List + row, request)).ShouldBeOfType<MemberImportOutcome.Ready>().Commands;
            Member.State state = Member.Evolve(Member.Initial, new Member.Event.Admitted(new("M-1"), new("SSC"), before));
            foreach (var command in commands)
            {
                var decided = Member.Decide(command.Command, state).ShouldBeOfType<Decision<Member.Event>.Accepted>();
                state = decided.Events.Aggregate(state, Member.Evolve);
            }

            ((Member.State.Admitted)state).Facts.Type.ShouldBe(after);
        }
    }

    private static Task<MemberImportOutcome> Read(string text, MemberImportRequest? request = null) => MemberImport.Read(
        new MemoryStream(Encoding.UTF8.GetBytes(text)), request ?? new(MinnesotaCooperatives.Home, false));
}
