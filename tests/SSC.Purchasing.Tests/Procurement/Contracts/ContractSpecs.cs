using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Tests.Properties;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Procurement.Contracts.Contract;
using static SSC.Purchasing.Tests.Procurement.Contracts.ContractSpecs;

namespace SSC.Purchasing.Tests.Procurement.Contracts;

public class ContractSpecs : SpecFor<Contract, Command, State, Event>
{
    internal static readonly DateOnly Start = new(2025, 7, 1);
    private static readonly DateOnly Today = new(2025, 9, 15);
    internal static readonly DateOnly End = new(2026, 6, 30);
    private static readonly VendorId Whitewater = new("V-whitewater");

    internal static readonly AwardTerms Award = new(
        Whitewater, new("SSC"), new(AuthorityKind.JointPowersBid, "Minn. Stat. 471.345 subd. 15(b); 471.59"), Start, End,
        new("RFB-2025-04", new(2025, 4, 1), new(2025, 4, 29), 4, new string('a', 64)));

    internal static readonly TradingTerms Trading = new(
        "Copy paper by the truckload", ContractScope.Statewide, new(FeePayer.Vendor, 150), BillingMode.VendorDirect,
        new("FOB destination, freight prepaid"))
    {
        RankedAlternates = [new("V-second"), new("V-third")],
        MinimumOrderValue = Money.FromDollars(5_000m),
        OpenTo = ["Education"],
    };

    private static readonly ScheduleLine Paper = Ladder((0, 41.90m), (200, 39.75m), (840, 37.85m)) with
    {
        Package = "XCT",
        Unspsc = "14111507",
        Nigp = "64533",
        Gtin = "00012345600012",
        MinimumDrop = Quantity.Of(4),
    };

    private static readonly PriceSchedule First = new(1, Start, [Paper]);
    private static readonly PriceSchedule Dearer = new(2, Today, [Ladder((0, 41.90m), (200, 40.00m), (840, 37.85m))]);
    private static readonly PriceSchedule Cheaper = new(2, Today, [Ladder((0, 40.90m), (200, 39.00m), (840, 37.00m))]);

    private static readonly Event Awarded = new Event.Awarded(Award, Trading);
    private static readonly Event Priced = new Event.PriceSchedulePublished(Whitewater, First, []);

    [Fact]
    public void an_award_with_its_authority_and_evidence_is_recorded_once() =>
        Given().When(new Command.Award(Award, Trading)).Records(Awarded);

    [Fact]
    public void awarding_the_same_again_records_nothing_but_other_terms_need_another_number()
    {
        Given(Awarded).When(new Command.Award(Award, Trading)).RecordsNothing();
        Given(Awarded).When(new Command.Award(Award with { EndsOn = End.AddDays(1) }, Trading)).Refuses("contract-exists");
    }

    [Theory]
    [InlineData(AuthorityKind.JointPowersBid, true)]
    [InlineData(AuthorityKind.JointPowersQuotation, true)]
    [InlineData(AuthorityKind.NationalAlliance, true)]
    [InlineData(AuthorityKind.CpvState, false)]
    [InlineData(AuthorityKind.Negotiated, false)]
    public void only_a_basis_that_rests_on_competition_spares_members_their_own_bidding(AuthorityKind kind, bool qualifies) =>
        Given(new Event.Awarded(Award with { Authority = new(kind, "cited") }, Trading)).State.QualifiesFor15b.ShouldBe(qualifies);

