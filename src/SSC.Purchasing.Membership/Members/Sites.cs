using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>Where a truck goes.</summary>
/// <param name="Lines">One to four lines above the city.</param>
/// <param name="City">City.</param>
/// <param name="Zip">ZIP code, 5 digits or 5-4.</param>
/// <param name="State">Two capital letters.</param>
public sealed record SiteAddress(StructuralList<string> Lines, string City, string Zip, string State = "MN");

/// <summary>When a dock is open.</summary>
/// <param name="Day">Day of the week.</param>
/// <param name="From">Opens, local time.</param>
/// <param name="Until">Closes, local time, later than it opens.</param>
public sealed record DeliveryWindow(DayOfWeek Day, TimeOnly From, TimeOnly Until);

/// <summary>A delivery site of a member.</summary>
/// <param name="Name">What the member calls it, e.g. <c>High School</c>.</param>
/// <param name="Address">Where it is.</param>
public sealed record SiteFacts(string Name, SiteAddress Address)
{
    /// <summary>What a driver must know, at most 500 characters; null for nothing. No persons: a dock has no name.</summary>
    public string? DockInstructions { get; init; }

    /// <summary>When the dock is open; empty means at any business hour.</summary>
    public StructuralList<DeliveryWindow> Windows { get; init; }
}

/// <summary>A site with its standing.</summary>
/// <param name="Facts">What it is.</param>
/// <param name="Open">False when it takes no more deliveries.</param>
public sealed record Site(SiteFacts Facts, bool Open = true);

/// <summary>What a site must be to be recorded.</summary>
internal static class SiteRules
{
    /// <summary>Most sites of one member.</summary>
    public const int MaxSites = 500;

    private const int MaxLines = 4;
    private const int MaxWindows = 21;

    public static Refusal? Flaw(SiteFacts site) =>
        PlainText.Check("site-name", site.Name)
        ?? Flaw(site.Address)
        ?? PlainText.CheckOptional("dock-instructions", site.DockInstructions, PlainText.NoteLength)
        ?? (site.Windows.Count > MaxWindows ? new Refusal("too-many-windows", $"Give at most {MaxWindows} delivery windows.") : null)
        ?? site.Windows.Select(Flaw).FirstOrDefault(no => no is not null);

    private static Refusal? Flaw(SiteAddress address) =>
        (address.Lines.Count is < 1 or > MaxLines ? new Refusal("address-lines", $"Give 1 to {MaxLines} address lines.") : null)
        ?? address.Lines.Select(l => PlainText.Check("address-line", l)).FirstOrDefault(no => no is not null)
        ?? PlainText.Check("city", address.City)
        ?? (IsZip(address.Zip) ? null : new Refusal("zip-malformed", "A ZIP code is 5 digits, or 5 digits, a dash and 4 digits."))
        ?? (address.State is { Length: 2 } && address.State.All(char.IsAsciiLetterUpper)
            ? null
            : new Refusal("state-malformed", "Give the state as two capital letters, e.g. MN."));

    private static Refusal? Flaw(DeliveryWindow window) =>
        !Enum.IsDefined(window.Day) ? new("delivery-day-unknown", "Give a day of the week.")
        : window.Until <= window.From ? new("delivery-window-empty", "A delivery window must close later than it opens.")
        : null;

    private static bool IsZip(string? zip) => zip is { Length: 5 or 10 }
        && zip.AsSpan(0, 5).IndexOfAnyExceptInRange('0', '9') < 0
        && (zip.Length == 5 || (zip[5] == '-' && zip.AsSpan(6).IndexOfAnyExceptInRange('0', '9') < 0));
}
