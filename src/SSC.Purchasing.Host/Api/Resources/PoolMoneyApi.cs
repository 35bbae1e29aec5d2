using System.Globalization;
using System.Text;
using SSC.Purchasing.Exchange.Ach;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Experience;
using SSC.Purchasing.InsurancePool.ReadModels;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A valuation to estimate.</summary>
public sealed record ValuationEstimate(StructuralList<PaidMonth> Months, ValuationFigures Figures);

/// <summary>An actuary's attestation.</summary>
public sealed record ActuaryAttestation(OpaqueRef Attestation, DateOnly On);

/// <summary>The ten-year development of a pool's claims.</summary>
public sealed record DevelopmentTable(StructuralList<DevelopmentYear> Years);

/// <summary>Where a stop-loss case stands, or a year's aggregate.</summary>
public sealed record StopLossPosition(StopLossCase.State Case, Money Received, Money Outstanding);

/// <summary>What a case has cost so far.</summary>
public sealed record CaseReport(Money Paid, DateOnly On);

/// <summary>Money that came, under a reference.</summary>
public sealed record MoneyReceived(OpaqueRef Reference, Money Amount, DateOnly On);

/// <summary>A denial by the carrier.</summary>
public sealed record CarrierDenial(DenialReason Reason, DateOnly On);

/// <summary>A day on which something happens.</summary>
public sealed record OnDay(DateOnly On);

/// <summary>A dividend to propose.</summary>
public sealed record DividendProposal(string Id, Money Amount, DateOnly ValuationAsOf, DateOnly RecordDate, DistributionMethod Method);

/// <summary>A booked dividend to correct.</summary>
/// <param name="Id">Of the new run.</param>
/// <param name="Amount">What should have been shared out.</param>
public sealed record CounterRun(string Id, Money Amount);

/// <summary>An assessment to propose.</summary>
public sealed record AssessmentProposal(string Id, Money Deficit, DateOnly RecordDate);

/// <summary>An answer to an assessment.</summary>
public sealed record AssessmentAnswer(bool Consents);

/// <summary>A payment that was taken back.</summary>
/// <param name="Reference">Once under it, e.g. the bank's.</param>
/// <param name="Amount">What was taken back.</param>
/// <param name="On">When.</param>
public sealed record PaymentReversal(OpaqueRef Reference, Money Amount, DateOnly On);

/// <summary>Accounts to collect from, by member. They make the file and are kept nowhere.</summary>
/// <param name="Originator">Who collects.</param>
/// <param name="Accounts">Account of each member.</param>
/// <param name="CollectOn">Effective entry date.</param>
public sealed record AchRequest(AchOriginator Originator, StructuralMap<MemberNo, BankAccount> Accounts, DateOnly CollectOn);

/// <summary>A collection file.</summary>
/// <param name="File">The file, in the NACHA format.</param>
/// <param name="Total">Total of its debits.</param>
/// <param name="WithoutAccount">Members whose collections are not in it, for want of an account.</param>
public sealed record AchAnswer(string File, Money Total, StructuralList<MemberNo> WithoutAccount);

/// <summary>A file of returns, taken in.</summary>
public sealed record AchReturnsAnswer(int Recorded, StructuralList<OpaqueRef> Unknown);

/// <summary>Money of the pools: experience, reserves, stop-loss, dividends, assessments, contributions.</summary>
internal static class PoolMoneyApi
{
    private const string Pool = "/pools/{poolId}", Invoice = "/contribution-invoices/{invoice}";
    private const string Case = Pool + "/stop-loss/{reference}", Dividend = Pool + "/distributions/{run}";
    private const string Assessment = Pool + "/assessments/{run}", Valuation = Pool + "/valuations/{asOfDay}";
    private static readonly ResolutionId Resolution = new("R-2028-007");
    private static readonly DateOnly Day = new(2027, 5, 3);

    public static void Map(ApiRoutes routes)
    {
        MapExperience(routes.Under("Insurance pool experience and reserves"));
        MapStopLoss(routes.Under("Insurance pool stop-loss"));
        MapSharing(routes.Under("Insurance pool distributions and assessments"));
        MapContributions(routes.Under("Insurance pool contributions"));
    }

