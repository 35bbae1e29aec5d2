using System.Text.Json;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A member's invoice as it is at a moment.</summary>
/// <param name="Member">Whose.</param>
/// <param name="Month">For which month.</param>
/// <param name="Standing">Where it stands: <c>open</c>, <c>issued</c> or <c>voided</c>.</param>
/// <param name="Number">Its number, once issued.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">Last day to pay.</param>
/// <param name="Charges">What is charged.</param>
/// <param name="Total">Σ of the charges.</param>
/// <param name="Payments">What was paid.</param>
/// <param name="Credits">What was credited.</param>
/// <param name="Refunds">What was paid back.</param>
/// <param name="Balance">What is owed; negative when the cooperative owes.</param>
public sealed record MemberInvoiceView(
    MemberNo Member, BillingMonth Month, string Standing, string? Number, DateOnly? IssuedOn, DateOnly? DueOn,
    StructuralList<Charge> Charges, Money Total, StructuralList<Settlement> Payments, StructuralList<CreditMemo> Credits,
    StructuralList<Settlement> Refunds, Money Balance);

/// <summary>A charge to take off.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Reference">Its reference there.</param>
/// <param name="Reason">Why.</param>
public sealed record ChargeRemoval(ChargeSource Source, string Reference, string Reason);

/// <summary>A number to issue under.</summary>
/// <param name="Number">The invoice's number.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">Last day to pay.</param>
public sealed record IssueEntry(string Number, DateOnly IssuedOn, DateOnly DueOn);

/// <summary>The one invoice of a member for a month, across everything it owes the cooperative.</summary>
internal static class MemberInvoicesApi
{
    private const string Route = "/member-invoices/{memberNo}/{month}";
    private static readonly DateOnly Day = new(2026, 7, 20);

