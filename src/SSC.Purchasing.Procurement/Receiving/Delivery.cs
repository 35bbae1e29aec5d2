using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>
/// What one purchase order brings to one site, from the vendor's being bound to it until nothing is left to come, to decide, to claim
/// or to credit. Stream <c>delivery-{JointOrderId}:{VendorId}:{SiteId}</c>. No unit is lost or made (see <see cref="LineBalance"/>).
/// Commands and events are in <c>Delivery.Language.cs</c>, claims, holds and returns in <c>Delivery.Claims.cs</c>.
/// </summary>
public sealed partial class Delivery : IDecider<Delivery.Command, Delivery.State, Delivery.Event>
{
    /// <summary>Where a delivery stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>Nothing is expected here.</summary>
        public sealed record Absent : State;

        /// <summary>Expected once; every state below is one of these.</summary>
        public abstract record Known(DeliveryFile File) : State;

        /// <summary>The vendor is bound to deliver, and nothing was heard of it.</summary>
        public sealed record Expected(DeliveryFile File) : Known(File);

        /// <summary>Sent, or part of it is said to come later; nothing has arrived.</summary>
        public sealed record UnderWay(DeliveryFile File) : Known(File);

        /// <summary>Something has arrived or was turned away; something is left to come, to decide, to claim or to credit.</summary>
        public sealed record Arriving(DeliveryFile File) : Known(File);

