using System.Globalization;
using System.Text.Json;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>An invoice as it is at a moment.</summary>
/// <param name="Id">Its key, <c>{vendor}:{number}</c>.</param>
/// <param name="Standing">Where it stands, e.g. <c>excepted</c>, <c>payable</c>.</param>
/// <param name="File">Document, match, payments, credits.</param>
/// <param name="OpenExceptions">What is wrong and not settled.</param>
/// <param name="DisputeBy">Last day to send it back.</param>
public sealed record InvoiceView(
    string Id, string Standing, InvoiceFile File, StructuralList<MatchException> OpenExceptions, DateOnly DisputeBy);

/// <summary>A member's part of an invoice.</summary>
/// <param name="Statement">Its lines and charges, what was credited and paid.</param>
/// <param name="Total">What it comes to.</param>
/// <param name="Balance">What is still to be paid; negative when a refund is due.</param>
public sealed record StatementView(MemberStatement Statement, Money Total, Money Balance);

/// <summary>How an exception is settled.</summary>
/// <param name="Outcome">Accepted as billed, covered by a credit memo, or explained.</param>
/// <param name="Reason">Why.</param>
public sealed record ExceptionEntry(ExceptionOutcome Outcome, string Reason);

/// <summary>Who pays: a member for itself needs not say so; the cooperative's staff names the payer, itself when left out.</summary>
/// <param name="Payer">Member number, or absent.</param>
public sealed record PayerEntry(MemberNo? Payer = null);

/// <summary>A payment made.</summary>
/// <param name="Reference">Check or transfer number.</param>
/// <param name="Amount">On the bill.</param>
/// <param name="PaidOn">Day.</param>
/// <param name="Interest">Interest for paying late, beside the bill.</param>
/// <param name="Payer">Member number; as with approvals.</param>
public sealed record PaymentEntry(string Reference, Money Amount, DateOnly PaidOn, Money? Interest = null, MemberNo? Payer = null);

/// <summary>Money that came back.</summary>
/// <param name="Reference">Check or transfer number.</param>
/// <param name="Amount">What came back.</param>
/// <param name="ReceivedOn">Day.</param>
/// <param name="Payer">Member number; as with approvals.</param>
public sealed record RefundEntry(string Reference, Money Amount, DateOnly ReceivedOn, MemberNo? Payer = null);

/// <summary>Vendors' invoices and credit memos: vendors send them for their own orders, members and the cooperative approve and
/// pay.</summary>
internal static class InvoicesApi
{
    private const string Route = "/invoices/{invoiceId}";

