using System.Diagnostics;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Procurement.PunchOuts;

/// <summary>How a party calls itself in a shop's documents.</summary>
/// <param name="Domain">What the identity is an identity of, e.g. <c>DUNS</c>; compared without regard to case.</param>
/// <param name="Identity">The identity.</param>
public sealed record ShopIdentity(string Domain, string Identity)
{
    /// <summary>Whether two name the same party.</summary>
    public bool Names(ShopIdentity other) =>
        string.Equals(Domain, other.Domain, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Identity, other.Identity, StringComparison.Ordinal);
}

/// <summary>What a visit to a shop is for (cXML PunchOutSetupRequest, operation).</summary>
public enum PunchOutOperation
{
    /// <summary>A new basket.</summary>
    Create,

    /// <summary>A basket from before, to be changed.</summary>
    Edit,

    /// <summary>A basket from before, to be looked at; nothing comes back from it.</summary>
    Inspect,
}

/// <summary>A visit to a vendor's shop, as it was let in.</summary>
/// <param name="Order">The joint order that is bought on.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Member">Who buys.</param>
/// <param name="Site">The site that it is bought for.</param>
/// <param name="Vendor">Whose shop it is.</param>
/// <param name="Supplier">Who brings the basket back.</param>
/// <param name="Shop">Host name of the shop.</param>
/// <param name="Buyer">Who shops, an opaque id; the shop does not learn it.</param>
/// <param name="ExpiresAt">From then on no basket is taken.</param>
public sealed record PunchOutVisit(
    JointOrderId Order, int Generation, MemberNo Member, SiteId Site, VendorId Vendor, ShopIdentity Supplier, string Shop, string Buyer,
    DateTimeOffset ExpiresAt)
{
    /// <summary>What it is for.</summary>
    public PunchOutOperation Operation { get; init; }

    /// <summary>The visit whose basket was taken along; null for a new basket.</summary>
    public string? BasketOf { get; init; }
}

/// <summary>
/// One member's visit to a vendor's shop: let in, the basket that came back, and its way into the member's commitment. Stream
/// <c>punch-out-session-{id}</c>, whose id is made of the hash of the one-time cookie, so that whoever brings the cookie back is known
/// without the cookie being kept.
/// </summary>
public sealed class PunchOutSession : IDecider<PunchOutSession.Command, PunchOutSession.State, PunchOutSession.Event>
{
    /// <summary>
    /// How long a basket may take to come back: a working day. No law or standard says; shops end their own sessions after less.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(8);

    /// <summary>What may be asked. Any of them but <see cref="Open"/> before it: <c>punch-out-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// The shop let the member in. <c>punch-out-exists</c>, the codes of <see cref="CommitmentRules.CheckOpen"/>, why the member is
        /// not eligible, <c>unknown-site</c>, <c>punch-out-basket-missing</c>, <c>punch-out-visit-invalid</c>.
        /// </summary>
        public sealed record Open(
            VendorId Vendor, ShopIdentity Supplier, string Shop, SiteId Site, OrderStanding Order, MemberStanding Member,
            DateTimeOffset Now) : Command
        {
            /// <summary>What it is for.</summary>
            public PunchOutOperation Operation { get; init; }

            /// <summary>The visit whose basket is taken along, to be changed or looked at.</summary>
            public string? BasketOf { get; init; }
        }

        /// <summary>
        /// A basket came back. <c>punch-out-identity-differs</c>, <c>punch-out-cookie-used</c>, <c>punch-out-inspect-only</c>,
        /// <c>punch-out-expired</c>, <c>punch-out-order-changed</c>, <c>punch-out-basket-invalid</c>.
        /// </summary>
        public sealed record Return(StructuralList<ShopIdentity> From, Basket Basket, OrderStanding Order, DateTimeOffset Now) : Command;

