using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Tests.Testbed;

/// <summary>Executes a saga's command at the edge, as the host does.</summary>
public delegate Task<CommandOutcome> ExecuteCommand(object command, CommandContext context, CancellationToken ct);

/// <summary>A command that a saga sent and what became of it.</summary>
public sealed record SentCommand(string Saga, string Instance, object Command, CommandOutcome Outcome);

/// <summary>A timer that has not fired yet.</summary>
public sealed record PendingTimer(string Tenant, string Saga, string Instance, string Timer, DateTimeOffset Due);

/// <summary>
/// Runs real sagas over an in-memory log with a scripted clock, so that a saga's branch can be told as a story: what happened, what
/// time it became, what was sent. Everything comes in one fixed order with fixed ids; states, commands pass through JSON as in life.
/// </summary>
public sealed class SagaTestbed
{
    private const int MostSteps = 20_000;
    private readonly IReadOnlyList<ISaga> sagas;
    private readonly ExecuteCommand execute;
    private readonly Dictionary<(string Tenant, string Saga, string Instance), string> states = [];
    private readonly Dictionary<(string Tenant, string Saga, string Instance, string Timer), (DateTimeOffset Due, int Step)> timers = [];
    private readonly Queue<Outgoing> outgoing = new();
    private readonly List<SentCommand> sent = [];
    private readonly StringBuilder story = new();
    private long checkpoint;
    private int ids;
    private int steps;

    /// <summary>A testbed at a time.</summary>
    /// <param name="catalogue">The events of the modules in play.</param>
    /// <param name="start">What time it is.</param>
    /// <param name="sagas">The sagas in play.</param>
    /// <param name="connect">Makes the edge that executes their commands, over these commands and their store.</param>
    public SagaTestbed(EventCatalogue catalogue, DateTimeOffset start, IReadOnlyList<ISaga> sagas, Func<Commands, ExecuteCommand> connect)
    {
        Clock = new(start);
        Store = new(catalogue, Clock);
        Commands = new(Store, NextId);
        this.sagas = sagas;
        execute = connect(Commands);
    }

    /// <summary>The tenant of a story that needs only one.</summary>
    public const string Tenant = "mn";

    /// <summary>What time it is.</summary>
    public ScriptedClock Clock { get; }

    /// <summary>The log.</summary>
    public InMemoryEventStore Store { get; }

    /// <summary>The way in.</summary>
    public Commands Commands { get; }

    /// <summary>When true, every command and timer is delivered twice, as at-least-once delivery may: nothing may change by it.</summary>
    public bool DeliverTwice { get; init; }

    /// <summary>What the sagas sent, in order.</summary>
    public IReadOnlyList<SentCommand> Sent => sent;

    /// <summary>Timers by due time.</summary>
    public IReadOnlyList<PendingTimer> Timers =>
    [
        .. timers.Select(t => new PendingTimer(t.Key.Tenant, t.Key.Saga, t.Key.Instance, t.Key.Timer, t.Value.Due))
            .OrderBy(t => t.Due).ThenBy(t => $"{t.Tenant}/{t.Saga}/{t.Instance}/{t.Timer}", StringComparer.Ordinal),
    ];

    /// <summary>What happened, a line each, for reading a failed story.</summary>
    public string Story => story.ToString();

    /// <summary>A context for a person's command at the clock's time.</summary>
    public CommandContext As(string actor, string? key = null) => new(Tenant, actor, $"work-{actor}", Clock.Now)
    {
        Key = key is null ? null : new(key, SHA256.HashData(Encoding.UTF8.GetBytes(key))),
    };

    /// <summary>Puts events on a stream as if they had been decided, then lets the sagas hear them.</summary>
    public async Task Given(string stream, params IReadOnlyList<object> facts)
    {
        var version = (await Store.ReadStream(Tenant, stream)).Count;
        var outcome = await Store.Append(
            new()
            {
                Tenant = Tenant,
                Stream = stream,
                ExpectedVersion = version,
                Events = [.. facts.Select(f => new NewEvent(NextId(), f))],
                Metadata = new("story", "story"),
            },
            CancellationToken.None);
        if (outcome is not AppendOutcome.Appended) throw new InvalidOperationException($"{stream}: {outcome}");
        await RunUntilIdle();
    }

    /// <summary>The state of a saga's instance; null when it has heard nothing.</summary>
    public TState? StateOf<TState>(Saga<TState> saga, string instance)
        where TState : class =>
        states.TryGetValue((Tenant, saga.Name, instance), out var json)
            ? JsonSerializer.Deserialize<TState>(json, EventCatalogue.Json) : null;

    /// <summary>Hears, sends and wakes until nothing is left to do at this time.</summary>
    public async Task RunUntilIdle()
    {
        for (var step = 0; step < MostSteps; step++)
        {
            if (await HearNext() || await SendNext() || WakeNext()) continue;
            return;
        }

        var end = Story[^Math.Min(4000, Story.Length)..];
        throw new InvalidOperationException($"The sagas never come to rest; the end of the story:\n{end}");
    }

    /// <summary>Lets time pass: every timer fires at its time, in due order.</summary>
    public async Task AdvanceTo(DateTimeOffset time)
    {
        await RunUntilIdle();
        while (Timers is [{ } next, ..] && next.Due <= time)
        {
            Clock.Now = next.Due;
            await RunUntilIdle();
        }

        Clock.Now = time;
    }

