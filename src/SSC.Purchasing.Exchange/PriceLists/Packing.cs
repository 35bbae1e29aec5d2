using System.Text.RegularExpressions;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;

namespace SSC.Purchasing.Exchange.PriceLists;

/// <summary>How an item is packed, as far as ordering is concerned.</summary>
/// <param name="CaseSize">Order units in a case; one when the order unit is itself the package.</param>
/// <param name="Package">What the case is, when the list says so.</param>
/// <param name="Content">What is in the package that is ordered, e.g. <c>10 RM</c>: said in the description.</param>
internal sealed record Packing(Quantity CaseSize, UnitOfMeasure? Package, string? Content)
{
    /// <summary>No case above the order unit.</summary>
    public static readonly Packing Loose = new(Quantity.Of(1), null, null);
}

/// <summary>Reads pack texts: <c>12</c>, <c>12/CS</c>, <c>10 RM/CT</c>, <c>case of 24</c>, <c>6 per box</c>, <c>40 CT/pallet</c>.</summary>
internal static partial class PackText
{
    /// <summary>
    /// A unit cell that says its pack too: <c>CS/12</c>, <c>12/CS</c>, <c>case of 24</c>, <c>CT (10 RM)</c>; unit and pack.
    /// </summary>
    public static (string Unit, string? Pack) SplitUnit(string text)
    {
        var match = UnitThenPack().Match(text);
        if (!match.Success) match = PackThenUnit().Match(text);
        return match.Success ? (match.Groups["unit"].Value, match.Groups["n"].Value) : (text, null);
    }

    /// <summary>The packing of an item ordered by a unit; null when the text cannot be told.</summary>
    public static Packing? Read(string text, UnitOfMeasure unit)
    {
        if (PriceText.ReadQuantity(text) is { } plain) return OfNumber(plain, unit, text);
        var match = CountInPackage().Match(text);
        if (!match.Success) match = PackageOfCount().Match(text);
        if (!match.Success || PriceText.ReadQuantity(match.Groups["n"].Value) is not { } count || count <= Quantity.Zero)
            return unit.IsPackage ? Packing.Loose with { Content = text } : null;

        var counted = match.Groups["unit"].Success ? VendorUnits.Find(match.Groups["unit"].Value, out _) : null;
        var package = match.Groups["package"].Success ? VendorUnits.Find(match.Groups["package"].Value, out _) : null;
        if (counted == unit && package != unit && (package is null || package.IsPackage)) return new(count, package, null);
        if (unit.IsPackage) return Packing.Loose with { Content = text };
        return !match.Groups["unit"].Success && package is { IsPackage: true } ? new(count, package, null) : null;
    }

    private static Packing? OfNumber(Quantity count, UnitOfMeasure unit, string text) =>
        count <= Quantity.Zero ? null
        : count == Quantity.Of(1) ? Packing.Loose
        : unit.IsPackage ? Packing.Loose with { Content = text }
        : new(count, null, null);

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"^(?<unit>[a-z]{2,10})\s*(/|of|\()\s*(?<n>[0-9][0-9,.]{0,9}(\s*[a-z]{2,10})?)\s*\)?$",
        Options, matchTimeoutMilliseconds: 200)]
    private static partial Regex UnitThenPack();

    [GeneratedRegex(@"^(?<n>[0-9][0-9,.]{0,9}(\s*[a-z]{2,10})?)\s*(/|per)\s*(?<unit>[a-z]{2,10})$", Options, matchTimeoutMilliseconds: 200)]
    private static partial Regex PackThenUnit();

    [GeneratedRegex(
        @"^(?<n>[0-9][0-9,.]{0,9})\s*(?<unit>[a-z]{2,10})?\s*((/|per)\s*(a\s+)?(?<package>[a-z]{2,10}))?$",
        Options, matchTimeoutMilliseconds: 200)]
    private static partial Regex CountInPackage();

    [GeneratedRegex(
        @"^(?<package>[a-z]{2,10})\s+of\s+(?<n>[0-9][0-9,.]{0,9})\s*(?<unit>[a-z]{2,10})?$",
        Options, matchTimeoutMilliseconds: 200)]
    private static partial Regex PackageOfCount();
}
