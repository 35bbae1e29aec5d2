using System.Globalization;
using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Exchange.Members;

/// <summary>What an import of members starts from.</summary>
/// <param name="Cooperative">Whose members they are.</param>
/// <param name="DryRun">True to see what would happen and get nothing to execute.</param>
public sealed record MemberImportRequest(CooperativeId Cooperative, bool DryRun)
{
    /// <summary>Members already there, as they stand: those of the list are brought up to date, others are left alone.</summary>
    public IReadOnlyDictionary<MemberNo, MemberFacts> Current { get; init; } = new Dictionary<MemberNo, MemberFacts>();
}

/// <summary>A command for one member.</summary>
public sealed record MemberCommand(MemberNo Member, Member.Command Command);

/// <summary>What an import would do, counted.</summary>
/// <param name="Admitted">New members.</param>
/// <param name="Changed">Members whose facts change.</param>
/// <param name="Unchanged">Members of the list that stand as it says.</param>
public sealed record MemberImportEffect(int Admitted, int Changed, int Unchanged);

/// <summary>What became of a list of members: all of it or nothing.</summary>
public abstract record MemberImportOutcome
{
    private MemberImportOutcome()
    {
    }

    /// <summary>The file cannot be used; a code of <see cref="TableReader"/>, <c>column-repeated</c> or <c>list-empty</c>.</summary>
    public sealed record Refused(Refusal Refusal) : MemberImportOutcome;

    /// <summary>Rows are at fault; nothing is imported.</summary>
    public sealed record Faulty(ImportReport Report) : MemberImportOutcome;

    /// <summary>A dry run found nothing wrong.</summary>
    public sealed record Previewed(ImportReport Report, MemberImportEffect Effect) : MemberImportOutcome;

    /// <summary>Execute these commands, in order.</summary>
    public sealed record Ready(ImportReport Report, MemberImportEffect Effect, IReadOnlyList<MemberCommand> Commands) : MemberImportOutcome;
}

/// <summary>
/// Reads a list of members from CSV or XLSX. Needed columns: number, name, type, county; known ones: kind, voting, enrollment,
/// teachers, services. Row codes: <c>member-number-*</c>, <c>member-repeated</c>, <c>member-type-unknown</c>, <c>kind-unknown</c>,
/// <c>voting-unknown</c>, <c>service-unknown</c>, <c>not-a-whole-number</c>, codes of cells, and those of <see cref="MemberRules.Flaw"/>.
/// </summary>
public static class MemberImport
{
    // The terms of participating membership name one or two services; lists that name none mean these two.
    private static readonly StructuralList<CooperativeService> ParticipatingServices =
        [CooperativeService.Purchasing, CooperativeService.Programs];

    /// <summary>Reads the list and prepares its commands.</summary>
    public static async Task<MemberImportOutcome> Read(
        Stream source, MemberImportRequest request, TableLimits? limits = null, CancellationToken ct = default)
    {
        var outcome = await TableReader.Read(source, IsHeader, limits, ct).ConfigureAwait(false);
        if (outcome is TableOutcome.Refused no) return new MemberImportOutcome.Refused(no.Refusal);
        var table = ((TableOutcome.Read)outcome).Table;
        var columns = MemberColumns.Aliases.Match(table.Header.Texts);
        if (columns.Repeated.Count > 0)
            return Refuse("column-repeated", $"The header names '{columns.NameOf(columns.Repeated[0])}' twice.");
        if (table.Rows.Count == 0) return Refuse("list-empty", "No row stands below the header.");

        var faults = new List<RowFault>();
        var notes = new List<RowNote>();
        var members = ReadRows(table, columns, faults, notes);
        var report = new ImportReport(
            table.Sheet, table.Header.Number, table.Rows.Count, table.BlankRows, faults, notes, table.SourceHash);
        if (faults.Count > 0) return new MemberImportOutcome.Faulty(report);

        var commands = members.SelectMany(m => CommandsFor(m.Key, m.Value.Facts, request)).ToList();
        var admitted = commands.Count(c => c.Command is Member.Command.Admit);
        var changed = commands.Select(c => c.Member).Distinct().Count() - admitted;
        var effect = new MemberImportEffect(admitted, changed, members.Count - admitted - changed);
        return request.DryRun
            ? new MemberImportOutcome.Previewed(report, effect)
            : new MemberImportOutcome.Ready(report, effect, commands);
    }

    private static MemberImportOutcome.Refused Refuse(string code, string reason) => new(new(code, reason));

    private static bool IsHeader(IReadOnlyList<string> row)
    {
        var columns = MemberColumns.Aliases.Match(row);
        return columns.Has(MemberColumn.Number) && columns.Has(MemberColumn.Name) && columns.Has(MemberColumn.Type)
            && columns.Has(MemberColumn.County);
    }

    private static SortedDictionary<MemberNo, (int Row, MemberFacts Facts)> ReadRows(
        Table table, ColumnMap<MemberColumn> columns, List<RowFault> faults, List<RowNote> notes)
    {
        var members = new SortedDictionary<MemberNo, (int Row, MemberFacts Facts)>();
        foreach (var row in table.Rows)
        {
            var cells = new RowCells<MemberColumn>(row, columns, faults);
            if (ReadRow(cells) is not var (number, facts)) continue;
            if (members.TryAdd(number, (row.Number, facts))) continue;
            var first = members[number];
            if (first.Facts == facts) notes.Add(new(row.Number, "row-repeated", $"The same as row {first.Row}; counted once."));
            else cells.Fault(MemberColumn.Number, "member-repeated", $"{number} stands in row {first.Row} with other facts; keep one row.");
        }

        return members;
    }

