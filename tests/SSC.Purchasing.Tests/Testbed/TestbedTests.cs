using Shouldly;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.Tests.Testbed;

public class LoanSpecs : SpecFor<Loan, Loan.Command, Loan.State, Loan.Event>
{
    private static readonly DateTimeOffset Friday = new(2026, 3, 6, 18, 0, 0, TimeSpan.Zero);
    private static readonly Loan.Event Lent = new Loan.Event.Lent("saw", Friday);

    [Fact]
    public void given_when_then_records() => Given(Lent).When(new Loan.Command.Remind(1)).Records(new Loan.Event.Reminded(1));

    [Fact]
    public void given_when_then_records_nothing() => Given(Lent).When(new Loan.Command.Lend("saw", Friday)).RecordsNothing();

    [Fact]
    public void given_when_then_refuses() => When(new Loan.Command.Return()).Refuses("not-out");

    [Fact]
    public void a_wrong_expectation_is_seen()
    {
        Should.Throw<ShouldAssertException>(() => Given(Lent).When(new Loan.Command.Remind(1)).Records(new Loan.Event.Reminded(2)));
        Should.Throw<ShouldAssertException>(() => Given(Lent).When(new Loan.Command.Remind(1)).RecordsNothing());
        Should.Throw<ShouldAssertException>(() => Given(Lent).When(new Loan.Command.Remind(1)).Refuses("not-out"));
        Should.Throw<ShouldAssertException>(() => When(new Loan.Command.Return()).Records(new Loan.Event.Returned()));
        Should.Throw<ShouldAssertException>(() => Then.ShouldBeWellFormed(new("Not Kebab", "A sentence.")));
        Should.Throw<ShouldAssertException>(() => Then.ShouldBeWellFormed(new("kebab", "no sentence")));
    }
}

public class SagaTestbedTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Friday = new(2026, 3, 6, 18, 0, 0, TimeSpan.Zero);
    private static readonly LoanReminders Saga = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_forgetful_borrower_hears_twice_and_no_more(bool deliverTwice)
    {
        var bed = Bed(deliverTwice);
        await bed.Given("loan-1", new Loan.Event.Lent("saw", Friday));
        await bed.AdvanceTo(Friday.AddSeconds(-1));
        bed.Sent.ShouldBeEmpty();
        bed.Timers.ShouldBe([new(SagaTestbed.Tenant, "loan_reminders", "1", "due", Friday)]);

        await bed.AdvanceTo(Friday.AddDays(30));

        bed.Sent.Select(s => s.Command)
            .ShouldBe([new LoanReminders.RemindBorrower("1", 1), new LoanReminders.RemindBorrower("1", 2)], bed.Story);
        (await bed.Store.ReadStream(SagaTestbed.Tenant, "loan-1")).Select(e => e.At).ShouldBe([Monday, Friday, Friday.AddDays(3)]);
        bed.StateOf(Saga, "1").ShouldBe(new LoanReminders.Progress("1", 2, LoanReminders.Phase.GivenUp));
        bed.Clock.Now.ShouldBe(Friday.AddDays(30));
    }

    [Fact]
    public async Task a_refusal_comes_back_to_the_saga()
    {
        var bed = Bed();
        await bed.Given("loan-1", new Loan.Event.Lent("saw", Friday), new Loan.Event.Returned());
        await bed.AdvanceTo(Friday);
        bed.Sent.Single().Outcome.ShouldBeOfType<CommandOutcome.Refused>().Refusal.Code.ShouldBe("not-out");
        bed.StateOf(Saga, "1")!.Phase.ShouldBe(LoanReminders.Phase.Over);
        bed.StateOf(Saga, "2").ShouldBeNull();
    }

    [Fact]
    public async Task after_an_outage_what_was_due_fires_late()
    {
        var bed = Bed();
        await bed.Given("loan-1", new Loan.Event.Lent("saw", Friday));
        await bed.ResumeAt(Friday.AddDays(10));
        bed.Sent.Count.ShouldBe(1);
        bed.Timers.Single().Due.ShouldBe(Friday.AddDays(13));
    }

    [Fact]
    public async Task timers_of_several_instances_fire_in_due_order()
    {
        var bed = Bed();
        await bed.Given("loan-b", new Loan.Event.Lent("saw", Friday));
        await bed.Given("loan-a", new Loan.Event.Lent("axe", Friday.AddHours(1)));
        await bed.AdvanceTo(Friday.AddDays(30));
        bed.Sent.Select(s => s.Instance).ShouldBe(["b", "a", "b", "a"]);
    }

    [Fact]
    public async Task a_saga_that_never_rests_is_reported_and_not_run_for_ever()
    {
        var bed = new SagaTestbed(Catalogue, Monday, [new Echo()], Edge);
        await Should.ThrowAsync<InvalidOperationException>(() => bed.Given("loan-1", new Loan.Event.Lent("saw", Friday)));
    }

    [Fact]
    public async Task the_same_story_always_gets_the_same_ids_and_positions()
    {
        async Task<IEnumerable<(Guid, long)>> Tell()
        {
            var bed = Bed();
            await bed.Given("loan-1", new Loan.Event.Lent("saw", Friday));
            await bed.AdvanceTo(Friday.AddDays(9));
            return (await bed.Store.ReadAll(0, 100)).Select(e => (e.Id, e.Position));
        }

        (await Tell()).ShouldBe(await Tell());
    }

    internal static EventCatalogue Catalogue => EventCatalogue.Of([typeof(Loan).Assembly]);

    private static SagaTestbed Bed(bool deliverTwice = false) => new(Catalogue, Monday, [Saga], Edge) { DeliverTwice = deliverTwice };

    private static ExecuteCommand Edge(Commands commands) => (command, context, ct) => command switch
    {
        LoanReminders.RemindBorrower c => commands.Handle<Loan, Loan.Command, Loan.State, Loan.Event>(
            context, c.Loan, new Loan.Command.Remind(c.Number), ct),
        _ => throw new ArgumentException($"Nobody executes {command}.", nameof(command)),
    };

    private sealed class Echo : Saga<object>
    {
        public override string Name => "echo";

        public override string? Correlate(RecordedEvent e) => e.Stream;

        public override object Initial(string id) => new();

        public override SagaStep<object> On(object state, SagaInput input) => new(state, new SagaEffect.Wake("at-once", input.At));
    }
}

