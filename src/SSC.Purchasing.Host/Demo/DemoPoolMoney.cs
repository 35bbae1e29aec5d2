using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Experience;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Demo;

/// <summary>What pools' money goes through: claims, stop-loss, reserves, sharing out; and what the bank and treasurers do.</summary>
internal static class DemoPoolMoney
{
    /// <summary>
    /// What follows on a bill. Mostly the bank has collected two days later; some collections bounce once, some accounts are closed and
    /// the bill is paid late by check, one so late that expulsion was proposed. Members pay the rest of their invoices by check.
    /// </summary>
    public static IEnumerable<Happening> After(RecordedEvent e)
    {
        if (e.Fact is MemberInvoice.Event.Issued && e.KeyIn(MemberInvoice.Category) is { } invoice)
        {
            // One in ten is not paid yet.
            if (invoice[^1] is not '7') yield return new(e.At.AddDays(22), s => s.PayMemberInvoice(invoice));
            yield break;
        }

        if (e.Fact is not ContributionInvoice.Event.CollectionRequested asked) yield break;
        var key = e.KeyIn(ContributionInvoice.Category)!;
        var day = BusinessCalendar.LocalDate(e.At).AddDays(2);
        var closed = asked is { Attempt: 1, Member.Value: [.., '4'], Month.Month: 3 or 9 };
        if (closed || (asked.Attempt == 1 && asked.Trace.Value[^1] is '7' or '8'))
        {
            yield return Tell(day, key, new ContributionInvoice.Command.ReturnCollection(asked.Trace, closed ? "R02" : "R01", day));
            if (!closed) yield break; // collected again in a few days
            var late = day.AddDays(asked.Month.Month == 3 ? 66 : 35);
            yield return Tell(late, key, new ContributionInvoice.Command.RecordPayment(
                new($"CHK-{asked.Trace.Value[4..]}"), asked.Amount, late));
            yield break;
        }

        yield return Tell(day, key, new ContributionInvoice.Command.RecordPayment(asked.Trace, asked.Amount, day));
        if (asked is { Attempt: 1, Member.Value: [.., '6'], Month.Month: 5 }) // taken back after it had been credited
            yield return Tell(day.AddDays(3), key, new ContributionInvoice.Command.ReturnCollection(asked.Trace, "R01", day.AddDays(3)));
    }

    /// <summary>A year of claims, cases, a dividend and an assessment by consent.</summary>
    public static IEnumerable<Happening> Schools(DemoPool pool)
    {
        var (id, first, over) = (pool.Id, pool.First, pool.First.AddYears(1));
        for (var quarter = 1; quarter <= 6; quarter++)
        {
            var until = CoverageMonth.Of(first).AddMonths(quarter * 3);
            yield return Import(pool, null, until, 3, pool.Members.Sum(m => m.Contracts), 940m, quarter % 3);
        }

        foreach (var (i, (member, contracts)) in pool.Members.Index())
            yield return Import(pool, member.No, CoverageMonth.Of(over), 12, contracts, 760m + (i * 29 % 190), 0);

        foreach (var happening in Cases(pool)) yield return happening;
        foreach (var happening in Changes(pool)) yield return happening;

        var asOf = over.AddDays(-1);
        yield return Valuation(over.AddDays(35), id, asOf, new ReserveValuation.Command.Estimate(
            id, asOf,
            [
                .. Enumerable.Range(1, 4).Select(n => new PaidMonth(
                    CoverageMonth.Of(over).AddMonths(-n), Money.FromDollars(4_400_000m - (n == 1 ? 3_100_000m : 0m)),
                    Factor.Of(n == 1 ? 0.287m : n == 2 ? 0.842m : 0.98m))),
            ],
            new(first.Year, Money.FromDollars(66_000_000m), Money.FromDollars(70_000m), Money.FromDollars(21_800_000m),
                Money.FromDollars(55_000_000m)), DemoPools.Parameters.Sharing));
        yield return Valuation(over.AddDays(45), id, asOf, new ReserveValuation.Command.Attest(new($"ACV-{over.Year}"), over.AddDays(44)));
        yield return Valuation(over.AddDays(46), id, asOf, new ReserveValuation.Command.Book());
        var dividend = $"D-{asOf:yyyyMMdd}";
        yield return new(Clocks.On(over.AddDays(60), 19), s => s.ByResolution(
            $"R-{over.Year}-602", ResolutionKind.Distribution, Distribution.Key(id, dividend), "A dividend of the school pool",
            (w, c, r) => w.Board.ApproveDividend(c, id, dividend, r, default)));
        yield return new(Clocks.On(over.AddDays(75), 15), s => s.Pools((w, c) =>
            w.Streams.Tell(c, id, dividend, new Distribution.Command.Post(over.AddDays(75)), default)));

        foreach (var happening in Corrected(pool, over, dividend)) yield return happening;

        // Most consent and pay, one refuses, the last ones keep silent: the reserve pays for those.
        foreach (var happening in Assessed(pool, over.AddDays(50), asOf, 186_420.17m)) yield return happening;
        foreach (var (i, (member, _)) in pool.Members.Index().Take(20))
        {
            yield return Run(over.AddDays(58 + (i % 9)), id, new AssessmentRun.Command.AnswerConsent(
                member.No, i != 5, over.AddDays(58 + (i % 9))));
            if (i != 5)
                yield return Run(over.AddDays(70 + i), id, new AssessmentRun.Command.RecordPayment(member.No, over.AddDays(70 + i)));
        }

        yield return Run(over.AddDays(100), id, new AssessmentRun.Command.Post(over.AddDays(100)));
        foreach (var happening in TakenBack(pool.Id, pool.No(0), over.AddDays(106))) yield return happening;
    }

