using Shouldly;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using Xunit;
using static SSC.Purchasing.Tests.InsurancePool.PoolSamples;
using static SSC.Purchasing.Tests.Sagas.PoolStory;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>A renewal in which somebody changes its mind: the board about what silence meant, a member about leaving.</summary>
public class PoolSecondThoughtStories
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_silent_member_that_the_board_lets_go_within_ten_days_is_tested_without_and_not_bound(bool twice)
    {
        var rules = Lenient(NonResponseRule.RenewAsIs);
        var story = await (await Begin(rules, deliverTwice: twice)).Offered(rules);
        await story.Insure();
        await story.Accept(One);
        await story.Accept(Two);
        await story.Bed.AdvanceTo(At(Deadline.AddDays(11)));
        Done(await Reverse(story, Three, renews: false));
        await story.Bed.RunUntilIdle();
        var year = await story.YearState();
        (year.Phase, year.Tests, year.Test!.Members).ShouldBe((YearPhase.Bound, 2, 2), "nothing is left to contest");
        year.Members.ShouldBe([One, Two]);
        (await story.Participant(Three)).Phase.ShouldBe(ParticipationPhase.NoticeGiven);
        await PoolSagaStories.Replays(story);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_silent_member_that_the_board_keeps_within_ten_days_is_bound_and_no_longer_leaves(bool twice)
    {
        var rules = Lenient(NonResponseRule.TreatAsDecline);
        var story = await (await Begin(rules, deliverTwice: twice)).Offered(rules);
        await story.Insure();
        await story.Accept(One);
        await story.Bed.AdvanceTo(At(Deadline.AddDays(5)));
        (await story.Participant(Three)).Phase.ShouldBe(ParticipationPhase.NoticeGiven);
        Done(await Reverse(story, Three, renews: true));
        await story.Bed.RunUntilIdle();
        (await story.Participant(Three)).Phase.ShouldBe(ParticipationPhase.Active);
        await story.Bed.AdvanceTo(At(Deadline.AddDays(12)));
        (await story.YearState()).Members.ShouldBe([One, Three]);
        (await story.OfferState(Three)).Phase.ShouldBe(OfferPhase.Bound);
        await story.Bed.AdvanceTo(At(NewYear));
        (await story.Participant(Two)).Phase.ShouldBe(ParticipationPhase.RunOut);
        (await story.Participant(Three)).Phase.ShouldBe(ParticipationPhase.Active);
    }

    [Fact]
    public async Task a_reversal_after_which_too_few_take_part_extends_the_offering_as_any_failed_test_does()
    {
        var story = await (await Begin()).Offered();
        await story.Insure();
        await story.Bed.AdvanceTo(At(Deadline.AddDays(2)));
        Done(await Reverse(story, Three, renews: false));
        await story.Bed.RunUntilIdle();
        var year = await story.YearState();
        (year.Phase, year.Test!.Passed, year.Deadline).ShouldBe((YearPhase.Offering, false, Deadline.AddDays(12)));
        await story.Answer(Three, new RenewalOffer.Command.Accept(1, "Minute 9", story.Bed.Clock.Now));
        await story.Bed.AdvanceTo(At(Deadline.AddDays(13)));
        (await story.YearState()).Members.ShouldBe([One, Two, Three]);
        (await story.Participant(Three)).Phase.ShouldBe(ParticipationPhase.Active);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task who_declines_and_then_accepts_has_given_no_notice(bool twice)
    {
        var story = await (await Begin(deliverTwice: twice)).Offered();
        await story.Answer(One, new RenewalOffer.Command.Decline(1, [], story.Bed.Clock.Now));
        (await story.Participant(One)).Phase.ShouldBe(ParticipationPhase.NoticeGiven);
        await story.Accept(One);
        (await story.Participant(One)).Phase.ShouldBe(ParticipationPhase.Active);
    }

    [Fact]
    public async Task a_notice_of_the_members_own_is_not_touched_by_its_acceptance()
    {
        var story = await (await Begin()).Offered();
        Done(await story.Work.Board.GiveNotice(story.Admin, School, One, new(2026, 12, 31), new(2026, 12, 31), default));
        await story.Accept(One);
        (await story.Participant(One)).Phase.ShouldBe(ParticipationPhase.NoticeGiven);
    }

    [Fact]
    public async Task a_member_that_declined_is_asked_anew_when_the_year_is_rated_anew()
    {
        var story = await (await Begin()).Offered();
        await story.Answer(One, new RenewalOffer.Command.Decline(1, [], story.Bed.Clock.Now));
        await story.Year(new PoolYear.Command.ReRate());
        (await story.Participant(One)).Phase.ShouldBe(ParticipationPhase.Active);
    }

    [Fact]
    public async Task a_year_that_is_given_up_takes_no_member_out_of_the_pool()
    {
        var story = await (await Begin()).Offered();
        await story.Answer(One, new RenewalOffer.Command.Decline(1, [], story.Bed.Clock.Now));
        await story.Year(new PoolYear.Command.Abandon(AbandonReason.TooFewParticipants));
        (await story.Participant(One)).Phase.ShouldBe(ParticipationPhase.Active);
    }

    /// <summary>A part of the members is enough.</summary>
    private static PoolParameters Lenient(NonResponseRule silence) => Parameters with
    {
        Rating = Parameters.Rating with { NonResponse = silence, ParticipationShare = Factor.Of(0.3m), ParticipationMembers = 1 },
    };

    internal static async Task<CommandOutcome> Reverse(PoolStory story, MemberNo member, bool renews) =>
        await story.Work.Board.ReverseDefault(
            story.Admin, School, 2027, member, renews, await story.Resolve(ResolutionKind.PoolWaiver, $"SCHOOL:2027:{member}"), default);
}
