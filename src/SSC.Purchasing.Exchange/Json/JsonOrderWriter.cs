using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Exchange.Json;

/// <summary>A purchase order as the recorded bytes themselves: their SHA-256 is the content hash of the revision.</summary>
public sealed class JsonOrderWriter : IOrderWriter
{
    /// <inheritdoc/>
    public string Format => "json";

    /// <inheritdoc/>
    public string MediaType => "application/json";

    /// <inheritdoc/>
    public string FileExtension => "json";

    /// <inheritdoc/>
    public byte[] Write(OrderToWrite order) => PurchaseOrderContent.Canonical(order.Order, order.Revision);
}

/// <summary>
/// The recorded content with names and addresses around it, for vendors that keep none of their own: <c>order</c> is the recorded
/// content member by member, <c>contentHash</c> its hash, <c>parties</c> everyone it names. Described on
/// <c>src/docs/formats/json.md</c>.
/// </summary>
public sealed class JsonPartiesOrderWriter : IOrderWriter
{
    /// <summary>Name of this form.</summary>
    public const string Form = "ssc-purchase-order-with-parties/1";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.Default };

    /// <inheritdoc/>
    public string Format => "json-parties";

    /// <inheritdoc/>
    public string MediaType => "application/json";

    /// <inheritdoc/>
    public string FileExtension => "json";

    /// <inheritdoc/>
    public byte[] Write(OrderToWrite order)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("format", Form);
            json.WriteString("issuedAt", order.IssuedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture));
            json.WriteString("contentHash", PurchaseOrderContent.Hash(order.Order, order.Revision));
            json.WritePropertyName("order");
            json.WriteRawValue(PurchaseOrderContent.Canonical(order.Order, order.Revision), skipInputValidation: true);
            json.WriteStartObject("parties");
            Write(json, "buyer", order.Parties.Buyer);
            Write(json, "seller", order.Parties.Seller);
            WriteMembers(json, order);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMembers(Utf8JsonWriter json, OrderToWrite order)
    {
        json.WriteStartObject("members");
        foreach (var member in order.Order.Places().GroupBy(d => d.Member, d => d.Site))
        {
            var party = order.Parties.Member(member.Key);
            json.WriteStartObject(member.Key.Value);
            json.WriteString("name", party.Name);
            json.WriteStartObject("sites");
            foreach (var site in member) Write(json, site.Value, order.Parties.Site(member.Key, site));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, TradingParty party)
    {
        json.WriteStartObject(name);
        json.WriteString("id", party.Id);
        json.WriteString("name", party.Name);
        json.WriteStartArray("lines");
        foreach (var line in party.Lines) json.WriteStringValue(line);
        json.WriteEndArray();
        json.WriteString("city", party.City);
        json.WriteString("state", party.State);
        json.WriteString("zip", party.Zip);
        if (party.Instructions is { } instructions) json.WriteString("instructions", instructions);
        json.WriteEndObject();
    }
}
