using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <content>What the channel to a vendor may be.</content>
public sealed partial class Vendor
{
    /// <summary>Secrets that sign at the same time: the new one and the one that it replaces.</summary>
    public const int MaxChannelSecrets = 2;

    private const int MaxUrlLength = 500;
    private const int MaxDomainLength = 50;
    private const int MaxIdentityLength = 100;

    /// <summary>True for an absolute https address of at most 500 characters without user name or fragment.</summary>
    public static bool IsPublicHttps(string? url) =>
        PlainText.Check("url", url, MaxUrlLength) is null && Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
        && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0 && uri.Host.Length > 0;

    private static Refusal? FlawOf(OrderChannel channel, VendorFile file) => channel switch
    {
        _ when !Enum.IsDefined(channel.Kind) =>
            new("order-channel-unknown", "Choose manual, API pick-up, https push, webhook or e-mail."),
        _ when !IsFormat(channel.Format) => new(
            "format-malformed", $"Name a format in 1 to {OrderChannel.LongestFormat} lower-case letters and digits, e.g. ubl."),
        { Kind: OrderChannelKind.HttpsPush or OrderChannelKind.Webhook } when !IsPublicHttps(channel.Url) => new(
            "url-not-https", $"Give an absolute https address of at most {MaxUrlLength} characters, without user name or fragment."),
        { Kind: not (OrderChannelKind.HttpsPush or OrderChannelKind.Webhook), Url: not null } =>
            new("url-not-wanted", "Only https push and webhooks have an address; leave it out."),
        { Kind: OrderChannelKind.Email } when channel.Contact is null || !file.Contacts.ContainsKey(channel.Contact) =>
            new("contact-unknown", "Name one of the vendor's contacts by its id; orders are mailed to its address."),
        { Kind: not OrderChannelKind.Email, Contact: not null } =>
            new("contact-not-wanted", "Only e-mail goes to a contact; leave it out."),
        { Kind: OrderChannelKind.Webhook } when file.ChannelSecrets.Count == 0 =>
            new("channel-secret-missing", "Issue a secret first; webhooks are signed with it."),
        _ => null,
    };

    private static Refusal? FlawOf(PunchOutChannel channel) =>
        !IsPublicHttps(channel.Url)
            ? new("url-not-https", $"Give an absolute https address of at most {MaxUrlLength} characters, without user name or fragment.")
            : FlawOf("buyer", channel.Buyer) ?? FlawOf("supplier", channel.Supplier) ?? PlainText.CheckId("secret", channel.SecretId);

    private static Refusal? FlawOf(string whose, TradingIdentity identity) =>
        PlainText.Check($"{whose}-domain", identity.Domain, MaxDomainLength)
        ?? PlainText.Check($"{whose}-identity", identity.Identity, MaxIdentityLength);

    private static Decision<Event> Adding(Command.AddChannelSecret c, VendorFile file) =>
        PlainText.CheckId("secret", c.SecretId) is { } no ? no
        : file.ChannelSecrets.Any(id => SameId(id, c.SecretId)) ? Nothing
        : file.ChannelSecrets.Count >= MaxChannelSecrets
            ? new Refusal("too-many-secrets", $"At most {MaxChannelSecrets} secrets sign at a time; retire one first.")
            : new Event.ChannelSecretAdded(c.SecretId);

    private static Decision<Event> Retiring(Command.RetireChannelSecret c, VendorFile file) =>
        !file.ChannelSecrets.Any(id => SameId(id, c.SecretId)) ? Nothing
        : file is { Channel.Kind: OrderChannelKind.Webhook, ChannelSecrets.Count: 1 }
            ? new Refusal("channel-secret-needed", "Webhooks are signed with this secret; issue another one first.")
            : new Event.ChannelSecretRetired(c.SecretId);

    private static bool IsFormat(string? format) =>
        format is { Length: > 0 and <= OrderChannel.LongestFormat } && format.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    private static bool SameId(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);
}
