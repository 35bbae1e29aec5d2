using System.Text;
using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Ubl;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Tests.Exchange.Vendors;

/// <summary>
/// A vendor's system that speaks one format: it writes what is meant, and knows how much of it the format can say. So reading is tested
/// against what was meant, and what is wrong is sent in every format alike.
/// </summary>
/// <param name="format">Name of the format, e.g. <c>x12</c>.</param>
/// <param name="mediaType">What it is sent as.</param>
internal abstract class VendorSystem(string format, string mediaType)
{
    private static readonly DateTimeOffset Noon = new(2026, 8, 4, 17, 0, 0, TimeSpan.Zero);

    public static readonly string[] Formats = ["x12", "ubl", "cxml", "csv", "json"];

    public string Format => format;

    public string MediaType => mediaType;

    /// <summary>The system of a format, with the order at hand that it answers.</summary>
    public static VendorSystem Of(string format, OrderDocument order) => format switch
    {
        "x12" => new X12Vendor(order),
        "ubl" => new UblVendor(order),
        "cxml" => new CxmlVendor(order),
        "csv" => new TableVendor(),
        "json" => new JsonVendor(),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No vendor here speaks it."),
    };

    public abstract byte[] Write(VendorDocument document);

    /// <summary>The same with a passage of its text replaced; the passage must be there.</summary>
    public byte[] Write(VendorDocument document, string passage, string other)
    {
        var text = Encoding.UTF8.GetString(Write(document));
        return text.Contains(passage, StringComparison.Ordinal)
            ? Encoding.UTF8.GetBytes(text.Replace(passage, other, StringComparison.Ordinal))
            : throw new ArgumentException($"'{passage}' is not in {text}", nameof(passage));
    }

    /// <summary>What a reader can know of a document that was written here.</summary>
    public virtual VendorDocument Meant(VendorDocument document) => document switch
    {
        VendorDocument.Response r => r with { Details = [] },
        _ => document,
    };

    private static TradingParty Party(string id) => new(id, id, ["1 Main Street"], "Elba", "MN", "55910")
    {
        Endpoints = new Dictionary<string, string>(StringComparer.Ordinal) { ["0060"] = "080123456" },
    };

    /// <summary>UBL, by the writer that demonstration vendors have.</summary>
    private sealed class UblVendor(OrderDocument order) : VendorSystem("ubl", "application/xml")
    {
        private readonly UblVendorWriter writer = new(Party("SSC"), Party(order.Vendor.Value));

        public override byte[] Write(VendorDocument document) => document switch
        {
            VendorDocument.Response r => writer.Response(r, DateOnly.FromDateTime(Noon.Date)),
            VendorDocument.Despatch d => writer.Despatch(d.Note),
            VendorDocument.Invoice i => writer.Invoice(i.Document),
            _ => throw new ArgumentOutOfRangeException(nameof(document)),
        };
    }

    /// <summary>cXML, likewise.</summary>
    private sealed class CxmlVendor(OrderDocument order) : VendorSystem("cxml", "text/xml")
    {
        private readonly CxmlVendorWriter writer = new(order, new(new("DUNS", "081234567"), new("DUNS", "080123456")));

        public override byte[] Write(VendorDocument document) => document switch
        {
            VendorDocument.Response r => writer.Confirmation(r, r.Answer.Revision ?? 1, "SSC", Noon),
            VendorDocument.Despatch d => writer.ShipNotice(d.Note, Noon),
            VendorDocument.Invoice i => writer.Invoice(i.Document, Noon),
            _ => throw new ArgumentOutOfRangeException(nameof(document)),
        };
    }
}
