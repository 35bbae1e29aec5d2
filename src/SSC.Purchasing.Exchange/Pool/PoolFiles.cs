using System.Globalization;
using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Experience;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Exchange.Pool;

/// <summary>Columns of the files that pools send: counts, changes of counts, experience. No column names a person.</summary>
internal enum PoolColumn
{
    Member,
    Plan,
    Tier,
    Contracts,
    Reference,
    Change,
    EffectiveOn,
    ReportedOn,
    Reason,
    Month,
    Paid,
    LargeCases,
}

/// <summary>A census of several members.</summary>
/// <param name="Counts">Contracts by plan and tier, by member.</param>
public sealed record CensusFile(StructuralMap<MemberNo, StructuralList<TierCount>> Counts);

/// <summary>A change of a member's counts, under a reference.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Member">Whose.</param>
/// <param name="Command">The change.</param>
public sealed record EnrollmentRow(int Row, MemberNo Member, EnrollmentLedger.Command.Adjust Command);

/// <summary>Changes of counts.</summary>
public sealed record EnrollmentFile(StructuralList<EnrollmentRow> Rows);

/// <summary>Month totals of one member, or of the pool as a whole.</summary>
/// <param name="Member">Whose; null for the pool.</param>
/// <param name="Months">Totals.</param>
public sealed record MemberExperience(MemberNo? Member, StructuralList<ExperienceMonth> Months);

/// <summary>Month totals.</summary>
public sealed record ExperienceFile(StructuralList<MemberExperience> Ledgers);

/// <summary>What became of a pool's file: all of it or nothing.</summary>
/// <typeparam name="T">What was in it.</typeparam>
public abstract record PoolFileOutcome<T>
{
    private PoolFileOutcome()
    {
    }

    /// <summary>The file cannot be used: a code of <see cref="TableReader"/>, <c>column-repeated</c> or <c>list-empty</c>.</summary>
    public sealed record Refused(Refusal Refusal) : PoolFileOutcome<T>;

    /// <summary>Rows are at fault; every one is named.</summary>
    public sealed record Faulty(ImportReport Report) : PoolFileOutcome<T>;

    /// <summary>Every row is sound.</summary>
    public sealed record Read(ImportReport Report, T File) : PoolFileOutcome<T>;
}

/// <summary>
/// Reads census counts, enrollment changes and experience from CSV or XLSX. Row codes: <c>member-number-malformed</c>,
/// <c>plan-malformed</c>, <c>tier-unknown</c>, <c>not-a-whole-number</c>, <c>count-out-of-range</c>, <c>reference-not-opaque</c>,
/// <c>reference-repeated</c>, <c>reason-unknown</c>, <c>date-unknown</c>, <c>month-unknown</c>, <c>amount-unknown</c>,
/// <c>row-repeated</c>, <c>cell-missing</c>, and codes of cells. A column that could name a person is not read.
/// </summary>
public static class PoolFiles
{
    private static readonly ColumnAliases<PoolColumn> Aliases = new(
        (PoolColumn.Member, ["memberNo", "Member #", "Member Number", "Member", "Group", "Group Number"]),
        (PoolColumn.Plan, ["plan", "Plan Code", "Plan Design"]),
        (PoolColumn.Tier, ["tier", "Coverage Tier", "Coverage"]),
        (PoolColumn.Contracts, ["contracts", "Count", "Employees", "Subscribers", "Contract Months"]),
        (PoolColumn.Reference, ["reference", "Change Reference", "Ref"]),
        (PoolColumn.Change, ["change", "Plus Minus", "Delta"]),
        (PoolColumn.EffectiveOn, ["effectiveOn", "Effective Date", "Effective"]),
        (PoolColumn.ReportedOn, ["reportedOn", "Report Date", "Reported"]),
        (PoolColumn.Reason, ["reason", "Change Reason"]),
        (PoolColumn.Month, ["month", "Incurred Month", "Coverage Month"]),
        (PoolColumn.Paid, ["paid", "Paid Claims", "Claims Paid"]),
        (PoolColumn.LargeCases, ["largeCases", "Large Claims", "Large Cases"]));

    /// <summary>Counts by member, plan and tier.</summary>
    public static Task<PoolFileOutcome<CensusFile>> Census(Stream source, CancellationToken ct = default) => Read(
        source, [PoolColumn.Member, PoolColumn.Plan, PoolColumn.Tier, PoolColumn.Contracts],
        cells => (Member: Member(cells), Count: Count(cells)),
        (rows, faults) =>
        {
            var counts = new Dictionary<MemberNo, List<TierCount>>();
            foreach (var (row, (member, count)) in rows)
            {
                var known = counts.TryGetValue(member, out var list) ? list : counts[member] = [];
                if (known.Any(k => k.Plan == count.Plan && k.Tier == count.Tier))
                    faults.Add(new(row, null, "row-repeated", $"{member} has {count.Plan} {count.Tier} in an earlier row; keep one."));
                known.Add(count);
            }

            return new CensusFile(counts.ToStructuralMap(c => c.Key, c => c.Value.ToStructuralList()));
        }, ct);

