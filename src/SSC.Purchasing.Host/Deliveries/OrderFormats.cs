using System.Globalization;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>Joins the writers of Exchange with what members, sites and cooperatives are called, and with control numbers.</summary>
internal sealed class OrderFormats(Commands commands, IControlNumbers numbers, IReadOnlyList<IOrderWriter> writers) : IOrderFormats
{
    private readonly PartiesOfOrders parties = new(commands);

    /// <inheritdoc/>
    public bool Knows(string format) => string.Equals(format, IOrderFormats.Canonical, StringComparison.Ordinal)
        || writers.Any(w => string.Equals(w.Format, format, StringComparison.Ordinal));

    /// <inheritdoc/>
    public async Task<(WrittenOrder? Written, Refusal? WhyNot)> Write(
        CommandContext context, OrderDocument document, int revision, string format, CancellationToken ct)
    {
        if (string.Equals(format, IOrderFormats.Canonical, StringComparison.Ordinal)) return (CanonicalOrders.Of(document, revision), null);
        if (writers.FirstOrDefault(w => string.Equals(w.Format, format, StringComparison.Ordinal)) is not { } writer)
            return (null, IOrderFormats.Unknown(format));
        var order = new OrderToWrite(
            document, revision, context.Now, await parties.Of(context.Tenant, document, ct),
            await NumberOf(numbers, writer, context.Tenant, document, revision, ct));
        var name = string.Create(CultureInfo.InvariantCulture, $"{document.Number}-r{revision}.{writer.FileExtension}");
        return writer.WhyNot(order) is { } no
            ? (null, no)
            : (new(writer.Format, writer.MediaType, name, writer.Write(order)), null);
    }

    /// <summary>
    /// The control number of a revision: the same whenever and wherever it is written, given to nothing else of the vendor's; zero where
    /// the format has none.
    /// </summary>
    internal static async Task<long> NumberOf(
        IControlNumbers numbers, IOrderWriter writer, string tenant, OrderDocument document, int revision, CancellationToken ct) =>
        writer.IsNumbered
            ? await numbers.Of(
                tenant, document.Vendor, string.Create(CultureInfo.InvariantCulture, $"order/{document.Number}/{revision}"), ct)
            : 0;
}
