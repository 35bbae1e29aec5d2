using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Tests.Properties;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Membership.Resolution;

namespace SSC.Purchasing.Tests.Membership.Governance;

/// <summary>A board of seven and one resolution of it.</summary>
internal static class Boards
{
    public static readonly DateOnly March = new(2026, 3, 25);
    public static readonly DateOnly April = new(2026, 4, 22);

    public static readonly StructuralList<PersonId> Seven = [.. Enumerable.Range(1, 7).Select(Person)];

    public static readonly ResolutionMatter Rates = new(
        new("R-2026-014"), new("SSC"), ResolutionKind.RateAdoption, "POOL-SCHOOLS:2027", "Rates of the school pool for 2027");

    public static PersonId Person(int n) => new($"p-{n}");

    public static BoardRoll Roll(string meeting = "BM-2026-03", VotingRules? rules = null, DateOnly? on = null) =>
        new(meeting, on ?? March, Seven, rules ?? VotingRules.Customary);

    public static IReadOnlyList<Command> Answers(params IReadOnlyList<Vote> votes) =>
        [.. votes.Select((v, i) => new Command.RecordVote(Person(i + 1), v))];
}

public class ResolutionSpecs : SpecFor<Resolution, Command, State, Event>
{
    private const Vote Yes = Vote.For, No = Vote.Against, Conflict = Vote.ConflictOfInterest;
    private static readonly Command.CloseRollCall Close =
        new("BM-2026-03", "2026-14", new(2026, 7, 1)) { NumberOf = Boards.Rates.Resolution };

    private static readonly History Proposed = Given(new Event.Drafted(Boards.Rates), new Event.Proposed(Boards.March.AddDays(-14)));

    [Fact]
    public void a_majority_of_the_votes_cast_with_a_quorum_adopts()
    {
        var adopted = Called(Yes, Yes, No, Vote.Abstain).When(Close);
        adopted.Records(new Event.Adopted(
            "2026-14", "BM-2026-03", Boards.March, new(2026, 7, 1), new(7, 4, 2, 1, 1, 0, QuorumNeeded: 4, VotesNeeded: 2), 1)
        {
            Matter = Boards.Rates,
        });
    }

    [Fact]
    public void what_the_board_decides_stands_under_a_number_that_was_given_to_it_whoever_closes_the_roll_call()
    {
        Called(Yes, Yes, Yes, Yes).When(Close with { NumberOf = null }).Refuses("minutes-number-not-given");
        Called(No, No, No, No).When(Close with { NumberOf = null }).Refuses("minutes-number-not-given");
        Called(Yes, Yes, Yes, Yes).When(Close with { NumberOf = new("R-2026-001") }).Refuses("minutes-number-taken");
        Called(Yes, Yes).After(Close with { NumberOf = null }).State.ShouldBeOfType<State.Proposed>("without a quorum it needs none");
    }

    [Fact]
    public void a_tie_rejects() => Called(Yes, Yes, No, No).When(Close).RecordsOne<Event, Event.Rejected>(e => e as Event.Rejected)
        .Tally.VotesNeeded.ShouldBe(3);

    [Fact]
    public void nobody_in_favor_never_adopts() =>
        Called(Vote.Abstain, Vote.Abstain, Vote.Abstain, Vote.Abstain).After(Close).State.ShouldBeOfType<State.Rejected>();

    [Fact]
    public void without_a_quorum_it_stays_before_the_board_and_the_next_meeting_decides()
    {
        var missed = Called(Yes, Yes, Yes).After(Close);
        missed.State.ShouldBeOfType<State.Proposed>();
        missed.When(Close).RecordsNothing();
        missed.When(new Command.OpenRollCall(Boards.Roll())).Refuses("meeting-had-no-quorum");
        var next = Boards.Answers(Yes, Yes, Yes, Yes).Aggregate(
            missed.After(new Command.OpenRollCall(Boards.Roll("BM-2026-04", on: Boards.April))), (h, c) => h.After(c));
        next.After(new Command.CloseRollCall("BM-2026-04", "2026-19", Boards.April) { NumberOf = Boards.Rates.Resolution })
            .State.ShouldBeOfType<State.Adopted>();
    }

