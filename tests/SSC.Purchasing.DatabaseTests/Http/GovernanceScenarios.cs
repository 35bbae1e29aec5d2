using System.Text.Json.Nodes;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>A board is recorded, resolves, and what it resolved lets commands through; over HTTP, as the clerk and members do it.</summary>
public sealed class GovernanceScenarios(Stage stage) : IClassFixture<Stage>
{
    private static readonly CooperativeId Ssc = new("SSC");

    [Fact]
    public async Task a_member_is_expelled_only_by_an_adopted_resolution_and_the_auditor_sees_why()
    {
        using var clerk = await Board();
        var member = Stage.New("M");
        (await stage.Staff.Post("members", new Member.Command.Admit(
            new(member), Ssc, new("A district", MemberType.Education, MemberKind.SchoolDistrict, "Olmsted", true)))).ShouldBe(201);
        var id = Stage.New("R");
        var expulsion = new ExpulsionEntry(Stage.Today.AddDays(30), new(id));
        (await clerk.Post($"members/{member}/expulsion", expulsion)).ShouldBe(409, "refusal:resolution-missing");

        (await clerk.Post("resolutions", new ResolutionMatter(new(id), Ssc, ResolutionKind.Expulsion, member, "An expulsion")))
            .ShouldBe(201);
        (await clerk.Post($"resolutions/{id}/roll-call", new RollCallEntry("BM-1", Stage.Today))).ShouldBe(409,
            "refusal:resolution-not-proposed");
        (await clerk.Post($"resolutions/{id}/proposal", new DayEntry(Stage.Today))).ShouldBe(200);
        (await clerk.Post($"resolutions/{id}/roll-call", new RollCallEntry("BM-1", Stage.Today))).ShouldBe(200);
        foreach (var (director, vote) in new[]
        {
            ("d-1", Membership.Vote.For), ("d-2", Membership.Vote.For), ("d-3", Membership.Vote.ConflictOfInterest),
        })
            (await clerk.Put($"resolutions/{id}/votes/{director}", new VoteEntry(vote))).ShouldBe(200);
        (await clerk.Put($"resolutions/{id}/votes/d-99", new VoteEntry(Membership.Vote.For))).ShouldBe(409, "refusal:director-not-on-roll");
        (await clerk.Post($"members/{member}/expulsion", expulsion)).ShouldBe(409, "refusal:resolution-missing");
        var closed = (await clerk.Post($"resolutions/{id}/outcome", new OutcomeEntry("BM-1", "2026-1", Stage.Today))).ShouldBe(200);

        var seen = (await clerk.Get($"resolutions/{id}")).ShouldBe(200).Body!;
        seen["standing"]!.GetValue<string>().ShouldBe("adopted");
        (seen["rollCall"]!["tally"]!["for"].Number(), seen["rollCall"]!["tally"]!["present"].Number()).ShouldBe((2m, 3m));
        (await clerk.Get($"resolutions?subject={member}&standing=adopted", ("X-At-Least-Position", closed.Position))).Items.Count
            .ShouldBe(1);
        (await clerk.Post($"members/{member}/expulsion", expulsion)).ShouldBe(200);
        var second = await Vote(clerk, ResolutionKind.Other, "X-1");
        (await clerk.Post($"resolutions/{second}/outcome", new OutcomeEntry($"BM-{second}", "2026-1", Stage.Today)))
            .ShouldBe(409, "refusal:minutes-number-taken");
        (await clerk.Get($"resolutions/{second}")).Text("standing").ShouldBe("voting", "nothing is recorded");
        (await clerk.Post($"members/{member}/return", new Member.Command.Rejoin(Stage.Today.AddYears(1)))).ShouldBe(409,
            "refusal:member-expelled");

        using var auditor = await stage.Auditor();
        var why = (await auditor.Get($"audit/explanations/resolution-outcome?resolution={id}")).ShouldBe(200);
        why.Text.ShouldContain("Adopted as 2026-1");
        var replay = (await auditor.Get($"audit/replay?stream=resolution-{id}")).ShouldBe(200).Body!;
        replay.ToJsonString().ShouldNotContain("\"agrees\":false");
        (await auditor.Post("resolutions", new ResolutionMatter(new("R-x"), Ssc, ResolutionKind.Other, "X", "No"))).ShouldBe(403);
        using var other = await stage.As(OrgRef.Of(new CooperativeId("NESC")), Roles.Clerk);
        (await other.Post($"resolutions/{id}/withdrawal", new Because("not mine"))).ShouldBe(404, "not-found");
    }

