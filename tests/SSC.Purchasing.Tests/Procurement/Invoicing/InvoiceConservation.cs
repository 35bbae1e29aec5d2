using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Fees;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Tests.Procurement.JointOrders;
using Xunit;
using static SSC.Purchasing.Tests.Procurement.Invoicing.InvoiceSamples;

namespace SSC.Purchasing.Tests.Procurement.Invoicing;

/// <summary>
/// Money is conserved to the cent over random lives of random invoices: what members owe is what the vendor asks; what is paid, credited
/// and still owed is that again; at the end what was paid and credited is the invoice. Invoices are disputed in time, bill lines that the
/// vendor had rejected, are rejected as a whole, and are paid late: interest is beside the bill and never part of it, and every cent that
/// accrues is paid. What the fee ledger takes as sold follows what was paid and kept, by member and line, through partial payments, credits
/// and refunds; fees follow that, and a rebate goes out whole.
/// </summary>
public class InvoiceConservation
{
    private static readonly string?[] Sites = ["M-001-A", "M-002-A", "M-003-A", "M-009-A", null];

    private static readonly FeePeriod Quarter = new(new("C-paper"), 2026, 3);

    /// <summary>Line 2 is federally funded food: no member-paid percentage is reckoned on it.</summary>
    private static readonly OrderTerms Order = Orders.Terms(
        [Orders.Line(Orders.Paper(1)), Orders.Line(Orders.Item(1, 318m) with { FederalFood = true }, lineNo: 2)]);

    private static readonly Gen<InvoiceDocument> Invoices =
        from lines in (
            from no in Gen.Elements<int?>(1, 1, 1, 2, 7, null) from site in Gen.Elements(Sites) from item in Gen.Elements("PAPER", "TIRE",
                "PENS")
            from quantity in Gen.Choose(1, 13) from cents in Gen.Choose(0, 9_999) from slip in Gen.Elements(0, 0, 0, 7)
            select (no, site, item, quantity, cents, slip)).ArrayOf()
        from charges in (
            from kind in Gen.Elements(Enum.GetValues<ChargeKind>()) from cents in Gen.Choose(-2_000, 5_000)
            select new InvoiceCharge(kind, "As the vendor says", new(cents))).ArrayOf()
        from off in Gen.Elements(0, 0, 0, 3, -2)
        from to in Gen.Elements<MemberNo?>(null, null, First, Third, new MemberNo("M-077"))
        let all = lines.Take(6).Select((l, i) => Line($"{i}", l.no, l.site, l.item, l.quantity, "XCT", l.cents / 100m))
            .Select((l, i) => l with { Amount = l.Amount + new Money(lines[i].slip) }).ToArray()
        let invoice = Invoice("INV-R", all.Length > 0 ? all : [FirstLine], charges) with { BillTo = to }
        let total = new Money(Math.Max(0, invoice.Sum().Cents + off))
        select invoice with { Total = total };

    private readonly HashSet<string> met = [];

