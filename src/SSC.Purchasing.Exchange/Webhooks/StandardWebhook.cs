using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SSC.Purchasing.Exchange.Webhooks;

/// <summary>
/// The Standard Webhooks specification 1.0.0 (standardwebhooks.com), symmetric scheme <c>v1</c>: HMAC-SHA256 over
/// <c>{id}.{timestamp}.{payload}</c>, one signature for each live secret, so that a secret is changed without a gap.
/// </summary>
public static class StandardWebhook
{
    /// <summary>Header with the id of the message, the same at every attempt.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>Header with the time of the attempt, seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>Header with the signatures, separated by spaces.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>What a secret begins with, before its base64.</summary>
    public const string SecretPrefix = "whsec_";

    /// <summary>Bytes of a secret that this service makes; the specification asks for 24 to 64.</summary>
    public const int SecretLength = 32;

    /// <summary>How far a receiver lets the attempt's time be from its own.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string Version = "v1,";

    /// <summary>A secret as it is shown to its receiver.</summary>
    public static string Format(ReadOnlySpan<byte> secret) => SecretPrefix + Convert.ToBase64String(secret);

    /// <summary>The bytes of a secret, or null when the text is none.</summary>
    public static byte[]? Parse(string text)
    {
        if (!text.StartsWith(SecretPrefix, StringComparison.Ordinal)) return null;
        var bytes = new byte[64];
        return Convert.TryFromBase64String(text[SecretPrefix.Length..], bytes, out var length) && length >= 24 ? bytes[..length] : null;
    }

    /// <summary>
    /// A message id without a full stop, which the specification forbids there, from any id of ours: the same one gives the same one.
    /// </summary>
    public static string MessageId(string deliveryId) =>
        "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(deliveryId)).AsSpan(0, 16));

    /// <summary>The value of <see cref="SignatureHeader"/>.</summary>
    public static string Sign(string id, DateTimeOffset at, ReadOnlySpan<byte> payload, IEnumerable<byte[]> secrets)
    {
        var content = Content(id, at.ToUnixTimeSeconds(), payload);
        return string.Join(' ', secrets.Select(s => Version + Convert.ToBase64String(HMACSHA256.HashData(s, content))));
    }

    /// <summary>What a receiver does: one of the signatures is by the secret, and the attempt is recent.</summary>
    public static bool Verify(
        string id, string timestamp, string signatures, ReadOnlySpan<byte> payload, byte[] secret, DateTimeOffset now)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds) return false;
        var expected = HMACSHA256.HashData(secret, Content(id, seconds, payload));
        foreach (var signature in signatures.Split(' '))
        {
            var given = new byte[HMACSHA256.HashSizeInBytes];
            if (signature.StartsWith(Version, StringComparison.Ordinal)
                && Convert.TryFromBase64String(signature[Version.Length..], given, out var length) && length == given.Length
                && CryptographicOperations.FixedTimeEquals(given, expected)) return true;
        }

        return false;
    }

    private static byte[] Content(string id, long seconds, ReadOnlySpan<byte> payload)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}."));
        return [.. head, .. payload];
    }
}
