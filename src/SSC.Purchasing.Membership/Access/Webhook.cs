using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>What a system has subscribed to.</summary>
/// <param name="Owner">Whose system it is.</param>
/// <param name="Url">Absolute https without user name or fragment.</param>
/// <param name="Kinds">Kinds of message, e.g. <c>notice.order_cancelled</c>, in order; <c>*</c> for all.</param>
public sealed record WebhookFacts(OrgRef Owner, string Url, StructuralList<string> Kinds)
{
    /// <summary>Stands for every kind.</summary>
    public const string Everything = "*";

    /// <summary>Ids of the live secrets that messages are signed with, oldest first; the secrets themselves are never here.</summary>
    public StructuralList<string> Secrets { get; init; }
}

/// <summary>A subscription of a member's system to what happens to its orders. Stream <c>webhook-{id}</c>.</summary>
public sealed class Webhook : IDecider<Webhook.Command, Webhook.State, Webhook.Event>
{
    /// <summary>What can be asked. Any but <see cref="Subscribe"/> before it or after its removal: <c>webhook-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Subscribe, signed with a first secret. <c>webhook-exists</c>, <c>url-not-https</c>, <c>webhook-kinds-invalid</c>,
        /// <c>webhook-owner-invalid</c>.
        /// </summary>
        public sealed record Subscribe(OrgRef Owner, string Url, StructuralList<string> Kinds, string SecretId) : Command;

        /// <summary>Another address or other kinds. <c>url-not-https</c>, <c>webhook-kinds-invalid</c>.</summary>
        public sealed record Change(string Url, StructuralList<string> Kinds) : Command;

        /// <summary>Sign with one more secret. <c>too-many-secrets</c>.</summary>
        public sealed record AddSecret(string SecretId) : Command;

        /// <summary>Sign with a secret no longer. <c>webhook-secret-needed</c> for the last one.</summary>
        public sealed record RetireSecret(string SecretId) : Command;

        /// <summary>Send nothing until further notice, e.g. after repeated failure.</summary>
        public sealed record Disable(string Reason) : Command;

        /// <summary>Send again, from now on.</summary>
        public sealed record Enable : Command;