    [Theory]
    [InlineData(ConflictCounting.TowardQuorum, 4, 4, 2)]
    [InlineData(ConflictCounting.AsAbsent, 3, 4, null)]
    [InlineData(ConflictCounting.NotAtAll, 3, 4, null)]
    public void a_director_with_a_conflict_counts_as_the_bylaws_say_but_never_for_the_vote(
        ConflictCounting counting, int present, int quorum, int? votesNeeded)
    {
        var rules = VotingRules.Customary with { Conflicts = counting };
        var decision = Called(rules, Yes, Yes, No, Conflict).When(Close).ShouldBeAccepted().Single();
        var tally = decision switch
        {
            Event.Adopted a => a.Tally,
            Event.QuorumMissed m => m.Tally,
            _ => throw new ShouldAssertException($"{decision}"),
        };
        (tally.Present, tally.QuorumNeeded, tally.Conflicted).ShouldBe((present, quorum, 1));
        (decision is Event.Adopted).ShouldBe(votesNeeded is not null);
    }

    [Fact]
    public void when_conflicts_do_not_count_at_all_two_recused_directors_lower_the_quorum_too()
    {
        var rules = VotingRules.Customary with { Conflicts = ConflictCounting.NotAtAll };
        Called(rules, Yes, Yes, No, Conflict, Conflict).After(Close).State.ShouldBeOfType<State.Adopted>().Result.Tally
            .ShouldBe(new(5, 3, 2, 1, 0, 2, QuorumNeeded: 3, VotesNeeded: 2));
    }

    [Fact]
    public void an_expulsion_can_need_two_thirds()
    {
        var rules = VotingRules.Customary with
        {
            Special = StructuralMap<ResolutionKind, Fraction>.Empty.Set(ResolutionKind.Expulsion, Fraction.TwoThirds),
        };
        var expulsion = Given(
            new Event.Drafted(Boards.Rates with { Kind = ResolutionKind.Expulsion, Subject = "M-014" }), new Event.Proposed(Boards.March));
        History Voted(params IReadOnlyList<Vote> votes) => Boards.Answers(votes).Aggregate(
            expulsion.After(new Command.OpenRollCall(Boards.Roll(rules: rules))), (h, c) => h.After(c));
        Voted(Yes, Yes, Yes, No, No).After(Close).State.ShouldBeOfType<State.Rejected>();
        Voted(Yes, Yes, Yes, Yes, No, No).After(Close).State.ShouldBeOfType<State.Adopted>();
    }

    [Fact]
    public void a_director_may_change_the_answer_until_the_roll_call_closes()
    {
        var voted = Called(Yes, Yes, Yes, No);
        voted.When(new Command.RecordVote(Boards.Person(1), Yes)).RecordsNothing();
        voted.After(new Command.RecordVote(Boards.Person(1), No)).After(Close).State.ShouldBeOfType<State.Rejected>();
        voted.After(Close).When(new Command.RecordVote(Boards.Person(1), No)).Refuses("resolution-decided");
    }

    [Fact]
    public void only_who_is_on_the_roll_votes() =>
        Called(Yes).When(new Command.RecordVote(new("p-99"), Yes)).Refuses("director-not-on-roll");

    [Fact]
    public void a_resolution_is_evidence_for_its_kind_and_subject_only()
    {
        var adopted = Called(Yes, Yes, Yes, Yes).After(Close).State;
        For(adopted, ResolutionKind.RateAdoption, "POOL-SCHOOLS:2027").ShouldBe(new(
            new("R-2026-014"), new("SSC"), ResolutionKind.RateAdoption, "POOL-SCHOOLS:2027", "2026-14", Boards.March, new(2026, 7, 1)));
        For(adopted, ResolutionKind.Distribution, "POOL-SCHOOLS:2027").ShouldBeNull();
        For(adopted, ResolutionKind.RateAdoption, "POOL-SCHOOLS:2028").ShouldBeNull();
        For(Called(Yes, Yes, Yes, Yes).State, ResolutionKind.RateAdoption, "POOL-SCHOOLS:2027").ShouldBeNull("the vote is not counted yet");
    }

    [Fact]
    public void evidence_is_refused_before_it_has_effect_and_for_anything_else()
    {
        var evidence = EvidenceOf(Called(Yes, Yes, Yes, Yes).After(Close).State)!;
        string? Code(AdoptedResolution? cited, string board = "SSC", ResolutionKind kind = ResolutionKind.RateAdoption,
            string subject = "POOL-SCHOOLS:2027", int day = 1) =>
            AdoptedResolution.Flaw(cited, new(board), kind, subject, new(2026, 7, day))?.Code;
        Code(evidence).ShouldBeNull();
        Code(null).ShouldBe("resolution-missing");
        Code(evidence, board: "NESC").ShouldBe("resolution-other-cooperative");
        Code(evidence, kind: ResolutionKind.FeeSchedule).ShouldBe("resolution-other-kind");
        Code(evidence, subject: "POOL-CCOGA:2027").ShouldBe("resolution-other-subject");
        Code(evidence with { EffectiveOn = new(2026, 7, 2) }).ShouldBe("resolution-not-effective");
    }

