using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Host.Demo;

/// <summary>Something that was recorded of an invoice.</summary>
/// <param name="Order">Its order.</param>
/// <param name="Key">Key of the invoice.</param>
/// <param name="At">When.</param>
internal sealed record InvoiceMoment(DemoOrder Order, string Key, DateTimeOffset At)
{
    /// <summary>A time so many business days later.</summary>
    public DateTimeOffset Later(int days, int hour) => Clocks.Business(At, days, hour, Key.Sum(c => c) % 50);
}

/// <summary>What becomes of an order's invoices.</summary>
internal sealed record BillingScript
{
    /// <summary>Everything is billed as it came and paid in time.</summary>
    public static readonly BillingScript Plain = new();

    /// <summary>What the vendor gets wrong on its first invoice.</summary>
    public InvoiceSlip? Slip { get; init; }

    /// <summary>What follows when something is wrong with an invoice.</summary>
    public Func<InvoiceMoment, InvoiceMatch, IEnumerable<Happening>> WhenExcepted { get; init; } = (_, _) => [];

    /// <summary>What follows when an invoice is in order.</summary>
    public Func<InvoiceMoment, VendorInvoice.Event.Cleared, IEnumerable<Happening>> WhenCleared { get; init; } = DemoPayments.InTime;

    /// <summary>What follows when everybody has paid.</summary>
    public Func<InvoiceMoment, IEnumerable<Happening>> WhenPaid { get; init; } = _ => [];
}

/// <summary>
/// What vendors bill and what is paid, and one joint order for every branch of it: ordinary orders of the demo that get the branch's title
/// and script. The cooperative was billed elsewhere in the first fiscal year; vendors that bill members are here from the first day on.
/// </summary>
internal static class DemoInvoices
{
    /// <summary>How far an invoice may exceed what was agreed: half a percent.</summary>
    public const int ToleranceBasisPoints = 50;

    /// <summary>And at most so much.</summary>
    public static readonly Money ToleranceUpTo = Money.FromDollars(5m);

    /// <summary>So many take part where the vendor bills each.</summary>
    private const int FewTakers = 12;

    /// <summary>Business days from the first delivery on which the vendor bills what has come by then.</summary>
    private static readonly int[] BillingDays = [9, 21, 55];

    private static readonly Dictionary<string, (string Title, BillingScript Script)> Branches = new(StringComparer.Ordinal)
    {
        ["Copy paper, 6"] = ("Copy paper — billed above the agreed price, disputed, credited", DisputedAndCredited(Pricier)),
        ["Copy paper, 7"] = ("Copy paper — disputed, then withdrawn", new() { WhenCleared = DisputedAndWithdrawn }),
        ["Copy paper, 8"] = ("Copy paper — paid in two parts", new() { WhenCleared = DemoPayments.InTwoParts }),
        ["Copy paper, 9"] = ("Copy paper — billed above the agreed price, to be decided", new() { Slip = Pricier }),
        ["Diesel, rack price, 5"] = ("Diesel, rack price — paid late, with interest", new() { WhenCleared = DemoPayments.Late(20) }),
        ["Diesel, rack price, 6"] =
            ("Diesel, rack price — tax billed, sent back on the tenth day", NobodyDecides(d => With(d, ChargeKind.Tax, "fuel tax", 0.03m))),
        ["Milk, 4"] = ("Milk — more billed than received, disputed, credited", DisputedAndCredited(More)),
        ["Milk, 5"] = ("Milk — credit memo before payment", new() { WhenCleared = CreditedThenPaid }),
        ["Apples and pears, 4"] = ("Apples and pears — credit on a paid invoice, refunded", new() { WhenPaid = CreditedAfterPayment }),
        ["Gloves and liners, 6"] =
            ("Gloves and liners — a little above the agreed price, within the tolerance", new() { Slip = ALittleMore }),
        ["Gloves and liners, 7"] = ("Gloves and liners — item billed that nobody ordered, rejected", RejectedAndCorrected(Stranger)),
        ["Gloves and liners, 8"] =
            ("Gloves and liners — discount shared", new() { Slip = d => With(d, ChargeKind.Discount, "volume discount", -0.01m) }),
        ["Student laptops, 4"] = ("Student laptops — freight billed that nobody ordered, rejected",
            RejectedAndCorrected(d => With(d, ChargeKind.Freight, "expedited freight", 0.02m))),
        ["Classroom chairs, 3"] = ("Classroom chairs — freight shared", BillingScript.Plain),
        ["Floor finish, 4"] =
            ("Floor finish — billed twice, the duplicate rejected", new() { WhenCleared = BilledTwice, WhenExcepted = Duplicate }),
        ["Playground fiber, 1"] = ("Playground fiber — billed to members, one pays late", new() { WhenCleared = DemoPayments.OneLate }),
    };

