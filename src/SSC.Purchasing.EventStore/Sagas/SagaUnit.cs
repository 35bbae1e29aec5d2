using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.Sagas;

/// <summary>One instance of a saga; an id means nothing outside its tenant.</summary>
internal readonly record struct SagaKey(string Saga, string Tenant, string Id);

/// <summary>An instance's state in memory and the revision it was loaded at (0 when it is new).</summary>
internal sealed class SagaInstance(ISaga saga, SagaKey key, object state, long revision, long position)
{
    public ISaga Saga => saga;

    public SagaKey Key => key;

    public object State { get; set; } = state;

    /// <summary>Steps stored.</summary>
    public long Stored { get; set; } = revision;

    /// <summary>Steps taken, stored or not.</summary>
    public long Revision { get; set; } = revision;

    /// <summary>Last event heard.</summary>
    public long Position { get; set; } = position;
}

/// <summary>A timer as stored; its revision is the step that set it.</summary>
internal sealed record SagaTimer(
    SagaKey Key, string Timer, DateTimeOffset Due, long Revision, string CorrelationId, string? CausationId, int Attempts = 0);

/// <summary>A command as stored.</summary>
internal sealed record SagaCommand(
    SagaKey Key, string CommandId, string Alias, byte[] Body, string CorrelationId, string? CausationId, DateTimeOffset At,
    int Attempts = 0);

/// <summary>What led to a step, for the ids and the trail of what follows from it.</summary>
/// <param name="Id">Deterministic within the instance.</param>
/// <param name="CorrelationId">Carried on.</param>
/// <param name="CausationId">Event, timer or command.</param>
internal sealed record SagaCause(string Id, string CorrelationId, string? CausationId)
{
    public static SagaCause Of(RecordedEvent e) =>
        new(e.Position.ToString(CultureInfo.InvariantCulture), e.Metadata.CorrelationId, $"event:{e.Id}");

    public static SagaCause Of(SagaTimer timer) => new(
        string.Create(CultureInfo.InvariantCulture, $"{timer.Timer}@{timer.Revision}"), timer.CorrelationId, $"timer:{timer.Timer}");

    public static SagaCause Of(SagaCommand refused, SagaInstance instance) => new(
        string.Create(CultureInfo.InvariantCulture, $"no@{instance.Revision + 1}"), refused.CorrelationId, $"command:{refused.CommandId}");
}

/// <summary>The steps that will be stored together: states, timers and commands, in memory until then.</summary>
internal sealed class SagaUnit(SagaCommandCatalogue catalogue)
{
    private const int LongestReadableId = 150;
    private readonly Dictionary<SagaKey, SagaInstance> instances = [];
    private readonly Dictionary<(SagaKey Key, string Timer), SagaTimer> timers = [];
    private readonly List<SagaCommand> commands = [];
    private readonly List<SagaTimer> fired = [];

    public IReadOnlyCollection<SagaInstance> Instances => instances.Values;

    public IReadOnlyCollection<SagaTimer> Timers => timers.Values;

    public IReadOnlyList<SagaCommand> Commands => commands;

    /// <summary>Timers delivered, as they were stored.</summary>
    public IReadOnlyList<SagaTimer> Fired => fired;

    /// <summary>Takes one step wholly, or throws and takes none.</summary>
    public void Step(SagaInstance instance, SagaInput input, SagaCause cause)
    {
        var step = instance.Saga.On(instance.State, input);
        var sent = new List<SagaCommand>();
        foreach (var effect in step.Effects)
        {
            if (effect is not SagaEffect.Send send) continue;
            var (alias, body) = catalogue.Write(send.Command);
            var id = IdOf(instance.Key, cause.Id, sent.Count);
            sent.Add(new(instance.Key, id, alias, body, cause.CorrelationId, cause.CausationId, input.At));
        }

        instance.State = step.State;
        instance.Revision++;
        if (input is SagaInput.Heard heard) instance.Position = heard.Event.Position;
        instances[instance.Key] = instance;
        commands.AddRange(sent);
        foreach (var wake in step.Effects.OfType<SagaEffect.Wake>())
        {
            timers[(instance.Key, wake.Timer)] =
                new(instance.Key, wake.Timer, wake.At, instance.Revision, cause.CorrelationId, cause.CausationId);
        }
    }

    /// <summary>Delivers a timer, unless an earlier step of this unit has moved it.</summary>
    public void Fire(SagaInstance instance, SagaTimer timer, DateTimeOffset now)
    {
        if (timers.ContainsKey((instance.Key, timer.Timer))) return;
        Step(instance, new SagaInput.Woken(timer.Timer, timer.Due, now), SagaCause.Of(timer));
        fired.Add(timer);
    }

    /// <summary>Says that everything is stored.</summary>
    public void Stored()
    {
        foreach (var instance in instances.Values) instance.Stored = instance.Revision;
    }

    /// <summary>At most 160 characters, so that a use case may add parts of its own to the key.</summary>
    private static string IdOf(SagaKey key, string cause, int ordinal)
    {
        var id = $"{key.Saga}/{key.Id}/{cause}";
        if (id.Length > LongestReadableId)
            id = $"{key.Saga}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))}";
        return string.Create(CultureInfo.InvariantCulture, $"{id}/{ordinal}");
    }
}