    private static void MapExperience(ApiRoutes api)
    {
        api.Get<ExperienceLedger.State>(Pool + "/experience", "A pool's experience by month", r => Experience(r, null)).AsOf()
            .OnlyWhen(r => r.Principal.IsStaff);
        api.Get<ExperienceLedger.State>(Pool + "/experience/{memberNo}", "A member's own experience by month", r =>
            Experience(r, PoolsApi.MemberOf(r))).AsOf().OfMember();
        api.Import<PoolFileAnswer>(Pool + "/experience/import", "Take in a carrier's month totals (CSV or XLSX)", (r, u) =>
                PoolImports.Answer(r, PoolImports.Experience(
                    r.Services, r.Context, PoolsApi.PoolOf(r), u.Content, r.Flag("dryRun"), r.Cancelled)))
            .For(Roles.PoolAdmin).Takes("dryRun", "`true` to see what would happen.").Refuses("rows-at-fault", "list-empty");
        api.List<ReserveValuation.State>(Pool + "/valuations", "Reserve and IBNR valuations", r => r.List(
                PoolModels.Valuations, [("pool", PoolsApi.PoolOf(r).Value)], row => row.Row)).OnlyWhen(r => r.Principal.IsStaff);
        api.Put<ValuationEstimate>(Valuation, "Estimate what is incurred and unpaid on a day", async (r, b) =>
            {
                var pool = await PoolsApi.Work(r).Streams.Pool(r.Services.Tenant, PoolsApi.PoolOf(r), r.Cancelled);
                return pool.Facts is null ? Answer.NotFound : await Value(r, new ReserveValuation.Command.Estimate(
                    PoolsApi.PoolOf(r), AsOf(r), b.Months, b.Figures, pool.On(AsOf(r)).Values.Sharing));
            })
            .For(Roles.PoolAdmin).Refuses("months-invalid", "valuation-attested")
            .Example(() => new ValuationEstimate(
                [new(new(2027, 3), Money.FromDollars(301_877.20m), Factor.Of(0.842m))],
                new(2027, Money.FromDollars(2_000_000m), Money.Zero, Money.FromDollars(1_000_000m), Money.FromDollars(1_000_000m))));
        api.Post<ActuaryAttestation>(Valuation + "/attestation", "Record the actuary's attestation", (r, b) =>
                Value(r, new ReserveValuation.Command.Attest(b.Attestation, b.On)))
            .For(Roles.PoolAdmin).Refuses("valuation-unknown", "valuation-attested")
            .Example(() => new ActuaryAttestation(new("ACT-2027"), Day));
        api.Post(Valuation + "/booking", "Book the reserve", r => Value(r, new ReserveValuation.Command.Book()))
            .For(Roles.PoolAdmin).Refuses("attestation-missing", "valuation-unknown");
        api.Get<DevelopmentTable>(Pool + "/development", "Ten-year claims development (GASB 10 and 30)", async r =>
            {
                var rows = await r.Services.Models.List(
                    PoolModels.Valuations, r.Services.Tenant, Where("pool", PoolsApi.PoolOf(r).Value), r.Cancelled);
                return Answer.View(new DevelopmentTable(Development.Of(rows.Select(x => x.Row))));
            }).OnlyWhen(r => r.Principal.IsStaff);
        api.Get<RateStabilization.State>(Pool + "/reserve", "The rate stabilization reserve, now or as of a moment", async r =>
            {
                var loaded = await r.Load<RateStabilization, RateStabilization.Command, RateStabilization.State, RateStabilization.Event>(
                    PoolsApi.PoolOf(r).Value);
                return Answer.Versioned(loaded.State, loaded.Version);
            }).AsOf().OnlyWhen(r => r.Principal.IsStaff);
        api.Post<RateStabilization.Command.Deposit>(Pool + "/reserve/deposits", "Set money aside", (r, b) =>
                r.Handle<RateStabilization, RateStabilization.Command, RateStabilization.State, RateStabilization.Event>(
                    PoolsApi.PoolOf(r).Value, b))
            .For(Roles.PoolAdmin).Refuses("amount-invalid", "reserve-entry-changed")
            .Example(() => new RateStabilization.Command.Deposit(
                "SCHOOL:surplus-2026", Money.FromDollars(250_000m), ReservePurpose.Surplus, Day));
    }

