using Marten;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.EventStore.Sagas;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;
using Wolverine;

namespace SSC.Purchasing.CritterStack;

/// <summary>
/// Executes what a saga's step asked for, one after the other. A message may come twice, or stop half-way and come again: each command
/// carries its deterministic key and takes effect once, and one whose refusal the saga has acted on is not tried again. A refusal leaves
/// in the session that settles the message, so that it is told once.
/// </summary>
public static class ExecuteSagaCommandsHandler
{
    /// <summary>Attempts of a message before it goes to the dead letters with an alarm.</summary>
    public const int Attempts = 12;

    /// <summary>Executes them; a refusal is told to the saga.</summary>
    /// <exception cref="StoreUnavailableException">The store was busy: the message is tried again.</exception>
    public static async Task<OutgoingMessages> Handle(
        ExecuteSagaCommands message, SagaHosting hosting, Alarms alarms, IDocumentSession session, Envelope envelope, CancellationToken ct)
    {
        var outgoing = new OutgoingMessages();
        if (await session.LoadAsync<HostedSaga>(message.Instance, ct).ConfigureAwait(false) is not { } saga) return outgoing;
        foreach (var command in message.Commands.Where(c => !saga.RefusalsHeard.Contains(c.CommandId)))
        {
            var stored = saga.Stored(command);
            try
            {
                var context = SagaDispatcher.ContextOf(stored, hosting.Clock.GetUtcNow());
                var outcome = await hosting.Execute(hosting.Commands.Read(stored.Alias, stored.Body), context, ct).ConfigureAwait(false);
                if (outcome is CommandOutcome.Refused { Refusal: var no })
                    outgoing.Add(new HearRefusal(message.Instance, command, no.Code, no.Reason));
                else if (outcome is not CommandOutcome.Done) throw new StoreUnavailableException($"{stored.Alias}: {outcome}");
            }
            catch (Exception broken) when (envelope.Attempts >= Attempts && broken is not OperationCanceledException)
            {
                await alarms.Raise($"saga_command/{stored.Key.Tenant}/{stored.CommandId}", null, $"{stored.Alias}: {broken.Message}", ct)
                    .ConfigureAwait(false);
                throw;
            }
        }

        return outgoing;
    }
}
