using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>Does what <see cref="WithdrawalSaga"/> asks for.</summary>
public sealed class WithdrawalWork(PoolStreams pools)
{
    /// <summary>Executes a command on joining and leaving.</summary>
    public Task<CommandOutcome> Execute(CommandContext context, WithdrawalCommand command, CancellationToken ct)
    {
        var today = BusinessCalendar.LocalDate(context.Now);
        return command switch
        {
            AdmitToPool c => Both(
                context, c, new Pool.Command.AdmitParticipant(c.Member), new PoolParticipation.Command.Activate(), ct),
            WithdrawParticipant c => pools.Tell(context, c.Pool, c.Member, new PoolParticipation.Command.Withdraw(today), ct),
            ReleaseFromPool c => Both(
                context, c, new Pool.Command.ReleaseParticipant(c.Member), new PoolParticipation.Command.StartRunOut(), ct),
            EndPoolCoverage c => EndCoverage(context, c, ct),
            CloseParticipantRunOut c => pools.Tell(context, c.Pool, c.Member, new PoolParticipation.Command.CloseRunOut(today), ct),
            ReleaseLiability c => pools.Tell(context, c.Pool, c.Member, new PoolParticipation.Command.Release(today), ct),
            _ => throw new ArgumentException($"{command.GetType().Name} is no command on joining and leaving.", nameof(command)),
        };
    }

    /// <summary>In the year that the last day lies in, and in the next one, which may be bound already.</summary>
    private async Task<CommandOutcome> EndCoverage(CommandContext context, EndPoolCoverage c, CancellationToken ct)
    {
        var outcome = PoolStreams.NothingDone(c.Pool);
        foreach (var year in new[] { c.LastDay.Year - 1, c.LastDay.Year, c.LastDay.Year + 1 })
        {
            var ledger = await pools.Ledger(context.Tenant, c.Pool, year, c.Member, ct).ConfigureAwait(false);
            if (ledger.Phase != LedgerPhase.Open) continue;
            outcome = await pools.Tell(
                context.Part($"{year}"), c.Pool, year, c.Member, new EnrollmentLedger.Command.EndCoverage(c.LastDay), ct)
                .ConfigureAwait(false);
            if (outcome is not CommandOutcome.Done) return outcome;
        }

        return outcome;
    }

    /// <summary>First the roster, then the participation: whoever takes part is on it.</summary>
    private async Task<CommandOutcome> Both(
        CommandContext context, WithdrawalCommand c, Pool.Command first, PoolParticipation.Command then, CancellationToken ct)
    {
        var done = await pools.Tell(context.Part("pool"), c.Pool, first, ct).ConfigureAwait(false);
        return done is CommandOutcome.Done
            ? await pools.Tell(context.Part("participation"), c.Pool, c.Member, then, ct).ConfigureAwait(false)
            : done;
    }
}