    private static void MapStopLoss(ApiRoutes api)
    {
        api.List<StopLossPosition>(Pool + "/years/{year}/stop-loss-cases", "The stop-loss position of a year, for the pool as a whole",
            r => r.List(PoolModels.Cases, [("year_key", PoolYear.Key(PoolsApi.PoolOf(r), PoolYearsApi.Year(r)))], row => Position(row.Row)))
            .OnlyWhen(r => r.Principal.IsStaff);
        api.Post<CaseReport>(Pool + "/years/{year}/stop-loss-cases/{reference}", "Report what a case has cost so far", async (r, b) =>
            {
                var year = await PoolsApi.Work(r).Streams.Year(
                    r.Services.Tenant, PoolsApi.PoolOf(r), PoolYearsApi.Year(r), r.Cancelled);
                return year.Terms is not { } terms ? Answer.NotFound : await Tell(r, new StopLossCase.Command.Report(
                    PoolsApi.PoolOf(r), PoolYearsApi.Year(r), Reference(r), b.Paid,
                    terms.Parameters.StopLoss with { Specific = year.Cover?.Specific ?? terms.Parameters.StopLoss.Specific }, b.On));
            })
            .For(Roles.PoolAdmin).Refuses("paid-falls", "amount-invalid")
            .Example(() => new CaseReport(Money.FromDollars(212_480.55m), Day));
        api.Post<OnDay>(Case + "/filing", "File a case with the carrier", (r, b) =>
                ByRules(r, rules => new StopLossCase.Command.File(b.On, rules.ChaseDays)))
            .For(Roles.PoolAdmin).Refuses("case-unknown", "nothing-to-file").Example(() => new OnDay(Day));
        api.Post<MoneyReceived>(Case + "/recoveries", "Record a recovery", (r, b) =>
                Tell(r, new StopLossCase.Command.Receive(b.Reference, b.Amount, b.On)))
            .For(Roles.PoolAdmin).Refuses("case-not-filed", "recovery-exceeds-filed")
            .Example(() => new MoneyReceived(new("REC-0001"), Money.FromDollars(62_480.55m), Day));
        api.Post<CarrierDenial>(Case + "/denial", "Record a denial; the pool's rules say through which day it is appealed", (r, b) =>
                ByRules(r, rules => new StopLossCase.Command.Deny(b.Reason, b.On, rules.AppealDays)))
            .For(Roles.PoolAdmin).Refuses("case-not-filed").Example(() => new CarrierDenial(DenialReason.DocumentsMissing, Day));
        api.Post<OnDay>(Case + "/appeal", "Appeal a denial", (r, b) =>
                ByRules(r, rules => new StopLossCase.Command.Appeal(b.On, rules.AppealDays)))
            .For(Roles.PoolAdmin).Refuses("case-not-denied", "appeal-too-late").Example(() => new OnDay(Day));
    }