    private static readonly InvoiceDocument Sample = new(
        "INV-20417", InvoiceKind.Invoice, new("V-whitewater"), "PO-JO-2026-014-1", new(2026, 3, 20),
        [
            new("1", 1, new("M-001-HS"), new("PAPER-20LB"), "Copy paper, carton of 10 reams", Quantity.Of(40), "XCT",
                UnitPrice.FromDollars(39.75m), Money.FromDollars(1_590m)),
        ],
        [new(ChargeKind.Freight, "Freight", Money.FromDollars(12.50m))], Money.FromDollars(1_602.50m))
    { BillTo = new("M-001") };

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Invoices");
        api.List<InvoiceEntry>("/invoices", "List invoices and credit memos; a vendor sees its own", r => r.List(
                InvoiceBoard.Instance,
                [
                    ("vendor", r.Principal.Vendor?.Value ?? r.Query("vendor")), ("joint_order", r.Query("jointOrder")),
                    ("status", r.Word<InvoiceStatus>("status")?.ToString()),
                ],
                row => row.Row))
            .For(Roles.Vendor, Roles.Coordinator, Roles.Operator).Takes("vendor", "Only of this vendor.")
            .Takes("jointOrder", "Only for this joint order.").Takes("status", "Only in this standing, e.g. `excepted`.");
        api.Get<InvoiceView>(Route, "One invoice, now or as of a moment", Find).AsOf().For(Roles.Vendor, Roles.Coordinator, Roles.Operator)
            .Says("Members read their own part as a statement.");
        api.Post<InvoiceDocument>("/invoices", "Send an invoice or credit memo, as its vendor", Register).For(Roles.Vendor,
            Roles.Coordinator)
            .Creates().Says("The same document twice has one effect. It is matched at once; what is wrong with it becomes an exception.")
            .Refuses("wrong-vendor", "order-unknown", "order-not-confirmed", "invoice-number-used", "credit-invoice-unknown",
                "invoice-lines-missing", "quantity-out-of-range", "amount-out-of-range")
            .Example(() => Sample);
        Act<Because>(api, "/dispute", "Send it back as incorrect, within ten days of receipt", whole: true, (r, b, _) =>
                new VendorInvoice.Command.Dispute(b.Reason, r.Principal.Actor, ContractsApi.Today(r)), "dispute-too-late",
                    "invoice-approved")
            .Example(() => new Because("Forty cartons were billed, thirty-eight came."));
        Act<ExceptionEntry>(api, "/exceptions/{no}/resolution", "Settle an exception", whole: true, (r, b, _) =>
                new VendorInvoice.Command.Resolve(No(r), b.Outcome, b.Reason, r.Principal.Actor, ContractsApi.Today(r)),
                "exception-unknown", "credit-too-small", "duplicate-is-rejected")
            .Example(() => new ExceptionEntry(ExceptionOutcome.CoveredByCredit, "Credit memo CM-118."));
        Act<Because>(api, "/rejection", "Reject it as a whole: nothing of it is owed", whole: true, (r, b, _) =>
                new VendorInvoice.Command.Reject(b.Reason, r.Principal.Actor), "invoice-approved")
            .Example(() => new Because("Duplicate of INV-20417."));
        Act<PayerEntry>(api, "/approvals", "Approve a part for payment", whole: false, (r, b, _) =>
                new VendorInvoice.Command.ApproveForPayment(Payer(r, b.Payer), r.Principal.Actor),
                "exception-open", "invoice-not-matched", "payer-unknown")
            .Example(() => new PayerEntry(new MemberNo("M-001")));
        Act<PaymentEntry>(api, "/payments", "Record a payment, partial or whole", whole: false, (r, b, _) =>
                new VendorInvoice.Command.RecordPayment(
                    Payer(r, b.Payer), new(b.Reference, b.Amount, b.Interest ?? Money.Zero, b.PaidOn), r.Principal.Actor,
                        ContractsApi.Today(r)),
                "payment-not-approved", "payment-above-balance", "payment-day-invalid", "interest-above-accrued", "payment-exists")
            .Example(() => new PaymentEntry("CHK-88120", Money.FromDollars(1_602.50m), new(2026, 4, 10)));
        Act<RefundEntry>(api, "/refunds", "Record money that came back after a credit on a paid part", whole: false, (r, b, _) =>
                new VendorInvoice.Command.RecordRefund(
                    Payer(r, b.Payer), new(b.Reference, b.Amount, b.ReceivedOn), r.Principal.Actor, ContractsApi.Today(r)),
                "refund-above-credit", "refund-invalid", "refund-exists", "payer-unknown")
            .Example(() => new RefundEntry("ACH-5521", Money.FromDollars(40m), new(2026, 5, 4)));