    /// <summary>A dividend that is given up before it is shared out, and a run that corrects the one in the books.</summary>
    private static IEnumerable<Happening> Corrected(DemoPool pool, DateOnly over, string dividend)
    {
        var (id, dropped, second) = (pool.Id, $"{dividend}-X", $"{dividend}-2");
        Happening Propose(int days, string run, Func<Distribution.State, Distribution.Command.Propose> command) => new(
            Clocks.On(over.AddDays(days), 15), s => s.Pools(async (w, c) => await w.Streams.Tell(
                c, id, run, command(await w.Streams.Dividend(c.Tenant, id, dividend, default)), default)));
        Happening Tell(int days, string run, Distribution.Command command) => new(
            Clocks.On(over.AddDays(days), 15), s => s.Pools((w, c) => w.Streams.Tell(c, id, run, command, default)));
        yield return Propose(50, dropped, x => Again(x.Proposal!, dropped, x.Proposal!.Amount));
        yield return Tell(58, dropped, new Distribution.Command.Cancel(RunCancellation.BoardDecision));
        yield return Propose(90, second, x => Again(x.Proposal!, second, x.Proposal!.Amount - Money.FromDollars(5_000m)) with
        {
            Corrects = dividend, Before = x.Shares,
        });
        yield return new(Clocks.On(over.AddDays(95), 19), s => s.ByResolution(
            $"R-{over.Year}-607", ResolutionKind.Distribution, Distribution.Key(id, second), "The dividend of the school pool, corrected",
            (w, c, r) => w.Board.ApproveDividend(c, id, second, r, default)));
        yield return Tell(97, second, new Distribution.Command.Post(over.AddDays(97)));
    }

    private static Distribution.Command.Propose Again(Distribution.Event.Proposed before, string run, Money amount) => new(
        before.Pool, run, amount, before.ValuationAsOf, before.Surplus, before.Target, before.RecordDate, before.Method);

    /// <summary>The bank takes a payment of an assessment back when it is booked; the member pays again.</summary>
    private static IEnumerable<Happening> TakenBack(PoolId pool, MemberNo member, DateOnly day)
    {
        yield return new(Clocks.On(day, 12), s => s.Pools(async (w, c) =>
        {
            var share = (await w.Streams.Assessment(c.Tenant, pool, "A-1", default)).Shares[member];
            return await w.Streams.Tell(
                c, pool, "A-1", new AssessmentRun.Command.ReversePayment(new("REV-0001"), member, share.Paid, day), default);
        }));
        yield return Run(day.AddDays(5), pool, new AssessmentRun.Command.RecordPayment(member, day.AddDays(5)));
        yield return Run(day.AddDays(6), pool, new AssessmentRun.Command.Post(day.AddDays(6)));
    }

    /// <summary>An assessment that one of three towns does not pay in time: the other two do.</summary>
    public static IEnumerable<Happening> ThreeTowns(DemoPool pool)
    {
        var day = pool.First.AddDays(100);
        foreach (var happening in Assessed(pool, day, day.AddDays(-10), 30_000m)) yield return happening;
        for (var i = 0; i < 2; i++)
        {
            var member = pool.No(i);
            yield return Run(day.AddDays(15), pool.Id, new AssessmentRun.Command.RecordPayment(member, day.AddDays(15)));
            yield return Run(day.AddDays(60), pool.Id, new AssessmentRun.Command.RecordPayment(member, day.AddDays(60)));
        }

        yield return Run(day.AddDays(70), pool.Id, new AssessmentRun.Command.Post(day.AddDays(70)));
    }

    private static IEnumerable<Happening> Assessed(DemoPool pool, DateOnly day, DateOnly recordDate, decimal deficit)
    {
        yield return Run(day, pool.Id, new AssessmentRun.Command.Propose(
            pool.Id, "A-1", Money.FromDollars(deficit), pool.Regime, recordDate, 30, 30));
        yield return new(Clocks.On(day.AddDays(4), 19), s => s.ByResolution(
            $"R-{day.Year}-603-{pool.Id}", ResolutionKind.Assessment, AssessmentRun.Key(pool.Id, "A-1"), $"An assessment of {pool.Id}",
            (w, c, r) => w.Board.ApproveAssessment(c, pool.Id, "A-1", r, default)));
    }

