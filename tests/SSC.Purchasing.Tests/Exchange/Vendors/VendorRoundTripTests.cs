using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Exchange.Csv;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Json;
using SSC.Purchasing.Exchange.X12;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using Xunit;

namespace SSC.Purchasing.Tests.Exchange.Vendors;

/// <summary>
/// Any answer, despatch and invoice that a vendor writes in X12, JSON or a sheet is read as it was meant. UBL and cXML have theirs
/// beside their readers, since they answer drop by drop.
/// </summary>
public class VendorRoundTripTests
{
    private static readonly OrderDocument Order = VendorSamples.Order;

    [Theory]
    [InlineData("x12")]
    [InlineData("json")]
    [InlineData("csv")]
    [InlineData("xlsx")]
    public void responses_are_read_as_meant(string format) => Holds(
        from response in VendorSamples.Responses
        from revision in Gen.Elements<int?>(null, 1, 12)
        select (VendorDocument)(response with { Answer = response.Answer with { Revision = revision } }), format);

    [Theory]
    [InlineData("x12")]
    [InlineData("json")]
    [InlineData("csv")]
    [InlineData("xlsx")]
    public void despatch_advices_are_read_as_meant(string format) => Holds(
        from note in VendorSamples.Despatches
        from lines in AnyLines(note)
        select (VendorDocument)new VendorDocument.Despatch(note with { Lines = lines }), format);

    [Theory]
    [InlineData("x12")]
    [InlineData("json")]
    [InlineData("csv")]
    [InlineData("xlsx")]
    public void invoices_and_credit_memos_are_read_as_meant(string format) =>
        Holds(VendorSamples.Invoices.Select(i => (VendorDocument)new VendorDocument.Invoice(i)), format);

    /// <summary>Up to four lots on the note, some with a rest that follows later.</summary>
    private static Gen<StructuralList<DespatchLine>> AnyLines(DespatchNote note) =>
        from count in Gen.Choose(1, 4)
        from thousandths in Gen.Choose(1, 99_000).ArrayOf(count)
        from rest in Gen.Choose(-9_000, 9_000).ArrayOf(count)
        select Enumerable.Range(0, count).Select(i => note.Lines[0] with
        {
            Quantity = new Quantity(thousandths[i]),
            BackOrdered = rest[i] > 0 ? new Quantity(rest[i]) : null,
            Lot = i == 0 ? note.Lines[0].Lot : $"LOT {i}",
        }).ToStructuralList();

    private static void Holds(Gen<VendorDocument> any, string format) =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(any.ToArbitrary(), document =>
        {
            var system = VendorSystem.Of(format is "xlsx" ? "csv" : format, Order);
            var bytes = format is "xlsx" ? Workbooks.OfRows(Workbooks.Rows(TableVendor.Rows(document))) : system.Write(document);
            IVendorDocumentReader reader = format switch
            {
                "x12" => new X12Reader(),
                "json" => new JsonDocumentReader(),
                _ => new TableDocumentReader(format),
            };
            reader.Read(bytes, Order.Vendor).ShouldBeOfType<DocumentReading.Read>()
                .Documents.ShouldHaveSingleItem().ShouldBe(system.Meant(document));
        }));
}
