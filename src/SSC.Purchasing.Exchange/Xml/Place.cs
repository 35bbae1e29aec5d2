using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace SSC.Purchasing.Exchange.Xml;

/// <summary>Says where in a document something is, so that its sender finds it.</summary>
public static class Place
{
    /// <summary>E.g. <c>line 12, column 7</c>.</summary>
    public static string At(int line, int column) =>
        string.Create(CultureInfo.InvariantCulture, $"line {Math.Max(line, 1)}, column {Math.Max(column, 1)}");

    /// <summary>E.g. <c>line 12, column 7</c>.</summary>
    public static string At(IXmlLineInfo position) => At(position.LineNumber, position.LinePosition);

    /// <summary>E.g. <c>line 12, column 7: Order/OrderLine[2]/LineItem/ID</c>; siblings of one name are counted from 1.</summary>
    public static string Of(XObject node)
    {
        var position = (IXmlLineInfo)node;
        var path = Path(node);
        return position.HasLineInfo() ? $"{At(position)}: {path}" : path;
    }

    private static string Path(XObject node)
    {
        if (node is XAttribute attribute) return $"{Path(attribute.Parent!)}/@{attribute.Name.LocalName}";
        var steps = new List<string>();
        for (var element = node as XElement; element is not null; element = element.Parent)
        {
            var step = element.Name.LocalName;
            var same = element.Parent?.Elements(element.Name).Take(2).Count() > 1;
            if (same) step += string.Create(CultureInfo.InvariantCulture, $"[{element.ElementsBeforeSelf(element.Name).Count() + 1}]");
            steps.Add(step);
        }

        steps.Reverse();
        return string.Join('/', steps);
    }
}