    [Fact]
    public void every_wrong_term_of_an_award_has_its_own_code()
    {
        var evidence = Award.Solicitation!;
        Expect("vendor-invalid", Award with { Vendor = new("") });
        Expect("lead-invalid", Award with { Lead = new("no spaces") });
        Expect("authority-missing", Award with { Authority = Award.Authority with { Citation = " " } });
        Expect("term-invalid", Award with { EndsOn = Start.AddDays(-1) });
        Expect("solicitation-missing", Award with { Solicitation = null });
        Expect("solicitation-invalid", Award with { Solicitation = evidence with { QuotesReceived = 0 } });
        Expect("solicitation-invalid", Award with { Solicitation = evidence with { Reference = "RFB\0" } });
        Expect("solicitation-dates-wrong", Award with { Solicitation = evidence with { OpenedOn = new(2025, 3, 31) } });
        Expect("document-hash-invalid", Award with { Solicitation = evidence with { DocumentHash = "ABC" } });
        Given().When(new Command.Award(Award with { Authority = new(AuthorityKind.Negotiated, "471.59"), Solicitation = null }, Trading))
            .ShouldBeOfType<Decision<Event>.Accepted>("a negotiated agreement has no solicitation to show");

        static void Expect(string code, AwardTerms terms) => Given().When(new Command.Award(terms, Trading)).Refuses(code);
    }

    [Fact]
    public void every_wrong_trading_term_has_its_own_code_in_an_award_and_in_an_amendment()
    {
        Expect("title-invalid", Trading with { Title = "" });
        Expect("fee-invalid", Trading with { Fee = new(FeePayer.Vendor, 10_001) });
        Expect("fee-invalid", Trading with { Fee = new(FeePayer.Vendor, 0, new Money(-1)) });
        Expect("freight-invalid", Trading with { Freight = new("FOB", new Money(-1)) });
        Expect("minimum-invalid", Trading with { MinimumOrderValue = new Money(-1) });
        Expect("alternates-invalid", Trading with { RankedAlternates = [Whitewater] });
        Expect("alternates-invalid", Trading with { RankedAlternates = [new("V-second"), new("V-second")] });
        Expect("open-to-invalid", Trading with { OpenTo = [""] });

        static void Expect(string code, TradingTerms terms)
        {
            Given().When(new Command.Award(Award, terms)).Refuses(code);
            Given(Awarded).When(new Command.Amend(terms, "board decision")).Refuses(code);
        }
    }

    [Fact]
    public void nothing_can_be_asked_of_a_contract_that_was_never_awarded() =>
        Given().When(new Command.PublishPriceSchedule(First, Start)).Refuses("contract-not-awarded");

    [Fact]
    public void an_amendment_replaces_the_trading_terms_and_says_why()
    {
        var fewer = Trading with { RankedAlternates = [] };
        Given(Awarded).When(new Command.Amend(fewer, "alternates withdrew")).Records(new Event.Amended(fewer, "alternates withdrew"));
        Given(Awarded).When(new Command.Amend(fewer, "")).Refuses("reason-missing");
        Given(Awarded, new Event.Amended(fewer, "alternates withdrew")).When(new Command.Amend(fewer, "again")).RecordsNothing();
    }

    [Fact]
    public void another_fee_takes_a_resolution_of_the_leads_board_about_this_contract()
    {
        var dearer = Trading with { Fee = Trading.Fee with { BasisPoints = Trading.Fee.BasisPoints + 25 } };
        var by = new AdoptedResolution(
            new("R-1"), Award.Lead, ResolutionKind.FeeSchedule, "C-2026-paper", "2026-9", Start, Start);
        var amend = new Command.Amend(dearer, "board decision") { Contract = new("C-2026-paper"), FeesBy = by, Today = Start };
        Given(Awarded).When(amend with { FeesBy = null }).Refuses("resolution-missing");
        Given(Awarded).When(amend with { FeesBy = by with { Subject = "C-2026-salt" } }).Refuses("resolution-other-subject");
        Given(Awarded).When(amend with { FeesBy = by with { Kind = ResolutionKind.Other } }).Refuses("resolution-other-kind");
        Given(Awarded).When(amend).Records(new Event.Amended(dearer, "board decision") { FeeResolution = new("R-1") });
    }

    [Fact]
    public void federally_funded_food_never_carries_a_percentage_fee_that_members_pay()
    {
        var patties = Paper with { FederalFood = true, FeePerUnit = new Money(235), CommodityCreditPerUnit = new Money(1842) };
        var percentage = Trading with { Fee = new(FeePayer.Member, 100) };
        var food = new PriceSchedule(1, Start, [patties]);
        Given(new Event.Awarded(Award, percentage)).When(new Command.PublishPriceSchedule(food, Start)).Refuses("federal-percentage-fee");
        Given(Awarded).When(new Command.PublishPriceSchedule(food, Start))
            .Records(new Event.PriceSchedulePublished(Whitewater, food, []));
        Given(Awarded, new Event.PriceSchedulePublished(Whitewater, food, []))
            .When(new Command.Amend(percentage, "raise revenue")).Refuses("federal-percentage-fee");
    }

