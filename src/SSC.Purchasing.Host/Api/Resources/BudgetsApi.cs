using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Budgets;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A budget to adopt on the account that the route names.</summary>
/// <param name="Scheme">Chart of accounts, e.g. <c>UFARS</c>.</param>
/// <param name="Amount">Amount for the fiscal year.</param>
public sealed record BudgetAdoption(string Scheme, Money Amount);

/// <summary>Members' budgets and what is encumbered on them.</summary>
internal static class BudgetsApi
{
    private const string Route = "/budgets/{memberNo}/{fiscalYear}/{account}";
    private const string SchemeMeaning = "Chart of accounts that the account is of; `UFARS` unless told.";

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Budgets");
        api.List<BudgetEntry>("/budgets", "List budget lines; a member sees its own", r => r.List(
                Modules.Budgets,
                [
                    ("member", r.Principal.Member?.Value ?? r.Query("member")),
                    ("fiscal_year", r.Number("fiscalYear", 1990, 2200)?.ToString(CultureInfo.InvariantCulture)),
                    ("account", r.Query("account")), ("scheme", r.Query("scheme")),
                ],
                row => row.Row))
            .OnlyWhen(JointOrdersApi.NotVendor).Takes("member", "Only of this member.")
            .Takes("fiscalYear", "The year it ends in, e.g. 2027.")
            .Takes("account", "Only on this account, e.g. `01-005-203-000-401-000`.")
            .Takes("scheme", "Only of this chart of accounts, e.g. `CITY`.");
        api.Get<BudgetEntry>(Route, "One budget line, now or as of a moment", Find).AsOf().OfMember().Takes("scheme", SchemeMeaning);
        api.Put<BudgetAdoption>(Route, "Adopt a budget", (r, b) =>
            Send(r, Account(r, b.Scheme), a => new BudgetLine.Command.Adopt(r.Id<MemberNo>("memberNo"), Year(r), a, b.Amount)))
            .For(Roles.MemberApprover).OfMember().Refuses("budget-adopted", "amount-invalid", "account-invalid", "fiscal-year-invalid")
            .Example(() => new BudgetAdoption("UFARS", Money.FromDollars(48_000m)));
        api.Post<BudgetLine.Command.Amend>(Route + "/amendment", "Change the amount, for a reason", (r, b) => Send(r, Account(r), _ => b))
            .For(Roles.MemberApprover).OfMember().Refuses("budget-not-adopted", "budget-below-committed")
            .Takes("scheme", SchemeMeaning)
            .Example(() => new BudgetLine.Command.Amend(Money.FromDollars(52_000m), "Board action of 12 January."));
    }

    private static int Year(ApiRequest r) =>
        int.TryParse(r.Text("fiscalYear"), NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1990 and <= 2200
            ? year
            : throw new MalformedRequestException("fiscalYear", "Name the fiscal year by the year it ends in, e.g. 2027.");

    private static AccountCode Account(ApiRequest r, string scheme) => AccountCode.TryParse(scheme, r.Text("account"))
        ?? throw new MalformedRequestException("account",
            "An account code has 1 to 10 segments of up to 12 letters and digits, joined by dashes.");

    private static AccountCode Account(ApiRequest r) => Account(r, r.Query("scheme") ?? BudgetLine.KeyedByCode);

    private static string Key(ApiRequest r, AccountCode account) => BudgetLine.Key(r.Id<MemberNo>("memberNo"), Year(r), account);

    private static Task<IResult> Send(ApiRequest r, AccountCode account, Func<AccountCode, BudgetLine.Command> command) =>
        r.Handle<BudgetLine, BudgetLine.Command, BudgetLine.State, BudgetLine.Event>(Key(r, account), command(account));

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await r.Load<BudgetLine, BudgetLine.Command, BudgetLine.State, BudgetLine.Event>(Key(r, Account(r)));
        return Answer.Versioned(
            loaded.State is BudgetLine.State.Open b
                ? new BudgetEntry(b.Budget.Member, b.Budget.FiscalYear, b.Budget.Account, b.Budget.Amount, b.Encumbrances, b.SpentBefore)
                : null,
            loaded.Version);
    }
}