    private static readonly Dictionary<string, BillingScript> Scripts =
        Branches.Values.ToDictionary(b => b.Title, b => b.Script, StringComparer.Ordinal);

    /// <summary>The order under its branch's title, where it shows one.</summary>
    public static DemoOrder Named(DemoOrder order)
    {
        var few = order.Contract == DemoMarket.Playground ? order with { MostTakers = FewTakers } : order;
        return Branches.TryGetValue(order.Title, out var branch) ? few with { Title = branch.Title } : few;
    }

    /// <summary>True when its invoices are kept here.</summary>
    public static bool IsBilledHere(DemoOrder order, DateTimeOffset billedElsewhereUntil) =>
        order.Contract.Billing == BillingMode.VendorDirect || order.OpensAt >= billedElsewhereUntil;

    /// <summary>When goods come, the vendor bills them.</summary>
    public static IEnumerable<Happening> Sent(DemoOrder order, RecordedEvent e, DateTimeOffset billedElsewhereUntil) =>
        e.Fact is JointOrder.Event.DeliveryStarted f && IsBilledHere(order, billedElsewhereUntil)
            ? BillingDays.Select(day => new Happening(
                Clocks.Business(e.At, day, 8, 30), s => s.Bill(order, f.Vendor, ScriptOf(order).Slip)))
            : [];

    /// <summary>What follows when something was recorded of an invoice.</summary>
    public static IEnumerable<Happening> After(DemoOrder order, VendorInvoice.Event fact, RecordedEvent e)
    {
        var moment = new InvoiceMoment(order, e.KeyIn(VendorInvoice.Category)!, e.At);
        return fact switch
        {
            VendorInvoice.Event.Matched { Match.Exceptions.Count: > 0 } f => ScriptOf(order).WhenExcepted(moment, f.Match),
            VendorInvoice.Event.Cleared f => ScriptOf(order).WhenCleared(moment, f),
            VendorInvoice.Event.Settled => ScriptOf(order).WhenPaid(moment),
            _ => [],
        };
    }

    private static BillingScript ScriptOf(DemoOrder order) => Scripts.GetValueOrDefault(order.Title, BillingScript.Plain);

    private static BillingScript DisputedAndCredited(InvoiceSlip slip) => new()
    {
        Slip = slip,
        WhenExcepted = (m, match) =>
        [
            new(m.Later(3, 10), s => s.Invoice(m.Order.Coordinator, m.Key, new VendorInvoice.Command.Dispute(
                match.Exceptions[0].Explanation, m.Order.Coordinator, Today(s)))),
            .. Credits(m, match, 8),
        ],
    };

    /// <summary>Nobody looks at the exceptions; the service sends the invoice back on the last day, and the vendor credits it.</summary>
    private static BillingScript NobodyDecides(InvoiceSlip slip) => new()
    {
        Slip = slip, WhenExcepted = (m, match) => Credits(m, match, 14),
    };