    /// <summary>Lets time pass while nothing runs, as in an outage: what was due meanwhile fires late.</summary>
    public async Task ResumeAt(DateTimeOffset time)
    {
        Clock.Now = time;
        await RunUntilIdle();
    }

    private async Task<bool> HearNext()
    {
        if (await Store.ReadAll(checkpoint, 1) is not [var e]) return false;
        checkpoint = e.Position;
        Tell($"heard {e.Type} on {e.Stream}");
        foreach (var saga in sagas)
        {
            if (saga.Correlate(e) is { } instance)
                Step(e.Tenant, saga, instance, new SagaInput.Heard(e), $"e{e.Position}", e.Metadata.CorrelationId, e.Id.ToString());
        }

        return true;
    }

    private async Task<bool> SendNext()
    {
        if (!outgoing.TryDequeue(out var next)) return false;
        var outcome = await Execute(next);
        if (DeliverTwice) SameAgain(next, outcome, await Execute(next));
        sent.Add(new(next.Saga.Name, next.Instance, next.Command, outcome));
        Tell($"{next.Saga.Name} {next.Instance} sent {next.Command} → {outcome}");
        if (outcome is CommandOutcome.Refused no)
        {
            var input = new SagaInput.WasRefused(next.Command, no.Refusal, Clock.Now);
            Step(next.Tenant, next.Saga, next.Instance, input, next.Id + "/no", next.CorrelationId, next.Id);
        }
        else if (outcome is not CommandOutcome.Done)
        {
            throw new InvalidOperationException($"{next.Command} by {next.Saga.Name} ended as {outcome}; the story:\n{Story}");
        }

        return true;
    }

    private bool WakeNext()
    {
        if (Timers is not [{ } timer, ..] || timer.Due > Clock.Now) return false;
        timers.Remove((timer.Tenant, timer.Saga, timer.Instance, timer.Timer), out var set);
        var saga = sagas.Single(s => string.Equals(s.Name, timer.Saga, StringComparison.Ordinal));
        var step = set.Step.ToString(CultureInfo.InvariantCulture);
        for (var time = 0; time < (DeliverTwice ? 2 : 1); time++)
        {
            Tell($"{timer.Saga} {timer.Instance} woken by {timer.Timer}");
            var id = $"t{timer.Timer}@{step}" + (time == 0 ? string.Empty : "again");
            Step(timer.Tenant, saga, timer.Instance, new SagaInput.Woken(timer.Timer, timer.Due, Clock.Now), id,
                $"{saga.Name}-{timer.Instance}", id);
        }

        return true;
    }

    private void Step(string tenant, ISaga saga, string instance, SagaInput input, string inputId, string correlationId, string causationId)
    {
        var key = (tenant, saga.Name, instance);
        var state = states.TryGetValue(key, out var json)
            ? JsonSerializer.Deserialize(json, saga.StateType, EventCatalogue.Json)!
            : saga.Initial(instance);
        var step = saga.On(state, input);
        steps++;
        states[key] = JsonSerializer.Serialize(step.State, saga.StateType, EventCatalogue.Json);
        for (var i = 0; i < step.Effects.Count; i++)
        {
            if (step.Effects[i] is SagaEffect.Wake wake) timers[(tenant, saga.Name, instance, wake.Timer)] = (wake.At, steps);
            if (step.Effects[i] is SagaEffect.Send send)
                outgoing.Enqueue(new(tenant, saga, instance, Stored(send.Command), $"{saga.Name}/{instance}/{inputId}/{i}",
                    correlationId, causationId));
        }
    }

    private Task<CommandOutcome> Execute(Outgoing next)
    {
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(next.Command, next.Command.GetType(), EventCatalogue.Json));
        var context = new CommandContext(next.Tenant, $"saga:{next.Saga.Name}", next.CorrelationId, Clock.Now)
        {
            CausationId = next.CausationId,
            Key = new(next.Id, hash),
        };
        return execute(next.Command, context, CancellationToken.None);
    }

    private static object Stored(object command)
    {
        var type = command.GetType();
        if (type.GetCustomAttribute<SagaCommandAttribute>() is null)
            throw new InvalidOperationException($"{type} is sent by a saga but has no [SagaCommand] name to be stored under.");
        var back = JsonSerializer.Deserialize(JsonSerializer.Serialize(command, type, EventCatalogue.Json), type, EventCatalogue.Json)!;
        return command.Equals(back) ? back : throw new InvalidOperationException($"{command} comes back from its JSON as {back}.");
    }

    private static void SameAgain(Outgoing command, CommandOutcome first, CommandOutcome second)
    {
        var same = (first, second) switch
        {
            (CommandOutcome.Done, CommandOutcome.Done { Repeated: true }) => true,
            (CommandOutcome.Refused a, CommandOutcome.Refused b) => a.Refusal == b.Refusal,
            _ => false,
        };
        if (!same) throw new InvalidOperationException($"{command.Command} delivered twice: first {first}, then {second}.");
    }

    private Guid NextId() => new(++ids, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0);

    private void Tell(string line) => story.Append(Clock.Now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)).Append(' ')
        .AppendLine(line);

    private sealed record Outgoing(
        string Tenant, ISaga Saga, string Instance, object Command, string Id, string CorrelationId, string CausationId);
}