    [Fact]
    public async Task fees_are_adopted_billed_on_one_invoice_paid_in_parts_and_printed()
    {
        using var clerk = await Board();
        var id = await Adopt(clerk, ResolutionKind.FeeSchedule, "MEMBERSHIP-FEES:SSC");
        var fees = new FeesEntry(new(Money.FromDollars(250m), Money.FromDollars(400m), 30, 60), Stage.Today, new(id));
        (await clerk.Post("membership-fees/SSC", fees with { Resolution = new("R-none") })).ShouldBe(409, "refusal:resolution-missing");
        (await clerk.Post("membership-fees/SSC", fees)).ShouldBe(200);

        var member = Stage.New("M");
        (await stage.Staff.Post("members", new Member.Command.Admit(
            new(member), Ssc, new("A <participant>", MemberType.Participating, MemberKind.ParticipatingOrganization, "Rice", false)
            {
                Services = [CooperativeService.Programs],
            }))).ShouldBe(201);
        var invoice = $"member-invoices/{member}/{Stage.Today:yyyy-MM}";
        var open = await Reads(clerk, invoice, b => b["charges"]!.AsArray().Count == 1);
        open["balance"].Dollars().ShouldBe("250.00");
        var charge = new Charge(ChargeSource.Program, $"PD-1:{member}", "Conference, 1 seat", Money.FromDollars(49m));
        for (var time = 0; time < 2; time++) (await clerk.Post($"{invoice}/charges", charge)).ShouldBe(200);
        (await clerk.Post($"{invoice}/charges", charge with { Amount = Money.Zero })).ShouldBe(409, "refusal:charge-differs");
        (await clerk.Post($"{invoice}/payments", new Settlement("ACH-1", Money.FromDollars(1m), Stage.Today))).ShouldBe(409,
            "refusal:invoice-not-issued");
        (await clerk.Post($"{invoice}/issue", new IssueEntry($"I-{member}", Stage.Today, Stage.Today.AddDays(30)))).ShouldBe(200);
        (await clerk.Post($"{invoice}/payments", new Settlement("ACH-1", Money.FromDollars(200m), Stage.Today))).ShouldBe(200);
        (await clerk.Post($"{invoice}/payments", new Settlement("ACH-2", Money.FromDollars(99.01m), Stage.Today))).ShouldBe(409,
            "refusal:payment-exceeds-balance");
        (await clerk.Post($"{invoice}/payments", new Settlement("ACH-2", Money.FromDollars(99m), Stage.Today))).ShouldBe(200);
        await Reads(clerk, $"membership-years?member={member}&standing=paid", b => b["items"]!.AsArray().Count == 1);

        using var own = await stage.As(OrgRef.Of(new MemberNo(member)), Roles.MemberBuyer);
        var page = (await own.Get($"{invoice}/print")).ShouldBe(200).Text;
        page.ShouldContain("A &lt;participant&gt;");
        page.ShouldContain("Balance: $0.00");
        using var rival = await stage.As(OrgRef.Of(new MemberNo("M-rival")), Roles.MemberBuyer);
        (await rival.Get(invoice)).ShouldBe(404, "not-found");
        (await rival.Get($"membership-years?member={member}")).Items.ShouldBeEmpty();
        (await clerk.Get("member-invoices/M-1/2026-13")).ShouldBe(400);
    }

