using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Budgets;
using SSC.Purchasing.Tests.Properties;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Procurement.Budgets.BudgetLine;

namespace SSC.Purchasing.Tests.Procurement.Budgets;

public class BudgetLineSpecs : SpecFor<BudgetLine, Command, State, Event>
{
    private static readonly AccountCode Supplies = AccountCode.TryParse("UFARS", "01-005-203-000-401-000")!;
    private static readonly Event Adopted = new Event.Adopted(new("M-001"), 2026, Supplies, Usd(10_000));
    private static readonly Event Reserved = new Event.Reserved("JO-1", Usd(4_000), Usd(10_000));

    [Fact]
    public void a_budget_is_adopted_once_and_then_amended()
    {
        Given().When(new Command.Adopt(new("M-001"), 2026, Supplies, Usd(10_000))).Records(Adopted);
        Given(Adopted).When(new Command.Adopt(new("M-001"), 2026, Supplies, Usd(10_000))).RecordsNothing();
        Given(Adopted).When(new Command.Adopt(new("M-001"), 2026, Supplies, Usd(9_000))).Refuses("budget-adopted");
        Given(Adopted).When(new Command.Amend(Usd(9_000), "levy")).Records(new Event.Amended(Usd(9_000), "levy"));
        Given(Adopted).When(new Command.Amend(Usd(10_000), "")).RecordsNothing();
    }

    [Fact]
    public void its_key_names_member_year_and_account_and_any_chart_but_the_schools()
    {
        Key(new("M-001"), 2026, Supplies).ShouldBe("M-001:2026:01-005-203-000-401-000");
        Key(new("M-001"), 2026, Supplies with { Scheme = "CITY" }).ShouldBe("M-001:2026:CITY:01-005-203-000-401-000");
    }

    [Fact]
    public void nothing_is_reserved_on_a_budget_nobody_adopted() =>
        Given().When(new Command.Reserve("JO-1", Usd(1))).Refuses("budget-not-adopted");

    [Fact]
    public void the_last_dollar_can_be_reserved_and_not_one_cent_more()
    {
        Given(Adopted, Reserved).When(new Command.Reserve("JO-2", Usd(6_000))).Records(new Event.Reserved("JO-2", Usd(6_000), Usd(6_000)));
        var refused = Given(Adopted, Reserved).When(new Command.Reserve("JO-2", Usd(6_000.01m)));
        refused.Refuses("budget-exceeded");
        refused.ShouldBeOfType<Decision<Event>.Refused>().Refusal.Reason.ShouldStartWith("6000.00 is available and 6000.01 is needed");
    }

    [Fact]
    public void an_override_keeps_the_reason_and_what_was_available()
    {
        Given(Adopted, Reserved).When(new Command.Reserve("JO-2", Usd(7_000), "board approved 3 Mar"))
            .Records(new Event.Reserved("JO-2", Usd(7_000), Usd(6_000), "board approved 3 Mar"));
        Given(Adopted, Reserved).When(new Command.Reserve("JO-2", Usd(5_000), "not needed"))
            .Records(new Event.Reserved("JO-2", Usd(5_000), Usd(6_000)));
    }

    [Fact]
    public void a_reference_is_reserved_once()
    {
        Given(Adopted, Reserved).When(new Command.Reserve("JO-1", Usd(4_000))).RecordsNothing();
        Given(Adopted, Reserved).When(new Command.Reserve("JO-1", Usd(4_001))).Refuses("reservation-exists");
    }

    [Fact]
    public void an_adjustment_counts_only_what_it_adds()
    {
        Given(Adopted, Reserved).When(new Command.Adjust("JO-1", Usd(10_000)))
            .Records(new Event.Adjusted("JO-1", Usd(10_000), Usd(10_000)));
        Given(Adopted, Reserved).When(new Command.Adjust("JO-1", Usd(4_000))).RecordsNothing();
        Given(Adopted, Reserved).When(new Command.Adjust("JO-1", Usd(10_000.01m))).Refuses("budget-exceeded");
        Given(Adopted, Reserved).When(new Command.Adjust("JO-1", Usd(11_000), "board"))
            .Records(new Event.Adjusted("JO-1", Usd(11_000), Usd(10_000), "board"));
        Given(Adopted, Reserved).When(new Command.Adjust("JO-9", Usd(1))).Refuses("reservation-unknown");
        Given(Adopted, Reserved, new Event.Liquidated("JO-1", "INV-1", Usd(3_000)))
            .When(new Command.Adjust("JO-1", Usd(2_999))).Refuses("below-spent");
    }

    [Fact]
    public void a_line_overdrawn_by_override_may_still_be_adjusted_down() =>
        Given(Adopted, new Event.Reserved("JO-1", Usd(30_000), Usd(10_000), "board"))
            .When(new Command.Adjust("JO-1", Usd(20_000))).Records(new Event.Adjusted("JO-1", Usd(20_000), Usd(10_000)));

    [Fact]
    public void an_invoice_is_paid_once_out_of_what_is_set_aside()
    {
        var paid = new Event.Liquidated("JO-1", "INV-1", Usd(1_500));
        Given(Adopted, Reserved).When(new Command.Liquidate("JO-1", "INV-1", Usd(1_500))).Records(paid);
        Given(Adopted, Reserved, paid).When(new Command.Liquidate("JO-1", "INV-1", Usd(1_500))).RecordsNothing();
        Given(Adopted, Reserved, paid).When(new Command.Liquidate("JO-1", "INV-1", Usd(1_600))).Refuses("document-paid");
        Given(Adopted, Reserved, paid).When(new Command.Liquidate("JO-1", "INV-2", Usd(1_500)))
            .Records(new Event.Liquidated("JO-1", "INV-2", Usd(1_500)));
        Given(Adopted).When(new Command.Liquidate("JO-1", "INV-1", Usd(1))).Refuses("reservation-unknown");
        Given(Adopted, Reserved).When(new Command.Liquidate("JO-1", "", Usd(1))).Refuses("document-invalid");
    }