    [Fact]
    public void members_shares_are_the_invoice_and_payments_and_credits_are_it_again()
    {
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(
                Arb.From(
                    from invoice in Invoices from billing in Gen.Elements(Enum.GetValues<BillingMode>()) from dice in Gen.Choose(0,
                        997).ArrayOf(24)
                    select (invoice, billing, dice)),
                life => Live(life.invoice, life.billing, life.dice)));
        met.ShouldBe(["disputed", "interest", "line rejected", "rejected", "covered by credit"], ignoreOrder: true);
    }

    private void Live(InvoiceDocument invoice, BillingMode billing, int[] dice)
    {
        var life = new Life(invoice, billing, dice, met);
        life.IsMatched();
        life.IsCredited();
        if (life.IsRejected()) return;
        life.IsSettled();
        life.IsPaid();
        life.GetsBackWhatWasCreditedAfter();
        FeesFollow(life.File, life.Fees.Accruals);
        RebateGoesOut(life.Fees.State, new(dice[1] + 1));
    }

    /// <summary>One invoice's life, by dice; whatever happens, the laws hold after every event.</summary>
    private sealed class Life(InvoiceDocument invoice, BillingMode billing, int[] dice, HashSet<string> met)
    {
        private readonly DateOnly today = Received.AddDays(3);
        private VendorInvoice.State state = VendorInvoice.Initial;
        private Money credited;

        public Ledger Fees { get; } = new(new(dice[0] % 2 == 0 ? FeePayer.Member : FeePayer.Vendor, 150));

        public InvoiceFile File => ((VendorInvoice.State.Known)state).File;

        private Money PaidToVendor => PayersOfVendor(File).Select(p => File.AccountOf(p).Paid).Sum();

        /// <summary>Matched, perhaps with a line of which nothing was agreed, and perhaps sent back.</summary>
        public void IsMatched()
        {
            Do(new VendorInvoice.Command.Register(Facts(invoice, billing)));
            var input = Input(invoice, billing);
            if (dice[2] % 4 == 0 && invoice.Lines.Any(l => l.OrderLine == 2))
            {
                met.Add("line rejected"); // nothing of it was agreed or came, and it is billed all the same
                input = input with
                {
                    Agreed = [.. input.Agreed.Where(d => d.Line != 2)], Received = [.. input.Received.Where(r => r.Line != 2)],
                };
            }

            Do(new VendorInvoice.Command.Match(InvoiceMatching.Compute(input)));
            if (dice[3] % 3 == 0 && Do(new VendorInvoice.Command.Dispute("as agreed by telephone", "A-1", today))) met.Add("disputed");
        }

        public void IsCredited()
        {
            for (var i = 0; i < 4; i++)
            {
                var amount = new Money(invoice.Total.Cents * dice[i] / 5_000);
                var line = dice[i] % 3 == 0 && invoice.Lines[0].Amount <= amount ? invoice.Lines.Take(1) : [];
                Credit(Memo($"CM-{i}", 0m) with { Total = amount, Lines = [.. line] });
            }
        }

        /// <summary>Sometimes nothing of it is owed: then nothing is paid and no fee is due.</summary>
        public bool IsRejected()
        {
            if (dice[4] % 13 != 0) return false;
            Do(new VendorInvoice.Command.Reject("not ours", "A-1")).ShouldBeTrue();
            met.Add("rejected");
            Do(new VendorInvoice.Command.ApproveForPayment(First, "A-1")).ShouldBeFalse();
            Fees.Accruals.ShouldBeEmpty();
            return true;
        }

        /// <summary>Every exception is covered by credits where they suffice, else explained; everybody approves.</summary>
        public void IsSettled()
        {
            foreach (var exception in File.Open.ToList())
            {
                if (Do(new VendorInvoice.Command.Resolve(exception.No, ExceptionOutcome.CoveredByCredit, "credited", "A-1", today)))
                    met.Add("covered by credit");
                else
                    Do(new VendorInvoice.Command.Resolve(exception.No, ExceptionOutcome.Explained, "so", "A-1", today)).ShouldBeTrue();
            }

            foreach (var payer in File.Payers) Do(new VendorInvoice.Command.ApproveForPayment(payer, "A-1")).ShouldBeTrue();
        }

        /// <summary>In parts, late ones with interest, and with a discount in between.</summary>
        public void IsPaid()
        {
            for (var i = 4; i < dice.Length; i++)
            {
                if (i == 8) GiveDiscount();
                var payer = File.Payers[dice[i] % File.Payers.Count];
                var part = new Money(Math.Max(0, File.Balance(payer).Cents * (dice[i] % 100) / 99));
                Pay(payer, $"P-{i}", part, today.AddDays(i * 7), sixths: dice[i] % 7);
            }

            foreach (var payer in File.Payers.Where(p => File.Balance(p) > Money.Zero || InterestDue(p) > Money.Zero).ToList())
                Pay(payer, "LAST", new(Math.Max(0, File.Balance(payer).Cents)), today.AddDays(300), sixths: 6).ShouldBeTrue();
            File.Payers.Select(InterestDue).ShouldAllBe(due => due == Money.Zero);
            state.ShouldBeOfType<VendorInvoice.State.Paid>();
            (PaidToVendor + credited + PayersOfVendor(File).Select(p => File.Balance(p)).Sum()).ShouldBe(invoice.Total);
        }

        public void GetsBackWhatWasCreditedAfter()
        {
            foreach (var payer in File.Payers.Where(p => File.Balance(p) < Money.Zero).ToList())
            {
                Do(new VendorInvoice.Command.RecordRefund(
                    payer, new("BACK", -File.Balance(payer), today.AddDays(310)), "A-1", today.AddDays(400))).ShouldBeTrue();
            }

            File.Payers.Select(File.Balance).ShouldAllBe(left => left == Money.Zero);
            (PaidToVendor + credited).ShouldBe(invoice.Total);
        }

        private Money InterestDue(MemberNo payer) => File.AccountOf(payer).InterestDue;

        /// <summary>Pays a part of the bill, and so many sixths of the interest that has accrued by then.</summary>
        private bool Pay(MemberNo payer, string reference, Money part, DateOnly on, int sixths)
        {
            Do(new VendorInvoice.Command.AccrueInterest(on));
            var (before, paidBefore) = (InterestDue(payer), File.AccountOf(payer).Paid);
            var interest = new Money(before.Cents * sixths / 6);
            if (!Do(new VendorInvoice.Command.RecordPayment(payer, new(reference, part, interest, on), "A-1", today.AddDays(400))))
                return false;
            InterestDue(payer).ShouldBe(before - interest);
            File.AccountOf(payer).Paid.ShouldBe(paidBefore + part);
            if (interest > Money.Zero) met.Add("interest");
            return true;
        }

        /// <summary>A discount for early payment is what the vendor gives by a memo of its own, before or after it was paid.</summary>
        private void GiveDiscount()
        {
            var memo = Memo("CM-EARLY", 0m) with { Total = new(invoice.Total.Cents / 50) };
            Credit(memo with { Charges = [new(ChargeKind.Discount, "2 % for payment in 10 days", memo.Total)] });
        }

        private void Credit(InvoiceDocument memo)
        {
            if (memo.Total > Money.Zero && Do(new VendorInvoice.Command.Credit(Facts(memo, billing)))) credited += memo.Total;
        }

        private bool Do(VendorInvoice.Command command)
        {
            if (VendorInvoice.Decide(command, state) is not Decision<VendorInvoice.Event>.Accepted accepted) return false;
            foreach (var fact in accepted.Events)
            {
                var before = state;
                state = VendorInvoice.Evolve(state, fact);
                Conserved(File);
                if (before is VendorInvoice.State.Known { File: { Match: not null } was }) Fees.Follow(was, File, today);
            }

            return true;
        }
    }

    private static void FeesFollow(InvoiceFile file, List<FeeLedger.Event.Accrued> accruals)
    {
        if (file.Bills.Any(b => b.Total <= Money.Zero || file.Owed(b.Member) < Money.Zero)) return; // no share of less than nothing
        var sold = accruals.SelectMany(a => a.Sales).ToList();
        foreach (var bill in file.Bills)
        {
            foreach (var line in bill.Lines.GroupBy(l => l.OrderLine))
            {
                var kept = (decimal)line.Sum(l => l.Amount.Cents) * file.Owed(bill.Member).Cents / bill.Total.Cents;
                var taken = sold.Where(s => s.Member == bill.Member).SelectMany(s => s.Lines).Where(l => l.OrderLine == line.Key)
                    .Sum(l => l.Goods.Cents);
                taken.ShouldBe((long)decimal.Round(kept, 0, MidpointRounding.AwayFromZero), $"{bill.Member}, line {line.Key}");
            }
        }

        foreach (var accrual in accruals)
        {
            foreach (var (sale, fee) in accrual.Sales.Zip(accrual.Fees))
            {
                var carries = sale.Lines.Where(l => l.OrderLine == 1 || accrual.Terms.Payer == FeePayer.Vendor).Sum(l => l.Goods.Cents);
                Math.Abs(fee.Cents - (carries * 0.015m)).ShouldBeLessThanOrEqualTo(0.5m);
            }
        }
    }

    private static void RebateGoesOut(FeeLedger.State ledger, Money rebate)
    {
        var command = new FeeLedger.Command.AllocateRebate("CHK-1", rebate, new(2028, 1, 5), "C-1");
        if (FeeLedger.Decide(command, ledger) is not Decision<FeeLedger.Event>.Accepted { Events: [FeeLedger.Event.RebateAllocated to] })
            return;
        to.Shares.Select(s => s.Amount).Sum().ShouldBe(rebate);
        to.Shares.ShouldAllBe(s => s.Purchases > Money.Zero);
    }

    private static void Conserved(InvoiceFile file)
    {
        if (file.Match is null) return;
        foreach (var account in file.Payers.Select(file.AccountOf))
        {
            account.InterestDue.ShouldBeGreaterThanOrEqualTo(Money.Zero);
            account.Interest.Select(m => m.Month).ShouldBe(Enumerable.Range(1, account.Interest.Count));
        }

        var (total, credits) = (file.Facts.Document.Total, file.Credits.Select(c => c.Amount).Sum());
        file.Bills.Select(b => b.Total).Sum().ShouldBe(total);
        foreach (var credit in file.Credits) credit.Members.Values.Sum().ShouldBe(credit.Amount);
        var members = file.Bills.Select(b => b.Member).ToList();
        (members.Select(file.Owed).Sum() + credits).ShouldBe(total);
        (members.Select(m => file.AccountOf(m).Paid + file.Balance(m)).Sum() + credits).ShouldBe(total);
        var vendorSide = PayersOfVendor(file).ToList();
        (vendorSide.Select(p => file.AccountOf(p).Paid + file.Balance(p)).Sum() + credits).ShouldBe(total);
    }

    private static IEnumerable<MemberNo> PayersOfVendor(InvoiceFile file) =>
        file.Facts.Billing == BillingMode.Cooperative ? [InvoiceKeys.Cooperative] : file.Bills.Select(b => b.Member);

    /// <summary>The fee ledger beside an invoice, told of every event as the service tells it.</summary>
    private sealed class Ledger(FeeTerms terms)
    {
        private int told;

        public FeeLedger.State State { get; private set; } = FeeLedger.Initial;

        public List<FeeLedger.Event.Accrued> Accruals => (State as FeeLedger.State.Open)?.Accruals.Values.ToList() ?? [];

        public void Follow(InvoiceFile was, InvoiceFile now, DateOnly day)
        {
            var sales = new PaidStep(day, was, now).Sales("V-whitewater:INV-R", Order);
            if (sales.Count == 0) return;
            var accrue = new FeeLedger.Command.Accrue(Quarter, $"INV-R@{++told}", sales, terms);
            State = FeeLedger.Decide(accrue, State).ShouldBeOfType<Decision<FeeLedger.Event>.Accepted>().Events
                .Aggregate(State, FeeLedger.Evolve);
        }
    }
}