public class InMemoryEventStoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 6, 18, 0, 0, TimeSpan.Zero);
    private readonly ScriptedClock clock = new(Now);
    private readonly InMemoryEventStore store;

    public InMemoryEventStoreTests() => store = new(SagaTestbedTests.Catalogue, clock);

    [Fact]
    public async Task an_append_that_fails_leaves_nothing_behind()
    {
        await Should.ThrowAsync<ArgumentException>(() =>
            store.Append(Lend("1", 0) with { Events = [Event(), new(Guid.Empty, "no event")] }, default));
        (await store.Head()).Position.ShouldBe(0);
        (await store.Append(Lend("1", 0), default)).ShouldBe(new AppendOutcome.Appended("loan-1", 1, 1, Now));
    }

    [Fact]
    public async Task the_second_of_two_writers_is_told_the_version()
    {
        await store.Append(Lend("1", 0), default);
        (await store.Append(Lend("1", 0), default)).ShouldBe(new AppendOutcome.VersionConflict("loan-1", 1));
        (await store.Append(Lend("2", 0) with { Conditions = [new("loan-1", 0)] }, default))
            .ShouldBe(new AppendOutcome.ConditionFailed("loan-1", 1));
        (await store.Append(Lend("2", 0) with { Conditions = [new("loan-1", 1)] }, default)).ShouldBeOfType<AppendOutcome.Appended>();
    }

    [Fact]
    public async Task nothing_is_recorded_at_the_cutoff_or_after_it()
    {
        (await store.Append(Lend("1", 0) with { RecordedBefore = Now }, default)).ShouldBe(new AppendOutcome.TooLate(Now));
        (await store.Append(Lend("1", 0) with { RecordedBefore = Now.AddTicks(10) }, default)).ShouldBeOfType<AppendOutcome.Appended>();
    }

    [Fact]
    public async Task a_key_takes_effect_once_for_ever()
    {
        var keyed = Lend("1", 0) with { Key = new("k", [1]) };
        var first = (AppendOutcome.Appended)await store.Append(keyed, default);
        clock.Now = Now.AddYears(50);
        (await store.Append(keyed, default)).ShouldBe(first with { Repeated = true });
        (await store.Append(keyed with { Key = new("k", [2]) }, default)).ShouldBe(new AppendOutcome.KeyReused("k"));
        (await store.FindKey("mn", "k"))!.Appended.ShouldBe(first);
        (await store.FindKey("wi", "k")).ShouldBeNull();
    }

    [Fact]
    public async Task the_past_is_read_by_position_and_by_time()
    {
        await store.Append(Lend("1", 0), default);
        clock.Now = Now.AddHours(1);
        await store.Append(Lend("2", 0), default);
        (await store.PositionAsOf(Now.AddSeconds(-1))).ShouldBe(0);
        (await store.PositionAsOf(Now)).ShouldBe(1);
        (await store.ReadStreams("mn", ["loan-1", "loan-2"], upToPosition: 1)).Single().Stream.ShouldBe("loan-1");
        (await store.ReadAll(0, 10, new() { From = Now.AddSeconds(1) })).Single().Stream.ShouldBe("loan-2");
        (await store.ReadAll(0, 10, new() { Until = Now.AddHours(1) })).Single().Stream.ShouldBe("loan-1");
        (await store.ReadAll(0, 1)).Single().Position.ShouldBe(1);
    }

    private static Append Lend(string loan, long expected) => new()
    {
        Tenant = "mn",
        Stream = $"loan-{loan}",
        ExpectedVersion = expected,
        Events = [Event()],
        Metadata = new("a", "c"),
    };

    private static NewEvent Event() => new(Guid.Empty, new Loan.Event.Lent("saw", Now));
}
