using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Rules;

/// <summary>Roots and roundings in decimal arithmetic, the same on every machine; no binary floating point.</summary>
internal static class ExactDecimals
{
    private const int Steps = 200;

    /// <summary>The n-th root of a number from 0 to 10⁶ by Newton's method, to about 25 digits.</summary>
    public static decimal Root(decimal value, int n)
    {
        if (value == 0m) return 0m;
        var x = value > 1m ? 1m + ((value - 1m) / n) : 1m;
        for (var step = 0; step < Steps; step++)
        {
            var next = (((n - 1) * x) + (value / Power(x, n - 1))) / n;
            if (Math.Abs(next - x) <= 0.0000000000000000000001m) return next;
            x = next;
        }

        return x;
    }

    /// <summary>A whole power.</summary>
    public static decimal Power(decimal value, int exponent)
    {
        var result = 1m;
        for (var i = 0; i < exponent; i++) result *= value;
        return result;
    }

    /// <summary>An amount per employee and month, to four decimals, half away from zero.</summary>
    public static UnitPrice Pepm(decimal dollars) =>
        UnitPrice.FromDollars(decimal.Round(dollars, 4, MidpointRounding.AwayFromZero));

    /// <summary>Cents as a unit price.</summary>
    public static UnitPrice AsPrice(Money amount) => UnitPrice.FromDollars(amount.Dollars);
}
