using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Experience;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>What scenarios about pools start from: a pool, its participants, resolutions, files, and months that have gone by.</summary>
internal static class PoolSetting
{
    internal static readonly PlanId Ppo = new("PPO-500");

    /// <summary>The census of the worked examples: 180 contracts.</summary>
    internal static readonly StructuralList<TierCount> Counted =
        [new(Ppo, Tier.Single, 96), new(Ppo, Tier.SinglePlusOne, 34), new(Ppo, Tier.Family, 50)];

    internal static CommandContext Context => new("mn", "test", "test", DateTimeOffset.UtcNow);

    internal static Task<Caller> PoolAdmin(this Stage stage) => stage.As(OrgRef.Of(new CooperativeId("SSC")), Roles.PoolAdmin);

    /// <summary>A command as a saga or a colleague gives it, without HTTP.</summary>
    internal static async Task Tell<TDecider, TCommand, TState, TEvent>(this Stage stage, string key, params IEnumerable<TCommand> commands)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull
    {
        foreach (var command in commands)
        {
            (await stage.Node.Commands.Handle<TDecider, TCommand, TState, TEvent>(Context, key, command, default))
                .ShouldBeOfType<CommandOutcome.Done>($"{command}");
        }
    }

    /// <summary>Facts as if they had been decided.</summary>
    internal static async Task Given(this Stage stage, string stream, params IReadOnlyList<object> facts) =>
        (await stage.Node.Store.Append(
            new()
            {
                Tenant = "mn", Stream = stream, ExpectedVersion = await stage.Length(stream),
                Events = [.. facts.Select(f => new NewEvent(Guid.CreateVersion7(), f))], Metadata = new("test", "test"),
            }, default)).ShouldBeOfType<AppendOutcome.Appended>();

    internal static async Task<int> Length(this Stage stage, string stream) => (await stage.Node.Store.ReadStream("mn", stream)).Count;

    internal static async Task<MemberNo> Admit(
        this Stage stage, MemberType type = MemberType.Education, MemberKind kind = MemberKind.SchoolDistrict)
    {
        var member = new MemberNo(Stage.New("M"));
        await stage.Tell<Member, Member.Command, Member.State, Member.Event>(member.Value, new Member.Command.Admit(
            member, new("SSC"),
            new($"Member {member} (demo)", type, kind, "Olmsted", MemberRules.Votes(type), type == MemberType.Education ? 900 : null)));
        return member;
    }

    /// <summary>A pool of schools.</summary>
    internal static async Task<string> OpenPool(
        this Stage _, Caller admin, LiabilityRegime regime = LiabilityRegime.PremiumOnly, PoolParameters? parameters = null)
    {
        var pool = Stage.New("POOL");
        (await admin.Post("pools", new PoolOpening(
            new(new(pool), new("SSC"), "School pool", PoolPopulation.Schools), regime, new(2020, 1, 1), parameters))).ShouldBe(201);
        return pool;
    }

    /// <summary>A district that takes part; the saga puts it on the roster once the joinder is signed.</summary>
    internal static async Task<MemberNo> Join(this Stage stage, Caller admin, string pool)
    {
        var member = await stage.Admit();
        var part = $"pools/{pool}/participants/{member}";
        (await admin.Put($"{part}/application", new PoolApplication())).ShouldBe(200);
        (await admin.Post($"{part}/approval", null)).ShouldBe(200);
        (await admin.Put($"{part}/joinder", new Joinder(new(2026, 1, 1)))).ShouldBe(200);
        await Until.True(async () => (await admin.Get(part)).Text("phase") is "active", $"{member} takes part");
        return member;
    }