        /// <summary>Nothing is left.</summary>
        public sealed record Complete(DeliveryFile File) : Known(File);
    }

    /// <inheritdoc/>
    public static string Category => "delivery";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <summary>The key of a delivery.</summary>
    public static string Key(JointOrderId jointOrder, VendorId vendor, SiteId site) => $"{jointOrder}:{vendor}:{site}";

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Expect c, State.Absent) => ReceivingRules.Check(c.Expectation) is { } wrong
            ? wrong
            : Stamp(new Event.Expected(c.Expectation), DeliveryFile.Of(c.Expectation), c.Expectation),
        (_, State.Known) when command.IsAfterCloseOut => new Refusal(
            "order-closed-out", "The joint order is closed out; record a compensation on it that cites the event to be corrected."),
        (_, State.Absent) => new Refusal("delivery-not-expected", "Nothing is expected at this site for this order; check both."),
        (_, State.Known s) => Stamp(Judge(command, s.File), s.File, s.File.Expectation),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Expected e) => Standing(DeliveryFile.Of(e.Expectation)),
        (State.Known s, not Event.Expected) => Standing(s.File.After(fact)),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static readonly Refusal ReasonMissing = new("reason-missing", "Give the reason in 1 to 500 printable characters.");

    internal static State.Known Standing(DeliveryFile f) =>
        f.IsComplete() ? new State.Complete(f)
        : f.Lines.Values.Any(l => l.Open() != l.Ordered) ? new State.Arriving(f)
        : f.Despatches > 0 || f.Lines.Values.Any(l => l.BackOrdered > Quantity.Zero) ? new State.UnderWay(f)
        : new State.Expected(f);

    private static Decision<Event> Stamp(Decision<Event> decision, DeliveryFile before, Expectation about)
    {
        if (decision is not Decision<Event>.Accepted accepted) return decision;
        var file = before;
        return new Decision<Event>.Accepted([.. accepted.Events.Select(e =>
        {
            file = e is Event.Expected ? file : file.After(e);
            return e with
            {
                JointOrder = about.JointOrder, Vendor = about.Vendor, Site = about.Site, Member = file.OnlyMember(),
                IsComplete = file.IsComplete(),
            };
        })]);
    }

    private static Decision<Event> Judge(Command command, DeliveryFile f) => command switch
    {
        Command.Expect c => Revise(c.Expectation, f),
        Command.RecordDespatch c => Despatch(c, f),
        Command.Receive c => Receive(c.Receipt, f),
        Command.ReportShortage c => f.Knows("shortage", c.Document) ? Nothing
            : Claimable(f, c.Document, c.Line, c.Quantity, c.Concealed, c.Note) is { } no ? no
            : new Event.ShortageReported(f.Claims.Count + 1, c.Document, c.Line, c.Quantity, c.Concealed, c.Note),
        Command.ReportDamage c => f.Knows("damage", c.Document) ? Nothing
            : Claimable(f, c.Document, c.Line, c.Quantity, c.Concealed, c.Note) is { } no ? no
            : new Event.DamageReported(f.Claims.Count + 1, c.Document, c.Line, c.Quantity, c.Concealed, c.Note),
        Command.ReportWrongSite c => f.Knows("wrong-site", c.Document) ? Nothing
            : Claimable(f, c.Document, c.Line, c.Quantity, concealed: false, c.Note) is { } no ? no
            : !Id.IsWellFormed(c.FoundAt.Value) || c.FoundAt == f.Expectation.Site
                ? new Refusal("site-invalid", "Name the other site at which the goods were left.")
            : new Event.WrongSiteReported(f.Holds.Count + 1, c.Document, c.Line, c.Quantity, c.FoundAt, c.Note),
        Command.Refuse c => f.Knows("refusal", c.Document) ? Nothing
            : Claimable(f, c.Document, c.Line, c.Quantity, concealed: false, null) is { } no ? no
            : !PlainText.IsWellFormed(c.Reason, 500) ? ReasonMissing
            : new Event.GoodsRefused(c.Document, c.Line, c.Quantity, c.Reason, c.RedeliverBy),
        Command.BackOrder c => f.Knows("back-order", c.Document) ? Nothing
            : ReceivingRules.Check(f, c.Document, c.Line, c.Quantity, null) is { } wrong ? wrong
            : Within(f.Lines[c.Line].Outstanding, c.Quantity) is { } no ? no
            : new Event.BackOrdered(c.Document, c.Line, c.Quantity, c.Until),
        Command.KeepBackOrder or Command.ReleaseBackOrder or Command.LapseBackOrder => DecideBackOrder(command, f),
        // Where nothing may come any more there is no receipt to wait for.
        Command.Remind c => c.Number <= f.Reminders || f.Lines.Values.All(l => l.Open() == Quantity.Zero)
            ? Nothing
            : new Event.Reminded(c.Number),
        Command.ReleaseRest { Line: { } no } when !f.Lines.ContainsKey(no) => ReceivingRules.UnknownLine,
        Command.ReleaseRest c => f.Lines.Where(l => l.Key == (c.Line ?? l.Key)).All(l => l.Value.Open() == Quantity.Zero) ? Nothing
            : PlainText.IsWellFormed(c.Reason, 500) ? new Event.RestReleased(c.Reason, c.Line) : ReasonMissing,
        _ => JudgeDecision(command, f),
    };

    private static Decision<Event> Revise(Expectation next, DeliveryFile f)
    {
        if (next == f.Expectation) return Nothing;
        if ((next.JointOrder, next.Vendor, next.Site) != (f.Expectation.JointOrder, f.Expectation.Vendor, f.Expectation.Site))
            return new Refusal("expectation-invalid", "An expectation keeps joint order, vendor and site.");
        return ReceivingRules.Check(next) is { } wrong ? wrong : new Event.ExpectationRevised(next);
    }

    private static Decision<Event> Despatch(Command.RecordDespatch c, DeliveryFile f)
    {
        if (f.Knows("despatch", c.Note.DocumentId)) return Nothing;
        if (ReceivingRules.Check(c.Note, f) is { } wrong) return wrong;
        foreach (var line in c.Note.Lines)
        {
            if (line.BackOrdered is { } later && Within(f.Lines[line.OrderLine].Open(), later) is { } no) return no;
        }

        var follows = c.Note.Lines.Any(l => l.BackOrdered > Quantity.Zero);
        var sent = new Event.Despatched(c.Note, follows ? c.BackOrderUntil : null);
        var after = f.After(sent);
        return new Decision<Event>.Accepted(
        [
            sent,
            .. c.Note.Lines.Select(l => l.OrderLine).Distinct()
                .Select(no => ReceivingRules.Exceeded(c.Note, after.Lines[no], f.Expectation.Terms)).OfType<DespatchFinding>()
                .Select(finding => new Event.DespatchExceeded(finding)),
        ]);
    }

    private static Decision<Event> Receive(GoodsReceipt receipt, DeliveryFile f)
    {
        if (f.Knows("receipt", receipt.DocumentId)) return Nothing;
        if (ReceivingRules.Check(receipt, f) is { } wrong) return wrong;
        return new Event.Received(receipt, ReceivingRules.Judge(receipt, f), f.Despatches == 0);
    }

    private static Decision<Event> DecideBackOrder(Command command, DeliveryFile f)
    {
        var no = command switch
        {
            Command.KeepBackOrder c => c.Line,
            Command.ReleaseBackOrder c => c.Line,
            Command.LapseBackOrder c => c.Line,
            _ => 0,
        };
        if (!f.Lines.TryGetValue(no, out var line)) return ReceivingRules.UnknownLine;
        if (line is not { BackOrderUntil: { } until, BackOrdered: var quantity } || quantity == Quantity.Zero)
        {
            return command is Command.LapseBackOrder || (command is Command.ReleaseBackOrder && line.Released > Quantity.Zero)
                ? Nothing
                : new Refusal("no-back-order", "Nothing of this line is back-ordered; record the back-order first.");
        }

        return command switch
        {
            Command.KeepBackOrder c => c.Until == until ? Nothing
                : c.Until < until ? new Refusal("deadline-not-later", $"The back-order stands until {until:yyyy-MM-dd}; name a later day.")
                : new Event.BackOrderKept(no, quantity, c.Until),
            Command.ReleaseBackOrder c => PlainText.IsWellFormed(c.Reason, 500)
                ? new Event.BackOrderReleased(no, quantity, c.Reason, Automatic: false)
                : ReasonMissing,
            Command.LapseBackOrder c when c.Today <= until => Nothing, // it was kept on since
            Command.LapseBackOrder when f.Expectation.Terms.BackOrderLapse == BackOrderLapse.Release =>
                new Event.BackOrderReleased(no, quantity, "not delivered by its day", Automatic: true),
            _ => line.OverdueSince == until ? Nothing : new Event.BackOrderOverdue(no, quantity, until),
        };
    }

    private static Refusal? Within(Quantity open, Quantity quantity) => quantity <= open
        ? null
        : new("quantity-exceeds-open", $"Only {open} units of this line are still to come; state no more than that.");
}
