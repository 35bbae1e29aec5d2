using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Invoicing;

namespace SSC.Purchasing.Host.Demo;

/// <summary>
/// How invoices are paid. Where the cooperative is billed, it pays the vendor and the members pay it, in a few runs; where the vendor
/// bills members, each pays its own.
/// </summary>
internal static class DemoPayments
{
    /// <summary>Check runs in which members pay the cooperative, in business days from the day the invoice was in order.</summary>
    private static readonly int[] Runs = [5, 9, 14, 20];

    private const int BeforeDue = 6;

    /// <summary>Everybody pays in time.</summary>
    public static IEnumerable<Happening> InTime(InvoiceMoment m, VendorInvoice.Event.Cleared cleared) => Direct(m)
        ? [Members(m, Runs[m.Key.Sum(c => c) % Runs.Length], _ => true)]
        : [.. ByMembers(m), Cooperative(m, Clocks.On(BeforeDueDay(cleared), 10), "ACH")];

    /// <summary>The cooperative pays so many days after the last day.</summary>
    public static Func<InvoiceMoment, VendorInvoice.Event.Cleared, IEnumerable<Happening>> Late(int days) => (m, cleared) =>
        [.. ByMembers(m), Cooperative(m, Clocks.On(cleared.DueOn.AddDays(days), 10), "ACH")];

    /// <summary>The cooperative pays six tenths first and the rest in time.</summary>
    public static IEnumerable<Happening> InTwoParts(InvoiceMoment m, VendorInvoice.Event.Cleared cleared) =>
    [
        .. ByMembers(m), Cooperative(m, m.Later(4, 10), "ACH-1", 60), Cooperative(m, Clocks.On(BeforeDueDay(cleared), 10), "ACH-2"),
    ];

    /// <summary>Members pay their own in time but the first one, which is more than a month late.</summary>
    public static IEnumerable<Happening> OneLate(InvoiceMoment m, VendorInvoice.Event.Cleared cleared) =>
        m.Key.EndsWith("-1", StringComparison.Ordinal)
            ? [Members(m, Clocks.On(cleared.DueOn.AddDays(40), 10), _ => true)]
            : InTime(m, cleared);

    private static bool Direct(InvoiceMoment m) => m.Order.Contract.Billing == BillingMode.VendorDirect;

    private static DateOnly BeforeDueDay(VendorInvoice.Event.Cleared cleared) =>
        BusinessCalendar.Minnesota.AddBusinessDays(cleared.DueOn, -BeforeDue);

    private static IEnumerable<Happening> ByMembers(InvoiceMoment m) =>
        Runs.Select((day, run) => Members(m, day, place => place % Runs.Length == run));

    private static Happening Members(InvoiceMoment m, int day, Func<int, bool> inThisRun) => Members(m, m.Later(day, 14), inThisRun);

    private static Happening Members(InvoiceMoment m, DateTimeOffset at, Func<int, bool> inThisRun) => new(at, async s =>
    {
        var bills = (await s.InvoiceFile(m.Key)).Bills;
        for (var i = 0; i < bills.Count; i++)
        {
            if (!inThisRun(i)) continue;
            var payer = bills[i].Member;
            var approver = m.Order.Commitments.FirstOrDefault(c => c.Member.No == payer)?.Member.Approver ?? m.Order.Coordinator;
            await s.Pay(approver, m.Key, payer, Reference(m, "CHK", i));
        }
    });

    private static Happening Cooperative(InvoiceMoment m, DateTimeOffset at, string way, int percent = 100) => new(
        at, s => s.Pay(m.Order.Coordinator, m.Key, InvoiceKeys.Cooperative, Reference(m, way, 0), percent));

    private static string Reference(InvoiceMoment m, string way, int place) =>
        string.Create(CultureInfo.InvariantCulture, $"{way}-{m.At:yyMMdd}-{place + 1}");
}
