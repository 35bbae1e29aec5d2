using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Exchange.Documents;

/// <summary>A document that came from a vendor, in the words of this service, whatever its format was.</summary>
/// <param name="DocumentId">The vendor's own number of it.</param>
/// <param name="OrderNumber">Number of the purchase order it is about.</param>
public abstract record VendorDocument(string DocumentId, string OrderNumber)
{
    /// <summary>An answer to an order.</summary>
    public sealed record Response(string OrderNumber, VendorResponse Answer) : VendorDocument(Answer.DocumentId, OrderNumber)
    {
        /// <summary>
        /// The lines as the vendor wrote them, where the format answers drop by drop or states units; empty otherwise. Take
        /// <see cref="AnswersByDrop.Against"/> to answer the order exactly.
        /// </summary>
        public StructuralList<AnswerDetail> Details { get; init; }

        /// <summary>True when the vendor accepts every line that it does not name (a cXML confirmation with exceptions).</summary>
        public bool AcceptsTheRest { get; init; }
    }

    /// <summary>Goods on their way.</summary>
    public sealed record Despatch(DespatchNote Note) : VendorDocument(Note.DocumentId, Note.OrderNumber);

    /// <summary>An invoice or a credit memo.</summary>
    public sealed record Invoice(InvoiceDocument Document) : VendorDocument(Document.Number, Document.OrderNumber);
}

/// <summary>Why a document could not be read. Nothing of it was used.</summary>
/// <param name="Code">Stable kebab-case code, e.g. <c>document-malformed</c>, <c>document-version</c>, <c>document-too-large</c>.</param>
/// <param name="Message">One sentence that says how to mend it.</param>
/// <param name="At">Where: line and column, segment and element, or a path; null when the whole document is meant.</param>
public sealed record DocumentFault(string Code, string Message, string? At = null);

/// <summary>What reading found.</summary>
public abstract record DocumentReading
{
    private DocumentReading()
    {
    }

    /// <summary>What the file holds: at least one document (an X12 interchange may hold several).</summary>
    public sealed record Read(IReadOnlyList<VendorDocument> Documents) : DocumentReading
    {
        /// <summary>
        /// What was rejected beside them: a format that carries several documents in one file may reject some and take the others.
        /// Nothing of a rejected one is in <see cref="Documents"/>.
        /// </summary>
        public IReadOnlyList<DocumentFault> Rejected { get; init; } = [];

        /// <summary>What the sender expects back at once, e.g. an X12 997; null for nothing.</summary>
        public byte[]? Acknowledgement { get; init; }
    }

    /// <summary>Why it could not be read, the first faults first, at most 100.</summary>
    public sealed record Refused(IReadOnlyList<DocumentFault> Faults) : DocumentReading
    {
        /// <summary>What the sender expects back at once, e.g. an X12 997 that rejects; null for nothing.</summary>
        public byte[]? Acknowledgement { get; init; }
    }
}

/// <summary>Reads vendors' documents of one format. Pure: the same bytes always give the same reading.</summary>
public interface IVendorDocumentReader
{
    /// <summary>Name of the format, e.g. <c>ubl</c>, <c>x12</c>, <c>cxml</c>, <c>json</c>, <c>csv</c>.</summary>
    string Format { get; }

    /// <summary>Media types it is sent under, the usual one first.</summary>
    IReadOnlyList<string> MediaTypes { get; }

    /// <summary>Reads a document that <paramref name="sender"/> handed over; the sender is known by its key, not by the document.</summary>
    DocumentReading Read(ReadOnlyMemory<byte> content, VendorId sender);
}
