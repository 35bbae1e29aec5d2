using System.Collections.Concurrent;
using System.Globalization;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;
using Xunit;
using MemberFacts = SSC.Purchasing.Membership.MemberFacts;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>Programs over real HTTP on real PostgreSQL, with sagas running.</summary>
public sealed class ProgramScenarios(Stage stage) : IClassFixture<Stage>
{
    private const int Rush = 500;
    private const int Capacity = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task G4_giving_two_of_six_up_over_http_brings_the_difference_of_the_prices_back_and_is_replayed_and_explained()
    {
        var (admin, _, offering) = await stage.Offer(
            125m, 20, DateTimeOffset.UtcNow.AddDays(40), discounts: [new VolumeDiscount(5, 1_000)]);
        var number = Stage.New("M");
        using var buyer = await stage.Enroller(number);
        var placed = (await buyer.Post("enrollments", new EnrollmentEntry(new(offering), new(number), 6, "PO 1"))).ShouldBe(201);
        placed.Headers["Location"].ShouldBe($"/api/v1/enrollments/{offering}/{number}");
        (await buyer.Post($"enrollments/{offering}/{number}/reduction", new SeatsEntry(4))).ShouldBe(200);
        var view = (await buyer.Get($"enrollments/{offering}/{number}")).ShouldBe(200);
        view.Body!["charged"].Dollars().ShouldBe("675.00");
        view.Body["refunded"].Dollars().ShouldBe("175.00");
        view.Body["seats"]!.GetValue<int>().ShouldBe(4);
        (await admin.Get($"offerings/{offering}")).Body!["confirmed"]!.GetValue<int>().ShouldBe(4);

        (await stage.Staff.Get($"audit/explanations/enrollment-refund?offering={offering}&member={number}")).ShouldBe(200)
            .Text.ShouldContain("175.00");
        using var auditor = await stage.Auditor();
        (await auditor.Get($"audit/replay?stream=seat-enrollment-{offering}:{number}")).ShouldBe(200).Body!["isClean"]!.GetValue<bool>()
            .ShouldBeTrue();

        using var other = await stage.Enroller(Stage.New("M"));
        (await other.Get($"enrollments/{offering}/{number}")).ShouldBe(404, "not-found");
        (await other.Post("enrollments", new EnrollmentEntry(new(offering), new(number), 1))).ShouldBe(404, "not-found");
        var charges = (await buyer.Get("program-charges", ("X-At-Least-Position", placed.Position))).ShouldBe(200);
        charges.Items.ShouldAllBe(c => (string)c["member"]! == number);
    }

    [Fact]
    public async Task five_hundred_members_enrolling_at_once_never_take_more_seats_than_there_are()
    {
        var (admin, _, offering) = await stage.Offer(49m, Capacity, DateTimeOffset.UtcNow.AddDays(40));
        var numbers = Enumerable.Range(0, Rush).Select(_ => Stage.New("R")).ToList();
        var members = new ConcurrentDictionary<string, Caller>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (number, _) =>
            members[number] = await stage.Enroller(number, viaApi: false));

        var answers = await Task.WhenAll(numbers.Select((number, i) => Enroll(members[number], number, 1 + (i % 3), i % 2 == 0)))
            .WaitAsync(Patience);
        answers.ShouldAllBe(a => a.Status == 201);

        // At every moment of history, not only at its end.
        var history = await stage.Node.Store.ReadStream("mn", $"offering-{offering}");
        var state = SeatLedger.Initial;
        foreach (var e in history)
        {
            state = SeatLedger.Evolve(state, (SeatLedger.Event)e.Fact);
            state.Committed.ShouldBeLessThanOrEqualTo(Capacity);
        }

        state.Lines.Count.ShouldBe(Rush);
        state.Lines.Values.Sum(l => l.Committed + l.Waiting).ShouldBe(Enumerable.Range(0, Rush).Sum(i => 1 + (i % 3)));
        state.HasLine.ShouldBeTrue();
        var view = (await admin.Get($"offerings/{offering}")).ShouldBe(200);
        view.Body!["held"].Number().ShouldBe(state.Lines.Values.Sum(l => l.Held));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{state.Taken} confirmed, {state.Lines.Values.Sum(l => l.Held)} held, {state.Waitlist.Count} members wait");
        foreach (var member in members.Values) member.Dispose();

