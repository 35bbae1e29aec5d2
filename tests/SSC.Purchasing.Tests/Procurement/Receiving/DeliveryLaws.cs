using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Receiving;
using SSC.Purchasing.Tests.Properties;
using Xunit;
using static SSC.Purchasing.Procurement.Receiving.Delivery;
using static SSC.Purchasing.Tests.Procurement.Receiving.DeliverySamples;

namespace SSC.Purchasing.Tests.Procurement.Receiving;

public class DeliveryLaws : DeciderLaws<Delivery, Command, State, Event>
{
    private static readonly Expectation Fewer = Expecting(Line(1, "GLOVES-NITRILE", 6), Line(3, "TOWELS", 5));
    private static readonly Expectation Asking = Expected with
    {
        Terms = new() { OverDeliveryBasisPoints = 1_000, BackOrderLapse = BackOrderLapse.Ask },
    };

    private static readonly Gen<string> Documents = Gen.Choose(1, 6).Select(n => $"D-{n}");
    private static readonly Gen<int> Lines = Gen.Choose(1, 3);
    private static readonly Gen<Quantity> Quantities = Gen.Elements(1L, 2, 3, 5, 8, 12, 50).Select(Quantity.Of);
    private static readonly Gen<int> Numbers = Gen.Choose(1, 3);
    private static readonly Gen<DateOnly> Days = Gen.Elements(Friday, Later, Later.AddDays(20));
    private static readonly Gen<DateOnly?> MaybeDays = Gen.OneOf(Gen.Constant((DateOnly?)null), Days.Select(d => (DateOnly?)d));

    protected override Gen<Command> Commands => Gen.Frequency(
        (5, Gen.Elements(Expected, Expected, Asking, Fewer).Select(e => (Command)new Command.Expect(e))),
        (3, from id in Documents from line in Numbers from q in Quantities from later in Gen.Elements<long?>(null, 0, 2, 5) from day in Days
            select (Command)new Command.RecordDespatch(Note(id, new DespatchLine(line, ItemOf(line), q, "XCS")
            {
                BackOrdered = later is { } l ? Quantity.Of(l) : null,
            }), day)),
        (5, from id in Documents from line in Lines from q in Quantities from item in Gen.Elements("GLOVES-NITRILE", "LINERS-33", "OTHER")
            select (Command)new Command.Receive(new(id, Friday, [new(line, new(item), q, "XCS"), new(1, ItemOf(1), q, "XCS")]))),
        (3, from id in Documents from line in Lines from q in Quantities from concealed in Gen.Elements(true, false)
            from damage in Gen.Elements(true, false)
            select damage ? (Command)new Command.ReportDamage(id, line, q, concealed, null)
                : new Command.ReportShortage(id, line, q, concealed, "two cartons")),
        (2, from id in Documents from line in Lines from q in Quantities
            select (Command)new Command.ReportWrongSite(id, line, q, new("M-001-MS"), null)),
        (2, from id in Documents from line in Lines from q in Quantities from day in MaybeDays
            select (Command)new Command.Refuse(id, line, q, "wet", day)),
        (2, from id in Documents from line in Lines from q in Quantities from day in Days
            select (Command)new Command.BackOrder(id, line, q, day)),
        (3, from line in Lines from day in Days from which in Gen.Choose(0, 2) select which switch
        {
            0 => (Command)new Command.KeepBackOrder(line, day),
            1 => new Command.ReleaseBackOrder(line, "no longer needed"),
            _ => new Command.LapseBackOrder(line, day),
        }),
        (3, from no in Numbers from day in MaybeDays from accept in Gen.Elements(true, false)
            select accept ? (Command)new Command.AcceptHeld(no) : new Command.ReturnHeld(no, "not ordered", day)),
        (1, Numbers.Select(n => (Command)new Command.Remind(n))),
        (3, from no in Numbers from answer in Gen.Elements(Enum.GetValues<ClaimAnswer>()) from day in MaybeDays
            select (Command)new Command.AnswerClaim(no, answer, null, day)),
        (1, Numbers.Select(n => (Command)new Command.EscalateClaim(n))),
        (3, from no in Numbers from how in Gen.Elements(Enum.GetValues<ClaimResolution>())
            select (Command)new Command.ResolveClaim(no, how, "CM-7")),
        (2, from id in Documents from line in Lines from q in Quantities
            select (Command)new Command.AuthorizeReturn(id, line, q, "recall")),
        (2, from no in Numbers from which in Gen.Choose(0, 2) select which switch
        {
            0 => (Command)new Command.CreditReturn(no, "CM-8"),
            1 => new Command.CancelReturn(no, "usable after all"),
            _ => new Command.RecordReturn(no, Later),
        }),
        (1, Gen.Elements<int?>(null, 1, 2).Select(line => (Command)new Command.ReleaseRest("the year is over", line))));

