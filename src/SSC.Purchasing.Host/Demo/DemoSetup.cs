using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Host.Demo;

/// <summary>
/// What stands before the first order and what recurs around the orders: cooperatives, members with their sites and users, vendors,
/// contracts with their prices, participation agreements renewed each June.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="members">All members.</param>
/// <param name="orders">All orders.</param>
/// <param name="years">The three fiscal years.</param>
/// <param name="now">Today.</param>
internal sealed class DemoSetup(
    int seed, IReadOnlyList<DemoMember> members, IReadOnlyList<DemoOrder> orders, IReadOnlyList<FiscalYear> years, DateTimeOffset now)
{
    private readonly Dice dice = new(seed, "setup");

    private DateOnly FirstDay => years[0].FirstDay;

    /// <summary>Everything, in no order.</summary>
    public IEnumerable<Happening> Plan() =>
        Cooperatives().Concat(Staff()).Concat(members.SelectMany(Member)).Concat(DemoMarket.Vendors.SelectMany(Vendor))
            .Concat(DemoMarket.Contracts.SelectMany(Contract)).Concat(DemoMarket.Contracts.SelectMany(Participations));

    private IEnumerable<Happening> Cooperatives()
    {
        var at = Clocks.On(FirstDay.AddDays(-30), 9);
        foreach (var facts in MinnesotaCooperatives.All)
        {
            yield return new(at, s => s.Cooperative(facts.Id, new Cooperative.Command.Register(facts)));
            yield return new(at.AddMinutes(5), s => s.Cooperative(facts.Id, new Cooperative.Command.SetStatewideAgreement(
                new(FirstDay.AddDays(-30), null, $"{facts.Id} board resolution on statewide orders"))));
        }
    }

    private IEnumerable<Happening> Staff()
    {
        var at = Clocks.On(FirstDay.AddDays(-30), 8);
        yield return new(at, s => s.User("u-SSC-operator", new User.Command.Register(
            "u-SSC-operator", OrgRef.Of(MinnesotaCooperatives.Home), [Roles.Operator])));
        yield return new(at, s => s.User("u-SSC-clerk", new User.Command.Register(
            "u-SSC-clerk", OrgRef.Of(MinnesotaCooperatives.Home), [Roles.Clerk])));
        foreach (var facts in MinnesotaCooperatives.All)
        {
            var id = $"u-{facts.Id}-coordinator";
            yield return new(at.AddMinutes(70), s => s.User(id, new User.Command.Register(id, OrgRef.Of(facts.Id), [Roles.Coordinator])));
        }
    }

    private IEnumerable<Happening> Member(DemoMember member)
    {
        var at = Clocks.On(FirstDay.AddDays(-29), 9).AddMinutes(dice.Below(400));
        yield return new(
            at, s => s.Member(DemoStage.Operator, member.No, new Member.Command.Admit(member.No, member.Cooperative, member.Facts)));
        foreach (var site in member.Sites)
        {
            at = at.AddSeconds(40);
            yield return new(at, s => s.Member(DemoStage.Operator, member.No, new Member.Command.AddSite(site.Id, site.Facts)));
        }

        yield return new(at.AddMinutes(2), s => s.User(
            member.BuyerId, new User.Command.Register(member.BuyerId, OrgRef.Of(member.No), [Roles.MemberBuyer])));
        yield return new(at.AddMinutes(3), s => s.User(
            member.ApproverId, new User.Command.Register(member.ApproverId, OrgRef.Of(member.No), [Roles.MemberApprover])));
        if (!dice.Percent(45)) yield break;
        var threshold = Money.FromDollars(2_500m * dice.Between(1, 6));
        yield return new(
            at.AddDays(3), s => s.Member(member.Approver, member.No, new Member.Command.SetApprovalRules(new(threshold, true))));
    }

    private IEnumerable<Happening> Vendor(DemoVendor vendor)
    {
        var at = Clocks.On(FirstDay.AddDays(-27), 9).AddMinutes(dice.Below(400));
        yield return new(at, s => s.Vendor(vendor.Id, new Vendor.Command.Register(vendor.Id, vendor.Name, new(35))));
        yield return new(
            at.AddMinutes(1), s => s.Vendor(vendor.Id, new Vendor.Command.AddContact($"{vendor.Key}-orders", ContactRole.Orders)));
        yield return new(
            at.AddMinutes(2), s => s.Vendor(vendor.Id, new Vendor.Command.AddContact($"{vendor.Key}-billing", ContactRole.Billing)));
        if (vendor.Channel != OrderChannelKind.Manual)
            yield return new(at.AddMinutes(3), s => s.Vendor(vendor.Id, new Vendor.Command.SetOrderChannel(vendor.OrderChannel)));
        yield return new(
            at.AddMinutes(4), s => s.User(vendor.DeskId, new User.Command.Register(vendor.DeskId, OrgRef.Of(vendor.Id), [Roles.Vendor])));
    }

    private IEnumerable<Happening> Contract(DemoContract contract)
    {
        var (starts, ends) = TermOf(contract);
        var at = Clocks.On(starts.AddDays(-26), 14).AddMinutes(dice.Below(120));
        var number = $"RFB {starts.Year}-{DemoMarket.Contracts.TakeWhile(c => c != contract).Count() + 11}";
        var terms = new AwardTerms(
            contract.Vendor.Id, MinnesotaCooperatives.Home,
            new(AuthorityKind.JointPowersBid, "Minn. Stat. 471.345 subd. 15(b); 471.59; 123A.21"), starts, ends,
            new(number, starts.AddDays(-90), starts.AddDays(-55), dice.Between(2, 6)));
        var freight = new FreightTerms(
            contract.Freight is null ? "FOB destination, freight prepaid" : "FOB destination, freight added", contract.Freight);
        var trading = new TradingTerms(contract.Title, contract.Scope, contract.Fee, contract.Billing, freight)
        {
            MatchTolerances = [new(starts, DemoInvoices.ToleranceBasisPoints, DemoInvoices.ToleranceUpTo)],
            RankedAlternates = contract.Alternates,
            OpenTo = contract.OpenTo,
        };
        yield return new(at, s => s.Contract(contract.Id, new Contract.Command.Award(terms, trading)));
        yield return new(at.AddMinutes(30), s => s.Publish(contract, 1m, starts, "award"));
        foreach (var happening in Repricings(contract, starts, ends)) yield return happening;
    }

    private IEnumerable<Happening> Repricings(DemoContract contract, DateOnly starts, DateOnly ends)
    {
        var factor = 1m;
        var today = BusinessCalendar.LocalDate(now);
        var last = today.AddDays(5) < ends ? today.AddDays(5) : ends;
        for (var from = NextRevision(contract.Repricing, starts); from <= last; from = NextRevision(contract.Repricing, from))
        {
            var day = from;
            factor = contract.Repricing switch
            {
                Repricing.Yearly => factor * dice.Factor(101, 104),
                Repricing.Monthly => Math.Clamp(factor * dice.Factor(97, 104), 0.92m, 1.12m),
                _ => Math.Clamp(factor * dice.Factor(96, 105), 0.85m, 1.18m),
            };
            var moved = decimal.Round(factor, 4);
            var reason = contract.Repricing switch
            {
                Repricing.Yearly => "annual escalator by the producer price index",
                Repricing.Monthly => "monthly escalator by the Class I price",
                _ => "weekly market quote",
            };
            yield return new(
                Clocks.On(day.AddDays(contract.Repricing == Repricing.Weekly ? -2 : -5), 15), s => s.Publish(contract, moved, day, reason));
        }
    }

    private static DateOnly NextRevision(Repricing repricing, DateOnly after) => repricing switch
    {
        Repricing.Yearly => FiscalYear.Of(after).LastDay.AddDays(1),
        Repricing.Monthly => new DateOnly(after.Year, after.Month, 1).AddMonths(1),
        _ => after.AddDays(7 - (((int)after.DayOfWeek + 6) % 7)),
    };

    private IEnumerable<Happening> Participations(DemoContract contract)
    {
        var (starts, _) = TermOf(contract);
        foreach (var member in members.Where(m => CommitmentPlanner.MayJoin(contract, m)))
        {
            // An award late in a year is joined for the next year at once.
            var terms = years.Where(y => y.LastDay >= starts.AddDays(45)).ToList();
            for (var i = 0; i < terms.Count; i++)
            {
                var resolved = i == 0 ? starts.AddDays(-dice.Between(2, 20)) : terms[i].FirstDay.AddDays(-dice.Between(4, 20));
                var agreement = new ParticipationAgreement(
                    contract.Id, member.No, resolved, ContractScope.Statewide, resolved, terms[i].LastDay)
                {
                    Resolution = $"{resolved.Year}-{dice.Between(10, 99)}",
                };
                yield return new(
                    Clocks.On(resolved, 19, dice.Below(60)), s =>
                        s.Participation(member, contract.Id, new Participation.Command.Join(agreement)));
            }

            if (!dice.Percent(30)) continue;
            var limit = Money.FromDollars(50_000m * dice.Between(5, 12));
            var at = Clocks.On(starts.AddDays(-1), 16, dice.Below(60));
            yield return new(at, s => s.Participation(member, contract.Id, new Participation.Command.SetLimits(new(null, limit))));
        }
    }

    private (DateOnly Starts, DateOnly Ends) TermOf(DemoContract contract)
    {
        var starts = FirstDay;
        var ends = new FiscalYear(years[^1].Year + 1).LastDay;
        var expiry = DemoBranches.EndOfContract(orders.First(o => o.Title.Contains("moved to its successor", StringComparison.Ordinal)));
        if (contract == DemoMarket.Lighting) ends = expiry;
        if (contract == DemoMarket.LightingNext) starts = expiry.AddDays(-30);
        if (contract == DemoMarket.Playground)
            ends = DemoBranches.EndOfContract(orders.First(o => o.Title.Contains("extended by resolution", StringComparison.Ordinal)));
        return (starts, ends);
    }
}
