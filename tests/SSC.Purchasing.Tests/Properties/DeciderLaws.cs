using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.Architecture;
using SSC.Purchasing.Tests.Testbed;
using Xunit;

namespace SSC.Purchasing.Tests.Properties;

/// <summary>
/// What holds for every aggregate. A test class derives from this and says which commands to try: random ones, and scenarios that
/// reach the corners which chance does not. A failure prints its seed and the shortest run of commands.
/// </summary>
public abstract class DeciderLaws<TDecider, TCommand, TState, TEvent> : IDeciderWalk
    where TDecider : IDecider<TCommand, TState, TEvent>
    where TCommand : notnull
    where TState : notnull
    where TEvent : notnull
{
    private const int Runs = 300;
    private const int RunLength = 40;

    /// <summary>Random commands; draw ids, amounts and times from small sets, so that commands meet each other.</summary>
    protected abstract Gen<TCommand> Commands { get; }

    /// <summary>Runs of commands that reach what random ones do not.</summary>
    protected virtual IEnumerable<IReadOnlyList<TCommand>> Scenarios => [];

    [Fact]
    public void repeating_the_last_command_records_nothing() => ForAllRuns((command, state, decision) =>
    {
        if (decision is not Decision<TEvent>.Accepted accepted) return;
        var again = TDecider.Decide(command, accepted.Events.Aggregate(state, TDecider.Evolve));
        (again is Decision<TEvent>.Accepted { Events.Count: > 0 }).ShouldBeFalse($"{command} again on {state}: {Show(again)}");
    });

    [Fact]
    public void the_same_command_on_the_same_state_is_decided_the_same() => ForAllRuns((command, state, decision) =>
        Show(TDecider.Decide(command, state)).ShouldBe(Show(decision)));

    [Fact]
    public void what_is_recorded_reads_back_as_it_was() => ForAllRuns((_, state, decision) =>
    {
        if (decision is not Decision<TEvent>.Accepted accepted) return;
        var stored = accepted.Events
            .Select(e => (TEvent)JsonSerializer.Deserialize(EventCatalogue.Serialize(e), e.GetType(), EventCatalogue.Json)!).ToList();
        stored.ShouldBe(accepted.Events);
        stored.Aggregate(state, TDecider.Evolve)
            .ShouldBe(accepted.Events.Aggregate(state, TDecider.Evolve), "a state must compare by value");
    });

    [Fact]
    public void every_refusal_has_a_code_and_says_how_to_mend_it() => ForAllRuns((_, _, decision) =>
    {
        if (decision is Decision<TEvent>.Refused no) Then.ShouldBeWellFormed(no.Refusal);
    });

    [Fact]
    public void every_command_is_accepted_by_some_state_and_every_event_is_evolved()
    {
        var steps = Walk().ToList();
        var accepted = steps.Where(s => s.Events.Count > 0).Select(s => s.Command.GetType()).ToHashSet();
        House.CasesOf(typeof(TCommand)).Except(accepted).ShouldBeEmpty("no state that was reached accepts these commands; add a scenario");
        var evolved = steps.SelectMany(s => s.Events).Select(e => e.Fact.GetType()).ToHashSet();
        House.CasesOf(typeof(TEvent)).Except(evolved).ShouldBeEmpty("no command that was tried records these events; add a scenario");
    }

    /// <summary>The steps of all scenarios and of the same seeded random runs every time.</summary>
    public IEnumerable<WalkStep> Walk()
    {
        var runs = Scenarios.Concat(Commands.ListOf().Sample(RunLength, new Rnd(20260306UL, 1UL), Runs));
        foreach (var run in runs)
        {
            var state = TDecider.Initial;
            foreach (var command in run)
            {
                if (TDecider.Decide(command, state) is not Decision<TEvent>.Accepted accepted) continue;
                var events = new List<(object Before, object Fact, object After)>();
                foreach (var fact in accepted.Events)
                {
                    var next = TDecider.Evolve(state, fact);
                    events.Add((state, fact, next));
                    state = next;
                }

                yield return new(command, events);
            }
        }
    }

    private void ForAllRuns(Action<TCommand, TState, Decision<TEvent>> law)
    {
        foreach (var scenario in Scenarios) Hold(scenario, law);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Runs).WithEndSize(RunLength),
            Prop.ForAll(Arb.From(Commands.ListOf(), Shorter), run => Hold(run, law)));
    }

    private static IEnumerable<List<TCommand>> Shorter(List<TCommand> run) => run.Select((_, i) => run.Where((_, at) => at != i).ToList());

    private static void Hold(IEnumerable<TCommand> run, Action<TCommand, TState, Decision<TEvent>> law)
    {
        var state = TDecider.Initial;
        foreach (var command in run)
        {
            var decision = TDecider.Decide(command, state);
            law(command, state, decision);
            if (decision is Decision<TEvent>.Accepted accepted) state = accepted.Events.Aggregate(state, TDecider.Evolve);
        }
    }

    private static string Show(Decision<TEvent> decision) =>
        decision is Decision<TEvent>.Accepted accepted ? $"records [{string.Join(", ", accepted.Events)}]" : decision.ToString()!;
}

/// <summary>The untyped face of the laws, for drawing diagrams.</summary>
public interface IDeciderWalk
{
    /// <summary>Accepted commands and what they did.</summary>
    IEnumerable<WalkStep> Walk();
}

/// <summary>An accepted command and each of its events with the state before and after it.</summary>
public sealed record WalkStep(object Command, IReadOnlyList<(object Before, object Fact, object After)> Events);