        /// <summary>End it for good.</summary>
        public sealed record Remove : Command;
    }

    /// <summary>What has happened to a subscription.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It began.</summary>
        [EventAlias("webhook_subscribed")]
        public sealed record Subscribed(WebhookFacts Facts) : Event;

        /// <summary>Address or kinds are others now.</summary>
        [EventAlias("webhook_changed")]
        public sealed record Changed(string Url, StructuralList<string> Kinds) : Event;

        /// <summary>One more secret signs; only its id is recorded.</summary>
        [EventAlias("webhook_secret_added")]
        public sealed record SecretAdded(string SecretId) : Event;

        /// <summary>A secret is out of use.</summary>
        [EventAlias("webhook_secret_retired")]
        public sealed record SecretRetired(string SecretId) : Event;

        /// <summary>Nothing is sent.</summary>
        [EventAlias("webhook_disabled")]
        public sealed record Disabled(string Reason) : Event;

        /// <summary>Messages are sent again.</summary>
        [EventAlias("webhook_enabled")]
        public sealed record Enabled : Event;

        /// <summary>It ended.</summary>
        [EventAlias("webhook_removed")]
        public sealed record Removed : Event;
    }

    /// <summary>Where a subscription stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>What is subscribed to; null before and after.</summary>
        public virtual WebhookFacts? Facts => null;

        /// <summary>Never made.</summary>
        public sealed record Absent : State;

        /// <summary>Messages are sent.</summary>
        public sealed record Active(WebhookFacts Facts) : State
        {
            /// <inheritdoc/>
            public override WebhookFacts Facts { get; } = Facts;
        }

        /// <summary>Nothing is sent, and why.</summary>
        public sealed record Disabled(WebhookFacts Facts, string Reason) : State
        {
            /// <inheritdoc/>
            public override WebhookFacts Facts { get; } = Facts;
        }

        /// <summary>Ended.</summary>
        public sealed record Removed : State;
    }

    /// <inheritdoc/>
    public static string Category => "webhook";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Subscribe c, State.Absent) => FlawOf(c) is { } no ? no
            : new Event.Subscribed(new(c.Owner, c.Url, Ordered(c.Kinds)) { Secrets = [c.SecretId] }),
        (Command.Subscribe c, { Facts: { } f }) when (c.Owner, c.Url, Ordered(c.Kinds)) == (f.Owner, f.Url, f.Kinds) => Nothing,
        (Command.Subscribe, _) => new Refusal("webhook-exists", "This id is taken; subscribe under another one."),
        (Command.Remove, State.Removed) => Nothing,
        (_, { Facts: null }) => new Refusal("webhook-unknown", "There is no such subscription; make one first."),

        (Command.Change c, { Facts: var f }) when (c.Url, Ordered(c.Kinds)) == (f.Url, f.Kinds) => Nothing,
        (Command.Change c, _) => FlawOf(c.Url, c.Kinds) is { } no ? no : new Event.Changed(c.Url, Ordered(c.Kinds)),
        (Command.AddSecret c, { Facts: var f }) => PlainText.CheckId("secret", c.SecretId) is { } no ? no
            : f.Secrets.Any(id => Same(id, c.SecretId)) ? Nothing
            : f.Secrets.Count >= Vendor.MaxChannelSecrets
                ? new Refusal("too-many-secrets", $"At most {Vendor.MaxChannelSecrets} secrets sign at a time; retire one first.")
                : new Event.SecretAdded(c.SecretId),
        (Command.RetireSecret c, { Facts: var f }) when !f.Secrets.Any(id => Same(id, c.SecretId)) => Nothing,
        (Command.RetireSecret c, { Facts: var f }) => f.Secrets.Count == 1
            ? new Refusal("webhook-secret-needed", "Messages are signed with this secret; add another one first.")
            : new Event.SecretRetired(c.SecretId),
        (Command.Disable, State.Disabled) or (Command.Enable, State.Active) => Nothing,
        (Command.Disable c, _) =>
            PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } no ? no : new Event.Disabled(c.Reason),
        (Command.Enable, _) => new Event.Enabled(),
        (Command.Remove, _) => new Event.Removed(),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Subscribed e) => new State.Active(e.Facts),
        ({ Facts: { } f }, Event.Disabled e) => new State.Disabled(f, e.Reason),
        ({ Facts: { } f }, Event.Enabled) => new State.Active(f),
        ({ Facts: not null }, Event.Removed) => new State.Removed(),
        (State.Active s, _) => new State.Active(Apply(s.Facts, fact)),
        (State.Disabled s, _) => new State.Disabled(Apply(s.Facts, fact), s.Reason),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    internal static WebhookFacts Apply(WebhookFacts facts, Event fact) => fact switch
    {
        Event.Changed e => facts with { Url = e.Url, Kinds = e.Kinds },
        Event.SecretAdded e => facts with { Secrets = facts.Secrets.Add(e.SecretId) },
        Event.SecretRetired e => facts with { Secrets = facts.Secrets.Where(id => !Same(id, e.SecretId)).ToStructuralList() },
        _ => facts,
    };

    private const int MaxKinds = 50;
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);

    private static StructuralList<string> Ordered(StructuralList<string> kinds) =>
        kinds.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToStructuralList();

    private static Refusal? FlawOf(Command.Subscribe c) =>
        !Enum.IsDefined(c.Owner.Kind) || !Id.IsWellFormed(c.Owner.Id)
            ? new("webhook-owner-invalid", "Say whose system it is.")
            : PlainText.CheckId("secret", c.SecretId) ?? FlawOf(c.Url, c.Kinds);

    private static Refusal? FlawOf(string url, StructuralList<string> kinds) =>
        !Vendor.IsPublicHttps(url)
            ? new("url-not-https", "Give an absolute https address of at most 500 characters, without user name or fragment.")
        : kinds.Count is 0 or > MaxKinds || kinds.Any(k => !Same(k, WebhookFacts.Everything) && !IsKind(k))
            ? new("webhook-kinds-invalid", $"Name 1 to {MaxKinds} kinds of message such as notice.order_cancelled, or * for all.")
        : null;

    private static bool IsKind(string? kind) =>
        kind is { Length: > 0 and <= 64 } && kind.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '.');
}

/// <summary>A subscription as the sender and its owner see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Facts">What it is.</param>
/// <param name="Since">Log position from which on it hears.</param>
/// <param name="DisabledFor">Why nothing is sent; null when it is.</param>
public sealed record WebhookRow(string Id, WebhookFacts Facts, long Since, string? DisabledFor = null);

/// <summary>The subscriptions, by id. Indexes: owner (<see cref="OrgRef.Key"/>), standing (<c>active</c>, <c>disabled</c>).</summary>
public sealed class WebhookDirectory : ReadModel<WebhookRow>
{
    /// <summary>The one instance.</summary>
    public static readonly WebhookDirectory Instance = new();

    /// <inheritdoc/>
    public override string Name => "webhooks";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<WebhookRow>> Indexes { get; } =
        [new("owner", r => r.Facts.Owner.Key), new("standing", r => r.DisabledFor is null ? "active" : "disabled")];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<Webhook.Event>(Webhook.Category);

    /// <inheritdoc/>
    public override WebhookRow? Apply(string key, WebhookRow? row, RecordedEvent e) => (row, e.Fact) switch
    {
        (_, Webhook.Event.Subscribed f) => new(key, f.Facts, e.Position),
        (_, Webhook.Event.Removed) => null,
        ({ } r, Webhook.Event.Disabled f) => r with { DisabledFor = f.Reason },
        ({ } r, Webhook.Event.Enabled) => r with { DisabledFor = null, Since = e.Position },
        ({ } r, Webhook.Event f) => r with { Facts = Webhook.Apply(r.Facts, f) },
        _ => row,
    };
}