    /// <summary>Changes of counts, each under a reference of its own; several rows of one reference are one change.</summary>
    public static Task<PoolFileOutcome<EnrollmentFile>> Enrollment(Stream source, CancellationToken ct = default) => Read(
        source,
        [
            PoolColumn.Member, PoolColumn.Reference, PoolColumn.Plan, PoolColumn.Tier, PoolColumn.Change, PoolColumn.EffectiveOn,
            PoolColumn.ReportedOn, PoolColumn.Reason,
        ],
        cells => (
            Member: Member(cells), Reference: Reference(cells),
            Change: new CountChange(Plan(cells), TierOf(cells), Whole(cells, PoolColumn.Change, -Counts.Most)),
            Effective: Day(cells, PoolColumn.EffectiveOn), Reported: Day(cells, PoolColumn.ReportedOn), Reason: Reason(cells)),
        (rows, faults) =>
        {
            var made = new List<EnrollmentRow>();
            foreach (var group in rows.GroupBy(r => (r.Row.Member, r.Row.Reference)))
            {
                var first = group.First();
                foreach (var other in group.Where(r => (r.Row.Effective, r.Row.Reported, r.Row.Reason)
                    != (first.Row.Effective, first.Row.Reported, first.Row.Reason)))
                {
                    faults.Add(new(
                        other.Number, null, "reference-repeated", $"{group.Key.Reference} stands in row {first.Number} with other days."));
                }

                made.Add(new(first.Number, group.Key.Member, new(
                    group.Key.Reference, [.. group.Select(r => r.Row.Change)], first.Row.Effective, first.Row.Reported, first.Row.Reason)));
            }

            return new EnrollmentFile([.. made.OrderBy(m => m.Row)]);
        }, ct);

    /// <summary>Month totals by member; a row without a member is the pool as a whole.</summary>
    public static Task<PoolFileOutcome<ExperienceFile>> Experience(Stream source, CancellationToken ct = default) => Read(
        source, [PoolColumn.Member, PoolColumn.Month, PoolColumn.Contracts, PoolColumn.Paid],
        cells => (
            Member: cells.Text(PoolColumn.Member) is null ? (MemberNo?)null : Member(cells),
            Month: new ExperienceMonth(
                MonthOf(cells), Whole(cells, PoolColumn.Contracts, 0), Amount(cells),
                cells.Text(PoolColumn.LargeCases) is null ? 0 : Whole(cells, PoolColumn.LargeCases, 0))),
        (rows, faults) =>
        {
            foreach (var again in rows.GroupBy(r => (r.Row.Member, r.Row.Month.Month)).Where(g => g.Count() > 1))
                faults.Add(new(again.Last().Number, null, "row-repeated", $"{again.Key.Month} stands in row {again.First().Number}."));
            return new ExperienceFile([.. rows.GroupBy(r => r.Row.Member)
                .Select(g => new MemberExperience(g.Key, [.. g.Select(r => r.Row.Month).OrderBy(m => m.Month)]))]);
        }, ct);

    private static async Task<PoolFileOutcome<T>> Read<TRow, T>(
        Stream source, PoolColumn[] needed, Func<RowCells<PoolColumn>, TRow> row,
        Func<List<(int Number, TRow Row)>, List<RowFault>, T> whole, CancellationToken ct)
    {
        var outcome = await TableReader.Read(
            source, texts => Aliases.Match(texts) is var map && needed.All(map.Has), null, ct).ConfigureAwait(false);
        if (outcome is TableOutcome.Refused no) return new PoolFileOutcome<T>.Refused(no.Refusal);
        var table = ((TableOutcome.Read)outcome).Table;
        var columns = Aliases.Match(table.Header.Texts);
        if (columns.Repeated.Count > 0)
        {
            return new PoolFileOutcome<T>.Refused(
                new("column-repeated", $"The header names '{columns.NameOf(columns.Repeated[0])}' twice."));
        }

        if (table.Rows.Count == 0) return new PoolFileOutcome<T>.Refused(new("list-empty", "No row stands below the header."));
        var faults = new List<RowFault>();
        var rows = new List<(int Number, TRow Row)>();
        foreach (var each in table.Rows)
        {
            var cells = new RowCells<PoolColumn>(each, columns, faults);
            var read = row(cells);
            if (cells.IsSound) rows.Add((each.Number, read));
        }

        var file = whole(rows, faults);
        var report = new ImportReport(
            table.Sheet, table.Header.Number, table.Rows.Count, table.BlankRows, [.. faults.OrderBy(f => f.Row)], [], table.SourceHash);
        return faults.Count > 0 ? new PoolFileOutcome<T>.Faulty(report) : new PoolFileOutcome<T>.Read(report, file);
    }

