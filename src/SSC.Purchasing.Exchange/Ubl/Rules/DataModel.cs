using System.Globalization;
using System.Xml.Linq;
using SSC.Purchasing.Exchange.Xml;

namespace SSC.Purchasing.Exchange.Ubl.Rules;

/// <summary>
/// The data model of one Peppol transaction: which elements it knows, which of them must be there, and which code lists bind them. A
/// rule that comes from the model has no text of its own; its published id follows from the model: <c>B</c>, the three-digit number of
/// the element (elements and attributes counted in document order), and the two-digit number of the rule on that element (mandatory
/// children, fixed value, code list, attributes, then "nothing else").
/// </summary>
/// <remarks>
/// <c>Data/t01.txt</c> and its like hold one element a line, indented by its depth: <c>?</c> optional, <c>*</c> and <c>+</c> repeated,
/// <c>=</c> a fixed value, <c>:</c> code lists, <c>@</c> attributes (<c>?</c> optional).
/// </remarks>
internal sealed class DataModel
{
    private readonly string prefix;
    private readonly Node root;

    private DataModel(string prefix, Node root)
    {
        this.prefix = prefix;
        this.root = root;
    }

    /// <summary>Reads the model of a transaction, e.g. <c>T01</c>.</summary>
    public static DataModel Of(string transaction)
    {
        var path = new Stack<Node>();
        Node? top = null;
        var number = 0;
        foreach (var line in RuleData.Lines($"{transaction.ToLowerInvariant()}.txt"))
        {
            var depth = line.Length - line.TrimStart(' ').Length;
            var node = Node.Parse(line.Trim(), number + 1);
            number += 1 + node.Attributes.Count;
            while (path.Count > depth) path.Pop();
            if (path.TryPeek(out var parent)) parent.Children.Add(node);
            else top = node;
            path.Push(node);
        }

        return new($"PEPPOL-{transaction}", top!);
    }

    /// <summary>What the document breaks, in document order; the root's own name is taken for granted.</summary>
    public IEnumerable<RuleViolation> Violations(XElement document) => Check(document, root);

    /// <summary>The violations of an element and what it holds, walked without recursion deeper than the model.</summary>
    private IEnumerable<RuleViolation> Check(XElement element, Node node)
    {
        var rule = 0;
        foreach (var child in node.Children.Where(c => c.IsMandatory))
        {
            rule++;
            if (!element.Elements(child.Name).Any())
                yield return Violation(node, rule, $"{node.Term} must hold {child.Term}.", element);
        }

        foreach (var violation in Values(element, node, rule)) yield return violation;
        if (node.Children.Count == 0) yield break;
        var last = rule + node.RulesOnValue + 1;
        foreach (var child in element.Elements())
        {
            if (node.Children.Find(c => c.Name == child.Name) is not { } known)
                yield return Violation(node, last, $"{node.Term} does not hold {child.Name.LocalName} in this transaction.", child);
            else
                foreach (var violation in Check(child, known)) yield return violation;
        }
    }

    private IEnumerable<RuleViolation> Values(XElement element, Node node, int before)
    {
        var rule = before;
        var text = node.Children.Count == 0 ? element.Value.Trim() : string.Empty;
        if (node.Fixed is { } value && ++rule > 0 && text != value)
            yield return Violation(node, rule, $"{node.Term} is always {value}.", element);
        if (node.Lists.Length > 0 && ++rule > 0 && !Array.Exists(node.Lists, l => CodeLists.Has(l, text)))
            yield return Violation(node, rule, $"{node.Term} takes a code of {string.Join(" or ", node.Lists)}.", element);
        foreach (var attribute in node.Attributes)
        {
            var given = element.Attribute(attribute.Name);
            if (!attribute.IsOptional && ++rule > 0 && given is null)
                yield return Violation(node, rule, $"{node.Term} must have the attribute {attribute.Name}.", element);
            if (attribute.Lists.Count > 0 && ++rule > 0 && given is not null
                && !attribute.Lists.Any(l => CodeLists.Has(l, given.Value.Trim())))
                yield return Violation(node, rule, $"{attribute.Name} takes a code of {string.Join(" or ", attribute.Lists)}.", given);
        }
    }

    private RuleViolation Violation(Node node, int rule, string meaning, XObject at)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{prefix}-B{node.Number:000}{rule:00}");
        return new(id, IsFatal: true, meaning, Place.Of(at));
    }

    private sealed record AttributeNode(string Name, bool IsOptional, IReadOnlyList<string> Lists);

    private sealed class Node
    {
        public required string Term { get; init; }

        public required int Number { get; init; }

        public required bool IsMandatory { get; init; }

        public string? Fixed { get; private set; }

        public string[] Lists { get; private set; } = [];

        public List<AttributeNode> Attributes { get; } = [];

        public List<Node> Children { get; } = [];

        public XName Name => (Children.Count > 0 ? UblNames.Cac : UblNames.Cbc) + Term;

        public int RulesOnValue => (Fixed is null ? 0 : 1) + (Lists.Length > 0 ? 1 : 0)
            + Attributes.Sum(a => (a.IsOptional ? 0 : 1) + (a.Lists.Count > 0 ? 1 : 0));

        public static Node Parse(string line, int number)
        {
            var words = line.Split(' ');
            var node = new Node { Term = words[0], Number = number, IsMandatory = !words.Contains("?") && !words.Contains("*") };
            foreach (var word in words.Skip(1))
            {
                if (word[0] == '=') node.Fixed = word[1..];
                else if (word[0] == ':') node.Lists = word[1..].Split('|');
                else if (word[0] == '@') node.Attributes.Add(Attribute(word[1..]));
            }

            return node;
        }

        private static AttributeNode Attribute(string word)
        {
            var parts = word.Split(':');
            return new(parts[0].TrimEnd('?'), parts[0].EndsWith('?'), parts.Length > 1 ? parts[1].Split('|') : []);
        }
    }
}