        /// <summary>
        /// The basket became the member's commitment. <c>punch-out-not-returned</c>, <c>punch-out-basket-empty</c>,
        /// <c>punch-out-basket-faulty</c>, <c>punch-out-order-changed</c>, <c>punch-out-accepted</c>.
        /// </summary>
        /// <param name="By">Who took it, an opaque id.</param>
        /// <param name="WithoutFaulty">True to take what is good and leave out the rest.</param>
        /// <param name="Generation">The order's generation now.</param>
        /// <param name="CommitmentVersion">Version of the commitment with it; 0 to ask whether it may be taken.</param>
        public sealed record Accept(string By, bool WithoutFaulty, int Generation, long CommitmentVersion) : Command;
    }

    /// <summary>What has happened.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The shop let the member in.</summary>
        [EventAlias("punch_out_session_opened")]
        public sealed record Opened(PunchOutVisit Visit) : Event;

        /// <summary>A basket came back: what can be bought on the order, and what cannot.</summary>
        [EventAlias("punch_out_basket_returned")]
        public sealed record Returned(string Sha256, StructuralList<BasketLine> Lines, StructuralList<BasketFault> Faults) : Event;

        /// <summary>The basket became the member's commitment.</summary>
        [EventAlias("punch_out_basket_accepted")]
        public sealed record Accepted(string By, bool WithoutFaulty, long CommitmentVersion) : Event;
    }

    /// <summary>Where a visit stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>There is none.</summary>
        public sealed record Absent : State;

        /// <summary>The member is in the shop.</summary>
        public sealed record Shopping(PunchOutVisit Visit) : State;

        /// <summary>The basket is back.</summary>
        public sealed record Back(PunchOutVisit Visit, Event.Returned Basket) : State;

        /// <summary>The basket is the member's commitment.</summary>
        public sealed record Done(PunchOutVisit Visit, Event.Returned Basket, Event.Accepted Acceptance) : State;

        /// <summary>What it is about; null when there is none.</summary>
        public PunchOutVisit? About => this switch
        {
            Shopping s => s.Visit,
            Back s => s.Visit,
            Done s => s.Visit,
            _ => null,
        };

        /// <summary>What came back; null while nothing has.</summary>
        public Event.Returned? Returned => this switch
        {
            Back s => s.Basket,
            Done s => s.Basket,
            _ => null,
        };
    }

    /// <inheritdoc/>
    public static string Category => "punch-out-session";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <summary>The refusal for a cookie or a session that is not known here.</summary>
    public static Refusal Unknown { get; } = new(
        "punch-out-unknown", "No shopping session is known by this; start a new one.");

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Open c, State.Absent) => FlawOf(c) is { } no ? no : new Event.Opened(VisitOf(c)),
        (Command.Open c, State.Shopping s) when s.Visit == VisitOf(c) => Nothing,
        (Command.Open, _) => new Refusal("punch-out-exists", "This session is begun already; start a new one."),
        (_, State.Absent) => Unknown,

        (Command.Return c, { About: { } visit }) when !c.From.Any(visit.Supplier.Names) => new Refusal(
            "punch-out-identity-differs", "The basket is from another supplier than the session was begun with."),
        (Command.Return c, State.Shopping s) => Taking(c, s.Visit),
        (Command.Return c, { Returned: { } basket }) => basket.Sha256 == c.Basket.Sha256
            ? Nothing
            : new Refusal("punch-out-cookie-used", "A basket came back in this session already; start a new one for another."),

        (Command.Accept, State.Shopping) => new Refusal("punch-out-not-returned", "The shop has not sent a basket back yet."),
        (Command.Accept c, State.Back s) => Accepting(c, s),
        (Command.Accept c, State.Done s) => s.Acceptance == new Event.Accepted(c.By, c.WithoutFaulty, c.CommitmentVersion)
            ? Nothing
            : new Refusal("punch-out-accepted", "This basket is in the commitment already; revise that."),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Opened e) => new State.Shopping(e.Visit),
        (State.Shopping s, Event.Returned e) => new State.Back(s.Visit, e),
        (State.Back s, Event.Accepted e) => new State.Done(s.Visit, s.Basket, e),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private const int MaxShop = 253; // RFC 1035: a host name
    private const int MaxIdentity = 100;
    private const int MaxText = 500;
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static readonly Refusal Changed = new(
        "punch-out-order-changed", "The joint order has moved to other terms since; start a new session.");

    private static PunchOutVisit VisitOf(Command.Open c) => new(
        c.Order.Id, c.Order.Generation, c.Member.Member, c.Site, c.Vendor, c.Supplier, c.Shop, c.Member.Buyer,
        c.Now + Patience < c.Order.Cutoff ? c.Now + Patience : c.Order.Cutoff)
    {
        Operation = c.Operation,
        BasketOf = c.BasketOf,
    };

    private static Refusal? FlawOf(Command.Open c)
    {
        if (CommitmentRules.CheckOpen(c.Order, c.Now) is { } closed) return closed;
        if (c.Member.NotEligible is { } not) return not;
        if (!c.Member.Sites.Contains(c.Site))
            return new("unknown-site", $"{c.Site} is not an open site of {c.Member.Member}; add the site or choose another.");
        if ((c.Operation == PunchOutOperation.Create) != (c.BasketOf is null))
            return new("punch-out-basket-missing", "To change or look at a basket, name the visit that it came back from; else name none.");
        return PlainText.IsWellFormed(c.Shop, MaxShop) && PlainText.IsWellFormed(c.Supplier.Domain, MaxIdentity)
            && PlainText.IsWellFormed(c.Supplier.Identity, MaxIdentity)
            ? null
            : new("punch-out-visit-invalid", "Say which shop it is and who brings the basket back.");
    }

    private static Decision<Event> Taking(Command.Return c, PunchOutVisit visit)
    {
        if (visit.Operation == PunchOutOperation.Inspect)
            return new Refusal("punch-out-inspect-only", "This visit was to look at a basket; go in again to edit it.");
        if (c.Now >= visit.ExpiresAt)
            return new Refusal("punch-out-expired", "The session is over; start a new one and fill the basket again.");
        if (c.Order.Generation != visit.Generation) return Changed;
        if (!IsSound(c.Basket))
            return new Refusal("punch-out-basket-invalid", $"A basket has at most {BasketRules.MaxItems} lines, and says what is wrong.");
        var (lines, faults) = BasketRules.Map(c.Basket, c.Order.Lines, visit.Site);
        return new Event.Returned(c.Basket.Sha256, lines, faults);
    }

    private static bool IsSound(Basket basket) =>
        PlainText.IsSha256(basket.Sha256) && basket.Items.Count + basket.Faults.Count <= 2 * BasketRules.MaxItems
        && basket.Items.All(i => Id.IsWellFormed(i.Item.Value) && i.Quantity > Quantity.Zero && i.Quantity <= Quantity.Max
            && PlainText.IsWellFormed(i.Unit, 10) && PlainText.IsWellFormed(i.Description, PlainText.NameLength))
        && basket.Faults.All(f => Id.IsWellFormed(f.Code) && PlainText.IsWellFormed(f.Message, MaxText));

    private static Decision<Event> Accepting(Command.Accept c, State.Back s)
    {
        if (c.Generation != s.Visit.Generation) return Changed;
        if (s.Basket.Lines.Count == 0)
            return new Refusal("punch-out-basket-empty", "Nothing in the basket can be bought on this order; start a new session.");
        return s.Basket.Faults.Count > 0 && !c.WithoutFaulty
            ? new Refusal(
                "punch-out-basket-faulty", "Some of the basket cannot be bought on this order: leave it out, or start a new session.")
            : new Event.Accepted(c.By, c.WithoutFaulty, c.CommitmentVersion);
    }
}