    private static string? Needed(RowCells<PoolColumn> cells, PoolColumn column) =>
        cells.Required(column, "cell-missing", "Fill this cell.");

    private static TValue Parsed<TValue>(
        RowCells<PoolColumn> cells, PoolColumn column, Func<string, TValue?> parse, string code, string reason)
        where TValue : struct
    {
        if (Needed(cells, column) is not { } text) return default;
        if (parse(text) is { } value) return value;
        cells.Fault(column, code, reason);
        return default;
    }

    private static MemberNo Member(RowCells<PoolColumn> cells) => Parsed(
        cells, PoolColumn.Member, t => Id.IsWellFormed(t) ? new MemberNo(t) : (MemberNo?)null, "member-number-malformed",
        "A member number is letters, digits, '.', '_' or '-'.");

    private static PlanId Plan(RowCells<PoolColumn> cells) => Parsed(
        cells, PoolColumn.Plan, t => Id.IsWellFormed(t) ? new PlanId(t) : (PlanId?)null, "plan-malformed",
        "A plan code is letters, digits, '.', '_' or '-'.");

    private static OpaqueRef Reference(RowCells<PoolColumn> cells) => Parsed(
        cells, PoolColumn.Reference, t => OpaqueRef.IsWellFormed(t) ? new OpaqueRef(t) : (OpaqueRef?)null, "reference-not-opaque",
        "A reference is two to four capital letters, a dash and 4 to 12 digits; it names no person.");

    private static Tier TierOf(RowCells<PoolColumn> cells) => Parsed(
        cells, PoolColumn.Tier, t => ColumnAliases<PoolColumn>.Normal(t) switch
        {
            "s" or "single" or "employee" or "ee" => Tier.Single,
            "s1" or "singleplusone" or "employee1" or "ee1" or "singleone" => Tier.SinglePlusOne,
            "f" or "family" => Tier.Family,
            _ => (Tier?)null,
        }, "tier-unknown", "Write Single, SinglePlusOne or Family.");

    private static TierCount Count(RowCells<PoolColumn> cells) =>
        new(Plan(cells), TierOf(cells), Whole(cells, PoolColumn.Contracts, 0));

    private static int Whole(RowCells<PoolColumn> cells, PoolColumn column, int least)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowThousands;
        var value = Parsed(
            cells, column, t => int.TryParse(t, style, CultureInfo.InvariantCulture, out var n) ? n : (int?)null, "not-a-whole-number",
            "Write a whole number.");
        if (value < least || value > Counts.Most)
            cells.Fault(column, "count-out-of-range", $"Write a number from {least} to {Counts.Most}.");
        return value;
    }

    private static Money Amount(RowCells<PoolColumn> cells)
    {
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands;
        return Parsed(
            cells, PoolColumn.Paid,
            t => decimal.TryParse(t.TrimStart('$'), style, CultureInfo.InvariantCulture, out var d) && d < 10_000_000_000m
                && decimal.Truncate(d * 100m) == d * 100m ? Money.FromDollars(d) : (Money?)null,
            "amount-unknown", "Write dollars and cents, not negative, e.g. 1,234.56.");
    }

    private static DateOnly Day(RowCells<PoolColumn> cells, PoolColumn column) => Parsed(
        cells, column, t => DateOnly.TryParseExact(
            t, ["yyyy-MM-dd", "M/d/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null,
        "date-unknown", "Write a date such as 2027-03-01 or 3/1/2027.");

    private static CoverageMonth MonthOf(RowCells<PoolColumn> cells) => Parsed(
        cells, PoolColumn.Month, t => CoverageMonth.TryParse(t.Length == 10 && t.EndsWith("-01", StringComparison.Ordinal) ? t[..7] : t),
        "month-unknown", "Write a month such as 2027-03.");

    private static ChangeReason Reason(RowCells<PoolColumn> cells) => Parsed(
        cells, PoolColumn.Reason, t => Enum.GetValues<ChangeReason>().Cast<ChangeReason?>().FirstOrDefault(
            r => string.Equals(r.ToString(), ColumnAliases<PoolColumn>.Normal(t), StringComparison.OrdinalIgnoreCase)),
        "reason-unknown", "Write a reason of the list, e.g. NewHire, Termination or FamilyChange.");
}
