using System.Globalization;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>Calendars of members and boards: what is due is in them, and what is done is not.</summary>
public sealed class DeadlineScenarios(Stage stage) : IClassFixture<Stage>
{
    private static readonly DateOnly Start = new(Stage.Today.Year + 2, 1, 1);

    [Fact]
    public async Task a_members_calendar_has_what_its_pool_asks_of_it()
    {
        using var admin = await stage.PoolAdmin();
        var pool = new PoolId(await stage.OpenPool(admin));
        var (member, other) = (await stage.Join(admin, pool.Value), await stage.Admit());
        await Drafted(pool, member, new PoolYear.Event.CensusOpened());
        await stage.Given(
            $"renewal-offer-{RenewalOffer.Key(pool, Start.Year, member)}",
            new RenewalOffer.Event.Issued(PoolScenarios.Offer(member), 1, Start.AddDays(-75))
            {
                Pool = pool, Year = Start.Year, Member = member,
            });
        var month = CoverageMonth.Of(Start);
        await stage.Tell<ContributionInvoice, ContributionInvoice.Command, ContributionInvoice.State, ContributionInvoice.Event>(
            ContributionInvoice.Key(pool, member, month),
            new ContributionInvoice.Command.Draft(
                pool, Start.Year, member, month, [new(LineKind.Contribution, month, PoolSetting.Ppo, Tier.Single, 1, new(10_000))]),
            new ContributionInvoice.Command.Issue(Start.AddDays(4)));
        await stage.Given(
            $"pool-assessment-{pool}:A-1",
            new AssessmentRun.Event.Proposed(new(10_000), LiabilityRegime.PremiumOnly, Stage.Today, 30, 30) { Pool = pool, Id = "A-1" },
            new AssessmentRun.Event.Allocated(
                [new(member, Money.Zero, new(10_000), new(10_000))], [new(member, new(10_000), Money.Zero)],
                new(new string('a', 64)), Stage.Today.AddDays(30), 1) { Pool = pool, Id = "A-1" });

        using var buyer = await stage.As(OrgRef.Of(member), Roles.MemberBuyer);
        (DateOnly On, string Summary)[] due =
        [
            (Start.AddDays(-151), $"Last day to report the counts for {pool} {Start.Year}"),
            (Start.AddDays(-75), $"Last day to answer the renewal offer of {pool}"),
            (Start.AddDays(4), $"Contribution to {pool} for {month} is due"),
            (Stage.Today.AddDays(30), $"Last day to consent to the assessment A-1 of {pool}"),
        ];
        foreach (var (on, summary) in due) await Has(buyer, $"calendars/{member}", on, summary);
        await stage.Tell<ContributionInvoice, ContributionInvoice.Command, ContributionInvoice.State, ContributionInvoice.Event>(
            ContributionInvoice.Key(pool, member, month),
            new ContributionInvoice.Command.RecordPayment(new("PAY-0001"), new(10_000), Stage.Today));
        await Until.True(
            async () => !Unfolded(await buyer.Get($"calendars/{member}")).Contains($"for {month} is due", StringComparison.Ordinal),
            "what is paid is due no more");
        (await buyer.Get($"calendars/{other}")).ShouldBe(404, "not-found");
        using var rival = await stage.As(OrgRef.Of(other), Roles.MemberBuyer);
        Unfolded(await rival.Get($"calendars/{other}")).ShouldNotContain(pool.Value);
    }

