using System.Diagnostics.Metrics;
using System.Globalization;
using System.Security.Cryptography;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.X12;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.VendorDocuments;

namespace SSC.Purchasing.Host.Intake;

/// <summary>What came of something received.</summary>
/// <param name="Key">Key of its record.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Kept">Its bytes, and what its sender expects back.</param>
/// <param name="Position">Log position of the last thing recorded about it.</param>
/// <param name="Stopped">What kept the rest from being handled, e.g. a busy store: the sender repeats; null when nothing did.</param>
internal sealed record Taken(
    string Key, Loaded<ReceivedDocument.State> State, KeptDocument Kept, long Position, CommandOutcome? Stopped);

/// <summary>
/// Takes in what vendors send: kept byte for byte, read by the reader of its format, recorded, and each document in it handed to the work
/// that it asks for. The same bytes are the same record: what is settled in it is not done again, what is open is done now.
/// </summary>
internal sealed class DocumentIntake(Node node)
{
    private const int LongestText = 500;
    private const int MostFlaws = 100;

    private static readonly Meter Meter = new("SSC.Purchasing.Intake");

    private static readonly Counter<long> Documents = Meter.CreateCounter<long>(
        "intake.documents", "{document}", "Documents received from vendors, by format, kind and outcome");

    /// <summary>Refusals that say that the document is not for this order at all; the sender mends it. Others need a person here.</summary>
    private static readonly HashSet<string> NotForThis = new(StringComparer.Ordinal)
    {
        "order-unknown", "wrong-vendor", "order-re-awarded", "order-cancelled", "order-closed", "order-rejected", "cancellation-pending",
        "order-already-confirmed", "response-outdated", "delivery-not-expected", "credit-invoice-unknown", "invoice-number-invalid",
        "document-id-invalid",
    };

    /// <summary>Faults by which a reader says that a document is of another format; cXML and UBL both come as XML.</summary>
    private static readonly HashSet<string> OfAnother = new(StringComparer.Ordinal) { "document-unknown", "document-dtd" };

    /// <summary>The readers of a media type, or the one of a named format.</summary>
    public IReadOnlyList<IVendorDocumentReader> ReadersOf(string mediaType, string? format) =>
    [
        .. node.Settings.DocumentReaders.Where(r => format is null
            ? r.MediaTypes.Contains(mediaType, StringComparer.OrdinalIgnoreCase)
            : string.Equals(r.Format, format, StringComparison.Ordinal)),
    ];

