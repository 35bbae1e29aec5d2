using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>
/// The worked examples of the programs over real HTTP on real PostgreSQL, each under its key; G4 is in <see cref="ProgramScenarios"/>, G5
/// and G6 are in <see cref="ServiceScenarios"/>.
/// </summary>
public sealed class ProgramExampleScenarios(Stage stage) : IClassFixture<Stage>
{
    private static readonly DateTimeOffset FarOff = DateTimeOffset.UtcNow.AddDays(40);

    [Fact]
    public async Task G1_twelve_places_go_round_by_round_so_that_the_last_to_ask_has_one_too()
    {
        var round = DateTimeOffset.UtcNow.AddDays(1);
        var (admin, _, offering) = await stage.Offer(75m, 12, FarOff, with: t => t with { RoundUntil = round });
        var asked = new List<(string Number, Caller Buyer)>();
        foreach (var seats in new[] { 5, 3, 2, 2, 1, 1 }) asked.Add(await stage.Asks(offering, seats));
        (await asked[0].Buyer.Get($"enrollments/{offering}/{asked[0].Number}")).Text("status")
            .ShouldNotBe("confirmed", "all are collected");
        await stage.Tell<SeatLedger, SeatLedger.Command, SeatLedger.State, SeatLedger.Event>(
            offering, new SeatLedger.Command.DrawRound("seed1", round));
        foreach (var ((number, buyer), seats) in asked.Zip([3, 3, 2, 2, 1, 1]))
        {
            await Until.True(
                async () => (await buyer.Get($"enrollments/{offering}/{number}")).Body!["seats"].Number() == seats,
                $"{number} has {seats} places");
        }

        var line = (await admin.Get($"offerings/{offering}/waitlist")).ShouldBe(200).Items.Single();
        ((string)line["member"]!, line["waiting"].Number()).ShouldBe((asked[0].Number, 2m), "A's fourth and fifth place wait");
        (await admin.Get($"offerings/{offering}")).Text("phase").ShouldBe("full");
        foreach (var (_, buyer) in asked) buyer.Dispose();
    }

    [Fact]
    public async Task G2_a_part_keeps_its_rank_when_it_is_declined_and_the_next_that_fits_goes_ahead()
    {
        var (admin, _, offering) = await stage.Offer(49m, 10, FarOff, skip: true);
        var (x, holder) = await stage.Asks(offering, 10);
        var (a, first) = await stage.Asks(offering, 3);
        var (b, second) = await stage.Asks(offering, 2);
        var (c, third) = await stage.Asks(offering, 1);
        var before = (await stage.Node.Store.Head()).Position;
        (await holder.Post($"enrollments/{offering}/{x}/reduction", new SeatsEntry(8))).ShouldBe(200);
        await Offered(first, a, 2);
        (await first.Get($"enrollments/{offering}/{a}/waitlist-position")).Body!["waiting"].Number().ShouldBe(1);
        (await first.Post($"enrollments/{offering}/{a}/offers/{a}.1.1/declination", null)).ShouldBe(200);
        await Offered(second, b, 2);
        var head = (await admin.Get($"offerings/{offering}/waitlist")).Items[0];
        ((string)head["member"]!, head["waiting"].Number(), head["skips"].Number()).ShouldBe((a, 3m, 1m));
        (await admin.Get($"offerings/{offering}")).Body!["free"].Number().ShouldBe(0);
        (await admin.Get($"offerings/{offering}/waitlist?asOf={before}")).ShouldBe(200).Items
            .Select(w => ((string)w["member"]!, w["waiting"].Number(), w["skips"].Number()))
            .ShouldBe([(a, 3m, 0m), (b, 2m, 0m), (c, 1m, 0m)], "the line as it was");
        (await stage.Recorded($"offering-{offering}", "offering_head_skipped")).Count.ShouldBe(1);
        foreach (var buyer in new[] { holder, first, second, third }) buyer.Dispose();

        async Task Offered(Caller caller, string number, int seats) => await Until.True(
            async () => (await caller.Get($"enrollments/{offering}/{number}")).Body!["standing"]!["offered"].Number() == seats,
            $"{number} is offered {seats} seats");
    }