    private static void MapSharing(ApiRoutes api)
    {
        api.List<Distribution.State>(Pool + "/distributions", "Dividends; a member sees its own shares", r => r.List(
                PoolModels.Dividends, [("pool", PoolsApi.PoolOf(r).Value)], row => Own(r, row.Row))).OnlyWhen(JointOrdersApi.NotVendor);
        api.Post<DividendProposal>(Pool + "/distributions", "Propose a dividend of a booked surplus", async (r, b) =>
            {
                var valuation = await PoolsApi.Work(r).Streams.Valuation(
                    r.Services.Tenant, PoolsApi.PoolOf(r), b.ValuationAsOf, r.Cancelled);
                return valuation is not { Phase: ValuationPhase.Booked, Estimate: { } e } ? Answer.NotFound : await Run(r, b.Id,
                    new Distribution.Command.Propose(
                        PoolsApi.PoolOf(r), b.Id, b.Amount, b.ValuationAsOf, e.Surplus, e.Target, b.RecordDate, b.Method));
            })
            .For(Roles.PoolAdmin).Refuses("surplus-below-target", "amount-invalid", "run-malformed")
            .Example(() => new DividendProposal("D-2027", Money.FromDollars(250_000m), Day, Day, DistributionMethod.CreditMemo));
        api.Post<CounterRun>(Dividend + "/counter-run", "Correct a booked dividend by another run, which shares out the differences",
                async (r, b) =>
                {
                    var wrong = await PoolsApi.Work(r).Streams.Dividend(
                        r.Services.Tenant, PoolsApi.PoolOf(r), r.Text("run"), r.Cancelled);
                    if (wrong.Proposal is not { } p) return Answer.NotFound;
                    return wrong.Phase != RunPhase.Posted
                        ? Answer.Problem(Problem.Refused(new("run-not-booked", "The run is not booked; cancel it and propose another.")))
                        : await Run(r, b.Id, new Distribution.Command.Propose(
                            PoolsApi.PoolOf(r), b.Id, b.Amount, p.ValuationAsOf, p.Surplus, p.Target, p.RecordDate, p.Method)
                        {
                            Corrects = r.Text("run"), Before = wrong.Shares,
                        });
                })
            .For(Roles.PoolAdmin).Refuses("run-not-booked", "amount-invalid", "run-malformed")
            .Example(() => new CounterRun("D-2027-2", Money.FromDollars(248_000m)));
        api.Post<ByResolution>(Dividend + "/approval", "Approve a dividend, by resolution", (r, b) =>
                PoolsApi.Work(r).Board.ApproveDividend(r.Context, PoolsApi.PoolOf(r), r.Text("run"), b.Resolution, r.Cancelled).Answered())
            .For(Roles.PoolAdmin, Roles.Clerk).Refuses("resolution-missing", "run-unknown").Example(() => new ByResolution(Resolution));
        api.Post<OnDay>(Dividend + "/posting", "Book a dividend", (r, b) => Run(r, r.Text("run"), new Distribution.Command.Post(b.On)))
            .For(Roles.PoolAdmin).Refuses("run-not-ready").Example(() => new OnDay(Day));
        api.Post<Distribution.Command.Cancel>(Dividend + "/cancellation", "Give a dividend up", (r, b) => Run(r, r.Text("run"), b))
            .For(Roles.PoolAdmin).Refuses("run-posted").Example(() => new Distribution.Command.Cancel(RunCancellation.Corrected));
        api.List<AssessmentRun.State>(Pool + "/assessments", "Assessments; a member sees its own share", r => r.List(
                PoolModels.Assessments, [("pool", PoolsApi.PoolOf(r).Value)], row => Own(r, row.Row))).OnlyWhen(JointOrdersApi.NotVendor);
        api.Post<AssessmentProposal>(Pool + "/assessments", "Propose an assessment under the pool's regime", async (r, b) =>
            {
                var pool = await PoolsApi.Work(r).Streams.Pool(r.Services.Tenant, PoolsApi.PoolOf(r), r.Cancelled);
                if (pool.Facts is null) return Answer.NotFound;
                var rules = pool.On(b.RecordDate).Values.Sharing;
                return await Assess(r, b.Id, new AssessmentRun.Command.Propose(
                    PoolsApi.PoolOf(r), b.Id, b.Deficit, pool.Regime, b.RecordDate, rules.ConsentDays, rules.AssessmentDays));
            })
            .For(Roles.PoolAdmin).Refuses("amount-invalid", "run-malformed")
            .Example(() => new AssessmentProposal("A-2027", Money.FromDollars(186_420.17m), Day));
        api.Post<ByResolution>(Assessment + "/approval", "Approve an assessment, by resolution", (r, b) =>
                PoolsApi.Work(r).Board.ApproveAssessment(
                    r.Context, PoolsApi.PoolOf(r), r.Text("run"), b.Resolution, r.Cancelled).Answered())
            .For(Roles.PoolAdmin, Roles.Clerk).Refuses("resolution-missing", "run-unknown").Example(() => new ByResolution(Resolution));
        api.Put<AssessmentAnswer>(Assessment + "/consents/{memberNo}", "Consent to an assessment, or refuse", (r, b) =>
                Assess(r, r.Text("run"), new AssessmentRun.Command.AnswerConsent(PoolsApi.MemberOf(r), b.Consents, ContractsApi.Today(r))))
            .For(Roles.MemberApprover, Roles.PoolAdmin).OfMember().Refuses("consent-not-asked", "not-assessed", "consent-too-late")
            .Example(() => new AssessmentAnswer(true));
        api.Post<OnDay>(Assessment + "/payments/{memberNo}", "Record that a member paid its share", (r, b) =>
                Assess(r, r.Text("run"), new AssessmentRun.Command.RecordPayment(PoolsApi.MemberOf(r), b.On)))
            .For(Roles.PoolAdmin).Refuses("not-assessed", "share-not-owed").Example(() => new OnDay(Day));
        api.Post<PaymentReversal>(Assessment + "/payments/{memberNo}/reversal", "Record that a payment was taken back; it is owed again",
                (r, b) => Assess(r, r.Text("run"), new AssessmentRun.Command.ReversePayment(
                    b.Reference, PoolsApi.MemberOf(r), b.Amount, b.On)))
            .For(Roles.PoolAdmin).Refuses("not-assessed", "reversal-exceeds-paid", "run-not-ready")
            .Example(() => new PaymentReversal(new("REV-0001"), Money.FromDollars(12_867.50m), Day));
        api.Post<OnDay>(Assessment + "/posting", "Book an assessment", (r, b) =>
                Assess(r, r.Text("run"), new AssessmentRun.Command.Post(b.On)))
            .For(Roles.PoolAdmin).Refuses("shares-open").Example(() => new OnDay(Day));
    }