    /// <summary>The vendor credits what was too much, and the coordinator settles the exceptions with that.</summary>
    private static IEnumerable<Happening> Credits(InvoiceMoment m, InvoiceMatch match, int day)
    {
        yield return new(m.Later(day, 9), async s => await s.Send(CreditMemo(
            (await s.InvoiceFile(m.Key)).Facts.Document, "A", match.Exceptions.Select(x => x.Excess).Sum(), Today(s))));
        yield return new(m.Later(day + 1, 11), async s =>
        {
            foreach (var exception in (await s.InvoiceFile(m.Key)).Open)
                await s.Invoice(m.Order.Coordinator, m.Key, new VendorInvoice.Command.Resolve(
                    exception.No, ExceptionOutcome.CoveredByCredit, "the vendor credited it", m.Order.Coordinator, Today(s)));
        });
    }

    private static BillingScript RejectedAndCorrected(InvoiceSlip slip) => new()
    {
        Slip = slip,
        WhenExcepted = (m, match) =>
        [
            new(m.Later(2, 10), s => s.InvoiceRefused(m.Order.Coordinator, m.Key, new VendorInvoice.Command.ApproveForPayment(
                InvoiceKeys.Cooperative, m.Order.Coordinator), "exception-open")),
            new(m.Later(2, 11), s => s.Invoice(m.Order.Coordinator, m.Key, new VendorInvoice.Command.Reject(
                match.Exceptions[0].Explanation, m.Order.Coordinator))),
            new(m.Later(5, 9), async s => await s.Send(Corrected((await s.InvoiceFile(m.Key)).Facts.Document, Today(s)))),
        ],
    };

    private static IEnumerable<Happening> DisputedAndWithdrawn(InvoiceMoment m, VendorInvoice.Event.Cleared cleared) =>
    [
        new(m.Later(1, 9), async s =>
        {
            if ((await s.InvoiceFile(m.Key)).DisputedOn is not null) return;
            await s.Invoice(m.Order.Coordinator, m.Key, new VendorInvoice.Command.Dispute(
                "two cartons are not in the warehouse", m.Order.Coordinator, Today(s)));
        }),
        new(m.Later(3, 10), async s =>
        {
            if ((await s.InvoiceFile(m.Key)).Open.Count == 0) return;
            await s.Invoice(m.Order.Coordinator, m.Key, new VendorInvoice.Command.Resolve(
                0, ExceptionOutcome.Explained, "the cartons stood behind the dock: withdrawn", m.Order.Coordinator, Today(s)));
        }),
        .. DemoPayments.InTime(m, cleared),
    ];

    private static IEnumerable<Happening> CreditedThenPaid(InvoiceMoment m, VendorInvoice.Event.Cleared cleared) =>
    [
        new(m.Later(2, 9), async s => await s.Send(CreditMemo(
            (await s.InvoiceFile(m.Key)).Facts.Document, "A", Money.FromDollars(96.40m), Today(s)))),
        .. DemoPayments.InTime(m, cleared),
    ];

    private static IEnumerable<Happening> CreditedAfterPayment(InvoiceMoment m) =>
    [
        new(m.Later(6, 9), async s => await s.Send(CreditMemo(
            (await s.InvoiceFile(m.Key)).Facts.Document, "A", Money.FromDollars(212.75m), Today(s)))),
        new(m.Later(11, 10), async s =>
        {
            foreach (var payer in (await s.InvoiceFile(m.Key)).Payers) await s.Refund(m.Order.Coordinator, m.Key, payer);
        }),
    ];

    private static IEnumerable<Happening> BilledTwice(InvoiceMoment m, VendorInvoice.Event.Cleared cleared) =>
    [
        new(m.Later(4, 9), async s =>
        {
            var first = (await s.InvoiceFile(m.Key)).Facts.Document;
            await s.Send(first with { Number = first.Number + "-R", IssuedOn = Today(s) });
        }),
        .. DemoPayments.InTime(m, cleared),
    ];

