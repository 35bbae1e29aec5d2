using Wolverine.Persistence.Sagas;

namespace SSC.Purchasing.CritterStack;

/// <summary>The relay: an event that an instance listens to was recorded.</summary>
/// <param name="Instance">As <see cref="HostedSaga.Id"/>.</param>
/// <param name="Position">The event.</param>
public sealed record HearEvent([property: SagaIdentity] string Instance, long Position);

/// <summary>A timer of an instance is due; a scheduled message.</summary>
/// <param name="Instance">As <see cref="HostedSaga.Id"/>.</param>
/// <param name="Timer">Its name.</param>
/// <param name="Due">When it was due.</param>
/// <param name="Revision">The step that set it: a timer that was set again since does nothing.</param>
/// <param name="CorrelationId">Carried on.</param>
/// <param name="CausationId">What led to it.</param>
public sealed record WakeSaga(
    [property: SagaIdentity] string Instance, string Timer, DateTimeOffset Due, long Revision, string CorrelationId, string? CausationId);

/// <summary>A command of an instance was refused.</summary>
/// <param name="Instance">As <see cref="HostedSaga.Id"/>.</param>
/// <param name="Command">The command.</param>
/// <param name="Code">The refusal's code.</param>
/// <param name="Reason">The refusal's sentence.</param>
public sealed record HearRefusal([property: SagaIdentity] string Instance, StoredSagaCommand Command, string Code, string Reason);

/// <summary>What one step of an instance asks for, to be executed in this order, each once (G7).</summary>
/// <param name="Instance">As <see cref="HostedSaga.Id"/>.</param>
/// <param name="Commands">At least one.</param>
public sealed record ExecuteSagaCommands(string Instance, IReadOnlyList<StoredSagaCommand> Commands);

/// <summary>A command on its way.</summary>
/// <param name="CommandId">Deterministic: the idempotency key.</param>
/// <param name="Alias">Stored name.</param>
/// <param name="Body">JSON.</param>
/// <param name="CorrelationId">Carried on.</param>
/// <param name="CausationId">What led to it.</param>
/// <param name="At">When the step was taken.</param>
public sealed record StoredSagaCommand(
    string CommandId, string Alias, string Body, string CorrelationId, string? CausationId, DateTimeOffset At);