        var statements = routes.Under("Member statements");
        statements.List<StatementView>("/statements", "What members owe and have paid; a member sees its own", r => r.List(
                MemberStatements.Instance,
                [
                    ("member", r.Principal.Member?.Value ?? r.Query("member")), ("joint_order", r.Query("jointOrder")),
                    ("invoice", r.Query("invoice")),
                ],
                row => View(row.Row)))
            .OnlyWhen(JointOrdersApi.NotVendor).Takes("member", "Only of this member.").Takes("jointOrder", "Only for this joint order.")
            .Takes("invoice", "Only of this invoice.");
        statements.Get<StatementView>(Route + "/statements/{memberNo}", "One member's part of an invoice", async r =>
        {
            var (row, instead) = await r.Find(MemberStatements.Instance, $"{Key(r)}:{r.Id<MemberNo>("memberNo")}");
            return instead ?? Answer.View(row is null ? null : View(row));
        }).OfMember();
    }

    private static ApiOperation Act<TBody>(
        ApiRoutes api, string path, string summary, bool whole, Func<ApiRequest, TBody, InvoiceFile, VendorInvoice.Command> command,
        params string[] codes)
        where TBody : class =>
        api.Post<TBody>(Route + path, summary, async (r, body) => await Load(r) is { Invoice: { File: var file } } && MayAct(r, file, whole)
                ? await Send(r, command(r, body, file))
                : Answer.NotFound)
            .For(Roles.MemberApprover, Roles.Coordinator).Refuses([.. codes, "invoice-rejected"]);

    private static StatementView View(MemberStatement row) => new(row, row.Bill.Total, row.Balance);

    private static string Key(ApiRequest r) => r.Text("invoiceId");

    private static int No(ApiRequest r) =>
        int.TryParse(r.Text("no"), NumberStyles.None, CultureInfo.InvariantCulture, out var no) ? no
            : throw new MalformedRequestException("no", "Expected the number of an exception.");

    /// <summary>A member pays for itself and nobody else; staff for whom they name, the cooperative when for nobody.</summary>
    private static MemberNo Payer(ApiRequest r, MemberNo? named) => r.Principal.Member ?? named ?? InvoiceKeys.Cooperative;

    /// <summary>
    /// Staff act on every invoice. A member acts on its own part, and on the whole only where the vendor bills it alone; any other
    /// invoice does not exist for it.
    /// </summary>
    private static bool MayAct(ApiRequest r, InvoiceFile file, bool whole) => r.Principal.Member is not { } member
        ? r.Principal.IsStaff
        : (file.Bills.Any(b => b.Member == member) || (file.Match is null && file.Facts.Document.BillTo == member))
            && (!whole || (file.Facts.Billing == BillingMode.VendorDirect && file.Bills.All(b => b.Member == member)));

    private static Task<IResult> Send(ApiRequest r, VendorInvoice.Command command) =>
        r.Handle<VendorInvoice, VendorInvoice.Command, VendorInvoice.State, VendorInvoice.Event>(Key(r), command);

    private static async Task<IResult> Register(ApiRequest r, InvoiceDocument document)
    {
        if (r.Principal.Vendor is { } self && self != document.Vendor)
            return Answer.Problem(Problem.Refused(new("wrong-vendor",
                "A vendor sends its own invoices; put your own id in the document.")));
        var work = SagaCommandHandler.Over(r.Services.Commands, r.Services.Models).Invoices;
        return await Task.FromResult(Answer.Of(await work.Register(r.Context, document, null, r.Cancelled)))
            .Created($"/invoices/{Uri.EscapeDataString(InvoiceKeys.Key(document.Vendor, document.Number))}");
    }

    private static async Task<(VendorInvoice.State.Known? Invoice, long Version)> Load(ApiRequest r)
    {
        var loaded = await r.Load<VendorInvoice, VendorInvoice.Command, VendorInvoice.State, VendorInvoice.Event>(Key(r));
        return (loaded.State as VendorInvoice.State.Known, loaded.Version);
    }

    private static async Task<IResult> Find(ApiRequest r)
    {
        var (invoice, version) = await Load(r);
        return Answer.Versioned(
            invoice is null || !r.Principal.SeesVendor(invoice.File.Facts.Document.Vendor)
                ? null
                : new InvoiceView(
                    Key(r), JsonNamingPolicy.CamelCase.ConvertName(invoice.GetType().Name), invoice.File, invoice.File.Open,
                    Procurement.Rules.PromptPayment.LastDayToDispute(invoice.File.Facts.ReceivedOn)),
            version);
    }
}