    /// <summary>One told at half its amount, filed by itself, chased and paid in part; one denied, brought to mind and appealed.</summary>
    private static IEnumerable<Happening> Cases(DemoPool pool)
    {
        OpaqueRef one = new("SLC-0001"), two = new("SLC-0002");
        var rules = new StopLossRules { Specific = pool.Specific };
        Happening Case(DateOnly on, OpaqueRef reference, StopLossCase.Command command) => new(
            Clocks.On(on, 11), s => s.Pools((w, c) => w.Streams.Tell(c, pool.Id, reference, command, default), command));
        Happening Paid(int days, OpaqueRef reference, decimal paid) => Case(
            pool.First.AddDays(days), reference, new StopLossCase.Command.Report(
                pool.Id, pool.First.Year, reference, Money.FromDollars(paid), rules, pool.First.AddDays(days)));
        yield return Paid(90, one, 90_000m);
        yield return Paid(140, one, 212_480.55m);
        yield return Case(pool.First.AddDays(260), one, new StopLossCase.Command.Receive(
            new("REC-0001"), Money.FromDollars(40_000m), pool.First.AddDays(260)));
        yield return Paid(150, two, 180_000m);
        yield return Case(pool.First.AddDays(160), two, new StopLossCase.Command.File(pool.First.AddDays(160), rules.ChaseDays));
        yield return Case(pool.First.AddDays(180), two, new StopLossCase.Command.Deny(
            DenialReason.DocumentsMissing, pool.First.AddDays(180), rules.AppealDays));
        yield return Case(pool.First.AddDays(207), two, new StopLossCase.Command.Appeal(pool.First.AddDays(207), rules.AppealDays));
        yield return Case(pool.First.AddDays(215), two, new StopLossCase.Command.Receive(
            new("REC-0002"), Money.FromDollars(30_000m), pool.First.AddDays(215)));
    }

    /// <summary>A change inside the window, one that reaches back too far, and the board's waiver of that.</summary>
    private static IEnumerable<Happening> Changes(DemoPool pool)
    {
        var (id, year, member) = (pool.Id, pool.First.Year, pool.No(0));
        Happening Change(int months, string reference, DateOnly effective) => new(
            Clocks.On(pool.First.AddMonths(months).AddDays(9), 11), s => s.Pools((w, c) => w.Streams.Tell(
                c, id, year, member, new EnrollmentLedger.Command.Adjust(
                    new(reference), [new(DemoPools.Saver, Tier.Family, -1), new(DemoPools.Ppo, Tier.Single, 1)], effective,
                    pool.First.AddMonths(months).AddDays(9), ChangeReason.FamilyChange), default)));
        yield return Change(3, "ECH-0001", pool.First.AddMonths(2));
        yield return Change(6, "ECH-0002", pool.First.AddMonths(2));
        yield return new(Clocks.On(pool.First.AddMonths(7), 19), s => s.ByResolution(
            $"R-{pool.First.AddMonths(7).Year}-606", ResolutionKind.RetroWaiver, EnrollmentLedger.Key(id, year, member),
            "A change that came late through nobody's fault",
            (w, c, r) => w.Board.WaiveRetro(c, id, year, member, new("ECH-0002"), r, default)));
    }

    private static Happening Tell(DateOnly on, string key, ContributionInvoice.Command command) =>
        new(Clocks.On(on, 9), s => s.Pools((w, c) => w.Streams.Tell(c, key, command, default), $"{key} {command}"));

    private static Happening Run(DateOnly on, PoolId pool, AssessmentRun.Command command) => new(
        Clocks.On(on, 12), s => s.Pools((w, c) => w.Streams.Tell(c, pool, "A-1", command, default), command));

    private static Happening Valuation(DateOnly on, PoolId pool, DateOnly asOf, ReserveValuation.Command command) => new(
        Clocks.On(on, 11), s => s.Tell<ReserveValuation, ReserveValuation.Command, ReserveValuation.State, ReserveValuation.Event>(
            DemoStage.PoolAdmin, ReserveValuation.Key(pool, asOf), command));

    private static Happening Import(
        DemoPool pool, MemberNo? member, CoverageMonth until, int months, int contracts, decimal pepm, int large)
    {
        var on = until.FirstDay.AddDays(9);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{pool.Id}:{member}:{until}"));
        StructuralList<ExperienceMonth> totals =
        [
            .. Enumerable.Range(1, months).Select(n => until.AddMonths(n - 1 - months)).Select(m => new ExperienceMonth(
                m, contracts, Money.Round(contracts * (pepm + (m.Month * 3m))), large)),
        ];
        return new(Clocks.On(on, 14), s => s.Pools((w, c) => w.Streams.Tell(c, pool.Id, member, new ExperienceLedger.Command.Import(
            pool.Id, member, new(Convert.ToHexStringLower(hash)), totals, on, null), default)));
    }
}
