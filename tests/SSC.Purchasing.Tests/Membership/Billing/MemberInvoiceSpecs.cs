using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Tests.Properties;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Membership.MemberInvoice;

namespace SSC.Purchasing.Tests.Membership.Billing;

public class MemberInvoiceSpecs : SpecFor<MemberInvoice, Command, State, Event>
{
    private static readonly MemberNo Member = new("M-081");
    private static readonly BillingMonth July = new("2026-07");
    private static readonly DateOnly Day = new(2026, 7, 20);
    private static readonly Charge Fee = new(ChargeSource.Membership, "FY2027", "Membership 2026-27, one service", new(25_000));
    private static readonly Charge Seats = new(ChargeSource.Program, "PD-12:M-081", "Conference, 3 seats", new(14_700));
    private static readonly Charge Adjusted = new(ChargeSource.Pool, "SCHOOLS:2026-07:retro", "Retro adjustment June", new(-2_348));
    private static readonly Command.Issue Issue = new("2026-07-0081", Day, new(2026, 8, 19));

    private static readonly History Open = Given(Charged(Fee), Charged(Seats), Charged(Adjusted));
    private static readonly History Issued = Open.After(Issue);

    [Fact]
    public void charges_of_all_sources_come_to_one_total() =>
        Open.When(Issue).Records(new Event.Issued("2026-07-0081", Day, new(2026, 8, 19), new(37_352), RuleVersion));

    [Fact]
    public void a_reference_counts_once_however_often_it_is_posted()
    {
        Open.When(new Command.PostCharge(Member, July, Fee)).RecordsNothing();
        Issued.When(new Command.PostCharge(Member, July, Fee)).RecordsNothing();
        Open.When(new Command.PostCharge(Member, July, Fee with { Amount = new(1) })).Refuses("charge-differs");
        Open.When(new Command.PostCharge(Member, July, Fee with { Source = ChargeSource.Service })).Records(
            Charged(Fee with { Source = ChargeSource.Service }));
    }

    [Fact]
    public void an_issued_invoice_is_never_edited()
    {
        Issued.When(new Command.PostCharge(Member, July, Fee with { Reference = "late" })).Refuses("invoice-issued");
        Issued.When(new Command.RemoveCharge(ChargeSource.Program, "PD-12:M-081", "cancelled")).Refuses("invoice-issued");
        Issued.When(Issue).RecordsNothing();
        Issued.When(Issue with { Number = "other" }).Refuses("invoice-issued");
    }

    [Fact]
    public void a_charge_that_was_taken_off_does_not_come_back_with_a_late_repetition()
    {
        var removed = Open.After(new Command.RemoveCharge(ChargeSource.Program, "PD-12:M-081", "cancelled"));
        removed.When(new Command.PostCharge(Member, July, Seats)).Refuses("charge-removed");
        removed.After(Issue).State.ShouldBeOfType<State.Issued>().Balance.ShouldBe(new(22_652));
    }

    [Fact]
    public void payments_in_parts_credits_and_a_returned_payment_add_up_to_the_cent()
    {
        var part = new Settlement("ACH-1", new(30_000), Day);
        var paid = Issued.After(new Command.RecordPayment(part));
        Balance(paid).ShouldBe(new(7_352));
        paid.When(new Command.RecordPayment(part)).RecordsNothing();
        paid.When(new Command.RecordPayment(part with { Amount = new(1) })).Refuses("reference-taken");
        paid.When(new Command.RecordPayment(new("ACH-2", new(7_353), Day))).Refuses("payment-exceeds-balance");
        var credited = paid.After(new Command.Credit(new("CM-1", new(14_700), Day, "Seats cancelled in time.")));
        Balance(credited).ShouldBe(new(-7_348));
        credited.When(new Command.Refund(new("RF-1", new(7_349), Day))).Refuses("refund-exceeds-credit-balance");
        Balance(credited.After(new Command.Refund(new("RF-1", new(7_348), Day)))).ShouldBe(Money.Zero);
        var returned = credited.After(new Command.ReversePayment("ACH-1", "R01 insufficient funds"));
        Balance(returned).ShouldBe(new(22_652));
        returned.When(new Command.RecordPayment(part)).Refuses("reference-taken");
    }

    [Fact]
    public void a_bill_below_zero_is_carried_over_once_to_a_later_month()
    {
        var below = Given(Charged(Adjusted)).After(Issue);
        below.When(new Command.CarryOver(July)).Refuses("month-not-later");
        var carried = below.After(new Command.CarryOver(July.Next));
        Balance(carried).ShouldBe(Money.Zero);
        carried.When(new Command.CarryOver(July.Next)).RecordsNothing();
        carried.When(new Command.CarryOver(July.Next.Next)).Refuses("carried-over-already");
        carried.When(new Command.Void("wrong member")).Refuses("invoice-carried-over");
        Issued.When(new Command.CarryOver(July.Next)).Refuses("nothing-to-carry-over");
    }