    [Fact]
    public void a_rescinded_resolution_allows_nothing()
    {
        var adopted = Called(Yes, Yes, Yes, Yes).After(Close);
        var by = new AdoptedResolution(
            new("R-2026-030"), new("SSC"), ResolutionKind.Other, "R-2026-014", "2026-30", Boards.April, Boards.April);
        adopted.When(new Command.Rescind(null, Boards.April)).Refuses("resolution-missing");
        adopted.When(new Command.Rescind(by with { Subject = "R-2026-013" }, Boards.April)).Refuses("resolution-other-subject");
        var rescinded = adopted.After(new Command.Rescind(by, Boards.April));
        EvidenceOf(rescinded.State).ShouldBeNull();
        rescinded.When(new Command.Rescind(by, Boards.April)).RecordsNothing();
        Proposed.When(new Command.Rescind(by, Boards.April)).Refuses("resolution-not-adopted");
    }

    [Fact]
    public void a_draft_is_changed_until_it_is_proposed_and_withdrawn_until_it_is_decided()
    {
        Proposed.When(new Command.Redraft("Rates for 2027", null)).Refuses("resolution-not-a-draft");
        var withdrawn = Proposed.After(new Command.Withdraw("The carrier re-priced."));
        withdrawn.When(new Command.OpenRollCall(Boards.Roll())).Refuses("resolution-decided");
        Called(Yes, Yes, Yes, Yes).After(Close).When(new Command.Withdraw("late")).Refuses("resolution-decided");
    }

    [Fact]
    public void an_advisory_recommendation_is_cited_and_binds_nobody()
    {
        var opposed = new Command.CiteRecommendation(new("CCOGA-COUNCIL", "REC-1", Advice.Opposed, Boards.March.AddDays(-7)));
        var cited = Proposed.After(opposed);
        cited.When(opposed).RecordsNothing();
        Boards.Answers(Yes, Yes, Yes, Yes).Aggregate(cited.After(new Command.OpenRollCall(Boards.Roll())), (h, c) => h.After(c))
            .After(Close).State.ShouldBeOfType<State.Adopted>().File.Recommendations.Single().Advice.ShouldBe(Advice.Opposed);
    }

    [Theory]
    [InlineData("R 14", "M-1", "Title", "resolution-malformed")]
    [InlineData("R-14", "no key", "Title", "subject-malformed")]
    [InlineData("R-14", "R-14", "Title", "subject-is-itself")]
    [InlineData("R-14", "M-1", " ", "title-missing")]
    [InlineData("R-14", "M-1", "a\u0000b", "title-not-plain")]
    public void a_malformed_draft_is_refused(string id, string subject, string title, string code) =>
        When(new Command.Draft(new(new(id), new("SSC"), ResolutionKind.Expulsion, subject, title))).Refuses(code);

