using System.Globalization;
using SSC.Purchasing.Exchange.FeeReports;
using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Fees;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A vendor's report of a quarter.</summary>
/// <param name="Number">The vendor's number of it.</param>
/// <param name="Rows">Net sales; none when there were no sales.</param>
/// <param name="Fee">Fee that the vendor reckons it owes.</param>
public sealed record ReportEntry(string Number, StructuralList<ReportedSale> Rows, Money Fee);

/// <summary>A rebate received.</summary>
/// <param name="Reference">Check or credit memo number.</param>
/// <param name="Amount">Amount.</param>
/// <param name="ReceivedOn">Day.</param>
public sealed record RebateEntry(string Reference, Money Amount, DateOnly ReceivedOn);

/// <summary>What an import of a vendor's report found and did.</summary>
/// <param name="Recorded">Whether it was recorded now.</param>
/// <param name="Report">What was found in the file.</param>
public sealed record ReportImportAnswer(bool Recorded, ImportReport Report);

/// <summary>A quarter's ledger.</summary>
/// <param name="Period">Contract and quarter.</param>
/// <param name="Paid">Net goods paid.</param>
/// <param name="FeeDue">Fees accrued.</param>
/// <param name="Reports">The vendor's reports; the last one counts.</param>
/// <param name="Findings">Differences of the last comparison; absent while there was none.</param>
/// <param name="Rebates">Rebates and whose they are.</param>
public sealed record FeeLedgerView(
    FeePeriod Period, Money Paid, Money FeeDue, StructuralList<VendorReport> Reports, StructuralList<FeeFinding>? Findings,
    StructuralList<FeeLedger.Event.RebateAllocated> Rebates);

/// <summary>Administrative fees, vendors' reports and rebates, by contract and quarter.</summary>
internal static class FeesApi
{
    private const string Route = "/fees/{contractId}/{fiscalYear}/{quarter}";

