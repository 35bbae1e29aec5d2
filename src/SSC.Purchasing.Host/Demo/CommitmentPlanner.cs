using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Host.Demo;

/// <summary>Plans who commits to an order, to what, and how often it changes its mind; from the seed alone.</summary>
/// <param name="seed">The seed.</param>
/// <param name="members">All members.</param>
/// <param name="today">Nothing is committed after it.</param>
internal sealed class CommitmentPlanner(int seed, IReadOnlyList<DemoMember> members, DateTimeOffset today)
{
    /// <summary>Earlier changes of mind are left out, so that the log has room for what becomes of an order later.</summary>
    private const int MostVersions = 3;

    /// <summary>The order with its commitments.</summary>
    public DemoOrder Plan(DemoOrder order)
    {
        var dice = new Dice(seed, order.Title + order.Id);
        var wishes = Takers(order, dice).Select(m => WishesOf(order, m, dice)).Where(w => w.Count > 0).ToList();
        if (order.Total is { } total) Scale(order, wishes, total);
        Quantize(order, wishes);
        var picky = order.PickyTakers.Select((p, i) => (Wish: wishes.Count - order.PickyTakers.Count + i, p.Quantity, p.MaxPrice)).ToList();
        foreach (var (wish, quantity, max) in picky)
            wishes[wish] = [wishes[wish][0] with { Quantity = quantity, Tolerance = 0, MaxPrice = max }];
        var commitments = wishes.Where(w => w.Any(e => e.Quantity > 0)).ToList();
        return order with
        {
            Commitments = [.. commitments.Select(
                (w, i) => Commitment(order, w, order.TightBudget is not null && i == commitments.Count - 1, dice))],
        };
    }

    private List<DemoMember> Takers(DemoOrder order, Dice dice)
    {
        var eligible = members.Where(m => MayTakePart(order, m)).ToList();
        var takers = dice.Shuffle(eligible.Where(m => dice.Percent(order.TakersPercent)))
            .Take(order.MostTakers).Where(m => order.About != $"-{m.No}").ToList();
        if (eligible.FirstOrDefault(m => m.No.Value == order.About) is { } wanted && !takers.Contains(wanted)) takers.Insert(0, wanted);
        return takers;
    }

    /// <summary>True when the scope, the kind of member and the contract allow it.</summary>
    public static bool MayTakePart(DemoOrder order, DemoMember member) =>
        (order.Scope == OrderScope.Statewide || member.Cooperative == order.Lead) && MayJoin(order.Contract, member);

    /// <summary>True when the contract is open to members of this kind.</summary>
    public static bool MayJoin(DemoContract contract, DemoMember member) =>
        contract.OpenTo.Count == 0 || contract.OpenTo.Contains(member.Facts.Kind.ToString(), StringComparer.Ordinal);

    private static List<Wish> WishesOf(DemoOrder order, DemoMember member, Dice dice)
    {
        var wishes = new List<Wish>();
        for (var line = 0; line < order.Lines.Count; line++)
        {
            if (line > 0 && !dice.Percent(70)) continue;
            var amount = order.Lines[line].Item.PerSize * member.Size * order.Volume * dice.Factor(70, 130);
            var places = Math.Max(1, Math.Min(member.Sites.Count, 1 + dice.Below(member.Sites.Count)));
            var tolerant = order.Lines[line].Item.Line.ToleranceAllowed && dice.Percent(order.TolerancePercent);
            foreach (var site in member.Sites.Take(places))
                wishes.Add(new(member, line, site, amount / places, tolerant ? 10 : 0, dice.Percent(45)));
        }

        return wishes;
    }

    private static void Scale(DemoOrder order, List<List<Wish>> wishes, int total)
    {
        var step = order.StepOf(0);
        var entries = wishes.Take(wishes.Count - order.PickyTakers.Count).SelectMany((w, i) => w.Select((e, j) => (i, j, e)))
            .Where(x => x.e.Line == 0).ToList();
        var shares = LargestRemainder.Share(total / step, [.. entries.Select(x => (long)(x.e.Quantity * 1000))]);
        for (var n = 0; n < entries.Count; n++)
            wishes[entries[n].i][entries[n].j] = entries[n].e with { Quantity = shares[n] * step };
    }

