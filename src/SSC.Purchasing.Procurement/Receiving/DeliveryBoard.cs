using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>Where a delivery stands, in one word.</summary>
public enum DeliveryStatus
{
    /// <summary>The vendor is bound to deliver, and nothing was heard of it.</summary>
    Expected,

    /// <summary>Sent, or part of it said to come later; nothing has arrived.</summary>
    UnderWay,

    /// <summary>Something has arrived; something is left to come, to decide, to claim or to credit.</summary>
    Arriving,

    /// <summary>Nothing is left.</summary>
    Complete,
}

/// <summary>A delivery as its site, its vendor and the coordinator see it.</summary>
/// <param name="File">What was expected and where each unit is.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="ExpectedAt">When the vendor became bound to it.</param>
/// <param name="ChangedAt">When anything last happened to it.</param>
public sealed record DeliveryEntry(DeliveryFile File, DeliveryStatus Status, DateTimeOffset ExpectedAt, DateTimeOffset ChangedAt)
{
    /// <summary>Where a state stands, in one word.</summary>
    public static DeliveryStatus StatusOf(Delivery.State.Known state) => state switch
    {
        Delivery.State.Complete => DeliveryStatus.Complete,
        Delivery.State.Arriving => DeliveryStatus.Arriving,
        Delivery.State.UnderWay => DeliveryStatus.UnderWay,
        _ => DeliveryStatus.Expected,
    };
}

/// <summary>
/// Every delivery, by key; by joint order, vendor, site, status, and by member where the goods are one member's.
/// </summary>
public sealed class DeliveryBoard : ReadModel<DeliveryEntry>
{
    /// <inheritdoc/>
    public override string Name => "deliveries";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<DeliveryEntry>> Indexes { get; } =
    [
        new("joint_order", r => r.File.Expectation.JointOrder.Value),
        new("vendor", r => r.File.Expectation.Vendor.Value),
        new("site", r => r.File.Expectation.Site.Value),
        new("status", r => r.Status.ToString()),
        new("member", r => r.File.OnlyMember()?.Value),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<Delivery.Event>(Delivery.Category);

    /// <inheritdoc/>
    public override DeliveryEntry? Apply(string key, DeliveryEntry? row, RecordedEvent e)
    {
        var file = (row, (Delivery.Event)e.Fact) switch
        {
            (_, Delivery.Event.Expected f) => DeliveryFile.Of(f.Expectation),
            ({ } r, var f) => r.File.After(f),
            _ => throw new InvalidOperationException($"{e.Stream} does not begin with its expectation."),
        };
        return new(file, DeliveryEntry.StatusOf(Delivery.Standing(file)), row?.ExpectedAt ?? e.At, e.At);
    }
}

/// <summary>A receipt as it was recorded.</summary>
/// <param name="Delivery">Key of the delivery.</param>
/// <param name="JointOrder">Joint order.</param>
/// <param name="Vendor">Vendor.</param>
/// <param name="Site">Site.</param>
/// <param name="Member">Whose goods, when they are one member's.</param>
/// <param name="Receipt">What was counted.</param>
/// <param name="Arrived">What each line came to.</param>
/// <param name="WithoutDespatch">Nothing had been announced.</param>
/// <param name="RecordedAt">When it was recorded.</param>
/// <param name="RecordedBy">Opaque id of who recorded it.</param>
public sealed record ReceiptEntry(
    string Delivery, JointOrderId JointOrder, VendorId Vendor, SiteId Site, MemberNo? Member, GoodsReceipt Receipt,
    StructuralList<ArrivedLine> Arrived, bool WithoutDespatch, DateTimeOffset RecordedAt, string RecordedBy);

/// <summary>Every receipt, by delivery and document; by joint order, vendor, site and member.</summary>
public sealed class ReceiptRegister : ReadModel<ReceiptEntry>
{
    /// <inheritdoc/>
    public override string Name => "receipts";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<ReceiptEntry>> Indexes { get; } =
    [
        new("joint_order", r => r.JointOrder.Value),
        new("vendor", r => r.Vendor.Value),
        new("site", r => r.Site.Value),
        new("member", r => r.Member?.Value),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.Fact is Delivery.Event.Received f
        ? [$"{e.KeyIn(Delivery.Category)}|{f.Receipt.DocumentId}"]
        : [];

    /// <inheritdoc/>
    public override ReceiptEntry? Apply(string key, ReceiptEntry? row, RecordedEvent e) => e.Fact is Delivery.Event.Received f
        ? new(
            e.KeyIn(Delivery.Category)!, f.JointOrder, f.Vendor, f.Site, f.Member, f.Receipt, f.Arrived, f.WithoutDespatch, e.At,
            e.Metadata.Actor)
        : row;
}

/// <summary>Where a claim stands, in one word.</summary>
public enum ClaimStatus
{
    /// <summary>The vendor has not answered.</summary>
    Open,