        async Task<Heard> Enroll(Caller member, string number, int seats, bool order)
        {
            var key = ("Idempotency-Key", $"rush-{number}");
            while (true)
            {
                var answer = await member.Post(
                    "enrollments", new EnrollmentEntry(new(offering), new(number), seats, order ? "PO" : null), key);
                if (answer.Status != 503) return answer; // busy: the same request with the same key, as the answer says
            }
        }
    }

    [Fact]
    public async Task a_line_moves_by_itself_and_an_offer_is_taken_or_found_gone()
    {
        var (admin, _, offering) = await stage.Offer(49m, 5, DateTimeOffset.UtcNow.AddDays(40), skip: true);
        var (a, b, c) = (Stage.New("M"), Stage.New("M"), Stage.New("M"));
        using var first = await stage.Enroller(a);
        using var second = await stage.Enroller(b);
        using var third = await stage.Enroller(c);
        (await first.Post("enrollments", new EnrollmentEntry(new(offering), new(a), 5, "PO"))).ShouldBe(201);
        (await second.Post("enrollments", new EnrollmentEntry(new(offering), new(b), 3, "PO"))).ShouldBe(201);
        (await third.Post("enrollments", new EnrollmentEntry(new(offering), new(c), 2, "PO"))).ShouldBe(201);
        (await third.Get($"enrollments/{offering}/{c}/waitlist-position")).ShouldBe(200).Body!["position"]!.GetValue<int>().ShouldBe(2);
        (await second.Get($"enrollments/{offering}/{c}/waitlist-position")).ShouldBe(404, "not-found");
        (await first.Post($"enrollments/{offering}/{a}/reduction", new SeatsEntry(3))).ShouldBe(200);
        await Offered(second, b);
        await Until.True(
            async () => (await second.Get($"calendars/{b}")).Text.Contains("Offer of 2 seats ends: Number sense\\; day 1",
                StringComparison.Ordinal),
            "the offer's end is in the calendar");
        (await second.Post($"enrollments/{offering}/{b}/offers/{b}.1.1/declination", null)).ShouldBe(200);
        await Offered(third, c);
        (await third.Post($"enrollments/{offering}/{c}/offers/{b}.1.1/acceptance", null)).ShouldBe(409, "refusal:offer-unknown");
        (await third.Post($"enrollments/{offering}/{c}/offers/{c}.1.1/acceptance", null)).ShouldBe(200);
        (await third.Post($"enrollments/{offering}/{c}/offers/{c}.1.1/acceptance", null)).ShouldBe(200);
        (await second.Post($"enrollments/{offering}/{b}/offers/{b}.1.1/acceptance", null)).ShouldBe(409, "refusal:offer-over");
        (await admin.Get($"offerings/{offering}/waitlist")).ShouldBe(200).Items.Single()["skips"]!.GetValue<int>().ShouldBe(1);
        (await second.Post($"offerings/{offering}/promotion", null)).ShouldBe(403, "forbidden");

        async Task Offered(Caller caller, string number) => await Until.True(
            async () => (await caller.Get($"enrollments/{offering}/{number}")).Text("status") == "offered", $"{number} is offered seats");
    }

    [Fact]
    public async Task a_certificate_is_issued_printed_verified_by_anybody_and_revoked_and_the_name_can_be_erased()
    {
        var (admin, program, offering) = await stage.Offer(49m, null, DateTimeOffset.UtcNow.AddDays(2));
        var number = Stage.New("M");
        using var buyer = await stage.Enroller(number);
        (await buyer.Post("enrollments", new EnrollmentEntry(new(offering), new(number), 1, "PO"))).ShouldBe(201);
        (await buyer.Put($"participants/{number}/T-1", new PersonalDetails("Ada <Example>"))).ShouldBe(200);
        (await admin.Post($"offerings/{offering}/attendance", null)).ShouldBe(200);
        (await admin.Post($"offerings/{offering}/attendance/closing", null)).ShouldBe(409, "refusal:too-early");

        // The workshop lies ahead; its certificate is issued here as the saga does it after the sheet is closed.
        var code = Certificate.CodeOf(Guid.CreateVersion7(), new("T-1"));
        var text = new CertificateText(
            new(offering), new(program), "Number sense", new("T-1"), new(number), Stage.Today, Stage.Today, 320,
                Quantity.FromDecimal(5.25m),
            Quantity.FromDecimal(0.525m));
        (await stage.Node.Commands.Handle<Certificate, Certificate.Command, Certificate.State, Certificate.Event>(
            new("mn", "test", "test", DateTimeOffset.UtcNow), code, new Certificate.Command.Issue(text, true), default))
            .ShouldBeOfType<CommandOutcome.Done>();
        var printed = (await buyer.Get($"certificates/{code}/print")).ShouldBe(200);
        printed.Text.ShouldContain("Ada &lt;Example&gt;");
        printed.Text.ShouldContain("5.25");
        using var anybody = stage.Front.Client();
        var verified = await anybody.GetStringAsync($"/verify/{code}");
        verified.ShouldContain("holds");
        verified.ShouldNotContain("Ada");
        (await anybody.GetAsync("/verify/NOSUCHCODE")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        (await buyer.Send(HttpMethod.Delete, $"participants/{number}/T-1", null)).ShouldBe(200);
        (await buyer.Get($"certificates/{code}/print")).Text.ShouldNotContain("Ada");
        (await admin.Post($"certificates/{code}/revocation", new { reason = "wrong person" })).ShouldBe(200);
        (await anybody.GetStringAsync($"/verify/{code}")).ShouldContain("revoked");
        var calendar = (await buyer.Get($"calendars/{number}")).ShouldBe(200);
        calendar.Headers["Content-Type"].ShouldStartWith("text/calendar");
        calendar.Text.ShouldStartWith("BEGIN:VCALENDAR\r\n");
    }

    [Fact]
    public async Task bad_input_has_a_code_of_its_own_and_records_nothing()
    {
        var (admin, program, offering) = await stage.Offer(49m, 0, DateTimeOffset.UtcNow.AddDays(40));
        var number = Stage.New("M");
        using var buyer = await stage.Enroller(number);
        var head = (await stage.Node.Store.ReadStream("mn", $"offering-{offering}")).Count;
        EnrollmentEntry Ask(int seats) => new(new(offering), new(number), seats, "PO");
        (await buyer.Post("enrollments", Ask(0))).ShouldBe(409, "refusal:seats-not-positive");
        (await buyer.Post("enrollments", Ask(2_000_000))).ShouldBe(409, "refusal:seats-too-many");
        (await buyer.Post("enrollments", Ask(1) with { Offering = new("OF-none") })).ShouldBe(409, "refusal:offering-unknown");
        (await buyer.Post($"enrollments/{offering}/{number}/confirmation", null)).ShouldBe(409, "refusal:request-unknown");
        (await buyer.Post($"enrollments/{offering}/{number}/reduction", new SeatsEntry(1))).ShouldBe(409, "refusal:enrollment-unknown");
        (await admin.Post("enrollments", Ask(1) with { Member = new("M-none") })).ShouldBe(409, "refusal:member-unknown");
        (await admin.Put($"programs/{program}/eligibility", new ProgramEligibility(["NonProfit"]))).ShouldBe(200);
        (await buyer.Post("enrollments", Ask(1))).ShouldBe(409, "refusal:member-type-not-eligible");
        (await admin.Put($"offerings/{offering}/capacity", new CapacityEntry(-1, "why"))).ShouldBe(409, "refusal:capacity-negative");
        (await buyer.Put($"offerings/{offering}/capacity", new CapacityEntry(9, "why"))).ShouldBe(403, "forbidden");
        (await admin.Post($"offerings/{offering}/run-anyway", new { reason = "why" })).ShouldBe(409, "refusal:not-below-minimum");
        (await stage.Node.Store.ReadStream("mn", $"offering-{offering}")).Count.ShouldBe(head);
        (await admin.Put($"programs/{program}/eligibility", new ProgramEligibility([]))).ShouldBe(200);
        (await buyer.Post("enrollments", Ask(1))).ShouldBe(201);
        (await buyer.Get($"enrollments/{offering}/{number}")).Text("status").ShouldBe("waitlisted",
            "a capacity of zero is no seat, not no limit");
        (await admin.Put($"offerings/{offering}/capacity", new { reason = "open air" })).ShouldBe(200);
        await Until.True(
            async () => (await buyer.Get($"enrollments/{offering}/{number}")).Text("status") == "offered",
                "without a limit the line moves");
    }
}
