using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Host.Demo;

/// <summary>The whole script: three fiscal years, the last one containing today, from the seed alone.</summary>
internal sealed class DemoScript
{
    private readonly Dictionary<JointOrderId, DemoOrder> byId;

    private DemoScript(DateTimeOffset start, IReadOnlyList<DemoOrder> orders, IReadOnlyList<Happening> happenings)
    {
        (Start, Orders, Happenings) = (start, orders, happenings);
        byId = orders.ToDictionary(o => o.Id);
    }

    /// <summary>The script's first moment.</summary>
    public DateTimeOffset Start { get; }

    /// <summary>Today, in the script.</summary>
    public DateTimeOffset Now { get; private init; }

    /// <summary>What the cooperative was billed for on orders that opened before this, in the first year, is not kept here.</summary>
    private DateTimeOffset BilledElsewhereUntil => Start.AddDays(31).AddYears(1);

    /// <summary>Every joint order, by opening.</summary>
    public IReadOnlyList<DemoOrder> Orders { get; }

    /// <summary>What happens whatever else happens, in no order.</summary>
    public IReadOnlyList<Happening> Happenings { get; }

    /// <summary>Writes the script.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="now">Today: orders are open around it, nothing happens after it.</param>
    /// <param name="access">The visitor's keys.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<DemoScript> Write(int seed, DateTimeOffset now, DemoAccess access, CancellationToken ct)
    {
        var members = await DemoMembers.Read(ct);
        var today = BusinessCalendar.LocalDate(now);
        var last = FiscalYear.Of(today);
        FiscalYear[] years = [new(last.Year - 2), new(last.Year - 1), last];
        var placed = DemoOrders.Past(years[0].FirstDay.AddDays(7), today.AddDays(-45)).Concat(DemoOrders.Today(now))
            .OrderBy(o => o.OpensAt).ThenBy(o => o.Title, StringComparer.Ordinal);
        var planner = new CommitmentPlanner(seed, members, now);
        var numbers = new Dictionary<int, int>();
        var orders = placed.Select(o =>
        {
            var year = FiscalYear.Of(BusinessCalendar.LocalDate(o.OpensAt)).Year;
            var number = numbers[year] = numbers.GetValueOrDefault(year) + 1;
            return planner.Plan(o with { Id = new($"JO-{year}-{number:000}") });
        }).ToList();
        var start = Clocks.On(years[0].FirstDay.AddDays(-31), 12);
        return new(start, orders,
        [
            .. new DemoSetup(seed, members, orders, years, now).Plan(),
            .. DemoBudgets.Plan(seed, orders, [.. years.Select(y => y.Year)]),
            .. orders.SelectMany(o => Events(seed, o)),
            .. DemoGovernance.Plan(members, years[0]),
            .. new DemoPrograms(seed, members, now).Plan(),
            .. DemoFees.Plan(years, now),
            .. DemoPunchOut.Plan(members, orders, now),
            .. DemoPools.Plan(members, now),
            .. access.Plan(now.AddHours(-2)),
        ])
        {
            Now = now,
        };
    }

    /// <summary>What follows when something was recorded: the order's own reactions, and those that every order has.</summary>
    public IEnumerable<Happening> After(RecordedEvent e)
    {
        if (e.Type is "membership_fee_assessed") return DemoGovernance.After(e);
        if (e.Type is "certificate_issued") return DemoProgramBranches.After(e);
        if (e.Type is "contribution_collection_requested" or "member_invoice_issued") return DemoPoolMoney.After(e);

        // Most events are members' own: they are not read for this.
        if (e.Fact is VendorInvoice.Event invoice) return DemoInvoices.After(byId[invoice.JointOrder], invoice, e);
        if (e.Type is "delivery_expected")
            return DeliveryScripts.After(byId[((Delivery.Event)e.Fact).JointOrder], e, BilledElsewhereUntil);
        if (!e.Type.StartsWith("joint_order", StringComparison.Ordinal)
            && !e.Type.StartsWith("purchase_order", StringComparison.Ordinal)) return [];
        var id = e.Fact is PurchaseOrder.Event about ? about.JointOrder : new JointOrderId(e.Stream[(JointOrder.Category.Length + 1)..]);
        if (!byId.TryGetValue(id, out var order)) return [];
        return order.Then(order, e).Concat(DeliveryScripts.After(order, e, BilledElsewhereUntil)).Concat(DemoInvoices.Sent(
            order, e, BilledElsewhereUntil)).Concat(e.Fact switch
        {
            JointOrder.Event.Settled { ApprovalsNeeded.Count: > 0 } fact => order.Approvals(order, fact, e.At),
            PurchaseOrder.Event.Issued fact => Answers(order, fact, e.At),
            PurchaseOrder.Event.Escalated { Reason: var reason } fact when reason.Contains("dispatch", StringComparison.Ordinal) =>
                [ByHand(order, fact, e.At)],
            _ => [],
        });
    }

