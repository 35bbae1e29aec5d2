using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Tests.Properties;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Procurement.Contracts.Participation;

namespace SSC.Purchasing.Tests.Procurement.Contracts;

public class ParticipationSpecs : SpecFor<Participation, Command, State, Event>
{
    private static readonly DateOnly Resolved = new(2025, 6, 12);

    private static readonly ParticipationAgreement Agreement = new(
        new("C-2025-paper"), new("M-001"), Resolved, ContractScope.Statewide, new(2025, 7, 1), new(2026, 6, 30)) { Resolution = "2025-41" };

    private static readonly ParticipationLimits Limits = new(Money.FromDollars(50_000m), Money.FromDollars(20_000m));
    private static readonly Event Joined = new Event.Joined(Agreement);

    [Fact]
    public void a_member_joins_by_a_resolution_of_its_governing_body() =>
        Given().When(new Command.Join(Agreement)).Records(Joined);

    [Fact]
    public void joining_the_same_again_records_nothing_and_later_dates_renew_it()
    {
        var renewed = Agreement with { ValidUntil = new(2027, 6, 30) };
        Given(Joined).When(new Command.Join(Agreement)).RecordsNothing();
        Given(Joined).When(new Command.Join(renewed)).Records(new Event.Renewed(renewed));
        Given(Joined, new Event.Renewed(renewed)).State.IsValidOn(new(2027, 6, 30)).ShouldBeTrue();
    }

    [Fact]
    public void an_agreement_is_valid_from_its_first_to_its_last_day_unless_suspended()
    {
        var state = Given(Joined).State;
        state.IsValidOn(new(2025, 6, 30)).ShouldBeFalse();
        state.IsValidOn(new(2025, 7, 1)).ShouldBeTrue();
        state.IsValidOn(new(2026, 6, 30)).ShouldBeTrue();
        state.IsValidOn(new(2026, 7, 1)).ShouldBeFalse();
        Given(new Event.Joined(Agreement with { ValidUntil = null })).State.IsValidOn(new(2040, 1, 1)).ShouldBeTrue();
        Given(Joined, new Event.Suspended("dues unpaid")).State.IsValidOn(new(2025, 8, 1)).ShouldBeFalse();
        Initial.IsValidOn(new(2025, 8, 1)).ShouldBeFalse();
    }

    [Fact]
    public void every_wrong_agreement_has_its_own_code()
    {
        Expect("member-invalid", Agreement with { Member = new("") });
        Expect("contract-invalid", Agreement with { Contract = new("a b") });
        Expect("resolution-invalid", Agreement with { Resolution = "\0" });
        Expect("agreement-before-resolution", Agreement with { ValidFrom = Resolved.AddDays(-1) });
        Expect("agreement-dates-wrong", Agreement with { ValidUntil = new(2025, 6, 30) });
        Given(Joined).When(new Command.Join(Agreement with { Member = new("M-002") })).Refuses("agreement-of-another");
        Given(Joined).When(new Command.Join(Agreement with { ValidUntil = Resolved })).Refuses("agreement-dates-wrong");

        static void Expect(string code, ParticipationAgreement agreement) => Given().When(new Command.Join(agreement)).Refuses(code);
    }

    [Fact]
    public void a_suspended_participation_keeps_its_agreement_and_is_resumed_as_it_was()
    {
        var suspended = Given(Joined).After(new Command.SetLimits(Limits)).After(new Command.Suspend("dues unpaid"));
        suspended.When(new Command.Suspend("dues unpaid")).RecordsNothing();
        suspended.When(new Command.Join(Agreement)).Refuses("participation-suspended");
        suspended.When(new Command.SetLimits(ParticipationLimits.None)).Records(new Event.LimitsSet(ParticipationLimits.None));
        suspended.After(new Command.Resume()).State.ShouldBe(new State.Active(Agreement, Limits));
        Given(Joined).When(new Command.Resume()).RecordsNothing();
        Given(Joined).When(new Command.Suspend(" ")).Refuses("reason-missing");
        Given().When(new Command.Suspend("x")).Refuses("participation-not-joined");
    }

    [Fact]
    public void limits_are_set_once_and_make_sense()
    {
        Given(Joined).When(new Command.SetLimits(Limits)).Records(new Event.LimitsSet(Limits));
        Given(Joined, new Event.LimitsSet(Limits)).When(new Command.SetLimits(Limits)).RecordsNothing();
        Given(Joined).When(new Command.SetLimits(new(null, new Money(-1)))).Refuses("limit-invalid");
        Given(Joined).When(new Command.SetLimits(new(new Money(-1), null))).Refuses("limit-invalid");
        Given(Joined).When(new Command.SetLimits(new(new Money(1), new Money(2)))).Refuses("limit-invalid");
    }

    [Fact]
    public void an_order_over_a_limit_is_named_with_the_limit_it_breaks()
    {
        Limits.Check(Money.FromDollars(20_000m), Money.FromDollars(30_000m)).ShouldBeNull();
        Limits.Check(Money.FromDollars(20_000.01m), Money.Zero)!.Code.ShouldBe("order-limit-exceeded");
        Limits.Check(Money.FromDollars(20_000m), Money.FromDollars(30_000.01m))!.Code.ShouldBe("year-limit-exceeded");
        ParticipationLimits.None.Check(Money.FromDollars(1e9m), Money.Zero).ShouldBeNull();
    }
}

public class ParticipationLaws : DeciderLaws<Participation, Command, State, Event>
{
    private static readonly ParticipationAgreement Agreement = new(
        new("C-2025-paper"), new("M-001"), new(2025, 6, 12), ContractScope.Cooperative, new(2025, 7, 1));

    protected override Gen<Command> Commands => Gen.OneOf(
        Gen.Choose(-3, 3).Select(d => (Command)new Command.Join(Agreement with { ValidFrom = Agreement.ResolvedOn.AddDays(d) })),
        Gen.Choose(-1, 2).Select(d => (Command)new Command.SetLimits(new(new Money(1), new Money(d)))),
        Gen.Elements<Command>(new Command.Suspend("dues"), new Command.Suspend(""), new Command.Resume()));
}
