namespace SSC.Purchasing.Membership;

/// <summary>How purchase orders reach a vendor.</summary>
public enum OrderChannelKind
{
    /// <summary>A person sends it and records that.</summary>
    Manual,

    /// <summary>The vendor fetches it through the API.</summary>
    ApiPickup,

    /// <summary>The service posts it to the vendor's address.</summary>
    HttpsPush,

    /// <summary>As <see cref="HttpsPush"/>, signed by the Standard Webhooks specification with the vendor's secrets.</summary>
    Webhook,

    /// <summary>The service mails it to a contact, the document attached.</summary>
    Email,
}

/// <summary>The channel a vendor has chosen.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Url">Absolute https without user name or fragment; only where the service posts.</param>
public sealed record OrderChannel(OrderChannelKind Kind, string? Url = null)
{
    /// <summary>Longest name of a format.</summary>
    public const int LongestFormat = 20;

    /// <summary>What holds until a vendor chooses.</summary>
    public static readonly OrderChannel Manual = new(OrderChannelKind.Manual);

    /// <summary>Format of the document, e.g. <c>ubl</c>, <c>x12</c>; <c>json</c> is the canonical form that is hashed.</summary>
    public string Format { get; init; } = "json";

    /// <summary>The contact that is mailed; only with <see cref="OrderChannelKind.Email"/>. Its address is a personal detail.</summary>
    public string? Contact { get; init; }
}