    /// <summary>What becomes of a delivery to a vendor: it arrives at once, or fails until it is given up.</summary>
    public Happening Deliver(OutboxMessage message, string purchaseOrder, DateTimeOffset at)
    {
        var order = Orders.First(o => purchaseOrder.StartsWith($"{o.Id}:", StringComparison.Ordinal));
        return order.DispatchFails
            ? new(at.AddHours(7), s => s.Parked(message, 10, "the vendor's server answers 503"))
            : new(at, s => s.Delivered(message));
    }

    private static IEnumerable<Happening> Answers(DemoOrder order, PurchaseOrder.Event.Issued issued, DateTimeOffset at)
    {
        var asked = int.Parse(issued.Document.Number.AsSpan(issued.Document.Number.LastIndexOf('-') + 1), provider: null) - 1;
        return (asked < order.Vendors.Count ? order.Vendors[asked] : VendorScripts.Accepts())(order, issued, at);
    }

    private static Happening ByHand(DemoOrder order, PurchaseOrder.Event about, DateTimeOffset at) => new(at.AddHours(2), async s =>
    {
        var hash = await s.ContentHash(about);
        await s.PurchaseOrder(
            order.Coordinator, about,
                new PurchaseOrder.Command.RecordManualDispatch(
                    "by e-mail, receipt confirmed by telephone", order.Coordinator["user:".Length..], hash));
    });

    private static IEnumerable<Happening> Events(int seed, DemoOrder order)
    {
        yield return new(Clocks.At(order.OpensAt, -7, 10), s => s.Plan(order.Coordinator, order.Id, order.Plan));
        if (!order.NeverOpens) yield return new(order.OpensAt, s => s.Open(order.Coordinator, order.Id));
        var dice = new Dice(seed, $"approvals of {order.Id}");
        foreach (var commitment in order.Commitments)
        {
            for (var i = 0; i < commitment.Versions.Count; i++)
            {
                var (version, first) = (commitment.Versions[i], i == 0);
                yield return new(version.At, s => s.Commit(commitment.Member, order.Id, version.Lines, first));
            }

            if (commitment.Withdraws)
                yield return new(commitment.Versions[^1].At.AddMinutes(15), s => s.Withdraw(commitment.Member, order.Id));
            else if (order.PreparesApproval)
                foreach (var happening in Prepared(order, commitment, dice)) yield return happening;
        }

        foreach (var happening in order.Also(order)) yield return happening;
    }

    /// <summary>Most members have what is above their threshold approved, and note that the State's contract was considered, right
    /// away.</summary>
    private static IEnumerable<Happening> Prepared(DemoOrder order, PlannedCommitment commitment, Dice dice)
    {
        var at = commitment.Versions[^1].At;
        var amounts = commitment.Final.GroupBy(l => l.LineNo).Select(g => g.Sum(l =>
            (l.Quantity + l.Tolerance).Units * order.Lines[l.LineNo - 1].Item.Line.Tiers.Max(t => t.Price.Dollars))).ToList();
        if (amounts.Max() > 20_000m)
        {
            yield return new(at.AddMinutes(10), s => s.Approve(
                commitment.Member, order.Id, new Commitment.Command.ConsiderCpv(ApprovalScripts.Evidence(order))));
        }

        if (amounts.Sum() < 1_000m || !dice.Percent(80)) yield break;
        var upTo = Money.FromDollars(Math.Ceiling(amounts.Sum() * 1.15m / 100) * 100);
        yield return new(
            at.AddMinutes(20 + dice.Below(30)),
            s => s.Approve(commitment.Member, order.Id, new Commitment.Command.Approve(commitment.Member.Approver, upTo)));
    }
}
