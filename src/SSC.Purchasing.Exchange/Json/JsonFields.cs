using System.Globalization;
using System.Text.Json;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;

namespace SSC.Purchasing.Exchange.Json;

/// <summary>Reads the members of one JSON object under their path, and collects what is wrong with them.</summary>
internal sealed class JsonFields(JsonElement element, string path, List<DocumentFault> faults)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>True while nothing is wrong with the document.</summary>
    public bool IsSound => faults.Count == 0;

    /// <summary>Where a member is, e.g. <c>$.lines[2].quantity</c>.</summary>
    public string At(string name) => $"{path}.{name}";

    /// <summary>Collects a fault of a member.</summary>
    public void Wrong(string name, string code, string reason) => faults.Add(new(code, reason, At(name)));

    /// <summary>A text; null when absent or at fault.</summary>
    public string? Text(string name, int most)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && PlainText.IsWellFormed(value.GetString(), most)) return value.GetString();
        Wrong(name, "text-invalid", string.Create(CultureInfo.InvariantCulture, $"Write a text of 1 to {most} printable characters."));
        return null;
    }

    /// <summary>A text that must be there.</summary>
    public string? RequiredText(string name, int most) => Has(name) ? Text(name, most) : Missing<string>(name);

    /// <summary>An id.</summary>
    public string? Id(string name)
    {
        if (Text(name, Kernel.Id.MaxLength) is not { } text) return null;
        if (Kernel.Id.IsWellFormed(text)) return text;
        Wrong(name, "id-malformed", "An id is 1 to 64 letters, digits, '.', '_' or '-'.");
        return null;
    }

    /// <summary>An id that must be there.</summary>
    public string? RequiredId(string name) => Has(name) ? Id(name) : Missing<string>(name);

    /// <summary>A day as <c>2026-03-20</c>.</summary>
    public DateOnly? Day(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && DateOnly.TryParseExact(
            value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 1990 and <= 2100)
        {
            return day;
        }

        Wrong(name, "date-invalid", "Write a date as YYYY-MM-DD.");
        return null;
    }

    /// <summary>A day that must be there.</summary>
    public DateOnly? RequiredDay(string name) => Has(name) ? Day(name) : Missing<DateOnly>(name);

    /// <summary>A whole number above zero.</summary>
    public int? Whole(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number is >= 1 and <= 1_000_000) return number;
        Wrong(name, "number-invalid", "Write a whole number from 1 to 1,000,000.");
        return null;
    }

    /// <summary>A whole number that must be there.</summary>
    public int? RequiredWhole(string name) => Has(name) ? Whole(name) : Missing<int>(name);

    /// <summary>A quantity, price or amount: a JSON number or a text of one, exact.</summary>
    public T? Number<T>(string name, NumberReader<T> make)
        where T : struct
    {
        if (Find(name) is not { } value) return null;
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString()!,
            _ => string.Empty,
        };
        var made = make(DocumentNumbers.Read(text), out var fault);
        if (fault is { } no) Wrong(name, no.Code, no.Reason);
        return made;
    }

    /// <summary>A quantity above zero.</summary>
    public Quantity? Quantity(string name) =>
        Number(name, static (decimal? n, out Refusal? no) => DocumentNumbers.ToQuantity(n, out no));

    /// <summary>A quantity that must be there.</summary>
    public Quantity? RequiredQuantity(string name) => Has(name) ? Quantity(name) : Missing<Quantity>(name);

    /// <summary>A number that must be there.</summary>
    public T? RequiredNumber<T>(string name, NumberReader<T> make)
        where T : struct => Has(name) ? Number(name, make) : Missing<T>(name);

    /// <summary>A unit by its UN/ECE code.</summary>
    public string? RequiredUnit(string name)
    {
        if (!Has(name)) return Missing<string>(name);
        if (Text(name, 10) is not { } text) return null;
        if (Units.Find(text) is { } unit) return unit.Code;
        Wrong(name, "unit-unknown", "Write the unit's UN/ECE code as in the order, e.g. EA, RM or XCT.");
        return null;
    }

    /// <summary>A word that stands for a value.</summary>
    public T? Word<T>(string name, Func<string, T?> meaning, string expected)
        where T : struct
    {
        if (Text(name, 50) is not { } text) return null;
        if (meaning(text) is { } value) return value;
        Wrong(name, "code-unknown", expected);
        return null;
    }

    /// <summary>A word that must be there.</summary>
    public T? RequiredWord<T>(string name, Func<string, T?> meaning, string expected)
        where T : struct => Has(name) ? Word(name, meaning, expected) : Missing<T>(name);

    /// <summary>The objects of an array; none when it is absent or at fault.</summary>
    public IReadOnlyList<JsonFields> Objects(string name, int most)
    {
        if (Find(name) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > most
            || value.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.Object))
        {
            Wrong(name, "list-invalid", string.Create(CultureInfo.InvariantCulture, $"Write an array of at most {most} objects."));
            return [];
        }

        return
        [
            .. value.EnumerateArray().Select((e, i) =>
                new JsonFields(e, string.Create(CultureInfo.InvariantCulture, $"{path}.{name}[{i}]"), faults)),
        ];
    }

    /// <summary>Collects every member that nobody asked for: a misspelt one must not be passed over.</summary>
    public void NothingElse()
    {
        foreach (var member in element.EnumerateObject().Where(m => !known.Contains(m.Name)))
            faults.Add(new("member-unknown", "Remove this member, or mend its name.", $"{path}.{Shown(member.Name)}"));
    }

    private static string Shown(string name) =>
        PlainText.IsWellFormed(name, 60) ? name : "(unprintable name)";

    private bool Has(string name) => Find(name) is not null;

    private JsonElement? Find(string name)
    {
        known.Add(name);
        return element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private T? Missing<T>(string name)
    {
        Wrong(name, "member-missing", "Give this member.");
        return default;
    }
}
