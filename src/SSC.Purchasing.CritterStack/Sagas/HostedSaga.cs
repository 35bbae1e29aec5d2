using System.Text.Json;
using JasperFx;
using Marten.Schema;
using SSC.Purchasing.EventStore.Sagas;
using SSC.Purchasing.Kernel;
using Wolverine;

namespace SSC.Purchasing.CritterStack;

/// <summary>
/// An instance of one of the service's sagas, hosted by Wolverine: a Marten document with a revision (<see cref="IRevisioned"/> is what
/// makes Wolverine check it), so that of two messages that meet it at the same time one is tried again. The saga itself stays the pure
/// function it is; this only carries its state, and its effects out as durable and scheduled messages. Late and repeated messages are
/// harmless: events by position, timers by the step that set them, refusals by the command's id.
/// </summary>
[DocumentAlias("hosted_saga")]
public sealed class HostedSaga : Saga, IRevisioned
{
    private const char Between = '|';

    /// <summary><c>{saga}|{tenant}|{id}</c>.</summary>
    public string Id { get; set; } = "";

    /// <summary>State, JSON as the service writes it; null before the first step.</summary>
    public string? State { get; set; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; set; }

    /// <summary>Last event heard.</summary>
    public long Position { get; set; }

    /// <summary>Timers that are set, with the step that set each.</summary>
    public Dictionary<string, long> Timers { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Ids of the commands whose refusal it has heard: such a command is not executed again either.</summary>
    public HashSet<string> RefusalsHeard { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The id of an instance.</summary>
    public static string IdOf(string saga, string tenant, string id) => $"{saga}{Between}{tenant}{Between}{id}";

    /// <summary>Hears an event, from the first one on.</summary>
    public async Task<OutgoingMessages> StartOrHandle(HearEvent message, SagaHosting hosting, CancellationToken ct)
    {
        Id = message.Instance;
        if (message.Position <= Position) return [];
        var e = (await hosting.Store.ReadAll(message.Position - 1, 1, ct: ct).ConfigureAwait(false)).Single();
        return Step(hosting, new SagaInput.Heard(e), _ => SagaCause.Of(e));
    }

    /// <summary>Hears a timer, unless it was set again or has been heard.</summary>
    public OutgoingMessages Handle(WakeSaga message, SagaHosting hosting)
    {
        if (!Timers.TryGetValue(message.Timer, out var step) || step != message.Revision) return [];
        Timers.Remove(message.Timer);
        var timer = new SagaTimer(
            KeyOf(Id), message.Timer, message.Due, message.Revision, message.CorrelationId, message.CausationId);
        return Step(hosting, new SagaInput.Woken(message.Timer, message.Due, hosting.Clock.GetUtcNow()), _ => SagaCause.Of(timer));
    }

    /// <summary>Hears a refusal, once.</summary>
    public OutgoingMessages Handle(HearRefusal message, SagaHosting hosting)
    {
        if (!RefusalsHeard.Add(message.Command.CommandId)) return [];
        var command = Stored(message.Command);
        var body = hosting.Commands.Read(command.Alias, command.Body);
        return Step(
            hosting, new SagaInput.WasRefused(body, new(message.Code, message.Reason), hosting.Clock.GetUtcNow()),
            instance => SagaCause.Of(command, instance));
    }

    /// <summary>A message for an instance that is not there any more.</summary>
    public static void NotFound(WakeSaga message) => _ = message;

    /// <inheritdoc cref="NotFound(WakeSaga)"/>
    public static void NotFound(HearRefusal message) => _ = message;

    internal static SagaKey KeyOf(string id) =>
        id.Split(Between, 3) is [var saga, var tenant, var instance] ? new(saga, tenant, instance) : throw new FormatException(id);

    internal SagaCommand Stored(StoredSagaCommand command) => new(
        KeyOf(Id), command.CommandId, command.Alias, System.Text.Encoding.UTF8.GetBytes(command.Body), command.CorrelationId,
        command.CausationId, command.At);

    private OutgoingMessages Step(SagaHosting hosting, SagaInput input, Func<SagaInstance, SagaCause> cause)
    {
        var key = KeyOf(Id);
        var saga = hosting.ByName[key.Saga];
        var state = State is null ? saga.Initial(key.Id) : JsonSerializer.Deserialize(State, saga.StateType, EventCatalogue.Json)!;
        var instance = new SagaInstance(saga, key, state, Steps, Position);
        var unit = new SagaUnit(hosting.Commands);
        unit.Step(instance, input, cause(instance));

        (Steps, Position) = (instance.Revision, instance.Position);
        State = JsonSerializer.Serialize(instance.State, saga.StateType, EventCatalogue.Json);
        var outgoing = new OutgoingMessages();
        foreach (var timer in unit.Timers)
        {
            Timers[timer.Timer] = timer.Revision;
            outgoing.Schedule(
                new WakeSaga(Id, timer.Timer, timer.Due, timer.Revision, timer.CorrelationId, timer.CausationId), timer.Due);
        }

        if (unit.Commands.Count > 0)
        {
            outgoing.Add(new ExecuteSagaCommands(Id, [.. unit.Commands.Select(c => new StoredSagaCommand(
                c.CommandId, c.Alias, System.Text.Encoding.UTF8.GetString(c.Body), c.CorrelationId, c.CausationId, c.At))]));
        }

        return outgoing;
    }
}
