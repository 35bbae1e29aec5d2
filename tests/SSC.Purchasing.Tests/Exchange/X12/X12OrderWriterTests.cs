using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.X12;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Tests.Architecture;
using Xunit;

namespace SSC.Purchasing.Tests.Exchange.X12;

public class X12OrderWriterTests
{
    private static readonly X12OrderWriter Writer = new();

    [Fact]
    public void an_order_is_an_850_with_a_line_for_each_item_and_its_destinations() =>
        Edi.Lines(Writer.Write(ExchangeOrders.Sample)).ShouldBe(File.ReadAllText(Path.Combine(
            House.Root, "tests", "SSC.Purchasing.Tests", "Exchange", "X12", "samples", "850.txt")));

    [Fact]
    public void any_order_can_be_read_back_from_its_interchange_whole() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(ExchangeOrders.Any.ToArbitrary(), order =>
        {
            Writer.WhyNot(order).ShouldBeNull();
            var bytes = Writer.Write(order);
            Writer.Write(order).ShouldBe(bytes);
            var interchange = Edi.Parsed(bytes);
            var group = interchange.Groups.ShouldHaveSingleItem();
            group.Faults.ShouldBeEmpty();
            var set = group.Sets.ShouldHaveSingleItem();
            set.Faults.ShouldBeEmpty();
            ReadBack(set).ShouldBe(order.Order with { ScheduleVersion = 1, Lines = [.. order.Order.Lines.Select(Sorted)] });
            foreach (var loop in Loops(set))
            {
                var sdq = loop.Where(s => s.Id is "SDQ").ToList();
                sdq.Count.ShouldBe((loop.Count(s => s.Id is "N1") + 9) / 10);
                sdq.SelectMany(s => Enumerable.Range(0, (s.Elements.Count - 2) / 2).Select(i => Number(s[(2 * i) + 4]))).Sum()
                    .ShouldBe(Number(loop[0][2]));
            }
        }));

    [Fact]
    public void more_than_ten_destinations_take_several_segments()
    {
        var drops = Enumerable.Range(1, 23).Select(i => ExchangeOrders.Drop("M-001", $"S-{i:00}", i, null)).ToArray();
        var set = Set(ExchangeOrders.With([ExchangeOrders.Line(1, "A", "A", "EA", 1m, 1, drops)]));
        set.Segments.Where(s => s.Id is "SDQ").Select(s => (s.Elements.Count - 2) / 2).ShouldBe([10, 10, 3]);
    }

    [Fact]
    public void separators_give_way_to_values_and_never_the_other_way_round()
    {
        X12Separators Of(string terms) => Edi.Parsed(Writer.Write(ExchangeOrders.With(
            [ExchangeOrders.Line(1, "A", "A", "EA", 1m, 1, ExchangeOrders.Drop("M-001", "S-1", 1, null))], terms: terms))).Separators;
        Of("plain").ShouldBe(X12Separators.Usual);
        Of("a*b").ShouldBe(new('|', '>', '~'));
        Of("a~b>c").ShouldBe(new('*', ':', '\''));
        Of("*|^ >:\\ ~'`").ShouldBe(new('\u001D', '\u001F', '\u001C'));
        Edi.Parsed(new X12OrderWriter(new('|', '\\', '\''), isTest: true).Write(ExchangeOrders.Sample)).Header[15].ShouldBe("T");
    }

    [Fact]
    public void what_4010_cannot_say_is_refused_and_nothing_is_cut()
    {
        var drop = ExchangeOrders.Drop("M-001", "S-1", 1, null);
        OrderLine Line(string item = "A", string unit = "EA", params Drop[] drops) =>
            ExchangeOrders.Line(1, item, "A", unit, 1m, 1, drops.Length == 0 ? [drop] : drops);
        string? Code(OrderToWrite order) => Writer.WhyNot(order)?.Code;
        Code(ExchangeOrders.With([Line(unit: "XCR")])).ShouldBe("x12-unit-unknown");
        Code(ExchangeOrders.With([Line(item: new string('A', 49))])).ShouldBe("x12-element-length");
        Code(ExchangeOrders.With([Line()]) with { ControlNumber = 1_000_000_000 }).ShouldBe("x12-control-number");
        Code(ExchangeOrders.With([Line()]) with { ControlNumber = 0 }).ShouldBe("x12-control-number");
        Code(ExchangeOrders.With([Line(drops: [drop, drop with { Member = new("M-002") }])])).ShouldBe("x12-site-ambiguous");
        Code(ExchangeOrders.With([Line(drops: [.. Enumerable.Repeat(drop, 201)])])).ShouldBe("x12-too-many-drops");
        Code(ExchangeOrders.With([Line(drops: [.. Enumerable.Range(1, 199).Select(i => drop with { Site = new($"S-{i}") })])]))
            .ShouldBe("x12-too-many-sites");
        var tooLong = ExchangeOrders.With([Line()]);
        tooLong = tooLong with { Order = tooLong.Order with { Number = new('P', 23) } };
        Writer.WhyNot(tooLong)!.Reason.ShouldContain("BEG, element 3");
        Should.Throw<ArgumentException>(() => Writer.Write(tooLong));
    }

    [Fact]
    public void a_partner_is_addressed_by_agreement_by_duns_or_by_its_id()
    {
        TradingParty Party(string id, params (string Scheme, string Id)[] endpoints) => new(id, id, [], "", "", "")
        {
            Endpoints = endpoints.ToDictionary(e => e.Scheme, e => e.Id),
        };
        X12Address.Of(Party("V-1", ("x12", "08:9251110099"), ("0060", "123456789"))).ShouldBe(new("08", "9251110099"));
        X12Address.Of(Party("V-1", ("0060", "123456789"))).ShouldBe(new("01", "123456789"));
        X12Address.Of(Party("V-1", ("0060", "12"))).ShouldBe(new("ZZ", "V-1"));
        var (first, second) = (X12Address.Of(Party("V-zumbro-valley-fuels")), X12Address.Of(Party("V-zumbro-valley-foods")));
        first.Id.Length.ShouldBe(15);
        first.Id.ShouldStartWith("V-zumbro-");
        first.ShouldNotBe(second);
    }

    [Fact]
    public void a_revision_replaces_the_order() =>
        Set(ExchangeOrders.Sample with { Revision = 3 }).Segments[1].Elements.ShouldBe(["05", "SA", "PO-JO-2026-014-1", "3", "20260306"]);

    private static X12Set Set(OrderToWrite order) => Edi.Parsed(Writer.Write(order)).Groups[0].Sets[0];

    private static OrderLine Sorted(OrderLine line) => line with
    {
        Drops = [.. line.Drops.OrderBy(d => d.Member).ThenBy(d => d.Site).ThenBy(d => d.RequestedOn)
            .ThenBy(d => d.Account, StringComparer.Ordinal).ThenBy(d => d.MemberOrderNo, StringComparer.Ordinal).ThenBy(d => d.Quantity)],
    };

    private static OrderDocument ReadBack(X12Set set)
    {
        var head = set.Segments.TakeWhile(s => s.Id is not "PO1").ToList();
        string Reference(string qualifier) => Value(head.First(s => s.Id is "REF" && s[1] == qualifier));
        return new(
            head[1][3], new(Reference("ZZ")), new(Reference("CT")), new(head.Single(s => s.Id is "N1" && s[1] is "SE")[4]),
            [.. Loops(set).Select(Line)], new(head.Where(s => s.Id is "SAC").Sum(s => (long)Number(s[5]))),
            Money.FromDollars(Number(set.Segments.Single(s => s.Id is "AMT" && s[1] is "TT")[2])),
            Day(head.Single(s => s.Id is "DTM")[2]),
            string.Concat(head.SkipWhile(s => s.Id is not "N9").Skip(1).TakeWhile(s => s.Id is "MSG").Select(s => s[1])));
    }

    private static OrderLine Line(IReadOnlyList<X12Segment> loop)
    {
        var po1 = loop[0];
        Money Charge(string kind) => new(loop.Where(s => s.Id is "SAC" && s[1] == kind).Sum(s => (long)Number(s[5])));
        var drops = new List<Drop>();
        foreach (var segment in loop)
        {
            if (segment.Id is "N1") drops.Add(new(default, new(segment[4]), default, default));
            if (drops.Count == 0) continue;
            var drop = drops[^1];
            drops[^1] = (segment.Id, segment[1]) switch
            {
                ("QTY", _) => drop with { Quantity = Quantity.FromDecimal(Number(segment[2])) },
                ("REF", "CR") => drop with { Member = new(Value(segment)) },
                ("REF", "CO") => drop with { MemberOrderNo = Value(segment) },
                ("REF", "11") => drop with { Account = drop.Account + Value(segment) },
                ("DTM", _) => drop with { RequestedOn = Day(segment[2]) },
                _ => drop,
            };
        }

        return new(
            (int)Number(po1[1]), new(po1[7]), string.Concat(loop.Where(s => s.Id is "PID").Select(s => s[5])), Units.FromX12(po1[3])!.Code,
            loop.FirstOrDefault(s => s.Id is "PO4") is { } pack ? Quantity.FromDecimal(Number(pack[1])) : Quantity.Of(1),
            Quantity.FromDecimal(Number(po1[2])), UnitPrice.FromDollars(Number(po1[4])),
            Money.FromDollars(Number(loop.Single(s => s.Id is "AMT" && s[1] is "1")[2])), [.. drops])
        {
            Fees = Charge("C"), Credits = Charge("A"),
        };
    }

    private static IEnumerable<IReadOnlyList<X12Segment>> Loops(X12Set set)
    {
        var lines = set.Segments.SkipWhile(s => s.Id is not "PO1").TakeWhile(s => s.Id is not "CTT").ToList();
        var starts = lines.Select((s, i) => (s, i)).Where(p => p.s.Id is "PO1").Select(p => p.i).Append(lines.Count).ToList();
        return starts.Zip(starts.Skip(1), (from, to) => lines[from..to]);
    }

    private static string Value(X12Segment reference) => reference[2].Length > 0 ? reference[2] : reference[3];

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture);
}