    [Fact]
    public void a_price_that_rises_needs_a_reason_which_is_kept()
    {
        Given(Awarded, Priced).When(new Command.PublishPriceSchedule(Dearer, Today)).Refuses("price-rise-without-reason");
        Given(Awarded, Priced).When(new Command.PublishPriceSchedule(Dearer, Today, "pulp index +4 %"))
            .Records(new Event.PriceSchedulePublished(Whitewater, Dearer, [], "pulp index +4 %"));
        Given(Awarded, Priced).When(new Command.PublishPriceSchedule(Cheaper, Today))
            .Records(new Event.PriceSchedulePublished(Whitewater, Cheaper, []));
    }

    [Fact]
    public void a_new_ladder_is_compared_at_every_step_of_both()
    {
        var laterStep = new PriceSchedule(2, Today, [Ladder((0, 41.90m), (300, 39.75m), (840, 37.85m))]);
        Given(Awarded, Priced).When(new Command.PublishPriceSchedule(laterStep, Today)).Refuses("price-rise-without-reason");
    }

    [Fact]
    public void a_revision_names_the_items_it_withdraws()
    {
        var other = Paper with { Item = new("PAPER-LGL") };
        var second = new PriceSchedule(2, Today, [other]);
        Given(Awarded, Priced).When(new Command.PublishPriceSchedule(second, Today) { SourceHash = new string('b', 64) })
            .Records(new Event.PriceSchedulePublished(Whitewater, second, [Paper.Item]) { SourceHash = new string('b', 64) });
    }

    [Fact]
    public void prices_are_numbered_never_retroactive_and_hold_only_within_the_term()
    {
        Expect("schedule-version-wrong", Cheaper with { Version = 3 });
        Expect("schedule-version-wrong", Cheaper with { Version = 1 });
        Expect("schedule-retroactive", Cheaper with { EffectiveFrom = Today.AddDays(-1) });
        Expect("schedule-outside-term", Cheaper with { EffectiveFrom = End.AddDays(1) });
        Given(Awarded).When(new Command.PublishPriceSchedule(First with { EffectiveFrom = Start.AddDays(-1) }, Start.AddDays(-9)))
            .Refuses("schedule-outside-term");
        Given(Awarded, Priced).When(new Command.PublishPriceSchedule(Cheaper, Today, "bell\a")).Refuses("reason-missing");
        Given(Awarded, Priced).When(new Command.PublishPriceSchedule(Cheaper, Today) { SourceHash = "x" }).Refuses("document-hash-invalid");

        static void Expect(string code, PriceSchedule schedule) =>
            Given(Awarded, Priced).When(new Command.PublishPriceSchedule(schedule, Today)).Refuses(code);
    }

    [Fact]
    public void the_first_schedule_may_hold_from_the_first_day_even_when_it_is_accepted_later() =>
        Given(Awarded).When(new Command.PublishPriceSchedule(First, Today)).Records(Priced);

