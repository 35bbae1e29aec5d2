using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>What a contact of a vendor is for.</summary>
public enum ContactRole
{
    /// <summary>Takes purchase orders and answers them.</summary>
    Orders,

    /// <summary>Knows where a shipment is.</summary>
    Logistics,

    /// <summary>Invoices, fees and rebates.</summary>
    Billing,

    /// <summary>Contracts and price lists.</summary>
    Contracts,
}

/// <summary>Payment terms that a vendor grants.</summary>
/// <param name="NetDays">Days to pay, 0–120.</param>
/// <param name="DiscountBasisPoints">Discount for early payment in hundredths of a percent, 0–10,000.</param>
/// <param name="DiscountDays">Days in which the discount is earned, at most <paramref name="NetDays"/>.</param>
public sealed record PaymentTerms(int NetDays, int DiscountBasisPoints = 0, int DiscountDays = 0);

/// <summary>What is known of a vendor.</summary>
/// <param name="Vendor">Its id.</param>
/// <param name="Name">The firm's name.</param>
/// <param name="Terms">Payment terms.</param>
/// <param name="Contacts">Opaque contact ids and what they are for; name and address are in <see cref="IPersonalDetails"/>.</param>
/// <param name="Channel">How it gets orders.</param>
public sealed record VendorFile(
    VendorId Vendor, string Name, PaymentTerms Terms, StructuralMap<string, ContactRole> Contacts, OrderChannel Channel)
{
    /// <summary>Ids of the live secrets that webhooks to it are signed with, oldest first; the secrets themselves are never here.</summary>
    public StructuralList<string> ChannelSecrets { get; init; }

    /// <summary>Its shop; null while members cannot shop there.</summary>
    public PunchOutChannel? PunchOut { get; init; }
}

/// <summary>
/// A firm that sells to members, with several contacts. Stream <c>vendor-{VendorId}</c>. What its channel may be is in
/// <c>Vendor.Channel.cs</c>.
/// </summary>
public sealed partial class Vendor : IDecider<Vendor.Command, Vendor.State, Vendor.Event>
{
    /// <summary>What can be asked of a vendor's file.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Enter it. <c>vendor-exists</c> when it was entered under another name or on other terms.</summary>
        public sealed record Register(VendorId Vendor, string Name, PaymentTerms Terms) : Command;

        /// <summary>Add a contact, or change what it is for.</summary>
        public sealed record AddContact(string ContactId, ContactRole Role) : Command;

        /// <summary>Remove a contact; the caller also erases its details.</summary>
        public sealed record RemoveContact(string ContactId) : Command;

        /// <summary>
        /// Choose how orders are sent. <c>url-not-https</c>, <c>url-not-wanted</c>, <c>contact-unknown</c>, <c>contact-not-wanted</c>,
        /// <c>format-malformed</c>, <c>channel-secret-missing</c>.
        /// </summary>
        public sealed record SetOrderChannel(OrderChannel Channel) : Command;

        /// <summary>Sign webhooks with one more secret, kept elsewhere under this id. <c>too-many-secrets</c>.</summary>
        public sealed record AddChannelSecret(string SecretId) : Command;

        /// <summary>Sign with a secret no longer. <c>channel-secret-needed</c> for the last one of a webhook.</summary>
        public sealed record RetireChannelSecret(string SecretId) : Command;

        /// <summary>
        /// Let members into its shop, or change how. <c>url-not-https</c>, and <c>-missing</c>, <c>-too-long</c>, <c>-not-plain</c> of
        /// <c>buyer-domain</c>, <c>buyer-identity</c>, <c>supplier-domain</c>, <c>supplier-identity</c>.
        /// </summary>
        public sealed record SetPunchOut(PunchOutChannel Channel) : Command;

        /// <summary>Let members into its shop no longer.</summary>
        public sealed record EndPunchOut : Command;

        /// <summary>Send it no new orders for the time being.</summary>
        public sealed record Suspend(string Reason) : Command;