    private static IEnumerable<Happening> Duplicate(InvoiceMoment m, InvoiceMatch match) =>
    [
        new(m.Later(1, 9), s => s.InvoiceRefused(m.Order.Coordinator, m.Key, new VendorInvoice.Command.Resolve(
            match.Exceptions[0].No, ExceptionOutcome.AcceptedAsBilled, "pay it", m.Order.Coordinator, Today(s)), "duplicate-is-rejected")),
        new(m.Later(1, 10), s => s.Invoice(m.Order.Coordinator, m.Key, new VendorInvoice.Command.Reject(
            match.Exceptions[0].Explanation, m.Order.Coordinator))),
    ];

    /// <summary>The first line's price eight hundredths too high.</summary>
    private static InvoiceDocument Pricier(InvoiceDocument right) =>
        Repriced(right, UnitPrice.FromDollars(decimal.Round(right.Lines[0].Price.Dollars * 1.08m, 2)));

    /// <summary>The first line's price a tenth of a cent too high.</summary>
    private static InvoiceDocument ALittleMore(InvoiceDocument right) =>
        Repriced(right, UnitPrice.FromDollars(right.Lines[0].Price.Dollars + 0.001m));

    private static InvoiceDocument Repriced(InvoiceDocument right, UnitPrice price)
    {
        var first = right.Lines[0];
        return Instead(right, first with { Price = price, Amount = price.Extend(first.Quantity) });
    }

    /// <summary>A hundred units more of the first line than came.</summary>
    private static InvoiceDocument More(InvoiceDocument right)
    {
        var first = right.Lines[0];
        var quantity = first.Quantity + Quantity.Of(100);
        return Instead(right, first with { Quantity = quantity, Amount = first.Price.Extend(quantity) });
    }

    private static InvoiceDocument Instead(InvoiceDocument right, InvoiceLine first) => right with
    {
        Lines = [first, .. right.Lines.Skip(1)], Total = right.Total + first.Amount - right.Lines[0].Amount,
    };

    /// <summary>An item that the order does not have.</summary>
    private static InvoiceDocument Stranger(InvoiceDocument right)
    {
        var soap = new InvoiceLine(
            "X", null, null, new("SOAP-GAL"), "Hand soap, gallon", Quantity.Of(12), "XCS", UnitPrice.FromDollars(18.20m),
            Money.FromDollars(218.40m));
        return right with { Lines = right.Lines.Add(soap), Total = right.Total + soap.Amount };
    }

    /// <summary>A charge that is a part of the goods.</summary>
    private static InvoiceDocument With(InvoiceDocument right, ChargeKind kind, string reason, decimal part)
    {
        var amount = Money.Round(right.Lines.Select(l => l.Amount).Sum().Dollars * part);
        return right with { Charges = right.Charges.Add(new(kind, reason, amount)), Total = right.Total + amount };
    }

    /// <summary>The same without what nobody ordered, under a number of its own.</summary>
    private static InvoiceDocument Corrected(InvoiceDocument wrong, DateOnly today)
    {
        StructuralList<InvoiceLine> lines = [.. wrong.Lines.Where(l => l.OrderLine is not null)];
        StructuralList<InvoiceCharge> charges = [.. wrong.Charges.Where(c => c.Kind != ChargeKind.Freight)];
        return wrong with
        {
            Number = wrong.Number + "-C", IssuedOn = today, Lines = lines, Charges = charges,
            Total = lines.Select(l => l.Amount).Sum() + charges.Select(c => c.Amount).Sum(),
        };
    }

    private static InvoiceDocument CreditMemo(InvoiceDocument of, string letter, Money amount, DateOnly today) => new(
        string.Create(CultureInfo.InvariantCulture, $"CM-{of.Number}-{letter}"), InvoiceKind.CreditNote, of.Vendor, of.OrderNumber, today,
        [], [new(ChargeKind.Other, "credit", amount)], amount)
    {
        Credits = of.Number,
    };

    private static DateOnly Today(DemoStage stage) => BusinessCalendar.LocalDate(stage.Now);
}
