using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SSC.Purchasing.Kernel;

/// <summary>By which step of a policy lots were placed.</summary>
public enum ShareBasis
{
    /// <summary>There was enough for everybody served in this step.</summary>
    InFull,

    /// <summary>In proportion, by largest remainder.</summary>
    Proportion,

    /// <summary>The same for everybody, at most what was asked.</summary>
    Equal,

    /// <summary>By place in the line.</summary>
    FirstCome,
}

/// <summary>
/// One step that led to a member's number, with every figure needed to recompute it. Figures count lots of <see cref="Increment"/>.
/// Written into <see cref="Share.Reason"/> as a short token, e.g. <c>q4=12*7/22:3r18#1/2</c>: 4 lots of the ordered quantity, out of
/// 12 in proportion 7 of 22, which is 3 and remainder 18/22, rank 1 where 2 were handed out.
/// </summary>
/// <param name="Basis">The step of the policy.</param>
/// <param name="OfTolerance">True when the lots are tolerance, false when ordered quantity.</param>
/// <param name="Placed">Lots received in this step.</param>
/// <param name="Offered">Lots that there were for everybody in this step.</param>
/// <param name="Asked">Lots this member asked for in this step; the weight of a proportion.</param>
/// <param name="Over">Σ asked of a proportion, the number of sharers of an equal step, else 0.</param>
/// <param name="Quota">Proportion: whole lots before remainders.</param>
/// <param name="Remainder">Proportion: numerator over <see cref="Over"/>.</param>
/// <param name="Rank">Proportion: place of the remainder, 1 is the largest.</param>
/// <param name="HandedOut">Proportion: lots that the largest remainders received, one each.</param>
/// <param name="Ahead">First come: lots that went to earlier rows.</param>
/// <param name="Position">First come: log position of the row.</param>
/// <param name="Increment">Size of one lot.</param>
public sealed partial record ShareReason(
    ShareBasis Basis, bool OfTolerance, long Placed, long Offered = 0, long Asked = 0, long Over = 0, long Quota = 0, long Remainder = 0,
    int Rank = 0, int HandedOut = 0, long Ahead = 0, long Position = 0, Quantity Increment = default)
{
    private static readonly Quantity One = Quantity.Of(1);

    internal static ShareReason InFull(bool ofTolerance, long placed) => new(ShareBasis.InFull, ofTolerance, placed, Asked: placed);

    internal static ShareReason Proportion(bool ofTolerance, Sharing sharing, int index, long asked)
    {
        var portion = sharing.Portions[index];
        return new(
            ShareBasis.Proportion, ofTolerance, portion.Share, sharing.Total, asked, (long)sharing.TotalWeight,
            portion.Quota, (long)portion.Remainder, portion.Rank, sharing.Missing);
    }

    internal static ShareReason Equal(bool ofTolerance, long placed, long offered, int sharers, long asked) =>
        new(ShareBasis.Equal, ofTolerance, placed, offered, asked, sharers);

    internal static ShareReason FirstCome(bool ofTolerance, long placed, long offered, long ahead, long asked, long position) =>
        new(ShareBasis.FirstCome, ofTolerance, placed, offered, asked, Ahead: ahead, Position: position);

    /// <summary>
    /// The token: the steps separated by semicolons, after <c>x{increment}|</c> when a lot is not one unit; <c>-</c> for none.
    /// </summary>
    internal static string Token(Quantity increment, IReadOnlyList<ShareReason> steps)
    {
        if (steps.Count == 0) return "-";
        var text = new StringBuilder(40 * steps.Count);
        if (increment != One) text.Append('x').Append(increment).Append('|');
        for (var i = 0; i < steps.Count; i++)
        {
            if (i > 0) text.Append(';');
            steps[i].Write(text);
        }

        return text.ToString();
    }

    private void Write(StringBuilder text)
    {
        text.Append(OfTolerance ? 't' : 'q').Append(Placed).Append('=');
        _ = Basis switch
        {
            ShareBasis.InFull => text.Append("full"),
            ShareBasis.Proportion => text.Append(Offered).Append('*').Append(Asked).Append('/').Append(Over)
                .Append(':').Append(Quota).Append('r').Append(Remainder).Append('#').Append(Rank).Append('/').Append(HandedOut),
            ShareBasis.Equal => text.Append("equal").Append(Offered).Append('/').Append(Over).Append('<').Append(Asked),
            _ => text.Append("row@").Append(Position).Append(':').Append(Offered).Append('-').Append(Ahead).Append('<').Append(Asked),
        };
    }

    /// <summary>Reads a share's token back into its steps.</summary>
    /// <exception cref="FormatException">Not a token that an allocation writes.</exception>
    public static StructuralList<ShareReason> Parse(string token)
    {
        if (token is "-") return [];
        var bar = token.IndexOf('|', StringComparison.Ordinal);
        var increment = bar < 0 ? One : Quantity.FromDecimal(decimal.Parse(token.AsSpan(1, bar - 1), CultureInfo.InvariantCulture));
        return token[(bar + 1)..].Split(';').Select(step => ParseStep(step, increment)).ToStructuralList();
    }

    /// <summary>One sentence for a person, e.g. for the page that answers "why this number".</summary>
    public string Sentence()
    {
        var what = OfTolerance ? "of the tolerance" : "of the ordered quantity";
        return Basis switch
        {
            ShareBasis.InFull => $"{Lots(Placed)} {what}: there was enough for everyone.",
            ShareBasis.Proportion when Remainder == 0 && Rank > HandedOut =>
                $"{Lots(Placed)} {what}: {Lots(Offered)} shared in proportion {Lots(Asked)} of {Lots(Over)} give exactly that.",
            ShareBasis.Proportion =>
                $"{Lots(Placed)} {what}: {Lots(Offered)} shared in proportion {Lots(Asked)} of {Lots(Over)} give {Lots(Quota)}, and the "
                + $"remainder {Number(Remainder)}/{Number(Over)} ranks {Number(Rank)} where {Number(HandedOut)} more were handed out.",
            ShareBasis.Equal => Placed == Asked
                ? $"{Lots(Placed)} {what}: all that was asked, within an equal share of {Lots(Offered)} among {Number(Over)}."
                : $"{Lots(Placed)} {what}: the equal share of {Lots(Offered)} among {Number(Over)}.",
            _ => $"{Lots(Placed)} {what}: {Lots(Asked)} asked at position {Number(Position)}, "
                + $"where {Lots(Ahead)} of {Lots(Offered)} had gone to earlier rows.",
        };
    }

    private string Lots(long lots) => (Increment * lots).ToString();

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static ShareReason ParseStep(string step, Quantity increment)
    {
        var match = StepPattern().Match(step);
        if (!match.Success) throw new FormatException($"'{step}' is not a step of an allocation.");
        long Figure(string name) => match.Groups[name] is { Success: true, ValueSpan: var text }
            ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        var placed = Figure("placed");
        var reason = new ShareReason(ShareBasis.InFull, match.Groups["kind"].ValueSpan[0] == 't', placed,
            Asked: placed) { Increment = increment };
        if (match.Groups["full"].Success) return reason;
        reason = reason with { Offered = Figure("offered"), Asked = Figure("asked"), Over = Figure("over") };
        if (match.Groups["row"].Success)
            return reason with { Basis = ShareBasis.FirstCome, Position = Figure("position"), Ahead = Figure("ahead") };
        return match.Groups["equal"].Success
            ? reason with { Basis = ShareBasis.Equal }
            : reason with
            {
                Basis = ShareBasis.Proportion,
                Quota = Figure("quota"),
                Remainder = Figure("remainder"),
                Rank = (int)Figure("rank"),
                HandedOut = (int)Figure("out"),
            };
    }

    [GeneratedRegex(
        @"^(?<kind>[qt])(?<placed>\d+)=(?:(?<full>full)"
        + @"|(?<offered>\d+)\*(?<asked>\d+)/(?<over>\d+):(?<quota>\d+)r(?<remainder>\d+)#(?<rank>\d+)/(?<out>\d+)"
        + @"|(?<equal>equal)(?<offered>\d+)/(?<over>\d+)<(?<asked>\d+)"
        + @"|(?<row>row)@(?<position>\d+):(?<offered>\d+)-(?<ahead>\d+)<(?<asked>\d+))$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StepPattern();
}