    protected override IEnumerable<IReadOnlyList<Command>> Scenarios =>
    [
        [
            new Command.Expect(Expected), new Command.Remind(1), new Command.RecordDespatch(Note("A-1", Sent(1, 7, 3), Sent(2, 40)), Later),
            Receive("R-1", (1, 5), (2, 30)), Damaged("X-1", 1, 1), Short("S-1", 1, 1),
            new Command.KeepBackOrder(1, Later.AddDays(3)), new Command.ReleaseBackOrder(1, "bought elsewhere"),
            new Command.AnswerClaim(1, ClaimAnswer.Replacement, "next truck", Later), new Command.EscalateClaim(2),
            new Command.AnswerClaim(2, ClaimAnswer.CreditPromised, null, null), Receive("R-2", (1, 1)),
            new Command.ResolveClaim(1, ClaimResolution.Replaced, null), new Command.ResolveClaim(2, ClaimResolution.Credited, "CM-1"),
            new Command.ReportWrongSite("W-1", 2, Quantity.Of(4), new("M-001-MS"), null), new Command.AcceptHeld(1),
            ReceiveItem("R-3", 2, "LINERS-40", 4), new Command.ReturnHeld(2, "does not fit", Later),
            new Command.Refuse("F-1", 2, Quantity.Of(2), "wet", null), new Command.BackOrder("B-1", 2, Quantity.Of(2), Later),
            new Command.AuthorizeReturn("RMA-1", 2, Quantity.Of(3), "recall"), new Command.RecordReturn(1, Later),
            new Command.CreditReturn(1, "CM-2"),
            new Command.AuthorizeReturn("RMA-2", 2, Quantity.Of(1), "recall"), new Command.CancelReturn(2, "usable after all"),
            new Command.ReleaseRest("the rest is not needed"),
        ],
        [
            new Command.Expect(Asking), new Command.BackOrder("B-1", 1, Quantity.Of(4), Friday), new Command.LapseBackOrder(1, Later),
        ],
    ];

    [Fact]
    public void no_unit_is_lost_or_made_over_any_life_of_a_delivery() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(40),
        Prop.ForAll(Arb.From(Commands.ListOf()), run =>
        {
            var state = Initial;
            foreach (var command in run)
            {
                if (Decide(command, state) is not Decision<Event>.Accepted accepted) continue;
                state = accepted.Events.Aggregate(state, Evolve);
                if (state is not State.Known { File: var file }) continue;
                foreach (var l in file.Lines.Values) Conserved(l, file, command);
                foreach (var e in accepted.Events.TakeLast(1)) e.IsComplete.ShouldBe(file.IsComplete());
            }
        }));

    private static void Conserved(LineBalance l, DeliveryFile file, Command after)
    {
        Quantity[] parts =
            [l.Outstanding, l.BackOrdered, l.Accepted, l.Held, l.Short, l.Damaged, l.Refused, l.Released, l.Returned];
        parts.Sum().ShouldBe(l.Ordered + l.Surplus, $"after {after}: {l}");
        parts.ShouldAllBe(p => p >= Quantity.Zero, $"after {after}: {l}");
        l.WrittenOff.ShouldBeLessThanOrEqualTo(l.Short + l.Damaged + l.Refused + l.Released + l.Returned, $"after {after}: {l}");
        (l.BackOrderUntil is not null).ShouldBe(l.BackOrdered > Quantity.Zero, $"after {after}: {l}");
        file.Claims.Where(c => c.Line == l.Expected.Line)
            .Where(c => c is { Answer: not ClaimAnswer.Replacement } and not { Resolution: ClaimResolution.Withdrawn })
            .Select(c => c.Quantity).Sum().ShouldBe(l.Short + l.Damaged, $"after {after}: {l}");
        file.Holds.Where(h => h.Line == l.Expected.Line && h is { Kind: not HoldKind.Excess, Decision: null })
            .Select(h => h.Quantity).Sum().ShouldBe(l.Held, $"after {after}: {l}");
    }
}
