using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.PurchaseOrders;

/// <summary>
/// The canonical form of an order document and its hash. Two documents that say the same have the same bytes: UTF-8 JSON with fixed
/// member order, lines by number, drops by member, site, day, account and order number, quantities in thousandths, prices in
/// micro-dollars, money in cents. The bytes name their format, so a later form can never be mistaken for this one.
/// </summary>
public static class PurchaseOrderContent
{
    /// <summary>Name of this canonical form.</summary>
    public const string Format = "ssc-purchase-order/1";

    /// <summary>SHA-256 of the canonical form of a revision, lower-case hexadecimal.</summary>
    public static string Hash(OrderDocument document, int revision) =>
        Convert.ToHexStringLower(SHA256.HashData(Canonical(document, revision)));

    /// <summary>The canonical form of a revision.</summary>
    public static byte[] Canonical(OrderDocument document, int revision)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("revision", revision);
            json.WriteString("number", document.Number);
            json.WriteString("jointOrder", document.JointOrder.Value);
            json.WriteString("contract", document.Contract.Value);
            json.WriteString("vendor", document.Vendor.Value);
            json.WriteNumber("scheduleVersion", document.ScheduleVersion);
            json.WriteNumber("freight", document.Freight.Cents);
            json.WriteNumber("total", document.Total.Cents);
            json.WriteString("requiredBy", Day(document.RequiredBy));
            json.WriteString("terms", document.Terms);
            json.WriteStartArray("lines");
            foreach (var line in document.Lines.OrderBy(l => l.No)) Write(json, line);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Σ (amount + fees − credits) of the lines + freight.</summary>
    public static Money TotalOf(IEnumerable<OrderLine> lines, Money freight) =>
        lines.Select(l => l.Amount + l.Fees - l.Credits).Sum() + freight;

    private static void Write(Utf8JsonWriter json, OrderLine line)
    {
        json.WriteStartObject();
        json.WriteNumber("no", line.No);
        json.WriteString("item", line.Item.Value);
        json.WriteString("description", line.Description);
        json.WriteString("unit", line.Unit);
        json.WriteNumber("caseSize", line.CaseSize.Thousandths);
        json.WriteNumber("quantity", line.Quantity.Thousandths);
        json.WriteNumber("price", line.Price.Micros);
        json.WriteNumber("amount", line.Amount.Cents);
        json.WriteNumber("fees", line.Fees.Cents);
        json.WriteNumber("credits", line.Credits.Cents);
        json.WriteStartArray("drops");
        foreach (var drop in line.Drops.OrderBy(d => d.Member).ThenBy(d => d.Site).ThenBy(d => d.RequestedOn)
            .ThenBy(d => d.Account, StringComparer.Ordinal).ThenBy(d => d.MemberOrderNo, StringComparer.Ordinal).ThenBy(d => d.Quantity))
        {
            json.WriteStartObject();
            json.WriteString("member", drop.Member.Value);
            json.WriteString("site", drop.Site.Value);
            json.WriteNumber("quantity", drop.Quantity.Thousandths);
            json.WriteString("requestedOn", Day(drop.RequestedOn));
            json.WriteString("account", drop.Account);
            json.WriteString("memberOrderNo", drop.MemberOrderNo);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
