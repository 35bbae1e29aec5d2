namespace SSC.Purchasing.Kernel;

/// <summary>
/// Hamilton's method: every weight gets ⌊total·w/W⌋, then the missing units go one each to the largest remainders, ties to the
/// lower index (callers order by member number). Exact, independent of order but for ties, within one unit of the fair share.
/// Not house-monotone: when a total changes, share the new total afresh and book the differences. W = 0 shares equally; a
/// negative total is shared as its absolute value and negated.
/// </summary>
public static class LargestRemainder
{
    /// <summary>Shares whole units.</summary>
    /// <param name="total">Units to share; may be negative.</param>
    /// <param name="weights">Not negative; at least one unless the total is zero.</param>
    /// <returns>One share per weight, summing to the total.</returns>
    /// <exception cref="ArgumentException">A weight is negative, or there is nobody to share among.</exception>
    public static IReadOnlyList<long> Share(long total, IReadOnlyList<long> weights)
    {
        var portions = Explain(total, weights).Portions;
        var shares = new long[portions.Length];
        for (var i = 0; i < shares.Length; i++) shares[i] = portions[i].Share;
        return shares;
    }

    /// <summary>Shares money to the cent.</summary>
    /// <inheritdoc cref="Share(long, IReadOnlyList{long})"/>
    public static IReadOnlyList<Money> Share(Money total, IReadOnlyList<long> weights) =>
        [.. Share(total.Cents, weights).Select(cents => new Money(cents))];

    /// <summary>Shares a quantity in whole increments; what is less than one increment stays unplaced.</summary>
    /// <param name="total">Quantity to share; may be negative.</param>
    /// <param name="increment">Smallest lot, above zero.</param>
    /// <param name="weights">Not negative.</param>
    /// <exception cref="ArgumentException">A weight is negative, nobody to share among, or the increment is not positive.</exception>
    public static SharedQuantity Share(Quantity total, Quantity increment, IReadOnlyList<long> weights)
    {
        var lots = Lots(total, increment);
        return new([.. Share(lots, weights).Select(n => increment * n)], total - (increment * lots));
    }

    /// <summary>Shares whole units by key, ties to the lower key.</summary>
    /// <inheritdoc cref="Share(long, IReadOnlyList{long})"/>
    public static StructuralMap<TKey, long> Share<TKey>(long total, StructuralMap<TKey, long> weights)
        where TKey : notnull => Keyed(weights, Share(total, [.. weights.Values]));

    /// <summary>Shares money to the cent by key, ties to the lower key.</summary>
    /// <inheritdoc cref="Share(long, IReadOnlyList{long})"/>
    public static StructuralMap<TKey, Money> Share<TKey>(Money total, StructuralMap<TKey, long> weights)
        where TKey : notnull => Keyed(weights, Share(total, [.. weights.Values]));

    /// <summary>The shares with the figures each came from, so that every cent can be explained.</summary>
    /// <inheritdoc cref="Share(long, IReadOnlyList{long})"/>
    public static Sharing Explain(long total, IReadOnlyList<long> weights)
    {
        if (weights.Count == 0 && total != 0) throw new ArgumentException("There is nobody to share among.", nameof(weights));
        Int128 sum = 0;
        foreach (var weight in weights)
        {
            if (weight < 0) throw new ArgumentException($"A weight is negative: {weight}.", nameof(weights));
            sum += weight;
        }

        var equal = sum == 0;
        if (equal) sum = weights.Count;
        var sign = total < 0 ? -1 : 1;
        var size = Int128.Abs(total);
        var quotas = new Int128[weights.Count];
        var remainders = new Int128[weights.Count];
        var missing = size;
        for (var i = 0; i < quotas.Length; i++)
        {
            (quotas[i], remainders[i]) = Int128.DivRem(size * (equal ? 1 : weights[i]), sum);
            missing -= quotas[i];
        }

        var order = new int[quotas.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, (a, b) => remainders[a] == remainders[b] ? a.CompareTo(b) : remainders[b].CompareTo(remainders[a]));

        var portions = new Portion[quotas.Length];
        for (var rank = 0; rank < order.Length; rank++)
        {
            var i = order[rank];
            var units = quotas[i] + (rank < missing ? 1 : 0);
            portions[i] = new((long)(sign * units), (long)(sign * quotas[i]), remainders[i], rank + 1);
        }

        return new(total, sum, (int)missing, [.. portions]);
    }

    private static long Lots(Quantity total, Quantity increment) => increment > Quantity.Zero
        ? total.Thousandths / increment.Thousandths
        : throw new ArgumentException("The increment must be above zero.", nameof(increment));

    private static StructuralMap<TKey, TValue> Keyed<TKey, TValue>(StructuralMap<TKey, long> weights, IReadOnlyList<TValue> shares)
        where TKey : notnull => StructuralMap<TKey, TValue>.From(weights.Keys.Zip(shares, KeyValuePair.Create));
}

/// <summary>A total shared by largest remainder, with its figures.</summary>
/// <param name="Total">What was shared, units or cents.</param>
/// <param name="TotalWeight">Denominator of every remainder: Σ weights, or the number of sharers when all weights are zero.</param>
/// <param name="Missing">Units that the quotas left over and the largest remainders received, one each.</param>
/// <param name="Portions">One per weight, in the order given.</param>
public sealed record Sharing(
    long Total, Int128 TotalWeight, int Missing, System.Collections.Immutable.ImmutableArray<Portion> Portions);

/// <summary>One share and why it is that number.</summary>
/// <param name="Share">Units received: the quota, and one more when the rank is within the missing units.</param>
/// <param name="Quota">⌊total·w/W⌋, with the total's sign.</param>
/// <param name="Remainder">Numerator over <see cref="Sharing.TotalWeight"/>, by absolute value of the total.</param>
/// <param name="Rank">1 for the largest remainder.</param>
public sealed record Portion(long Share, long Quota, Int128 Remainder, int Rank);

/// <summary>A quantity shared in increments.</summary>
/// <param name="Shares">One per weight, in the order given.</param>
/// <param name="Unplaced">What is less than one increment.</param>
public sealed record SharedQuantity(StructuralList<Quantity> Shares, Quantity Unplaced);
