using FsCheck;
using FsCheck.Fluent;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.VendorDocuments;
using SSC.Purchasing.Tests.Properties;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Procurement.VendorDocuments.ReceivedDocument;

namespace SSC.Purchasing.Tests.Procurement.VendorDocuments;

public class ReceivedDocumentSpecs : SpecFor<ReceivedDocument, Command, State, Event>
{
    internal static readonly DocumentReceipt Receipt = new(
        new("V-1"), new string('a', 64), "x12", "application/edi-x12", 512,
        [new(VendorDocumentKind.Response, "R-1", "PO-1"), new(VendorDocumentKind.Invoice, "I-1", "PO-1")], []);

    internal static readonly DocumentReceipt Unreadable =
        Receipt with { Parts = [], Flaws = [new("document-malformed", "Segment 3 has no terminator.", "segment 3")] };

    private static readonly Event Received = new Event.Received(Receipt);

    [Fact]
    public void what_arrives_is_recorded_once_however_often_the_same_bytes_come()
    {
        Given().When(new Command.Receive(Receipt)).Records(Received);
        Given(Received).When(new Command.Receive(Receipt)).RecordsNothing();
    }

    [Fact]
    public void a_receipt_says_either_its_documents_or_its_flaws()
    {
        foreach (var wrong in new[]
        {
            Receipt with { Parts = [] }, Receipt with { Flaws = Unreadable.Flaws }, Receipt with { Sha256 = "A" },
            Receipt with { Bytes = 0 }, Receipt with { Parts = [new(VendorDocumentKind.Response, "", "PO-1")] },
        })
        {
            Given().When(new Command.Receive(wrong)).Refuses("document-receipt-invalid");
        }
    }

    [Fact]
    public void each_document_in_it_has_its_own_outcome()
    {
        Given(Received).When(new Command.RecordApplied(1, false)).Records(new Event.Applied(1, false));
        Given(Received, new Event.Applied(1, false)).When(new Command.RecordApplied(1, false)).RecordsNothing();
        Given(Received, new Event.Applied(1, false)).When(new Command.RecordRefused(1, "order-unknown", "No such order."))
            .Refuses("document-part-settled");
        Given(Received).When(new Command.RecordApplied(3, false)).Refuses("document-part-unknown");
        Given().When(new Command.RecordApplied(1, false)).Refuses("document-unknown");
    }

    [Fact]
    public void an_exception_waits_until_somebody_has_dealt_with_it()
    {
        var raised = new Event.ExceptionRaised(1, "response-unknown-line", "The order has no line 9.");
        Given(Received).When(new Command.Resolve(1, "asked")).Refuses("document-not-an-exception");
        Given(Received, raised).When(new Command.Resolve(1, "")).Refuses("outcome-invalid");
        Given(Received, raised).When(new Command.Resolve(1, "The vendor sent another one."))
            .Records(new Event.ExceptionResolved(1, "The vendor sent another one."));
    }

    [Fact]
    public void nothing_becomes_of_what_cannot_be_read() =>
        Given(new Event.Received(Unreadable)).When(new Command.RecordApplied(1, false)).Refuses("document-part-unknown");
}

public class ReceivedDocumentLaws : DeciderLaws<ReceivedDocument, Command, State, Event>
{
    protected override Gen<Command> Commands => Gen.Frequency(
        (3, Gen.Elements<Command>(
            new Command.Receive(ReceivedDocumentSpecs.Receipt), new Command.Receive(ReceivedDocumentSpecs.Unreadable))),
        (2, Gen.Choose(0, 3).Select(n => (Command)new Command.RecordApplied(n, n == 2))),
        (2, Gen.Choose(0, 3).Select(n => (Command)new Command.RecordRefused(n, "order-unknown", "No such order."))),
        (2, Gen.Choose(0, 3).Select(n => (Command)new Command.RecordException(n, n == 3 ? "Not A Code!" : "unit-differs", "By the case."))),
        (2, from n in Gen.Choose(0, 3) from how in Gen.Elements("asked", "") select (Command)new Command.Resolve(n, how)));
}