        /// <summary>Allow new orders again.</summary>
        public sealed record Reinstate : Command;
    }

    /// <summary>What has happened to a vendor's file.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was entered.</summary>
        [EventAlias("vendor_registered")]
        public sealed record Registered(VendorId Vendor, string Name, PaymentTerms Terms) : Event;

        /// <summary>A contact was added, or is for something else now.</summary>
        [EventAlias("vendor_contact_added")]
        public sealed record ContactAdded(string ContactId, ContactRole Role) : Event;

        /// <summary>A contact was removed.</summary>
        [EventAlias("vendor_contact_removed")]
        public sealed record ContactRemoved(string ContactId) : Event;

        /// <summary>The way of sending orders was chosen.</summary>
        [EventAlias("vendor_order_channel_set")]
        public sealed record OrderChannelSet(OrderChannel Channel) : Event;

        /// <summary>Webhooks are signed with one more secret; only its id is recorded.</summary>
        [EventAlias("vendor_channel_secret_added")]
        public sealed record ChannelSecretAdded(string SecretId) : Event;

        /// <summary>A secret is out of use.</summary>
        [EventAlias("vendor_channel_secret_retired")]
        public sealed record ChannelSecretRetired(string SecretId) : Event;

        /// <summary>Members can shop with it.</summary>
        [EventAlias("vendor_punch_out_set")]
        public sealed record PunchOutSet(PunchOutChannel Channel) : Event;

        /// <summary>Members can shop with it no longer.</summary>
        [EventAlias("vendor_punch_out_ended")]
        public sealed record PunchOutEnded : Event;

        /// <summary>It gets no new orders.</summary>
        [EventAlias("vendor_suspended")]
        public sealed record Suspended(string Reason) : Event;

        /// <summary>It gets orders again.</summary>
        [EventAlias("vendor_reinstated")]
        public sealed record Reinstated : Event;
    }

    /// <summary>Where a vendor stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>What is known; null before it was entered.</summary>
        public virtual VendorFile? File => null;

        /// <summary>Not entered.</summary>
        public sealed record Absent : State;

        /// <summary>Gets orders.</summary>
        public sealed record Active(VendorFile File) : State
        {
            /// <inheritdoc/>
            public override VendorFile File { get; } = File;
        }

        /// <summary>Gets no new orders.</summary>
        public sealed record Suspended(VendorFile File, string Reason) : State
        {
            /// <inheritdoc/>
            public override VendorFile File { get; } = File;
        }
    }

    /// <inheritdoc/>
    public static string Category => "vendor";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Register c, State.Absent) => FlawOf(c) is { } no ? no : new Event.Registered(c.Vendor, c.Name, c.Terms),
        (Command.Register c, { File: { } file })
            when string.Equals(file.Name, c.Name, StringComparison.Ordinal) && file.Terms == c.Terms => Nothing,
        (Command.Register, _) => new Refusal("vendor-exists", "This vendor is registered under another name or on other terms."),
        (_, { File: null }) => new Refusal("vendor-unknown", "Register the vendor first."),

        (Command.AddContact c, { File: var file }) => Adding(c, file),
        (Command.RemoveContact c, { File: var file }) =>
            file.Contacts.ContainsKey(c.ContactId) ? new Event.ContactRemoved(c.ContactId) : Nothing,

        (Command.SetOrderChannel c, { File: var file }) when file.Channel == c.Channel => Nothing,
        (Command.SetOrderChannel c, { File: var file }) => FlawOf(c.Channel, file) is { } no ? no : new Event.OrderChannelSet(c.Channel),
        (Command.AddChannelSecret c, { File: var file }) => Adding(c, file),
        (Command.RetireChannelSecret c, { File: var file }) => Retiring(c, file),
        (Command.SetPunchOut c, { File: var file }) when file.PunchOut == c.Channel => Nothing,
        (Command.SetPunchOut c, _) => FlawOf(c.Channel) is { } no ? no : new Event.PunchOutSet(c.Channel),
        (Command.EndPunchOut, { File: var file }) => file.PunchOut is null ? Nothing : new Event.PunchOutEnded(),

        (Command.Suspend c, State.Suspended s) when string.Equals(s.Reason, c.Reason, StringComparison.Ordinal) => Nothing,
        (Command.Suspend c, _) =>
            PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } no ? no : new Event.Suspended(c.Reason),
        (Command.Reinstate, State.Suspended) => new Event.Reinstated(),
        (Command.Reinstate, _) => Nothing,

        _ => throw new UnreachableException($"{command} is not a command of a vendor."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Registered e) =>
            new State.Active(new(e.Vendor, e.Name, e.Terms, StructuralMap<string, ContactRole>.Empty, OrderChannel.Manual)),
        ({ File: { } file }, Event.Suspended e) => new State.Suspended(file, e.Reason),
        (State.Suspended { File: var file }, Event.Reinstated) => new State.Active(file),
        (State.Active { File: var file }, _) => new State.Active(Apply(file, fact)),
        (State.Suspended s, _) => new State.Suspended(Apply(s.File, fact), s.Reason),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    internal static VendorFile Apply(VendorFile file, Event fact) => fact switch
    {
        Event.ContactAdded e => file with { Contacts = file.Contacts.Set(e.ContactId, e.Role) },
        Event.ContactRemoved e => file with { Contacts = file.Contacts.Remove(e.ContactId) },
        Event.OrderChannelSet e => file with { Channel = e.Channel },
        Event.ChannelSecretAdded e => file with { ChannelSecrets = file.ChannelSecrets.Add(e.SecretId) },
        Event.ChannelSecretRetired e => file with
        {
            ChannelSecrets = file.ChannelSecrets.Where(id => !SameId(id, e.SecretId)).ToStructuralList(),
        },
        Event.PunchOutSet e => file with { PunchOut = e.Channel },
        Event.PunchOutEnded => file with { PunchOut = null },
        _ => throw new UnreachableException($"{fact} does not change a vendor's file"),
    };

    private const int MaxContacts = 50;
    private const int MaxNetDays = 120;
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Refusal? FlawOf(Command.Register c) =>
        PlainText.CheckId("vendor", c.Vendor.Value) ?? PlainText.Check("name", c.Name) ?? c.Terms switch
        {
            { NetDays: < 0 or > MaxNetDays } => new("net-days-out-of-range", $"Give 0 to {MaxNetDays} days to pay."),
            { DiscountBasisPoints: < 0 or > AccountSplit.Whole } => new("discount-out-of-range", "Give a discount of 0 to 100 percent."),
            { DiscountDays: var days, NetDays: var net } when days < 0 || days > net =>
                new("discount-days-out-of-range", "A discount is earned within the days to pay."),
            _ => null,
        };

    private static Decision<Event> Adding(Command.AddContact c, VendorFile file)
    {
        if (PlainText.CheckId("contact", c.ContactId) is { } no) return no;
        if (!Enum.IsDefined(c.Role)) return new Refusal("contact-role-unknown", "Give a role that a contact can have.");
        var known = file.Contacts.TryGetValue(c.ContactId, out var role);
        if (known && role == c.Role) return Nothing;
        return !known && file.Contacts.Count >= MaxContacts
            ? new Refusal("too-many-contacts", $"A vendor has at most {MaxContacts} contacts; remove one first.")
            : new Event.ContactAdded(c.ContactId, c.Role);
    }
}
