using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>What an API key is and may do; never the secret itself.</summary>
/// <param name="KeyId">Letters, digits and dashes, at most 32; part of the token.</param>
/// <param name="SecretHash">Base64 of the SHA-256 of the secret.</param>
/// <param name="Organization">Whom it acts for.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="Label">What it is for, e.g. <c>finance system</c>; not a person.</param>
/// <param name="ExpiresAt">From when on it is refused; null for never.</param>
public sealed record ApiKeyFacts(
    string KeyId, string SecretHash, OrgRef Organization, StructuralList<string> Roles, string Label, DateTimeOffset? ExpiresAt = null);

/// <summary>A key that a member's or vendor's system signs in with. Stream <c>api-key-{keyId}</c>.</summary>
public sealed class ApiKey : IDecider<ApiKey.Command, ApiKey.State, ApiKey.Event>
{
    /// <summary>What can be asked of a key.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Issue it. <c>api-key-exists</c>, <c>api-key-malformed</c>, <c>secret-hash-malformed</c>, or a code of <see cref="Roles.Flaw"/>.
        /// </summary>
        public sealed record Issue(ApiKeyFacts Facts) : Command;

        /// <summary>Refuse it from now on.</summary>
        public sealed record Revoke(string Reason) : Command;
    }

    /// <summary>What has happened to a key.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was issued.</summary>
        [EventAlias("api_key_issued")]
        public sealed record Issued(ApiKeyFacts Facts) : Event;

        /// <summary>It is refused.</summary>
        [EventAlias("api_key_revoked")]
        public sealed record Revoked(string Reason) : Event;
    }

    /// <summary>Where a key stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>Not issued.</summary>
        public sealed record Absent : State;

        /// <summary>Taken, until it expires.</summary>
        public sealed record Active(ApiKeyFacts Facts) : State;

        /// <summary>Refused.</summary>
        public sealed record Revoked(ApiKeyFacts Facts) : State;
    }

    /// <inheritdoc/>
    public static string Category => "api-key";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Issue c, State.Absent) => FlawOf(c.Facts) is { } no ? no : new Event.Issued(Normal(c.Facts)),
        (Command.Issue c, State.Active s) when Normal(c.Facts) == s.Facts => Nothing,
        (Command.Issue, _) => new Refusal("api-key-exists", "This key id is taken; issue the key under a new one."),

        (Command.Revoke, State.Absent) => new Refusal("api-key-unknown", "No such key was issued."),
        (Command.Revoke, State.Revoked) => Nothing,
        (Command.Revoke c, _) => PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } no ? no : new Event.Revoked(c.Reason),

        _ => throw new UnreachableException($"{command} is not a command of an API key."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Issued e) => new State.Active(e.Facts),
        (State.Active s, Event.Revoked) => new State.Revoked(s.Facts),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static ApiKeyFacts Normal(ApiKeyFacts facts) => facts with { Roles = Roles.Normal(facts.Roles) };

    private static Refusal? FlawOf(ApiKeyFacts facts) =>
        (ApiKeySecret.IsKeyId(facts.KeyId) ? null : new Refusal("api-key-malformed", "A key id is 1 to 32 letters, digits and dashes."))
        ?? (ApiKeySecret.IsHash(facts.SecretHash) ? null : new Refusal("secret-hash-malformed", "Give the base64 of the secret's SHA-256."))
        ?? Roles.Flaw(facts.Organization, facts.Roles)
        ?? PlainText.Check("label", facts.Label);
}

/// <summary>
/// The token that a caller presents: <c>ssc_{keyId}_{secret}</c>, the secret 32 bytes in unpadded base64url. Pure: the caller
/// brings the random bytes, and only their hash is recorded.
/// </summary>
/// <param name="KeyId">Which key.</param>
/// <param name="Secret">32 bytes.</param>
public sealed record ApiKeySecret(string KeyId, ReadOnlyMemory<byte> Secret)
{
    /// <summary>Bytes of a secret.</summary>
    public const int SecretLength = 32;

    private const string Prefix = "ssc_";
    private const int MaxKeyIdLength = 32;

    /// <summary>The token to hand out, once.</summary>
    /// <exception cref="ArgumentException">The id or the length of the secret is wrong.</exception>
    public static string Format(string keyId, ReadOnlySpan<byte> secret)
    {
        if (!IsKeyId(keyId)) throw new ArgumentException("A key id is 1 to 32 letters, digits and dashes.", nameof(keyId));
        if (secret.Length != SecretLength) throw new ArgumentException($"A secret has {SecretLength} bytes.", nameof(secret));
        return $"{Prefix}{keyId}_{Base64Url.EncodeToString(secret)}";
    }

    /// <summary>Takes a token apart; null when it is not one.</summary>
    public static ApiKeySecret? TryParse(string? token)
    {
        if (token is null || !token.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var end = token.IndexOf('_', Prefix.Length);
        if (end < 0 || !IsKeyId(token[Prefix.Length..end])) return null;
        var text = token.AsSpan(end + 1);
        if (text.Length != Base64Url.GetEncodedLength(SecretLength)) return null;
        var secret = new byte[SecretLength];
        // The decoder takes no stray bits and the length leaves no room for white space: one text for one secret.
        return Base64Url.DecodeFromChars(text, secret, out _, out var written) == OperationStatus.Done && written == SecretLength
            ? new(token[Prefix.Length..end], secret)
            : null;
    }

    /// <summary>What is recorded of a secret: base64 of its SHA-256.</summary>
    public static string HashOf(ReadOnlySpan<byte> secret) => Convert.ToBase64String(SHA256.HashData(secret));

    /// <summary>True when this secret has a recorded hash; takes the same time for every secret.</summary>
    public bool Matches(string secretHash)
    {
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(secretHash, expected, out var length) && length == SHA256.HashSizeInBytes
            && CryptographicOperations.FixedTimeEquals(expected, SHA256.HashData(Secret.Span));
    }

    /// <summary>Never the secret: tokens end up in logs.</summary>
    public override string ToString() => $"{Prefix}{KeyId}_…";

    internal static bool IsKeyId(string? keyId) => keyId is { Length: > 0 and <= MaxKeyIdLength }
        && keyId.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && char.IsAsciiLetterOrDigit(keyId[0]);

    internal static bool IsHash(string? hash)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        return hash is { Length: 44 } && Convert.TryFromBase64String(hash, bytes, out var length) && length == SHA256.HashSizeInBytes;
    }
}