    [Fact]
    public void every_wrong_line_of_a_schedule_has_its_own_code()
    {
        Lines("schedule-empty");
        Lines("schedule-item-repeated", Paper, Paper);
        var tooMany = Enumerable.Range(0, PriceScheduleRules.MaxLines + 1).Select(i => Paper with { Item = new($"I{i}") });
        Lines("schedule-too-long", [.. tooMany]);
        Lines("item-invalid", Paper with { Item = new("") });
        Lines("description-invalid", Paper with { Description = new string('x', 201) });
        Lines("unit-unknown", Paper with { Unit = "CARTON" });
        Lines("package-unknown", Paper with { Package = "EA" });
        Lines("unspsc-invalid", Paper with { Unspsc = "1411150" });
        Lines("nigp-invalid", Paper with { Nigp = "6453" });
        Lines("gtin-invalid", Paper with { Gtin = "00012345600013" });
        Lines("case-size-invalid", Paper with { CaseSize = Quantity.Zero });
        Lines("increment-invalid", Paper with { Increment = Quantity.Max + Quantity.Of(1) });
        Lines("minimum-invalid", Paper with { MinimumOrder = Quantity.Of(-1) });
        Lines("quantity-not-whole", Paper with { MinimumDrop = new Quantity(500) });
        Lines("increment-does-not-fit-case", Paper with { CaseSize = Quantity.Of(10), Increment = Quantity.Of(4) });
        Lines("charge-invalid", Paper with { FeePerUnit = new Money(-1) });
        Lines("tiers-missing", Paper with { Tiers = [] });
        Lines("too-many-tiers", Ladder([.. Enumerable.Range(0, 21).Select(i => (i, 50m - i))]));
        Lines("tier-not-rising", Ladder((0, 10m), (200, 9m), (200, 8m)));
        Lines("tier-not-rising", Ladder((-1, 10m)));
        Lines("price-invalid", Ladder((0, 0m)));
        Lines("price-invalid", Ladder((0, 10_000_000.01m)));
        Lines("tier-price-rises", Ladder((0, 10m), (200, 10.01m)));

        static void Lines(string code, params ScheduleLine[] lines) =>
            Given(Awarded).When(new Command.PublishPriceSchedule(new(1, Start, [.. lines]), Start)).Refuses(code);
    }

    [Fact]
    public void the_prices_of_a_day_are_the_latest_version_effective_by_then_within_the_term()
    {
        var state = Given(Awarded, Priced, new Event.PriceSchedulePublished(Whitewater, Cheaper, [])).State;
        state.ScheduleOn(Start.AddDays(-1)).ShouldBeNull();
        state.ScheduleOn(Today.AddDays(-1)).ShouldBe(First);
        state.ScheduleOn(Today).ShouldBe(Cheaper);
        state.ScheduleOn(End).ShouldBe(Cheaper);
        state.ScheduleOn(End.AddDays(1)).ShouldBeNull();
        Initial.ScheduleOn(Today).ShouldBeNull();
    }

    [Fact]
    public void a_suspended_contract_takes_no_orders_until_it_is_reinstated()
    {
        var suspended = Given(Awarded, Priced).After(new Command.Suspend("recall"));
        suspended.State.IsActiveOn(Today).ShouldBeFalse();
        suspended.When(new Command.Suspend("recall")).RecordsNothing();
        suspended.When(new Command.Amend(Trading with { Title = "Paper" }, "typo")).ShouldBeOfType<Decision<Event>.Accepted>();
        suspended.After(new Command.Amend(Trading with { Title = "Paper" }, "typo")).State.ShouldBeOfType<State.Suspended>();
        suspended.When(new Command.Reinstate()).Records(new Event.Reinstated());
        suspended.After(new Command.Reinstate()).State.IsActiveOn(Today).ShouldBeTrue();
        Given(Awarded).When(new Command.Suspend("")).Refuses("reason-missing");
        Given(Awarded).When(new Command.Reinstate()).RecordsNothing();
    }

    [Fact]
    public void a_contract_is_active_on_its_first_and_last_day_and_expires_the_day_after()
    {
        var state = Given(Awarded).State;
        state.IsActiveOn(Start.AddDays(-1)).ShouldBeFalse();
        state.IsActiveOn(Start).ShouldBeTrue();
        state.IsActiveOn(End).ShouldBeTrue();
        state.IsActiveOn(End.AddDays(1)).ShouldBeFalse();
        Given(Awarded).When(new Command.Expire(End)).Refuses("contract-not-ended");
        Given(Awarded).When(new Command.Expire(End.AddDays(1))).Records(new Event.Expired(End));
        Given(Awarded, new Event.Expired(End)).When(new Command.Expire(End.AddDays(9))).RecordsNothing();
    }