    [Fact]
    public async Task a_boards_calendar_has_its_terms_votes_and_what_its_pools_wait_for_and_a_directors_its_own()
    {
        using var admin = await stage.PoolAdmin();
        var pool = new PoolId(await stage.OpenPool(admin));
        await Drafted(pool, new("M-none"), new PoolYear.Event.CensusOpened());
        var until = new DateOnly(Stage.Today.Year + 1, 6, 30);
        SeatHolder Holds(string person) => new(
            new(new(person), new("M-001"), true), SeatedBy.Election, "SSC-2025", new(2025, 7, 1), until);
        await stage.Given(
            "board-SSC", new Board.Event.Constituted(new("SSC"), BoardRules.Customary, new(2020, 7, 1), "Bylaws of 2020"),
            new Board.Event.SeatEstablished(new("S-1"), new("Olmsted", true, 2025), new(2020, 7, 1)),
            new Board.Event.SeatEstablished(new("S-2"), new("Rice", true, 2025), new(2020, 7, 1)),
            new Board.Event.DirectorSeated(new("S-1"), Holds("d-1")), new Board.Event.DirectorSeated(new("S-2"), Holds("d-2")));
        await stage.Given(
            "resolution-R-1",
            new Resolution.Event.Drafted(new(new("R-1"), new("SSC"), ResolutionKind.Other, "X-1", "A matter")),
            new Resolution.Event.Proposed(Stage.Today),
            new Resolution.Event.RollCallOpened(new("BM-1", Stage.Today, [new("d-1"), new("d-2")], VotingRules.Customary)),
            new Resolution.Event.VoteRecorded(new("d-2"), Vote.For));

        using var clerk = await stage.As(OrgRef.Of(new CooperativeId("SSC")), Roles.Clerk);
        foreach (var (on, summary) in new[]
        {
            (until, "Last day of the term of S-1"), (until, "Last day of the term of S-2"), (Stage.Today, "Vote on R-1: A matter"),
            (Start.AddDays(-120), $"Adopt the rates of {pool} {Start.Year}\\; offers go out"),
            (Start.AddDays(-90), $"File the attestation of {pool} {Start.Year} with the Department of Commerce"),
            (Start.AddDays(-30), $"Bind the stop-loss of {pool} {Start.Year}"),
        })
        {
            await Has(clerk, "calendars/board/SSC", on, summary);
        }

        await Has(clerk, "calendars/board/SSC/directors/d-1", Stage.Today, "Vote on R-1: A matter");
        var voted = Unfolded(await clerk.Get("calendars/board/SSC/directors/d-2"));
        voted.ShouldContain("Last day of the term of S-2");
        voted.ShouldNotContain("Last day of the term of S-1");
        voted.ShouldNotContain("Vote on R-1");
        (await clerk.Get("calendars/board/SSC/directors/d-9")).ShouldBe(404, "not-found");
        using var stranger = await stage.As(OrgRef.Of(new CooperativeId("LCSC")), Roles.Clerk);
        (await stranger.Get("calendars/board/SSC")).ShouldBe(404, "not-found");
        using var member = await stage.As(OrgRef.Of(await stage.Admit()), Roles.MemberBuyer);
        (await member.Get("calendars/board/SSC")).ShouldBe(200).Headers["Content-Type"].ShouldStartWith("text/calendar");
        (await member.Get("calendars/board/SSC/directors/d-1")).ShouldBe(404, "not-found");
    }

    private Task Drafted(PoolId pool, MemberNo member, params object[] more) => stage.Given(
        $"pool-year-{PoolYear.Key(pool, Start.Year)}",
        [
            new PoolYear.Event.Drafted(new(
                pool, Start.Year, Start, [PoolSetting.Ppo], [member], LiabilityRegime.PremiumOnly, 1, new())),
            .. more,
        ]);

    /// <summary>Reads until a calendar has something on a day.</summary>
    private static Task Has(Caller caller, string calendar, DateOnly on, string summary) => Until.True(
        async () => Unfolded(await caller.Get(calendar)).Split("BEGIN:VEVENT").Any(e =>
            e.Contains($"SUMMARY:{summary}\r\n", StringComparison.Ordinal)
            && e.Contains(string.Create(CultureInfo.InvariantCulture, $"DTSTART;VALUE=DATE:{on:yyyyMMdd}"), StringComparison.Ordinal)),
        $"{calendar} has \"{summary}\" on {on:yyyy-MM-dd}");

    private static string Unfolded(Heard heard) => heard.ShouldBe(200).Text.Replace("\r\n ", string.Empty, StringComparison.Ordinal);
}