    /// <summary>The vendor has answered; it is not over.</summary>
    Answered,

    /// <summary>Over.</summary>
    Resolved,
}

/// <summary>A claim on a vendor as both sides see it.</summary>
/// <param name="Delivery">Key of the delivery.</param>
/// <param name="JointOrder">Joint order.</param>
/// <param name="Vendor">Who must answer.</param>
/// <param name="Site">Where the goods were expected.</param>
/// <param name="Member">Whose goods, when they are one member's.</param>
/// <param name="Claim">What is claimed, answered and decided.</param>
/// <param name="OpenedAt">When it was opened.</param>
/// <param name="ChangedAt">When anything last happened to it.</param>
public sealed record ClaimEntry(
    string Delivery, JointOrderId JointOrder, VendorId Vendor, SiteId Site, MemberNo? Member, Claim Claim, DateTimeOffset OpenedAt,
    DateTimeOffset ChangedAt)
{
    /// <summary>Where it stands.</summary>
    public ClaimStatus Status => Claim.Resolution is not null ? ClaimStatus.Resolved
        : Claim.Answer is not null ? ClaimStatus.Answered : ClaimStatus.Open;
}

/// <summary>Every claim, under <c>{delivery}:{number}</c>; by joint order, vendor, site, member and status.</summary>
public sealed class ClaimBoard : ReadModel<ClaimEntry>
{
    /// <inheritdoc/>
    public override string Name => "claims";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<ClaimEntry>> Indexes { get; } =
    [
        new("joint_order", r => r.JointOrder.Value),
        new("vendor", r => r.Vendor.Value),
        new("site", r => r.Site.Value),
        new("member", r => r.Member?.Value),
        new("status", r => r.Status.ToString()),
    ];

    /// <summary>The key of a claim.</summary>
    public static string Key(string delivery, int no) => string.Create(CultureInfo.InvariantCulture, $"{delivery}:{no}");

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => NumberIn(e.Fact) is { } no
        ? [Key(e.KeyIn(Delivery.Category)!, no)]
        : [];

    /// <inheritdoc/>
    public override ClaimEntry? Apply(string key, ClaimEntry? row, RecordedEvent e) => e.Fact switch
    {
        Delivery.Event.ShortageReported f =>
            Opened(f, e, new(f.Claim, ClaimKind.Shortage, f.Document, f.Line, f.Quantity) { Note = f.Note }),
        Delivery.Event.DamageReported f => Opened(f, e, new(f.Claim, ClaimKind.Damage, f.Document, f.Line, f.Quantity) { Note = f.Note }),
        Delivery.Event.ClaimAnswered f => Changed(row!, e, c => c with { Answer = f.Answer, AnswerNote = f.Note }),
        Delivery.Event.ClaimOverdue => Changed(row!, e, c => c with { IsOverdue = true }),
        Delivery.Event.ClaimResolved f => Changed(row!, e, c => c with { Resolution = f.Resolution, ResolvedBy = f.Document }),
        _ => row,
    };

    private static int? NumberIn(object fact) => fact switch
    {
        Delivery.Event.ShortageReported f => f.Claim,
        Delivery.Event.DamageReported f => f.Claim,
        Delivery.Event.ClaimAnswered f => f.Claim,
        Delivery.Event.ClaimOverdue f => f.Claim,
        Delivery.Event.ClaimResolved f => f.Claim,
        _ => null,
    };

    private static ClaimEntry Opened(Delivery.Event fact, RecordedEvent e, Claim claim) =>
        new(e.KeyIn(Delivery.Category)!, fact.JointOrder, fact.Vendor, fact.Site, fact.Member, claim, e.At, e.At);

    private static ClaimEntry Changed(ClaimEntry row, RecordedEvent e, Func<Claim, Claim> change) =>
        row with { Claim = change(row.Claim), ChangedAt = e.At };
}
