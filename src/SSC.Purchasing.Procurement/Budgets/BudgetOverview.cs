using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Budgets;

/// <summary>A budget line as a member's business office sees it.</summary>
/// <param name="Member">The member.</param>
/// <param name="FiscalYear">The year it ends in.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The budget as amended.</param>
/// <param name="Encumbrances">What is set aside, by reference.</param>
/// <param name="SpentBefore">Paid under references released since.</param>
public sealed record BudgetEntry(
    MemberNo Member, int FiscalYear, AccountCode Account, Money Amount, StructuralMap<string, Encumbrance> Encumbrances, Money SpentBefore)
{
    /// <summary>All that was paid.</summary>
    public Money Spent => SpentBefore + Encumbrances.Values.Select(e => e.Spent).Sum();

    /// <summary>Set aside and not paid yet.</summary>
    public Money Encumbered => Encumbrances.Values.Select(e => e.Committed() - e.Spent).Sum();

    /// <summary>What may still be set aside; negative after an override.</summary>
    public Money Available => Amount - Spent - Encumbered;
}

/// <summary>Every budget line, by key; by member, fiscal year, account and chart of accounts.</summary>
public sealed class BudgetOverview : ReadModel<BudgetEntry>
{
    /// <inheritdoc/>
    public override string Name => "budget_lines";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<BudgetEntry>> Indexes { get; } =
    [
        new("member", r => r.Member.Value),
        new("fiscal_year", r => r.FiscalYear.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        new("account", r => r.Account.Code),
        new("scheme", r => r.Account.Scheme),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<BudgetLine.Event>(BudgetLine.Category);

    /// <inheritdoc/>
    public override BudgetEntry? Apply(string key, BudgetEntry? row, RecordedEvent e) => (row, (BudgetLine.Event)e.Fact) switch
    {
        (_, BudgetLine.Event.Adopted f) => new(f.Member, f.FiscalYear, f.Account, f.Amount, default, Money.Zero),
        ({ } r, BudgetLine.Event.Amended f) => r with { Amount = f.Amount },
        ({ } r, BudgetLine.Event.Reserved f) => r with { Encumbrances = r.Encumbrances.Set(f.Reference, new(f.Amount, Money.Zero)) },
        ({ } r, BudgetLine.Event.Adjusted f) => Change(r, f.Reference, x => x with { Reserved = f.Amount }),
        ({ } r, BudgetLine.Event.Liquidated f) => Change(r, f.Reference, x => x with { Spent = x.Spent + f.Amount }),
        ({ } r, BudgetLine.Event.Released f) => r with
        {
            SpentBefore = r.SpentBefore + r.Encumbrances[f.Reference].Spent,
            Encumbrances = r.Encumbrances.Remove(f.Reference),
        },
        _ => throw new InvalidOperationException($"{e.Stream} does not begin with an adopted budget."),
    };

    private static BudgetEntry Change(BudgetEntry row, string reference, Func<Encumbrance, Encumbrance> change) =>
        row with { Encumbrances = row.Encumbrances.Set(reference, change(row.Encumbrances[reference])) };
}