    private static readonly Charge Seats = new(
        ChargeSource.Program, "PD-2026-12:M-001", "Conference of 14 October, 3 seats", Money.FromDollars(147m));

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Member invoices");
        api.List<MemberInvoiceRow>("/member-invoices", "List members' invoices", r => r.ListOwn(
                Modules.MemberInvoices,
                [
                    ("member", r.Principal.Member?.Value ?? r.Query("member")), ("month", r.Query("month")),
                    ("standing", r.Word<InvoiceStanding>("standing")?.ToString()),
                ],
                row => row.Row, row => new(row.Member)))
            .OnlyWhen(r => r.Principal.Vendor is null).Says("A member sees its own invoices.")
            .Takes("member", "Only of this member.").Takes("month", "Only for this month, e.g. `2026-07`.")
            .Takes("standing", "`open`, `issued`, `settled` or `voided`.");
        api.Get<MemberInvoiceView>(Route, "One invoice, now or as of a moment", Find).AsOf().OfMember();
        api.Get<string>(Route + "/print", "The invoice or statement as a page to print (HTML)", Print).AsOf().OfMember()
            .AnswerMedia = "text/html";
        api.Post<Charge>(Route + "/charges", "Charge a member: on this month's invoice, or the next that is not issued", (r, b) =>
                new MemberBillingWork(r.Services.Commands).Post(r.Context, Member(r), Month(r), b, r.Cancelled).Answered())
            .For(Roles.Coordinator, Roles.PoolAdmin, Roles.ProgramAdmin, Roles.Clerk)
            .Says("A reference of a source is charged once, however often it is sent.")
            .Refuses("charge-differs", "charge-removed", "amount-zero", "charge-reference-malformed").Example(() => Seats);
        Act<ChargeRemoval>(api, "/charges/removal", "Take a charge off before the invoice is issued",
            b => new MemberInvoice.Command.RemoveCharge(b.Source, b.Reference, b.Reason), "charge-unknown", "invoice-issued")
            .Example(() => new ChargeRemoval(ChargeSource.Program, "PD-2026-12:M-001", "Cancelled in time."));
        Act<IssueEntry>(api, "/issue", "Freeze and number it", b => new MemberInvoice.Command.Issue(b.Number, b.IssuedOn, b.DueOn),
            "invoice-unknown", "invoice-issued", "nothing-to-issue", "due-before-issue")
            .Example(() => new IssueEntry("2026-07-0001", Day, new(2026, 8, 19)));
        Act<Settlement>(api, "/payments", "Record a payment, all or a part", b => new MemberInvoice.Command.RecordPayment(b),
            "invoice-not-issued", "payment-exceeds-balance", "reference-taken")
            .Example(() => new Settlement("ACH 7741", Money.FromDollars(147m), Day));
        Act<PaymentReturn>(api, "/payments/return", "The bank took a payment back",
            b => new MemberInvoice.Command.ReversePayment(b.Reference, b.Reason), "payment-unknown")
            .Example(() => new PaymentReturn("ACH 7741", "R01 insufficient funds"));
        Act<CreditMemo>(api, "/credits", "Owe the member less than was issued", b => new MemberInvoice.Command.Credit(b),
            "credit-exceeds-total", "reference-taken", "invoice-not-issued")
            .Example(() => new CreditMemo("CM-12", Money.FromDollars(49m), Day, "One seat cancelled in time."));
        Act<Settlement>(api, "/refunds", "Pay back what was paid too much", b => new MemberInvoice.Command.Refund(b),
            "refund-exceeds-credit-balance").Example(() => new Settlement("RF-3", Money.FromDollars(49m), Day));
        Act<Because>(api, "/void", "Void it", b => new MemberInvoice.Command.Void(b.Reason), "invoice-has-payments", "invoice-unknown")
            .Example(() => new Because("Wrong member."));
    }

    private static ApiOperation Act<TBody>(
        ApiRoutes api, string path, string summary, Func<TBody, MemberInvoice.Command> command, params string[] codes)
        where TBody : class =>
        api.Post<TBody>(Route + path, summary, (r, body) =>
                r.Handle<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(Key(r), command(body)))
            .For(Roles.Coordinator, Roles.Clerk).Refuses(codes);

    private static MemberNo Member(ApiRequest r) => r.Id<MemberNo>("memberNo");

    private static BillingMonth Month(ApiRequest r) => r.Id<BillingMonth>("month") is { IsWellFormed: true } month
        ? month
        : throw new MalformedRequestException("month", "Give a month, e.g. 2026-07.");

    private static string Key(ApiRequest r) => MemberInvoice.Key(Member(r), Month(r));

    private static Task<Loaded<MemberInvoice.State>> Load(ApiRequest r) =>
        r.Load<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(Key(r));

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await Load(r);
        if (loaded.State.On is not { } on) return Answer.NotFound;
        var issued = loaded.State as MemberInvoice.State.Issued;
        return Answer.Versioned(
            new MemberInvoiceView(
                on.Member, on.Month, JsonNamingPolicy.CamelCase.ConvertName(loaded.State.GetType().Name),
                issued?.Number ?? (loaded.State as MemberInvoice.State.Voided)?.Number, issued?.IssuedOn, issued?.DueOn,
                [.. on.Charges.Values], on.Total, [.. issued?.Payments.Values ?? []], [.. issued?.Credits.Values ?? []],
                [.. issued?.Refunds.Values ?? []],
                issued?.Balance ?? (loaded.State is MemberInvoice.State.Voided ? Money.Zero : on.Total)),
            loaded.Version);
    }

    private static async Task<IResult> Print(ApiRequest r)
    {
        var loaded = await Load(r);
        if (loaded.State.On is null) return Answer.NotFound;
        var member = await r.Services.Commands.Load<Member, Member.Command, Member.State, Member.Event>(
            r.Services.Tenant, Member(r).Value, ct: r.Cancelled);
        var known = member.State as Membership.Member.State.Admitted;
        var cooperative = MinnesotaCooperatives.Find(known?.Cooperative ?? default)?.Name ?? known?.Cooperative.Value ?? "-";
        r.Http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return Results.Content(
            PrintedInvoice.Of(loaded.State, cooperative, known?.Facts.Name ?? Member(r).Value), "text/html; charset=utf-8");
    }
}

/// <summary>A payment that came back.</summary>
/// <param name="Reference">Of the payment.</param>
/// <param name="Reason">What the bank says.</param>
public sealed record PaymentReturn(string Reference, string Reason);
