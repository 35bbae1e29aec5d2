using FsCheck;
using FsCheck.Fluent;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Tests.Properties;
using static SSC.Purchasing.Procurement.Invoicing.VendorInvoice;
using static SSC.Purchasing.Tests.Procurement.Invoicing.InvoiceSamples;

namespace SSC.Purchasing.Tests.Procurement.Invoicing;

public class VendorInvoiceLaws : DeciderLaws<VendorInvoice, Command, State, Event>
{
    private static readonly InvoiceDocument Dear = Invoice("INV-8",
        [Line("1", 1, "M-001-A", "PAPER", 10, "XCT", 41m)]) with { BillTo = First };
    private static readonly InvoiceMatch Clean = Match(Document);
    private static readonly InvoiceMatch Wrong = Match(Dear, BillingMode.VendorDirect);

    protected override Gen<Command> Commands => Gen.Frequency(
        (3, Gen.Elements<Command>(
            new Command.Register(Facts(Document)), new Command.Register(Facts(Dear, BillingMode.VendorDirect)),
            new Command.Register(Facts(Memo("CM-9", 5m))))),
        (4, Gen.Elements(Clean, Wrong).Select(m => (Command)new Command.Match(m))),
        (1, Days.Select(d => (Command)new Command.Dispute("wrong", "A-1", d))),
        (2, from n in Gen.Choose(0, 2) from o in Gen.Elements(Enum.GetValues<ExceptionOutcome>()) from d in Days
            select (Command)new Command.Resolve(n, o, "so be it", "A-1", d)),
        (1, Gen.Constant((Command)new Command.Reject("no", "A-1"))),
        (3, Payers.Select(p => (Command)new Command.ApproveForPayment(p, "A-1"))),
        (4, from p in Payers from r in Gen.Elements("P-1", "P-2", "P-3") from cents in Gen.Elements(0, 100, 40_000, 40_772, 97_650)
            from interest in Gen.Elements(0, 0, 1_000) from d in Days
            select (Command)new Command.RecordPayment(p, new(r, new(cents), new(interest), d), "A-1", d)),
        (2, from p in Payers from r in Gen.Elements("R-1", "R-2") from cents in Gen.Elements(0, 500, 1_000) from d in Days
            select (Command)new Command.RecordRefund(p, new(r, new(cents), d), "A-1", d)),
        (2, from n in Gen.Elements("CM-1", "CM-2") from a in Gen.Elements(5m, 10m, 900m)
            select (Command)new Command.Credit(Facts(Memo(n, a)))),
        (1, Gen.Elements<Command>(new Command.CloseCredit(null), new Command.CloseCredit("too much"))),
        (1, Days.Select(d => (Command)new Command.AccrueInterest(d))),
        (1, from a in Gen.Elements(AboutExceptions, AboutPayment) from n in Gen.Choose(0, 2) select (Command)new Command.Remind(a, n)));

    protected override IEnumerable<IReadOnlyList<Command>> Scenarios =>
    [
        [
            new Command.Register(Facts(Dear, BillingMode.VendorDirect)), new Command.Match(Wrong), new Command.Remind(AboutExceptions, 1),
            new Command.Dispute("forty was agreed", "A-1", Received.AddDays(3)),
            new Command.Resolve(1, ExceptionOutcome.AcceptedAsBilled, "so be it", "A-1", Received.AddDays(5)),
            new Command.Remind(AboutPayment, 1), new Command.ApproveForPayment(First, "A-1"),
            new Command.RecordPayment(First, new("P-1", Money.FromDollars(100m), Money.Zero, Received.AddDays(9)), "A-1",
                Received.AddDays(9)),
            new Command.AccrueInterest(Received.AddDays(90)), new Command.Credit(Facts(Memo("CM-1", 10m))),
            new Command.RecordPayment(
                First, new("P-2", Money.FromDollars(300m), Money.FromDollars(5m), Received.AddDays(95)), "A-1", Received.AddDays(95)),
        ],
        [
            new Command.Register(Facts(Document, BillingMode.VendorDirect)), new Command.Match(Match(Document, BillingMode.VendorDirect)),
            new Command.Resolve(1, ExceptionOutcome.Explained, "so be it", "A-1", Received.AddDays(2)),
            new Command.ApproveForPayment(First, "A-1"), new Command.RecordPayment(
                First, new("P-1", Match(Document, BillingMode.VendorDirect).Bills[0].Total, Money.Zero, Received.AddDays(9)), "A-1",
                Received.AddDays(9)),
            new Command.Credit(Facts(Memo("CM-1", 10m))),
            new Command.RecordRefund(First, new("R-1", new(100), Received.AddDays(14)), "A-1", Received.AddDays(14)),
        ],
        [new Command.Register(Facts(Dear, BillingMode.VendorDirect)), new Command.Match(Wrong), new Command.Reject("no", "A-1")],
        [new Command.Register(Facts(Memo("CM-9", 5m))), new Command.CloseCredit(null)],
        [new Command.Register(Facts(Memo("CM-9", 5m))), new Command.CloseCredit("too much")],
    ];

    private static Gen<MemberNo> Payers => Gen.Elements(First, Second, Third, InvoiceKeys.Cooperative);

    private static Gen<DateOnly> Days => Gen.Elements(0, 2, 9, 14, 40, 80, 120).Select(d => Received.AddDays(d));
}