    private static (MemberNo Number, MemberFacts Facts)? ReadRow(RowCells<MemberColumn> cells)
    {
        var number = cells.Required(MemberColumn.Number, "member-number-missing", "Give the member's number.");
        if (number is not null && !Id.IsWellFormed(number))
            cells.Fault(MemberColumn.Number, "member-number-malformed", "A member number is letters, digits, '.', '_', '-' or ':'.");
        var name = cells.Required(MemberColumn.Name, "name-missing", "Give the organization's name.");
        var county = cells.Required(MemberColumn.County, "county-missing", "Give the county.");
        var (type, kind) = ReadType(cells, name ?? string.Empty);
        var voting = Parsed(cells, MemberColumn.Voting, MemberColumns.YesOrNo, "voting-unknown", "Write yes or no.");
        var services = ReadServices(cells, type);
        var enrollment = HeadCount(cells, MemberColumn.Enrollment);
        var teachers = HeadCount(cells, MemberColumn.Teachers);
        if (!cells.IsSound) return null;

        var facts = new MemberFacts(name!, type, kind, county!, voting ?? MemberRules.Votes(type), enrollment, teachers)
        {
            Services = services,
        };
        if (MemberRules.Flaw(facts) is not { } flaw) return (new(number!), facts);
        cells.Fault(ColumnOf(flaw.Code), flaw.Code, flaw.Reason);
        return null;
    }

    private static (MemberType Type, MemberKind Kind) ReadType(RowCells<MemberColumn> cells, string name)
    {
        var text = cells.Required(MemberColumn.Type, "member-type-missing", "Give the membership type.");
        if (text is null) return default;
        if (MemberColumns.TypeOf(text, name) is not var (type, kind))
        {
            cells.Fault(
                MemberColumn.Type, "member-type-unknown",
                "Write Education, AssociateEducation, CityCountyOtherGovernment, NonProfit or Participating.");
            return default;
        }

        var stated = Parsed(cells, MemberColumn.Kind, MemberColumns.KindOf, "kind-unknown", "Write a kind such as City or CharterSchool.");
        return (type, stated ?? kind);
    }

    private static StructuralList<CooperativeService> ReadServices(RowCells<MemberColumn> cells, MemberType type)
    {
        if (cells.Text(MemberColumn.Services) is not { } text) return type == MemberType.Participating ? ParticipatingServices : [];
        var services = new List<CooperativeService>();
        foreach (var word in text.Split([',', ';', '/', '+'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (MemberColumns.ServiceOf(word) is { } service) services.Add(service);
            else cells.Fault(MemberColumn.Services, "service-unknown", "Write services such as Purchasing, Programs or Technology.");
        }

        return [.. services];
    }

    private static T? Parsed<T>(RowCells<MemberColumn> cells, MemberColumn column, Func<string, T?> parse, string code, string reason)
        where T : struct
    {
        if (cells.Text(column) is not { } text) return null;
        var value = parse(text);
        if (value is null) cells.Fault(column, code, reason);
        return value;
    }

    private static int? HeadCount(RowCells<MemberColumn> cells, MemberColumn column) =>
        Parsed<int>(
            cells, column,
            text => int.TryParse(
                text, NumberStyles.AllowThousands | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null,
            "not-a-whole-number", "Write a whole number, or leave the cell empty.");

    private static IEnumerable<MemberCommand> CommandsFor(MemberNo member, MemberFacts facts, MemberImportRequest request)
    {
        if (!request.Current.TryGetValue(member, out var now))
        {
            yield return new(member, new Member.Command.Admit(member, request.Cooperative, facts));
            yield break;
        }

        var corrected = now with { Name = facts.Name, County = facts.County, Enrollment = facts.Enrollment, Teachers = facts.Teachers };
        var change = new MemberCommand(member, new Member.Command.ChangeType(facts.Type, facts.Kind, facts.Voting, facts.Services));
        var correct = new MemberCommand(
            member, new Member.Command.Correct(facts.Name, facts.County, facts.Enrollment, facts.Teachers));
        var types = corrected != facts;
        // A charter school that grows or shrinks: the facts first or the type first, whichever is sound in between.
        var typeFirst = types && MemberRules.Flaw(corrected) is not null;
        if (typeFirst) yield return change;
        if (corrected != now) yield return correct;
        if (types && !typeFirst) yield return change;
    }

    private static MemberColumn ColumnOf(string code) => code.Split('-')[0] switch
    {
        "name" => MemberColumn.Name,
        "county" => MemberColumn.County,
        "kind" => MemberColumn.Kind,
        "voting" => MemberColumn.Voting,
        "enrollment" or "charter" => MemberColumn.Enrollment,
        "teachers" => MemberColumn.Teachers,
        "services" or "service" => MemberColumn.Services,
        _ => MemberColumn.Type,
    };
}