    /// <summary>A resolution that the board adopts.</summary>
    internal static async Task<ResolutionId> Resolve(this Stage stage, ResolutionKind kind, string subject)
    {
        var (id, today) = (new ResolutionId(Stage.New("R")), Stage.Today);
        StructuralList<PersonId> directors = [.. Enumerable.Range(1, 7).Select(n => new PersonId($"p-{n}"))];
        await stage.Tell<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(
            id.Value,
            [
                new Resolution.Command.Draft(new(id, new("SSC"), kind, subject, "A matter of the pool")),
                new Resolution.Command.Propose(today),
                new Resolution.Command.OpenRollCall(new("BM-1", today, directors, VotingRules.Customary)),
                .. directors.Take(5).Select(d => new Resolution.Command.RecordVote(d, Vote.For)),
                new Resolution.Command.CloseRollCall("BM-1", id.Value, today) { NumberOf = id },
            ]);
        return id;
    }

    /// <summary>
    /// A plan year that has been bound, and what each member brought and cost in it: one invoice and one month of claims.
    /// </summary>
    internal static async Task<MemberNo[]> Brought(this Stage stage, string pool, int year, params (decimal Premium, decimal Losses)[] each)
    {
        var (id, month) = (new PoolId(pool), new CoverageMonth(year, 1));
        var members = each.Select(_ => new MemberNo(Stage.New("M"))).ToArray();
        await stage.Given(
            $"pool-year-{PoolYear.Key(id, year)}",
            new PoolYear.Event.Drafted(new(id, year, month.FirstDay, [Ppo], [.. members], LiabilityRegime.PremiumOnly, 1, new())),
            new PoolYear.Event.YearBound([.. members], []));
        foreach (var (member, (premium, losses)) in members.Zip(each))
        {
            await stage.Tell<ContributionInvoice, ContributionInvoice.Command, ContributionInvoice.State, ContributionInvoice.Event>(
                ContributionInvoice.Key(id, member, month),
                new ContributionInvoice.Command.Draft(
                    id, year, member, month,
                    [new(LineKind.Contribution, month, Ppo, Tier.Single, 1, Money.FromDollars(premium))]),
                new ContributionInvoice.Command.Issue(month.FirstDay));
            await stage.Tell<ExperienceLedger, ExperienceLedger.Command, ExperienceLedger.State, ExperienceLedger.Event>(
                ExperienceLedger.Key(id, member), new ExperienceLedger.Command.Import(
                    id, member, new(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
                        Encoding.UTF8.GetBytes(member.Value)))), [new(month, 100, Money.FromDollars(losses), 0)], Stage.Today, null));
        }

        return members;
    }

    /// <summary>A member's ledger at the tier rates of the worked examples, with the months that are billed; the route to it.</summary>
    internal static async Task<string> Enrolled(
        this Stage stage, string pool, MemberNo member, int year, PartialMonthRule rule = PartialMonthRule.FullMonth, int frozen = 0)
    {
        StructuralList<TierRate> rates =
        [
            new(Tier.Single, Money.FromDollars(652.28m)), new(Tier.SinglePlusOne, Money.FromDollars(1_304.55m)),
            new(Tier.Family, Money.FromDollars(1_826.37m)),
        ];
        await stage.Tell<EnrollmentLedger, EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>(
            EnrollmentLedger.Key(new(pool), year, member),
            [
                new EnrollmentLedger.Command.Open(
                    new(new(pool), year, member, new(year, 1, 1), [Ppo], rates, new() { PartialMonth = rule, RetroMonths = 2 }), Counted),
                .. Enumerable.Range(1, frozen).Select(m => new EnrollmentLedger.Command.Freeze(new(year, m))),
            ]);
        return $"pools/{pool}/years/{year}/enrollment/{member}";
    }

    /// <summary>Sends a file as a bank, a carrier or a member's system does.</summary>
    internal static Task<Heard> SendFile(this Caller caller, string path, string file)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(file));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return caller.Post(path, content);
    }

    /// <summary>Amounts of a list's items, e.g. of shares, in dollars.</summary>
    internal static decimal[] Amounts(this System.Text.Json.Nodes.JsonNode? list, string member = "amount") =>
        [.. list!.AsArray().Select(i => decimal.Parse(i![member].Dollars(), CultureInfo.InvariantCulture))];
}