    private static void MapContributions(ApiRoutes api)
    {
        api.List<ContributionInvoice.State>("/contribution-invoices", "Contribution invoices; a member sees its own", r => r.ListOwn(
                PoolModels.Invoices,
                [("pool", r.Query("pool")), ("member", PoolsApi.OwnOr(r)), ("month", r.Query("month")),
                    ("phase", r.Word<ContributionPhase>("phase")?.ToString())],
                row => row.Row, row => new(Pool: row.Pool.Value)))
            .OnlyWhen(JointOrdersApi.NotVendor).Takes("pool", "Only of this pool.").Takes("member", "Only of this member.")
            .Takes("month", "Only of this month, e.g. `2027-03`.").Takes("phase", "Only in this phase, e.g. `overdue`.");
        api.Get<ContributionInvoice.State>(Invoice, "One contribution invoice, now or as of a moment", FindInvoice).AsOf()
            .OnlyWhen(JointOrdersApi.NotVendor);
        api.Post<MoneyReceived>(Invoice + "/payments", "Record a payment", (r, b) =>
                Bill(r, r.Text("invoice"), new ContributionInvoice.Command.RecordPayment(b.Reference, b.Amount, b.On)))
            .For(Roles.PoolAdmin).Refuses("payment-exceeds-open", "amount-invalid", "invoice-unknown")
            .Example(() => new MoneyReceived(new("PAY-0001"), Money.FromDollars(198_292.08m), Day));
        api.Post<ContributionInvoice.Command.Credit>(Invoice + "/credit", "Take an invoice back", (r, b) => Bill(r, r.Text("invoice"), b))
            .For(Roles.PoolAdmin).Refuses("invoice-draft").Example(() => new ContributionInvoice.Command.Credit(CreditReason.Withdrawn));
        api.Put<AchRequest>(Pool + "/ach-files/{fileId}", "Make a collection file in the NACHA format", CollectionFiles.Make)
            .For(Roles.PoolAdmin).Answers<AchAnswer>()
            .Refuses("ach-empty", "ach-file-differs", "routing-invalid", "account-invalid", "originator-invalid")
            .Says("A running collection is in one file only; the same name answers the same file. Bank accounts come with the request and "
                + "are neither kept nor logged.")
            .Example(() => new AchRequest(
                new("091000019", "EXAMPLE BANK", "1410000000", "SERVICE COOP"),
                StructuralMap<MemberNo, BankAccount>.Empty.Set(
                    new("M-001"), new("091000019", "123456789", BankAccountKind.Checking)), Day));
        api.Post<OnDay>(Pool + "/ach-files/{fileId}/settlement", "Record as paid what the bank did not return of a file",
                CollectionFiles.Settle)
            .For(Roles.PoolAdmin).Answers<FileSettlement>().Example(() => new OnDay(Day));
        api.Import<AchReturnsAnswer>(Pool + "/ach-returns", "Take in the bank's file of returns", TakeReturns).For(Roles.PoolAdmin)
            .Refuses("ach-malformed", "ach-control-wrong", "ach-empty");
    }

    private static RowQuery Where(string column, string value) =>
        new() { Where = new Dictionary<string, string>(StringComparer.Ordinal) { [column] = value }, Limit = 10_000 };