    [Fact]
    public async Task G3_two_of_six_given_up_nine_days_before_bring_half_of_their_price_back()
    {
        var (_, _, offering) = await stage.Offer(49m, 40, DateTimeOffset.UtcNow.AddDays(9).AddHours(2));
        var (number, buyer) = await stage.Asks(offering, 6);
        (await buyer.Post($"enrollments/{offering}/{number}/reduction", new SeatsEntry(4))).ShouldBe(200);
        var seen = (await buyer.Get($"enrollments/{offering}/{number}")).ShouldBe(200).Body!;
        (seen["charged"].Dollars(), seen["refunded"].Dollars()).ShouldBe(("294.00", "49.00"));
        await Until.True(
            async () => (await buyer.Get($"member-invoices/{number}/{Stage.Today:yyyy-MM}")) is { Status: 200 } invoice
                && invoice.Body!["total"].Dollars() == "245.00",
            "the member's invoice says what is left");
        buyer.Dispose();
    }

    [Fact]
    public async Task G7_three_hundred_and_twenty_of_three_hundred_and_sixty_minutes_are_five_and_a_quarter_clock_hours()
    {
        var start = DateTimeOffset.UtcNow.AddDays(-2);
        var (admin, _, offering) = await stage.Offer(49m, null, start, with: t => t with
        {
            Sessions = [.. Enumerable.Range(0, 6).Select(i => new Session(start.AddHours(i), 60))], OpensAt = start.AddDays(-9),
        });
        var number = Stage.New("M");
        using var buyer = await stage.Enroller(number);
        (await admin.Post($"offerings/{offering}/attendance", null)).ShouldBe(200);
        MarksEntry Marks(int last, int session = 6) => new(
        [
            .. Enumerable.Range(1, 5).Select(s => new AttendanceMark(s, new("T-17"), new(number), 60)),
            new AttendanceMark(session, new("T-17"), new(number), last),
        ]);
        (await admin.Post($"offerings/{offering}/attendance/marks", Marks(61))).ShouldBe(409, "refusal:minutes-out-of-range");
        (await admin.Post($"offerings/{offering}/attendance/marks", Marks(20, 7))).ShouldBe(409, "refusal:session-unknown");
        (await buyer.Post($"offerings/{offering}/attendance/marks", Marks(20))).ShouldBe(403, "forbidden");
        (await admin.Post($"offerings/{offering}/attendance/marks", Marks(20))).ShouldBe(200);
        (await admin.Post($"offerings/{offering}/attendance/closing", null)).ShouldBe(200);
        var result = (await admin.Get($"offerings/{offering}/attendance")).ShouldBe(200).Body!["results"]![0]!;
        (result["minutes"].Number(), result["basisPoints"].Number(), result["clockHours"].Number(), result["ceu"].Number())
            .ShouldBe((320m, 8_889m, 5.25m, 0.525m));
        string? code = null;
        await Until.True(
            async () => (code = (string?)(await buyer.Get("certificates")).Items.SingleOrDefault()?["code"]) is not null,
            "the certificate is issued by itself");
        (await buyer.Get($"certificates/{code}/print")).ShouldBe(200).Text.ShouldContain("5.25");
        using var auditor = await stage.Auditor();
        (await auditor.Get($"audit/replay?stream=attendance-{offering}")).ShouldBe(200).Body!["isClean"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task G8_what_is_cancelled_below_its_minimum_is_paid_back_in_full_whatever_the_policy_and_the_price()
    {
        var decide = FarOff.AddDays(-10);
        var (admin, program, offering) = await stage.Offer(125m, 40, FarOff, with: t => t with
        {
            Minimum = 20, DecideAt = decide, UnderMinimum = [UnderMinimumAction.Ask],
        });
        (await admin.Put($"programs/{program}/refund-policy", new RefundPolicy([]))).ShouldBe(200);
        var asked = new List<(string Number, Caller Buyer)>();
        (await admin.Put($"programs/{program}/pricing", ProgramSetting.Each(150m))).ShouldBe(409, "refusal:resolution-missing");
        var fees = await stage.Resolve(ResolutionKind.FeeSchedule, program);
        foreach (var (price, seats) in new[] { (125m, 5), (150m, 3), (195m, 1) })
        {
            (await admin.Put($"programs/{program}/pricing?resolution={fees}", ProgramSetting.Each(price))).ShouldBe(200);
            asked.Add(await stage.Asks(offering, seats));
        }

        (await admin.Post($"offerings/{offering}/extension", null)).ShouldBe(409, "refusal:not-below-minimum");
        await stage.Tell<SeatLedger, SeatLedger.Command, SeatLedger.State, SeatLedger.Event>(
            offering, new SeatLedger.Command.CheckMinimum(decide));
        (await admin.Get($"offerings/{offering}")).Text("minimum").ShouldBe("below");
        (await admin.Post($"offerings/{offering}/cancellation", new Because("Nine of twenty seats."))).ShouldBe(200);
        var refunds = new List<string>();
        foreach (var (number, buyer) in asked)
        {
            await Until.True(
                async () => (await buyer.Get($"enrollments/{offering}/{number}")).Text("status") is "cancelled", $"{number} is told");
            refunds.Add((await buyer.Get($"enrollments/{offering}/{number}")).Body!["refunded"].Dollars());
            buyer.Dispose();
        }

        refunds.ShouldBe(["625.00", "450.00", "195.00"]); // 1,270.00 in all
        (await admin.Get($"offerings/{offering}")).Text("phase").ShouldBe("cancelled");
    }

    [Fact]
    public async Task G9_a_consultants_cost_is_shared_by_seats_to_the_cent_and_charged_once()
    {
        var (admin, _, offering) = await stage.Offer(49m, null, FarOff);
        var asked = new List<(string Number, Caller Buyer)>();
        foreach (var seats in new[] { 18, 11, 7 }) asked.Add(await stage.Asks(offering, seats));
        var cost = new CostEntry("INV-2291", "Consultant, two days", Money.FromDollars(4_350m));
        (await admin.Post($"offerings/{offering}/cost-splits", cost with { Total = Money.Zero }))
            .ShouldBe(409, "refusal:amount-not-positive");
        for (var time = 0; time < 2; time++) (await admin.Post($"offerings/{offering}/cost-splits", cost)).ShouldBe(200);
        (await admin.Post($"offerings/{offering}/cost-splits", cost with { Total = Money.FromDollars(1m) }))
            .ShouldBe(409, "refusal:split-exists");
        foreach (var ((_, buyer), share) in asked.Zip(["2175.00", "1329.17", "845.83"]))
        {
            await Until.True(async () => (await buyer.Get("program-charges")).Items
                .Any(c => (string?)c["source"] == "cost-share" && c["amount"].Dollars() == share), $"{share} is charged");
            (await buyer.Get("program-charges")).Items.Count(c => (string?)c["source"] == "cost-share").ShouldBe(1);
            buyer.Dispose();
        }
    }

    [Fact]
    public async Task an_offer_that_ran_out_is_taken_too_late_and_the_one_at_the_tail_is_taken_in_time()
    {
        var (admin, _, offering) = await stage.Offer(49m, 2, FarOff);
        var (_, holder) = await stage.Asks(offering, 2);
        var (number, buyer) = await stage.Asks(offering, 1);
        var offer = $"{number}.1.1";
        await stage.Given(
            $"offering-{offering}", new SeatLedger.Event.CapacityChanged(2, 3, "A larger room."),
            new SeatLedger.Event.WaitlistOffered(
                offer, $"{number}.1", new(number), 1, false, DateTimeOffset.UtcNow.AddHours(-1)));
        await stage.Recorded($"offering-{offering}", "offering_offer_expired");
        await Until.True(
            async () => (await stage.Node.Store.ReadStream("mn", $"offering-{offering}")).Count(e => e.Type == "offering_waitlist_offered")
                == 2, "it is offered a seat again");
        var length = await stage.Length($"offering-{offering}");
        (await buyer.Post($"enrollments/{offering}/{number}/offers/{offer}/acceptance", null)).ShouldBe(409, "refusal:offer-over");
        (await buyer.Post($"enrollments/{offering}/{number}/offers/{number}.1.9/acceptance", null))
            .ShouldBe(409, "refusal:offer-unknown");
        (await stage.Length($"offering-{offering}")).ShouldBe(length, "nothing is recorded");
        (await buyer.Post($"enrollments/{offering}/{number}/offers/{number}.1.2/acceptance", null)).ShouldBe(200);
        (await admin.Put($"offerings/{offering}/capacity", new CapacityEntry(2, "why"))).ShouldBe(409, "refusal:capacity-below-committed");
        holder.Dispose();
        buyer.Dispose();
    }
}