    [Fact]
    public void money_that_a_source_has_already_may_exceed_the_balance_and_is_then_refunded()
    {
        var more = new Command.RecordPayment(new("ACH-9", new(37_353), Day));
        Issued.When(more).Refuses("payment-exceeds-balance");
        Balance(Issued.After(more with { Received = true })).ShouldBe(new(-1));
    }

    [Fact]
    public void an_invoice_with_money_on_it_is_not_voided()
    {
        Issued.After(new Command.RecordPayment(new("ACH-1", new(1), Day))).When(new Command.Void("wrong member"))
            .Refuses("invoice-has-payments");
        Issued.After(new Command.Void("wrong member")).When(new Command.RecordPayment(new("ACH-1", new(1), Day)))
            .Refuses("invoice-voided");
    }

    [Fact]
    public void credits_come_to_the_total_at_most() => Issued
        .After(new Command.Credit(new("CM-1", new(37_352), Day, "All of it.")))
        .When(new Command.Credit(new("CM-2", new(1), Day, "More."))).Refuses("credit-exceeds-total");

    [Theory]
    [InlineData("2026-13", "FY2027", 100, "month-malformed")]
    [InlineData("2026-07", "no key", 100, "charge-reference-malformed")]
    [InlineData("2026-07", "FY2027", 0, "amount-zero")]
    [InlineData("2026-07", "FY2027", 100_000_000_001, "amount-too-large")]
    public void a_malformed_charge_is_refused(string month, string reference, long cents, string code) =>
        When(new Command.PostCharge(Member, new(month), Fee with { Reference = reference, Amount = new(cents) })).Refuses(code);

    [Fact]
    public void the_balance_is_the_total_less_what_came_in_whatever_happens() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll(Gen.Choose(1, 40_000).ArrayOf().ToArbitrary(), cents =>
        {
            var history = Issued;
            var expected = new Money(37_352);
            foreach (var (amount, i) in cents.Take(20).Select((c, i) => (new Money(c), i)))
            {
                var decision = history.When(i % 3 == 2
                    ? new Command.Credit(new($"r-{i}", amount, Day, "credit"))
                    : new Command.RecordPayment(new($"r-{i}", amount, Day)));
                if (decision is not Decision<Event>.Accepted accepted) continue;
                expected -= amount;
                history = history.And(accepted.Events);
            }

            Balance(history).ShouldBe(expected);
        }));

    private static Event.Charged Charged(Charge charge) => new(Member, July, charge);

    private static Money Balance(History history) => history.State.ShouldBeOfType<State.Issued>().Balance;
}

public class MemberInvoiceLaws : DeciderLaws<MemberInvoice, Command, State, Event>
{
    private static readonly DateOnly Day = new(2026, 7, 20);

    protected override Gen<Command> Commands => Gen.OneOf(
        Gen.Elements("a", "b").SelectMany(r => Gen.Choose(-1, 3).Select(n => (Command)Post(r, n * 100L))),
        Gen.Elements("a", "z").Select(r => (Command)new Command.RemoveCharge(ChargeSource.Pool, r, "wrong")),
        Gen.Elements("1", "2", "").Select(n => (Command)new Command.Issue(n, Day, Day.AddDays(30))),
        Gen.Elements("p", "q").SelectMany(r => Gen.Choose(0, 3).Select(n => (Command)new Command.RecordPayment(new(r, new(n * 50), Day)))),
        Gen.Elements("p", "z").Select(r => (Command)new Command.ReversePayment(r, "returned")),
        Gen.Choose(0, 3).Select(n => (Command)new Command.Credit(new("c", new(n * 50), Day, "kindness"))),
        Gen.Choose(0, 3).Select(n => (Command)new Command.Refund(new("r", new(n * 50), Day))),
        Gen.Elements("2026-07", "2026-08", "2026-09").Select(m => (Command)new Command.CarryOver(new(m))),
        Gen.Elements("wrong", "").Select(r => (Command)new Command.Void(r)));

    protected override IEnumerable<IReadOnlyList<Command>> Scenarios =>
    [
        [
            Post("a", 100), new Command.Issue("1", Day, Day), new Command.RecordPayment(new("p", new(100), Day)),
            new Command.Credit(new("c", new(50), Day, "kindness")), new Command.Refund(new("r", new(50), Day)),
            new Command.ReversePayment("p", "returned"),
        ],
        [Post("a", -100), new Command.Issue("1", Day, Day), new Command.CarryOver(new("2026-08"))],
        [Post("a", 100), Post("b", 100), new Command.RemoveCharge(ChargeSource.Pool, "a", "wrong"), new Command.Void("wrong")],
    ];

    private static Command.PostCharge Post(string reference, long cents) =>
        new(new("M-1"), new("2026-07"), new(ChargeSource.Pool, reference, "Contribution", new(cents)));
}