    private static readonly ReportEntry Sample = new(
        "Q3-2026", [new(1, "PO-JO-2026-014-1", new("M-001"), new("PAPER-20LB"), Quantity.Of(40), Money.FromDollars(1_590m))],
        Money.FromDollars(23.85m));

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Fees and rebates");
        api.List<FeeLedgerEntry>("/fees", "List fee ledgers by contract and quarter", r => r.List(
                FeeLedgers.Instance, [("contract", r.Query("contract"))], row => row.Row))
            .For(Roles.Coordinator, Roles.Operator).Takes("contract", "Only of this contract.");
        api.Get<FeeLedgerView>(Route, "One quarter of a contract, now or as of a moment", Find).AsOf()
            .For(Roles.Coordinator, Roles.Operator, Roles.Vendor);
        api.Post<ReportEntry>(Route + "/reports", "Report a quarter's sales, as the contract's vendor", Report)
            .For(Roles.Vendor, Roles.Coordinator).Refuses("report-invalid", "report-number-used", "fee-period-invalid")
            .Says("No rows report no sales. A report under a new number replaces the one before.").Example(() => Sample);
        api.Import<ReportImportAnswer>(Route + "/reports/imports", "Report a quarter's sales from a CSV or XLSX file", Import)
            .For(Roles.Vendor, Roles.Coordinator).Refuses("rows-at-fault", "column-missing", "report-number-used")
            .Takes("number", "The vendor's number of the report.")
            .Says("Columns: PO number, member, item, quantity, net sales, fee. One bad row and nothing is recorded.");
        api.Post(Route + "/reconciliation", "Compare the last report with what was paid and received, line by line", r =>
                r.Services.Work.Fees.Reconcile(r.Context, Period(r), r.Cancelled).Answered())
            .For(Roles.Coordinator).Refuses("report-missing", "fee-ledger-empty");
        api.Post<RebateEntry>(Route + "/rebates", "Share a rebate over those who bought in the quarter", (r, b) =>
                r.Services.Work.Fees.AllocateRebate(
                    r.Context, Period(r), new(b.Reference, b.Amount, b.ReceivedOn, r.Principal.Actor), r.Cancelled).Answered())
            .For(Roles.Coordinator).Says("What was credited since, in whatever quarter, is taken off first and named: `credited`.")
            .Refuses("rebate-invalid", "rebate-exists", "rebate-without-sales", "fee-ledger-empty")
            .Example(() => new RebateEntry("CHK-5120", Money.FromDollars(412.80m), new(2027, 2, 4)));
        api.List<MemberRebate>("/rebates", "Members' rebates; a member sees its own", r => r.List(
                MemberRebates.Instance,
                [("member", r.Principal.Member?.Value ?? r.Query("member")), ("contract", r.Query("contract"))], row => row.Row))
            .OnlyWhen(JointOrdersApi.NotVendor).Takes("member", "Only of this member.").Takes("contract", "Only under this contract.");
    }

    private static FeePeriod Period(ApiRequest r) => new(r.Id<ContractId>("contractId"), Part(r, "fiscalYear"), Part(r, "quarter"));

    private static int Part(ApiRequest r, string name) =>
        int.TryParse(r.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : throw new MalformedRequestException(name, "Expected a fiscal year such as 2026 and a quarter from 1 to 4.");

    private static Task<IResult> Send(ApiRequest r, FeeLedger.Command command) =>
        r.Handle<FeeLedger, FeeLedger.Command, FeeLedger.State, FeeLedger.Event>(Period(r).Key(), command);

    /// <summary>Whether the contract exists and is the caller's business.</summary>
    private static async Task<bool> Sees(ApiRequest r)
    {
        var contract = await r.Services.Commands.Load<Contract, Contract.Command, Contract.State, Contract.Event>(
            r.Services.Tenant, Period(r).Contract.Value, true, r.Cancelled);
        return contract.State.File is { } file && r.Principal.SeesVendor(file.Award.Vendor);
    }

    private static async Task<IResult> Find(ApiRequest r)
    {
        if (!await Sees(r)) return Answer.NotFound;
        var loaded = await r.Load<FeeLedger, FeeLedger.Command, FeeLedger.State, FeeLedger.Event>(Period(r).Key());
        return Answer.Versioned(
            loaded.State is FeeLedger.State.Open s
                ? new FeeLedgerView(
                    s.Period, s.Sales.Select(x => x.Goods).Sum(), s.FeeDue, s.Reports, s.Reconciled?.Findings, [.. s.Rebates.Values])
                : null,
            loaded.Version);
    }

    private static async Task<IResult> Report(ApiRequest r, ReportEntry body) => await Sees(r)
        ? await Send(r, new FeeLedger.Command.RecordVendorReport(
            Period(r), new(body.Number, ContractsApi.Today(r), body.Rows, body.Fee)))
        : Answer.NotFound;

    private static async Task<IResult> Import(ApiRequest r, Upload upload)
    {
        var number = r.Query("number") ?? throw new MalformedRequestException("number", "Give the report's number.");
        if (!await Sees(r)) return Answer.NotFound;
        switch (await FeeReportImport.Read(upload.Content, ct: r.Cancelled))
        {
            case FeeReportOutcome.Refused no:
                return Answer.Problem(Problem.Refused(no.Refusal));
            case FeeReportOutcome.Faulty bad:
                return Answer.Problem(Imports.Problem(bad.Report));
            case FeeReportOutcome.Ready ready:
                var report = new VendorReport(number, ContractsApi.Today(r), ready.Rows, ready.Fee, ready.Report.SourceHash);
                return (await Send(r, new FeeLedger.Command.RecordVendorReport(Period(r), report)))
                    .With(new ReportImportAnswer(true, ready.Report));
            default:
                throw new InvalidOperationException("An import has no other outcome.");
        }
    }
}
