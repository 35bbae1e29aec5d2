using System.Globalization;
using Shouldly;
using SSC.Purchasing.Exchange.Ach;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.ReadModels;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>Contributions collected by the bank, over real HTTP: one file for each collection, its settlement, its returns.</summary>
public sealed class CollectionScenarios(Stage stage) : IClassFixture<Stage>
{
    private static readonly DateOnly Day = new(2027, 1, 5);
    private readonly PoolId pool = new(Stage.New("POOL"));
    private readonly MemberNo one = new(Stage.New("M")), two = new(Stage.New("M"));

    [Fact]
    public async Task a_file_asked_for_twice_is_the_same_and_another_file_debits_nobody_again()
    {
        using var admin = await Begin();
        var first = (await admin.Put($"pools/{pool}/ach-files/F-1", Accounts())).ShouldBe(200);
        first.Body!["total"]!["amount"]!.GetValue<string>().ShouldBe("300.00");
        var again = (await admin.Put($"pools/{pool}/ach-files/F-1", Accounts())).ShouldBe(200);
        again.Body!["file"]!.GetValue<string>().ShouldBe(first.Body["file"]!.GetValue<string>());
        (await admin.Put($"pools/{pool}/ach-files/F-1", Accounts("987654321"))).ShouldBe(409, "refusal:ach-file-differs");
        (await admin.Put($"pools/{pool}/ach-files/F-2", Accounts())).ShouldBe(409, "refusal:ach-empty");
        (await admin.Put($"pools/{pool}/ach-files/F 1", Accounts())).ShouldBe(400, "malformed");
    }

    [Fact]
    public async Task a_file_is_settled_but_for_what_was_returned_and_a_later_return_is_owed_again()
    {
        using var admin = await Begin();
        (await admin.Put($"pools/{pool}/ach-files/F-1", Accounts())).ShouldBe(200);
        (await admin.Post($"pools/{pool}/ach-files/F-9/settlement", new OnDay(Day))).ShouldBe(404);
        (await Returned(admin, Trace(one), "R02", 10_000)).ShouldBe(200).Body!["recorded"].Number().ShouldBe(1);
        var settled = (await admin.Post($"pools/{pool}/ach-files/F-1/settlement", new OnDay(Day))).ShouldBe(200).Body!;
        (settled["paid"].Number(), settled["returned"].Number()).ShouldBe((1, 1));
        (await admin.Post($"pools/{pool}/ach-files/F-1/settlement", new OnDay(Day))).ShouldBe(200);
        (await Open(one), await Open(two)).ShouldBe((new Money(10_000), Money.Zero));
        for (var time = 0; time < 2; time++)
            (await Returned(admin, Trace(two), "R01", 20_000)).ShouldBe(200).Body!["recorded"].Number().ShouldBe(1);
        (await Open(two)).ShouldBe(new(20_000), "taken back once");
    }

    [Fact]
    public async Task a_file_of_returns_that_cannot_be_read_records_nothing_and_unknown_ones_are_named()
    {
        using var admin = await Begin();
        (await admin.Put($"pools/{pool}/ach-files/F-1", Accounts())).ShouldBe(200);
        (await Send(admin, "no returns")).ShouldBe(409, "refusal:ach-malformed");
        (await Send(admin, Returns(Trace(one), "R01", 10_000).Replace("900000100000100000002", "900000100000100000007",
            StringComparison.Ordinal))).ShouldBe(409, "refusal:ach-control-wrong");
        (await Returned(admin, new("ACH-99999999999"), "R01", 10_000)).ShouldBe(200).Text.ShouldContain("ACH-99999999999");
        (await Returned(admin, Trace(one), "R99", 10_000)).ShouldBe(200).Body!["recorded"].Number().ShouldBe(0, "no such code");
        (await Open(one)).ShouldBe(new(10_000));
        using var member = await stage.As(OrgRef.Of(one), Roles.MemberApprover);
        (await Returned(member, Trace(one), "R01", 10_000)).ShouldBe(403, "forbidden");
    }

    private static OpaqueRef Trace(MemberNo member) => new(string.Create(
        CultureInfo.InvariantCulture, $"ACH-{member.Value.Aggregate(7L, (h, c) => ((h * 31) + c) % 9_999_999_967L):00000000000}"));

    private AchRequest Accounts(string account = "123456789") => new(
        new("091000019", "EXAMPLE BANK", "1410000000", "SERVICE COOP"),
        StructuralMap<MemberNo, BankAccount>.Empty.Set(one, new("091000019", account, BankAccountKind.Checking))
            .Set(two, new("091000019", account, BankAccountKind.Checking)), Day);

    /// <summary>Two members whose bills the bank is asked to collect.</summary>
    private async Task<Caller> Begin()
    {
        await stage.Tell<Pool, Pool.Command, Pool.State, Pool.Event>(pool.Value, new Pool.Command.Open(
            new(pool, new("SSC"), "School pool", PoolPopulation.Schools), LiabilityRegime.PremiumOnly, new(2020, 1, 1), new()));
        foreach (var (member, cents) in new[] { (one, 10_000L), (two, 20_000L) })
        {
            await stage.Tell<ContributionInvoice, ContributionInvoice.Command, ContributionInvoice.State, ContributionInvoice.Event>(
                Key(member),
                new ContributionInvoice.Command.Draft(
                    pool, 2027, member, new(2027, 1),
                    [new(LineKind.Contribution, new(2027, 1), new PlanId("PPO"), Tier.Single, 1, new(cents))]),
                new ContributionInvoice.Command.Issue(Day), new ContributionInvoice.Command.RequestCollection(Trace(member), Day));
        }

        var head = await stage.Node.Store.Head();
        (await stage.Node.Models.WaitFor(PoolModels.Invoices, head.Position, TimeSpan.FromSeconds(30))).ShouldBeTrue();
        return await stage.PoolAdmin();
    }

    private string Key(MemberNo member) => ContributionInvoice.Key(pool, member, new(2027, 1));

    private async Task<Money> Open(MemberNo member) =>
        (await stage.Node.Commands.Load<ContributionInvoice, ContributionInvoice.Command, ContributionInvoice.State,
            ContributionInvoice.Event>("mn", Key(member), fresh: true)).State.Open;

    private Task<Heard> Returned(Caller caller, OpaqueRef trace, string code, long cents) => Send(caller, Returns(trace, code, cents));

    private Task<Heard> Send(Caller caller, string file) => caller.SendFile($"pools/{pool}/ach-returns", file);

    /// <summary>A bank's file with one return.</summary>
    private static string Returns(OpaqueRef trace, string code, long cents) => string.Join("\r\n", (string[])
    [
        "101 091000019".PadRight(94), "5225".PadRight(94),
        ("627" + "091000019" + "123456789".PadRight(17) + cents.ToString("0000000000", CultureInfo.InvariantCulture)
            + trace.Value.PadRight(15) + "SOMEBODY".PadRight(22)).PadRight(94),
        ("799" + code).PadRight(94), "8225".PadRight(94), "900000100000100000002".PadRight(94),
    ]) + "\r\n";
}