    private static DateOnly AsOf(ApiRequest r) =>
        DateOnly.TryParseExact(r.Text("asOfDay"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new MalformedRequestException("asOfDay", "Expected a date, e.g. 2027-06-30.");

    private static OpaqueRef Reference(ApiRequest r) => OpaqueRef.IsWellFormed(r.Text("reference"))
        ? new(r.Text("reference"))
        : throw new MalformedRequestException("reference", "A reference is two to four capital letters, a dash and 4 to 12 digits.");

    private static StopLossPosition Position(StopLossCase.State s) =>
        new(s, s.Received.Values.Sum(), s.Filed - s.Received.Values.Sum());

    private static Distribution.State Own(ApiRequest r, Distribution.State s) => r.Principal.Member is not { } self ? s : s with
    {
        Shares = [.. s.Shares.Where(x => x.Member == self)], Bases = [.. s.Bases.Where(x => x.Member == self)],
        Proposal = s.Proposal is { } p ? p with { Before = [.. p.Before.Where(x => x.Member == self)] } : null,
    };

    private static AssessmentRun.State Own(ApiRequest r, AssessmentRun.State s) => r.Principal.Member is not { } self ? s : s with
    {
        Shares = StructuralMap<MemberNo, AssessedShare>.From(s.Shares.Where(x => x.Key == self)),
        Bases = [.. s.Bases.Where(x => x.Member == self)],
    };

    private static async Task<IResult> Experience(ApiRequest r, MemberNo? member)
    {
        var loaded = await r.Load<ExperienceLedger, ExperienceLedger.Command, ExperienceLedger.State, ExperienceLedger.Event>(
            ExperienceLedger.Key(PoolsApi.PoolOf(r), member));
        return Answer.Versioned(loaded.Version == 0 ? null : loaded.State, loaded.Version);
    }

    private static Task<IResult> Value(ApiRequest r, ReserveValuation.Command command) =>
        r.Handle<ReserveValuation, ReserveValuation.Command, ReserveValuation.State, ReserveValuation.Event>(
            ReserveValuation.Key(PoolsApi.PoolOf(r), AsOf(r)), command);

    private static Task<IResult> Tell(ApiRequest r, StopLossCase.Command command) =>
        r.Handle<StopLossCase, StopLossCase.Command, StopLossCase.State, StopLossCase.Event>(
            StopLossCase.Key(PoolsApi.PoolOf(r), Reference(r)), command);

    private static Task<IResult> ByRules(ApiRequest r, Func<StopLossRules, StopLossCase.Command> command) =>
        PoolsApi.Work(r).StopLoss.ByRules(r.Context, PoolsApi.PoolOf(r), Reference(r), command, r.Cancelled).Answered();

    private static Task<IResult> Run(ApiRequest r, string run, Distribution.Command command) =>
        r.Handle<Distribution, Distribution.Command, Distribution.State, Distribution.Event>(
            Distribution.Key(PoolsApi.PoolOf(r), run), command);

    private static Task<IResult> Assess(ApiRequest r, string run, AssessmentRun.Command command) =>
        r.Handle<AssessmentRun, AssessmentRun.Command, AssessmentRun.State, AssessmentRun.Event>(
            AssessmentRun.Key(PoolsApi.PoolOf(r), run), command);

    private static Task<IResult> Bill(ApiRequest r, string invoice, ContributionInvoice.Command command) =>
        r.Handle<ContributionInvoice, ContributionInvoice.Command, ContributionInvoice.State, ContributionInvoice.Event>(invoice, command);

    private static async Task<IResult> FindInvoice(ApiRequest r)
    {
        var loaded = await r.Load<ContributionInvoice, ContributionInvoice.Command, ContributionInvoice.State, ContributionInvoice.Event>(
            r.Text("invoice"));
        return Answer.Versioned(loaded.Version == 0 || !r.Principal.SeesMember(loaded.State.Member) ? null : loaded.State, loaded.Version);
    }

    private static async Task<IResult> TakeReturns(ApiRequest r, Upload upload)
    {
        using var reader = new StreamReader(upload.Content, Encoding.ASCII);
        var (no, returns) = AchReturns.Read(await reader.ReadToEndAsync(r.Cancelled));
        if (no is not null) return Answer.Problem(Problem.Refused(no));
        var byTrace = (await r.Services.Models.List(
                PoolModels.Invoices, r.Services.Tenant, Where("pool", PoolsApi.PoolOf(r).Value), r.Cancelled))
            .Where(x => x.Row.Trace is not null).ToDictionary(x => x.Row.Trace!.Value, x => x.Key);
        var (recorded, unknown) = (0, new List<OpaqueRef>());
        foreach (var each in returns)
        {
            var outcome = byTrace.TryGetValue(each.Trace, out var key)
                ? await PoolsApi.Work(r).Streams.Tell(
                    r.Context.Part(each.Trace.Value), key,
                    new ContributionInvoice.Command.ReturnCollection(each.Trace, each.Code, ContractsApi.Today(r)), r.Cancelled)
                : null;
            if (outcome is CommandOutcome.Done) recorded++;
            else if (outcome is CommandOutcome.Busy) return Answer.Of(outcome);
            else unknown.Add(each.Trace);
        }

        return Answer.View(new AchReturnsAnswer(recorded, [.. unknown]));
    }
}
