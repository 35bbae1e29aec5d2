namespace SSC.Purchasing.Kernel;

/// <summary>
/// Whole cases from ordered quantity and tolerance: tolerance completes a case that quantity has opened, and never opens one.
/// What cannot fill a case is not dropped: it becomes each member's <see cref="Share.Short"/>.
/// </summary>
public static class CaseFilling
{
    /// <summary>⌊Q/S⌋, and one more when the open case can be completed with tolerance.</summary>
    /// <param name="quantity">Q: Σ quantity in member units.</param>
    /// <param name="tolerance">T: Σ tolerance, what members would take in addition.</param>
    /// <param name="caseSize">S: units in a case, above zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">A figure is negative or the case size is zero.</exception>
    public static long Cases(Quantity quantity, Quantity tolerance, Quantity caseSize)
    {
        var open = OpenCase(quantity, tolerance, caseSize);
        var full = quantity.Thousandths / caseSize.Thousandths;
        return open > Quantity.Zero && open + tolerance >= caseSize ? full + 1 : full;
    }

    /// <summary>What is ordered where the vendor sets a minimum instead of cases: nothing below it, the minimum when tolerance
    /// reaches it, else the quantity. Tolerance alone orders nothing.</summary>
    /// <param name="quantity">Q: Σ quantity.</param>
    /// <param name="tolerance">T: Σ tolerance.</param>
    /// <param name="minimum">M: the vendor's least order; zero when there is none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A figure is negative.</exception>
    public static Quantity OrderQuantity(Quantity quantity, Quantity tolerance, Quantity minimum)
    {
        NotNegative(quantity, nameof(quantity));
        NotNegative(tolerance, nameof(tolerance));
        NotNegative(minimum, nameof(minimum));
        if (quantity == Quantity.Zero || quantity + tolerance < minimum) return Quantity.Zero;
        return quantity < minimum ? minimum : quantity;
    }

    /// <summary>What the open case still lacks after tolerance; zero when every case is full or none is open.</summary>
    /// <inheritdoc cref="Cases"/>
    public static Quantity MissingToNextCase(Quantity quantity, Quantity tolerance, Quantity caseSize)
    {
        var open = OpenCase(quantity, tolerance, caseSize);
        return open == Quantity.Zero || open + tolerance >= caseSize ? Quantity.Zero : caseSize - open - tolerance;
    }

    private static Quantity OpenCase(Quantity quantity, Quantity tolerance, Quantity caseSize)
    {
        NotNegative(quantity, nameof(quantity));
        NotNegative(tolerance, nameof(tolerance));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(caseSize.Thousandths, 0, nameof(caseSize));
        return new(quantity.Thousandths % caseSize.Thousandths);
    }

    private static void NotNegative(Quantity value, string name) => ArgumentOutOfRangeException.ThrowIfNegative(value.Thousandths, name);
}