    [Fact]
    public async Task a_board_is_public_and_an_election_takes_one_ballot_a_member()
    {
        using var clerk = await Board();
        using var member = await stage.As(OrgRef.Of(new MemberNo("M-reader")), Roles.MemberBuyer);
        var board = (await member.Get("board/SSC")).ShouldBe(200).Body!;
        (board["composition"]!["filled"].Number(), board["seats"]!.AsArray().Count).ShouldBe((3m, 3));
        (await clerk.Put("board/SSC/people/d-1", new PersonalDetails("D. Example"))).ShouldBe(200);
        (await member.Get("board/SSC")).Text.ShouldContain("D. Example");
        (await clerk.Send(HttpMethod.Delete, "board/SSC/people/d-1", null)).ShouldBe(200);
        (await member.Get("board/SSC")).Text.ShouldNotContain("D. Example");
        (await member.Post("board/SSC/seats", new SeatEntry(new("X-1"), new("Rice", true, 2027)))).ShouldBe(403);

        var (district, id) = (Stage.New("M"), Stage.New("E"));
        (await stage.Staff.Post("members", new Member.Command.Admit(
            new(district), Ssc, new("A district", MemberType.Education, MemberKind.SchoolDistrict, "Olmsted", true)))).ShouldBe(201);
        var (nominations, voting) = (DateTimeOffset.UtcNow.AddSeconds(4), DateTimeOffset.UtcNow.AddHours(1));
        (await clerk.Post("elections", new ElectionTerms(
            id, Ssc, [new(new("S-1"), true)], nominations, voting, Stage.Today.AddDays(40), TieRule.Seed))).ShouldBe(201);
        (await clerk.Post($"elections/{id}/nominations", new Nomination(new("S-1"), new(new("d-7"), new(district), true)))).ShouldBe(200);
        await Reads(clerk, $"elections/{id}", b => b["phase"]!.GetValue<string>() is "voting");
        using var approver = await stage.As(OrgRef.Of(new MemberNo(district)), Roles.MemberApprover);
        Ballot For(string person) => new(StructuralMap<SeatId, PersonId>.Empty.Set(new("S-1"), new(person)));
        (await approver.Put($"elections/{id}/ballots/{district}", For("d-8"))).ShouldBe(409, "refusal:candidate-unknown");
        (await approver.Put($"elections/{id}/ballots/{district}", For("d-7"))).ShouldBe(200);
        (await approver.Put($"elections/{id}/ballots/{district}", new Ballot(default))).ShouldBe(409, "refusal:member-has-voted");
        (await approver.Put($"elections/{id}/ballots/M-other", For("d-7"))).ShouldBe(404, "not-found");
        (await clerk.Post($"elections/{id}/certification", new DayEntry(Stage.Today))).ShouldBe(409, "refusal:election-not-counted");
        (await clerk.Post($"elections/{id}/count", null)).ShouldBe(409, "refusal:voting-open");
    }

    /// <summary>A clerk, and a board of three that any scenario may find there already.</summary>
    private async Task<Caller> Board()
    {
        var clerk = await stage.As(OrgRef.Of(Ssc), Roles.Clerk);
        (await clerk.Post("board/SSC/constitution", new Board.Command.Constitute(
            Ssc, BoardRules.Customary, new(2020, 7, 1), "Bylaws of 2020"))).ShouldBe(200);
        for (var n = 1; n <= 3; n++)
        {
            (await clerk.Post("board/SSC/seats", new SeatEntry(new($"S-{n}"), new("Olmsted", true, 2025)))).ShouldBe(200);
            (await clerk.Post($"board/SSC/seats/S-{n}/installation", new SeatingEntry(
                new(new($"d-{n}"), new("M-001"), true), "SSC-2025", new(2025, 7, 1)))).ShouldBe(200);
        }

        return clerk;
    }

    private static async Task<string> Adopt(Caller clerk, ResolutionKind kind, string subject)
    {
        var id = await Vote(clerk, kind, subject);
        (await clerk.Post($"resolutions/{id}/outcome", new OutcomeEntry($"BM-{id}", id, Stage.Today))).ShouldBe(200);
        return id;
    }

    /// <summary>A resolution that everybody is for, before the outcome is declared.</summary>
    private static async Task<string> Vote(Caller clerk, ResolutionKind kind, string subject)
    {
        var id = Stage.New("R");
        (await clerk.Post("resolutions", new ResolutionMatter(new(id), Ssc, kind, subject, "By the board"))).ShouldBe(201);
        (await clerk.Post($"resolutions/{id}/proposal", new DayEntry(Stage.Today))).ShouldBe(200);
        (await clerk.Post($"resolutions/{id}/roll-call", new RollCallEntry($"BM-{id}", Stage.Today))).ShouldBe(200);
        for (var n = 1; n <= 3; n++)
            (await clerk.Put($"resolutions/{id}/votes/d-{n}", new VoteEntry(Membership.Vote.For))).ShouldBe(200);
        return id;
    }

    /// <summary>Reads until what sagas do has happened.</summary>
    private static async Task<JsonNode> Reads(Caller caller, string path, Func<JsonNode, bool> there)
    {
        Heard? seen = null;
        await Until.True(
            async () =>
            {
                seen = await caller.Get(path);
                return seen.Status == 200 && there(seen.Body!);
            },
            $"{path} should be there");
        return seen!.Body!;
    }
}
