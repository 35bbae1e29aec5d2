using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace SSC.Purchasing.Exchange.Print;

/// <summary>
/// HTML under construction. What is interpolated is encoded, always; markup comes only from literals in the code, or is
/// <see cref="HtmlText"/> itself.
/// </summary>
internal sealed class HtmlText
{
    private readonly StringBuilder text = new();

    /// <summary>Adds markup with encoded values.</summary>
    public HtmlText Add([InterpolatedStringHandlerArgument("")] EncodingHandler markup)
    {
        markup.Done();
        return this;
    }

    /// <summary>The page.</summary>
    public override string ToString() => text.ToString();

    /// <summary>Encodes what is interpolated.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct EncodingHandler(int literalLength, int formattedCount, HtmlText target)
    {
        /// <summary>Markup from the code.</summary>
        public void AppendLiteral(string value) => target.text.Append(value);

        /// <summary>A value from outside.</summary>
        public void AppendFormatted<T>(T value)
        {
            var shown = value is IFormattable formattable
                ? formattable.ToString(null, CultureInfo.InvariantCulture)
                : value?.ToString();
            if (!string.IsNullOrEmpty(shown)) target.text.Append(HtmlEncoder.Default.Encode(shown));
        }

        /// <summary>Nothing is left to do; the lengths are only hints.</summary>
        public void Done() => _ = (literalLength, formattedCount);
    }
}