    private static void Quantize(DemoOrder order, List<List<Wish>> wishes)
    {
        foreach (var wish in wishes)
        {
            for (var i = 0; i < wish.Count; i++)
            {
                var e = wish[i];
                var step = order.StepOf(e.Line);
                var least = Math.Max(step, (long)order.Lines[e.Line].Item.Line.MinimumDrop.Units);
                var quantity = order.Total is not null && e.Line == 0 ? e.Quantity
                    : Math.Max(least, decimal.Round(e.Quantity / step) * step);
                var tolerance = Math.Max(1, decimal.Round(quantity * e.Tolerance / 100m / step)) * step;
                wish[i] = e with { Quantity = quantity, Tolerance = e.Tolerance > 0 && quantity > 0 ? tolerance : 0 };
            }

            wish.RemoveAll(e => e.Quantity == 0);
        }
    }

    private PlannedCommitment Commitment(DemoOrder order, List<Wish> wish, bool tight, Dice dice)
    {
        var member = wish[0].Member;
        var lines = wish.Select(e => Line(order, e, tight)).ToStructuralList();
        var end = order.Cutoff < today ? order.Cutoff : today;
        var last = order.CommitDays is { } days ? Clocks.At(order.OpensAt, days, 15) : end.AddHours(-1);
        var room = (int)Math.Max(60, (last - order.OpensAt).TotalMinutes - 60);
        var changes = dice.Below(20) switch { < 1 => 0, < 3 => 1, < 9 => 2, < 16 => 3, _ => 4 };
        var times = Enumerable.Range(0, changes + 1).Select(_ => dice.Below(room)).Distinct().Order().ToList();
        var versions = new List<PlannedVersion>();
        for (var i = times.Count - 1; i >= 0; i--)
        {
            var at = order.OpensAt.AddMinutes(30 + times[i]).AddSeconds(dice.Below(60));
            if (versions.Count > 0) lines = [.. lines.Select((l, n) => n == 0 || dice.Percent(50) ? Earlier(order, l, dice) : l)];
            versions.Insert(0, new(at, lines));
        }

        var withdraws = order.Total is null && versions.Count > 1 && dice.Percent(2);
        return new(member, [.. versions.TakeLast(MostVersions)]) { Withdraws = withdraws };
    }

    /// <summary>What stood before a change of mind: always another quantity.</summary>
    private static CommitmentLine Earlier(DemoOrder order, CommitmentLine line, Dice dice)
    {
        var step = order.StepOf(line.LineNo - 1);
        var least = Math.Max(step, (long)order.Lines[line.LineNo - 1].Item.Line.MinimumDrop.Units);
        var units = Math.Max(least, (long)(line.Quantity.Units * dice.Factor(60, 140)) / step * step);
        return line with { Quantity = Quantity.Of(units == line.Quantity.Units ? units + step : units) };
    }

    private static CommitmentLine Line(DemoOrder order, Wish e, bool tight)
    {
        var account = e.Member.Account(e.Site, order.Contract);
        if (tight) account = account with { Segments = [.. account.Segments.SkipLast(1), "899"] };
        StructuralList<AccountSplit> accounts = e.Split && !tight
            ? [new(account, 7_000), new(e.Member.Account(e.Site, order.Contract, second: true), 3_000)]
            : [new(account, AccountSplit.Whole)];
        if (accounts.Count == 2 && accounts[0].Account == accounts[1].Account) accounts = [new(account, AccountSplit.Whole)];
        return new(e.Line + 1, e.Site.Id, Quantity.FromDecimal(e.Quantity), Quantity.FromDecimal(e.Tolerance), accounts)
        {
            MaxPrice = e.MaxPrice is { } max ? UnitPrice.FromDollars(max) : null,
            Reference = $"{e.Member.No}-{order.Id}",
            FederalFunds = order.Contract.Federal,
        };
    }

    /// <summary>What a member wants of a line at a site.</summary>
    private sealed record Wish(DemoMember Member, int Line, DemoSite Site, decimal Quantity, decimal Tolerance, bool Split)
    {
        public decimal? MaxPrice { get; init; }
    }
}