    [Fact]
    public void an_expired_contract_takes_no_price_and_no_change_until_a_resolution_extends_it()
    {
        var expired = Given(Awarded, Priced, new Event.Expired(End));
        var (today, later) = (End.AddDays(10), End.AddYears(1));
        expired.When(new Command.PublishPriceSchedule(Cheaper with { EffectiveFrom = today }, today)).Refuses("contract-expired");
        expired.When(new Command.Suspend("late")).Refuses("contract-expired");
        expired.When(new Command.Reinstate()).Refuses("contract-expired");
        expired.When(new Command.Extend(later, "", today)).Refuses("resolution-missing");
        expired.When(new Command.Extend(End.AddDays(5), "2026-07-14/3", today)).Refuses("extension-not-later");
        expired.When(new Command.Extend(later, "2026-07-14/3", today)).Records(new Event.Extended(later, "2026-07-14/3"));
        var revived = expired.After(new Command.Extend(later, "2026-07-14/3", today));
        revived.State.IsActiveOn(today).ShouldBeTrue();
        revived.State.ScheduleOn(later).ShouldBe(First);
        revived.When(new Command.Extend(later, "2026-07-14/3", today)).RecordsNothing();
        Given(Awarded).When(new Command.Extend(End.AddDays(-1), "shorter", Today)).Refuses("extension-not-later");
    }

    [Fact]
    public void a_ladder_answers_for_any_pooled_quantity()
    {
        Paper.PriceAt(Quantity.Of(199)).ShouldBe(UnitPrice.FromDollars(41.90m));
        Paper.PriceAt(Quantity.Of(200)).ShouldBe(UnitPrice.FromDollars(39.75m));
        Paper.TierAt(Quantity.Of(10_000)).From.ShouldBe(Quantity.Of(840));
        Paper.MissingToNextTier(Quantity.Of(199)).ShouldBe(Quantity.Of(1));
        Paper.MissingToNextTier(Quantity.Of(200)).ShouldBe(Quantity.Of(640));
        Paper.MissingToNextTier(Quantity.Of(840)).ShouldBeNull();
        (Paper with { FeePerUnit = Money.FromDollars(2.35m) }).FeeOn(Quantity.Of(15)).ShouldBe(Money.FromDollars(35.25m));
        Paper.CreditOn(Quantity.Of(15)).ShouldBe(Money.Zero);
    }

    internal static ScheduleLine Ladder(params (int From, decimal Price)[] steps) => new(
        new("PAPER-20LB"), "Copy paper 8.5 x 11, 20 lb, carton of 10 reams", "XCT", Quantity.Of(1), Quantity.Of(1),
        [.. steps.Select(s => new Tier(Quantity.Of(s.From), UnitPrice.FromDollars(s.Price)))]);
}

public class ContractLaws : DeciderLaws<Contract, Command, State, Event>
{
    private static readonly Gen<DateOnly> Days = Gen.Choose(-20, 420).Select(d => Start.AddDays(d));

    private static readonly Gen<PriceSchedule> Schedules =
        from version in Gen.Choose(1, 4)
        from day in Gen.Choose(-5, 380)
        from cents in Gen.Choose(0, 3)
        select new PriceSchedule(version, Start.AddDays(day), [Ladder((0, 40m + cents), (200, 39m))]);

    protected override Gen<Command> Commands => Gen.Frequency(
        (3, Gen.Elements<Command>(new Command.Award(Award, Trading), new Command.Award(Award with { EndsOn = End.AddDays(3) }, Trading))),
        (2, Gen.Elements("A", "B").Select(title => (Command)new Command.Amend(Trading with { Title = title }, "x"))),
        (4, from s in Schedules from today in Gen.Choose(-40, 0) from why in Gen.Elements(null, "index")
            select (Command)new Command.PublishPriceSchedule(s, s.EffectiveFrom.AddDays(today), why)),
        (1, Days.SelectMany(end => Days.Select(today => (Command)new Command.Extend(end, "2026/3", today)))),
        (1, Gen.Elements<Command>(new Command.Suspend("recall"), new Command.Reinstate())),
        (1, Days.Select(d => (Command)new Command.Expire(d))));
}
