using System.Globalization;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Exchange.X12;

/// <summary>
/// Reads ANSI X12 4010 interchanges from vendors: 855, 856 and 810, any number of each. A transaction set is used whole or not at all;
/// the 997 says which was. An interchange that cannot be taken apart is refused without one.
/// </summary>
/// <param name="limits">How much is read; <see cref="X12Limits.Default"/> when null.</param>
public sealed class X12Reader(X12Limits? limits = null) : IVendorDocumentReader
{
    private const int MaxFaults = 100;

    /// <inheritdoc/>
    public string Format => "x12";

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } = ["application/edi-x12", "application/x12"];

    /// <inheritdoc/>
    public DocumentReading Read(ReadOnlyMemory<byte> content, VendorId sender)
    {
        if (X12Interchange.Parse(content, limits ?? X12Limits.Default, out var fault) is not { } interchange)
            return new DocumentReading.Refused([fault!]);
        var outcomes = interchange.Groups.Select(g => Judge(interchange, g, sender)).ToList();
        var answer = X12Acknowledgement.Of(interchange, outcomes);
        if (answer is null)
        {
            return new DocumentReading.Refused(
                [new("acknowledgement-only", "These are acknowledgements; they carry no document, and nothing needs to be mended.")]);
        }

        var documents = outcomes.Where(o => o.IsSound).SelectMany(o => o.Sets).Where(s => s.IsAccepted)
            .SelectMany(s => s.Documents).ToList();
        var faults = outcomes.SelectMany(FaultsOf).Take(MaxFaults).ToList();
        return documents.Count > 0
            ? new DocumentReading.Read(documents) { Acknowledgement = answer, Rejected = faults }
            : new DocumentReading.Refused(faults.Count > 0 ? faults : [new("document-empty", "The interchange holds no transaction set.")])
            {
                Acknowledgement = answer,
            };
    }

    private static IEnumerable<DocumentFault> FaultsOf(GroupOutcome outcome) => outcome.Group.Faults.Select(f => f.Fault)
        .Concat(outcome.Sets.Where(s => !s.IsAccepted).SelectMany(
            s => s.Set.Faults.Select(f => f.Fault).Concat(s.Faults.Where(f => f.Rejects).Select(f => f.Fault))));

    private static GroupOutcome Judge(X12Interchange interchange, X12Group group, VendorId sender) =>
        group.Code is "FA" || group.Faults.Count > 0
            ? new(group, [.. group.Sets.Select(s => new SetOutcome(s, [], []) { Codes = CodesOf(s) })])
            : new(group, [.. group.Sets.Select(s => Judge(interchange, group, s, sender))]);

    private static SetOutcome Judge(X12Interchange interchange, X12Group group, X12Set set, VendorId sender)
    {
        // A set whose envelope is broken says nothing that could be trusted.
        if (set.Faults.Count > 0) return new(set, [], []) { Codes = CodesOf(set) };
        var reading = new SetReading(set);
        IReadOnlyList<VendorDocument>? documents = (group.Code, set.Type) switch
        {
            ("PR", "855") => Only(ResponseMapping.Read(reading, sender, NumberOf(interchange, group, set))),
            ("SH", "856") => DespatchMapping.Read(reading, sender),
            ("IN", "810") => Only(InvoiceMapping.Read(reading, sender)),
            _ => null,
        };
        if (documents is not null) return new(set, reading.Faults, reading.IsSound ? documents : []);
        var unknown = new DocumentFault(
            "document-type-unknown", "Send 855 in group PR, 856 in group SH or 810 in group IN.", set.Segments[0].At(1));
        return new(set with { Faults = [("1", unknown)] }, [], []) { Codes = ["1"] };
    }

    private static IReadOnlyList<VendorDocument> Only(VendorDocument? document) => document is null ? [] : [document];

    private static List<string> CodesOf(X12Set set) => [.. set.Faults.Select(f => f.Code).Distinct(StringComparer.Ordinal)];

    private static string NumberOf(X12Interchange interchange, X12Group group, X12Set set) => string.Create(
        CultureInfo.InvariantCulture, $"855-{interchange.ControlNumber.TrimStart('0')}-{group.ControlNumber}-{set.ControlNumber}");
}
