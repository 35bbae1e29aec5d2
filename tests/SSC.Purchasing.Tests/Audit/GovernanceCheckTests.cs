using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Tests.Membership.Governance;
using SSC.Purchasing.Tests.Testbed;
using Xunit;

namespace SSC.Purchasing.Tests.Audit;

/// <summary>A roll call, a count, a fee or a total that somebody changed in the log is found by computing it again.</summary>
public class GovernanceCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 25, 18, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Day = new(2026, 3, 25);

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public async Task the_roll_call_of_a_resolution_is_counted_again(int votesFor, bool agrees)
    {
        var found = await Recompute<ResolutionCheck>("resolution-R-1", [
            new Resolution.Event.Drafted(Boards.Rates), new Resolution.Event.Proposed(Day),
            new Resolution.Event.RollCallOpened(Boards.Roll()),
            .. Enumerable.Range(1, 4).Select(n => new Resolution.Event.VoteRecorded(Boards.Person(n), Vote.For)),
            new Resolution.Event.Adopted("2026-14", "BM-2026-03", Day, Day, new(7, 4, votesFor, 0, 0, 0, 4, 3), Tally.RuleVersion)]);
        found.Select(d => (d.Kind, d.Agrees)).ShouldBe([("roll-call", agrees), ("outcome", true)]);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task an_election_is_counted_again(int winner, bool agrees)
    {
        var votes = StructuralMap<PersonId, int>.Empty.Set(Boards.Person(1), 1).Set(Boards.Person(2), 0);
        var found = await Recompute<ElectionCheck>("election-SSC-2027", [
            new Election.Event.Called(Elections.Terms),
            .. Enumerable.Range(1, 2).Select(n => new Election.Event.Nominated(new(Elections.Seat, Elections.Nominate(n).Candidate))),
            new Election.Event.VotingOpened([new("M-001")], 0), new Election.Event.BallotCast(new("M-001"), Elections.Cast(1, 1).Ballot),
            new Election.Event.Counted([new(Elections.Seat, votes, Boards.Person(winner), [])], ElectionTally.RuleVersion)]);
        found.Single().Agrees.ShouldBe(agrees);
    }

    [Fact]
    public async Task who_could_vote_is_read_again_from_the_log()
    {
        var found = await Recompute<ElectionCheck>("election-SSC-2027", [
            new Election.Event.Called(Elections.Terms), new Election.Event.VotingOpened([new("M-nobody")], 99)]);
        found.Single().ShouldSatisfyAllConditions(d => d.Kind.ShouldBe("electorate"), d => d.Agrees.ShouldBeFalse());
    }

    [Theory]
    [InlineData(25_000, true)]
    [InlineData(25_001, false)]
    public async Task the_total_of_an_invoice_is_added_up_again(long cents, bool agrees)
    {
        Charge Of(string reference, long amount) => new(ChargeSource.Program, reference, "Seats", new(amount));
        var found = await Recompute<MemberInvoiceCheck>("monthly-invoice-M-1:2026-03", [
            new MemberInvoice.Event.Charged(new("M-1"), new("2026-03"), Of("a", 25_000)),
            new MemberInvoice.Event.Charged(new("M-1"), new("2026-03"), Of("b", 700)),
            new MemberInvoice.Event.ChargeRemoved(ChargeSource.Program, "b", "cancelled"),
            new MemberInvoice.Event.Issued("1", Day, Day, new(cents), MemberInvoice.RuleVersion)]);
        found.Single().Agrees.ShouldBe(agrees);
    }

    [Fact]
    public async Task why_a_resolution_was_adopted_is_told_from_its_events()
    {
        var bed = Bed();
        await bed.Given("resolution-R-2026-014", [
            new Resolution.Event.Drafted(Boards.Rates),
            new Resolution.Event.RecommendationCited(new("ADMINISTRATORS", "REC-1", Advice.Opposed, Day)),
            new Resolution.Event.Proposed(Day), new Resolution.Event.RollCallOpened(Boards.Roll()),
            new Resolution.Event.QuorumMissed("BM-2026-03", new(7, 0, 0, 0, 0, 0, 4, 1), 1)]);
        var subject = new Dictionary<string, string>(StringComparer.Ordinal) { ["resolution"] = "R-2026-014" };
        var why = await new ResolutionExplained().Explain(bed.Store, SagaTestbed.Tenant, subject, 99, default);
        why.ShouldNotBeNull().Answer.ShouldBe("Not decided: no quorum at BM-2026-03.");
        why.Steps.Select(s => s.Topic).ShouldBe(["matter", "advice", "roll-call"]);
        why.Steps[2].Figures.Count.ShouldBe(7);
        (await new ResolutionExplained().Explain(bed.Store, SagaTestbed.Tenant, subject, 0, default)).ShouldBeNull();
    }

    private static SagaTestbed Bed() => new(
        EventCatalogue.Of([typeof(Member).Assembly]), Now, [], _ => (_, _, _) => throw new InvalidOperationException("No saga sends."));

    private static async Task<IReadOnlyList<RecomputedDecision>> Recompute<TCheck>(string stream, IReadOnlyList<object> facts)
        where TCheck : IDecisionCheck, new()
    {
        var bed = Bed();
        await bed.Given(stream, facts);
        var check = new TCheck();
        var last = (await bed.Store.ReadStream(SagaTestbed.Tenant, stream))[^1];
        check.EventTypes.ShouldContain(last.Type);
        return await check.Recompute(last, bed.Store, default);
    }
}