    /// <summary>Takes in what a vendor sent.</summary>
    /// <param name="context">Who hands it over, with which key.</param>
    /// <param name="vendor">Who sent it.</param>
    /// <param name="mediaType">As it was sent.</param>
    /// <param name="content">Its bytes, at least one.</param>
    /// <param name="readers">At least one.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<Taken> Take(
        CommandContext context, VendorId vendor, string mediaType, byte[] content, IReadOnlyList<IVendorDocumentReader> readers,
        CancellationToken ct)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        var key = ReceivedDocument.Key(vendor, hash);
        var (reader, reading) = Read(content, vendor, readers);
        var files = node.Api.Exchange.Files;
        var back = await Numbered(context, vendor, hash, reader, AcknowledgementOf(reading), ct);
        await files.Keep(context.Tenant, vendor, hash, new(mediaType, content, back), ct);
        var kept = (await files.Find(context.Tenant, vendor, hash, ct))!;
        var documents = reading is DocumentReading.Read read ? read.Documents : [];
        var receipt = new DocumentReceipt(
            vendor, hash, reader.Format, mediaType, content.Length, PartsOf(documents), FlawsOf(reading, documents));
        if (receipt.Flaws.Count > 0) receipt = receipt with { Parts = [] };
        var last = await Send(context.Part("received"), key, new ReceivedDocument.Command.Receive(receipt), ct);
        var position = 0L;
        for (var no = 1; last is CommandOutcome.Done done; no++)
        {
            position = Math.Max(position, done.Position);
            if (no > receipt.Parts.Count) return new(key, await Load(context.Tenant, key, ct), kept, position, null);
            last = await Apply(context, key, no, receipt, documents[no - 1], ct) ?? done;
        }

        return new(key, await Load(context.Tenant, key, ct), kept, position, last);
    }

    /// <summary>The record of something received.</summary>
    public Task<Loaded<ReceivedDocument.State>> Load(string tenant, string key, CancellationToken ct) =>
        node.Commands.Load<ReceivedDocument, ReceivedDocument.Command, ReceivedDocument.State, ReceivedDocument.Event>(
            tenant, key, true, ct);

    private Task<CommandOutcome> Send(CommandContext context, string key, ReceivedDocument.Command command, CancellationToken ct) =>
        node.Commands.Handle<ReceivedDocument, ReceivedDocument.Command, ReceivedDocument.State, ReceivedDocument.Event>(
            context, key, command, ct);

    /// <summary>Handles one document; null when it was settled before, not done when something kept it from being.</summary>
    private async Task<CommandOutcome?> Apply(
        CommandContext context, string key, int no, DocumentReceipt receipt, VendorDocument document, CancellationToken ct)
    {
        if ((await Load(context.Tenant, key, ct)).State is not ReceivedDocument.State.Readable { Outcomes: var outcomes }
            || outcomes[no].Standing != PartStanding.Open) return null;
        var name = string.Create(CultureInfo.InvariantCulture, $"part-{no}");
        var part = context.Part(name);
        var outcome = document switch
        {
            VendorDocument.Response d => await Respond(part, d, receipt.Vendor, ct),
            VendorDocument.Despatch d => await node.Work.Documents.Despatch(part, d.Note with { Vendor = receipt.Vendor }, ct),
            VendorDocument.Invoice d => await node.Work.Documents.Invoice(
                part, d.Document with { Vendor = receipt.Vendor }, receipt.Sha256, ct),
            _ => throw new InvalidOperationException($"Unknown document {document}."),
        };
        ReceivedDocument.Command? command = outcome switch
        {
            CommandOutcome.Done done => new ReceivedDocument.Command.RecordApplied(no, done.Repeated),
            CommandOutcome.Refused { Refusal: var no1 } when NotForThis.Contains(no1.Code) =>
                new ReceivedDocument.Command.RecordRefused(no, no1.Code, no1.Reason),
            CommandOutcome.Refused { Refusal: var no2 } => new ReceivedDocument.Command.RecordException(no, no2.Code, no2.Reason),
            _ => null,
        };
        if (command is null) return outcome;
        var recorded = await Send(context.Part($"{name}/outcome"), key, command, ct);
        if (recorded is not CommandOutcome.Done) return recorded;
        Documents.Add(
            1, new KeyValuePair<string, object?>("format", receipt.Format),
            new KeyValuePair<string, object?>("kind", receipt.Parts[no - 1].Kind.ToString()),
            new KeyValuePair<string, object?>("outcome", command.GetType().Name));
        return recorded;
    }

    /// <summary>
    /// An answer against the order that it answers: what it says of drops makes its lines; what the order does not have is an exception.
    /// </summary>
    private async Task<CommandOutcome> Respond(
        CommandContext context, VendorDocument.Response response, VendorId vendor, CancellationToken ct)
    {
        var work = node.Work.Documents;
        var answer = response.Answer with { Vendor = vendor };
        if (await work.FindOrder(context.Tenant, response.OrderNumber, vendor, ct) is { } order)
        {
            var (against, faults) = AnswersByDrop.Against(response with { Answer = answer }, order);
            if (against is null) return new CommandOutcome.Refused(new(faults[0].Code, $"{faults[0].At}: {faults[0].Message}"));
            answer = against;
        }

        return await work.Respond(context, response.OrderNumber, answer, ct);
    }

    /// <summary>The first reader that can read it; else the faults of the first that knows it as one of its own.</summary>
    private static (IVendorDocumentReader Reader, DocumentReading Reading) Read(
        byte[] content, VendorId vendor, IReadOnlyList<IVendorDocumentReader> readers)
    {
        (IVendorDocumentReader, DocumentReading)? first = null, own = null;
        foreach (var reader in readers)
        {
            var reading = reader.Read(content, vendor);
            if (reading is DocumentReading.Read) return (reader, reading);
            first ??= (reader, reading);
            if (reading is DocumentReading.Refused no && !no.Faults.All(f => OfAnother.Contains(f.Code))) own ??= (reader, reading);
        }

        return (own ?? first)!.Value;
    }

    /// <summary>A 997 goes out under a number of our own, from the same source as the orders', once for each thing received.</summary>
    private async Task<byte[]?> Numbered(
        CommandContext context, VendorId vendor, string hash, IVendorDocumentReader reader, byte[]? acknowledgement,
        CancellationToken ct) =>
        acknowledgement is not null && reader is X12Reader
            ? X12Acknowledgement.Numbered(
                acknowledgement, await node.Api.Exchange.Numbers.Of(context.Tenant, vendor, $"997/{hash}", ct), context.Now)
            : acknowledgement;

    private static byte[]? AcknowledgementOf(DocumentReading reading) => reading switch
    {
        DocumentReading.Read read => read.Acknowledgement,
        DocumentReading.Refused no => no.Acknowledgement,
        _ => null,
    };

    private static StructuralList<DocumentPart> PartsOf(IReadOnlyList<VendorDocument> documents) =>
        documents.Select(d => new DocumentPart(KindOf(d), d.DocumentId, d.OrderNumber)).ToStructuralList();

    private static VendorDocumentKind KindOf(VendorDocument document) => document switch
    {
        VendorDocument.Response => VendorDocumentKind.Response,
        VendorDocument.Despatch => VendorDocumentKind.Despatch,
        _ => VendorDocumentKind.Invoice,
    };

    private static StructuralList<DocumentFlaw> FlawsOf(DocumentReading reading, IReadOnlyList<VendorDocument> documents) => reading switch
    {
        DocumentReading.Refused no => no.Faults.Take(MostFlaws)
            .Select(f => new DocumentFlaw(f.Code, Plain(f.Message, LongestText) ?? f.Code, Plain(f.At, 200))).ToStructuralList(),
        _ when documents.Count == 0 => [new("document-empty", "It holds no document; send at least one.")],
        _ => documents.Select((d, i) => (d, No: i + 1))
            .Where(p => !PlainText.IsWellFormed(p.d.DocumentId, 100) || !PlainText.IsWellFormed(p.d.OrderNumber, 100))
            .Take(MostFlaws)
            .Select(p => new DocumentFlaw(
                "document-id-invalid", "A document has a number, and names an order, in 1 to 100 printable characters.",
                string.Create(CultureInfo.InvariantCulture, $"document {p.No}")))
            .ToStructuralList(),
    };

    private static string? Plain(string? text, int longest)
    {
        if (text is null) return null;
        var plain = new string([.. text.Where(c => !char.IsControl(c)).Take(longest)]).Trim();
        return PlainText.IsWellFormed(plain, longest) ? plain : null;
    }
}