    [Fact]
    public void paying_more_than_was_set_aside_needs_the_difference_to_be_available()
    {
        Given(Adopted, Reserved).When(new Command.Liquidate("JO-1", "INV-1", Usd(10_000)))
            .Records(new Event.Liquidated("JO-1", "INV-1", Usd(10_000)));
        Given(Adopted, Reserved).When(new Command.Liquidate("JO-1", "INV-1", Usd(10_000.01m))).Refuses("budget-exceeded");
        Given(Adopted, Reserved).When(new Command.Liquidate("JO-1", "INV-1", Usd(11_000), "freight dispute lost"))
            .Records(new Event.Liquidated("JO-1", "INV-1", Usd(11_000), "freight dispute lost"));
    }

    [Fact]
    public void a_release_gives_back_the_unspent_rest()
    {
        var paid = new Event.Liquidated("JO-1", "INV-1", Usd(1_500));
        Given(Adopted, Reserved, paid).When(new Command.Release("JO-1")).Records(new Event.Released("JO-1", Usd(2_500)));
        var released = Given(Adopted, Reserved, paid, new Event.Released("JO-1", Usd(2_500)));
        released.State.ShouldBeOfType<State.Open>().Available().ShouldBe(Usd(8_500));
        released.When(new Command.Liquidate("JO-1", "INV-1", Usd(1_500))).RecordsNothing();
    }

    [Fact]
    public void releasing_an_unknown_reference_records_nothing() =>
        Given(Adopted, Reserved).When(new Command.Release("JO-9")).RecordsNothing();

    [Fact]
    public void a_budget_is_not_amended_below_what_is_committed()
    {
        Given(Adopted, Reserved).When(new Command.Amend(Usd(4_000), "cut")).Records(new Event.Amended(Usd(4_000), "cut"));
        Given(Adopted, Reserved).When(new Command.Amend(Usd(3_999.99m), "cut")).Refuses("budget-below-committed");
    }

    [Fact]
    public void every_wrong_input_has_its_own_code()
    {
        Given().When(new Command.Adopt(new(""), 2026, Supplies, Usd(1))).Refuses("member-invalid");
        Given().When(new Command.Adopt(new("M-001"), 26, Supplies, Usd(1))).Refuses("fiscal-year-invalid");
        Given().When(new Command.Adopt(new("M-001"), 2026, new("UFARS", ["0 1"]), Usd(1))).Refuses("account-invalid");
        Given().When(new Command.Adopt(new("M-001"), 2026, Supplies, Usd(-1))).Refuses("amount-invalid");
        Given(Adopted).When(new Command.Amend(MaxAmount + Usd(1), "x")).Refuses("amount-invalid");
        Given(Adopted).When(new Command.Amend(Usd(1), "\n")).Refuses("reason-missing");
        Given(Adopted).When(new Command.Reserve("", Usd(1))).Refuses("reference-invalid");
        Given(Adopted).When(new Command.Reserve("a|b", Usd(1))).Refuses("reference-invalid");
        Given(Adopted).When(new Command.Reserve("JO-1", Usd(0))).Refuses("amount-invalid");
        Given(Adopted).When(new Command.Reserve("JO-1", Usd(1), "")).Refuses("reason-missing");
    }

    [Fact]
    public void without_overrides_no_run_of_commands_ever_commits_more_than_the_budget() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(WithoutOverrides.ListOf().ToArbitrary(), run =>
        {
            var state = Evolve(Initial, Adopted);
            foreach (var command in run)
            {
                if (Decide(command, state) is Decision<Event>.Accepted done) state = done.Events.Aggregate(state, Evolve);
                if (((State.Open)state).Available() < Money.Zero) return false;
            }

            return true;
        }));

    private static Gen<Command> WithoutOverrides => CommandsWith(Gen.Constant<string?>(null));

    internal static Gen<Command> CommandsWith(Gen<string?> reasons) => Gen.Frequency(
        (2, Amounts.Select(a => (Command)new Command.Adopt(new("M-001"), 2026, Supplies, a))),
        (1, Amounts.Select(a => (Command)new Command.Amend(a, "levy"))),
        (3, from r in References from a in Amounts from why in reasons select (Command)new Command.Reserve(r, a, why)),
        (2, from r in References from a in Amounts from why in reasons select (Command)new Command.Adjust(r, a, why)),
        (3, from r in References from d in References from a in Amounts from why in reasons
            select (Command)new Command.Liquidate(r, d, a, why)),
        (1, References.Select(r => (Command)new Command.Release(r))));

    private static Gen<string> References => Gen.Elements("JO-1", "JO-2", "JO-3");

    private static Gen<Money> Amounts => Gen.Choose(-1, 10).Select(n => Usd(n * 1_000));

    private static Money Usd(decimal dollars) => Money.FromDollars(dollars);
}

public class BudgetLineLaws : DeciderLaws<BudgetLine, Command, State, Event>
{
    protected override Gen<Command> Commands => BudgetLineSpecs.CommandsWith(Gen.Elements(null, "board"));
}