    [Fact]
    public void adopted_exactly_when_quorum_and_majority_hold_whatever_the_order_of_the_votes() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(RollCalls.ToArbitrary(), call =>
        {
            var open = Proposed.After(new Command.OpenRollCall(Boards.Roll(rules: call.Rules)));
            History Answer(History so, int i) => so.After(new Command.RecordVote(Boards.Person(i + 1), call.Votes[i]));
            var outcomes = new[] { call.Order, [.. call.Order.Reverse()] }
                .Select(order => order.Aggregate(open, Answer).After(Close).State).ToList();

            int Count(Vote vote) => call.Votes.Count(v => v == vote);
            var (conflicts, rules) = (Count(Conflict), call.Rules);
            var seated = 7m - (rules.Conflicts == ConflictCounting.NotAtAll ? conflicts : 0);
            var present = Count(Yes) + Count(No) + Count(Vote.Abstain) + (rules.Conflicts == ConflictCounting.TowardQuorum ? conflicts : 0);
            decimal of = rules.Among switch
            {
                MajorityAmong.VotesCast => Count(Yes) + Count(No),
                MajorityAmong.Present => Count(Yes) + Count(No) + Count(Vote.Abstain),
                _ => 7 - conflicts,
            };
            var quorum = present > seated / 2;
            var majority = Count(Yes) > 0 && (rules.Majority.OrMore ? Count(Yes) * 3 >= of * 2 : Count(Yes) > of / 2);
            outcomes[0].ShouldBe(outcomes[1]);
            (outcomes[0] is State.Adopted).ShouldBe(quorum && majority, $"{call}");
            (outcomes[0] is State.Proposed).ShouldBe(!quorum, $"{call}");
        }));

    private static Gen<RollCall> RollCalls =>
        from votes in Gen.Elements(Enum.GetValues<Vote>()).ArrayOf(7)
        from order in Gen.Shuffle(Enumerable.Range(0, 7))
        from conflicts in Gen.Elements(Enum.GetValues<ConflictCounting>())
        from of in Gen.Elements(Enum.GetValues<MajorityAmong>())
        from majority in Gen.Elements(Fraction.MoreThanHalf, Fraction.TwoThirds)
        select new RollCall(votes, order, VotingRules.Customary with { Conflicts = conflicts, Among = of, Majority = majority });

    private static History Called(params IReadOnlyList<Vote> votes) => Called(VotingRules.Customary, votes);

    private static History Called(VotingRules rules, params IReadOnlyList<Vote> votes) =>
        Boards.Answers(votes).Aggregate(Proposed.After(new Command.OpenRollCall(Boards.Roll(rules: rules))), (h, c) => h.After(c));

    private sealed record RollCall(Vote[] Votes, int[] Order, VotingRules Rules)
    {
        public override string ToString() => $"{string.Join(' ', Votes)} under {Rules}";
    }
}

public class ResolutionLaws : DeciderLaws<Resolution, Command, State, Event>
{
    private static readonly AdoptedResolution By = new(
        new("R-2026-030"), new("SSC"), ResolutionKind.Other, "R-2026-014", "2026-30", Boards.April, Boards.April);

    protected override Gen<Command> Commands => Gen.OneOf(
        Gen.Elements(Boards.Rates, Boards.Rates with { Title = "" }).Select(m => (Command)new Command.Draft(m)),
        Gen.Elements("Rates", "").Select(t => (Command)new Command.Redraft(t, null)),
        Gen.Elements(Advice.InFavor, (Advice)9)
            .Select(a => (Command)new Command.CiteRecommendation(new("C-1", "REC-1", a, Boards.March))),
        Gen.Elements(Boards.March, Boards.March.AddDays(9)).Select(d => (Command)new Command.Propose(d)),
        Gen.Elements("BM-2026-03", "BM-2026-04").Select(m => (Command)new Command.OpenRollCall(Boards.Roll(m))),
        Gen.Choose(1, 8).SelectMany(n => Gen.Elements(Enum.GetValues<Vote>())
            .Select(v => (Command)new Command.RecordVote(Boards.Person(n), v))),
        Gen.Elements("BM-2026-03", "BM-2026-04").SelectMany(m => Gen.Elements(Boards.Rates.Resolution, new ResolutionId("R-2026-001"))
            .Select(r => (Command)new Command.CloseRollCall(m, "2026-14", Boards.April) { NumberOf = r })),
        Gen.Elements("moot", "").Select(r => (Command)new Command.Withdraw(r)),
        Gen.Elements(By, null).Select(b => (Command)new Command.Rescind(b, Boards.April)));

    protected override IEnumerable<IReadOnlyList<Command>> Scenarios =>
    [
        [.. Called(Vote.For), new Command.Rescind(By, Boards.April)],
        Called(Vote.Against),
        Called(Vote.Absent),
        [new Command.Draft(Boards.Rates), new Command.Redraft("Rates", null), new Command.Withdraw("moot")],
    ];

    private static IReadOnlyList<Command> Called(Vote vote) =>
    [
        new Command.Draft(Boards.Rates), new Command.CiteRecommendation(new("C-1", "REC-1", Advice.InFavor, Boards.March)),
        new Command.Propose(Boards.March), new Command.OpenRollCall(Boards.Roll()), .. Boards.Answers([.. Enumerable.Repeat(vote, 7)]),
        new Command.CloseRollCall("BM-2026-03", "2026-14", Boards.April) { NumberOf = Boards.Rates.Resolution },
    ];
}
