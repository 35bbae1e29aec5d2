using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.ReadModels;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>Does what <see cref="PoolBillingSaga"/> asks for.</summary>
public sealed class PoolBillingWork(PoolStreams pools)
{
    /// <summary>Executes a command of the monthly billing.</summary>
    public Task<CommandOutcome> Execute(CommandContext context, PoolBillingCommand command, CancellationToken ct)
    {
        var today = BusinessCalendar.LocalDate(context.Now);
        return command switch
        {
            FreezePoolMonth c => pools.Tell(context, c.Pool, c.Year, c.Member, new EnrollmentLedger.Command.Freeze(c.Month), ct),
            BillPoolMonth c => Bill(context, c, ct),
            CollectContribution c => Collect(context, c, today, ct),
            DunContribution c => pools.Tell(context, ContributionInvoice.Key(c.Pool, c.Member, c.Month, c.Settlement), c.Step switch
            {
                DunningStep.Overdue => new ContributionInvoice.Command.MarkOverdue(),
                DunningStep.Notice => new ContributionInvoice.Command.SendNotice(),
                DunningStep.Warning => new ContributionInvoice.Command.WarnSuspension(),
                _ => (ContributionInvoice.Command)new ContributionInvoice.Command.ProposeExpulsion(),
            }, ct),
            ClosePoolEnrollment c => pools.Tell(context, c.Pool, c.Year, c.Member, new EnrollmentLedger.Command.Close(), ct),
            SettlePoolEnrollment c => Settle(context, c, today, ct),
            _ => throw new ArgumentException($"{command.GetType().Name} is no command of the billing.", nameof(command)),
        };
    }

    /// <summary>
    /// The trace number of a collection: eleven digits from the invoice and the attempt, the same whenever they are
    /// made; with its prefix it fills the fifteen characters that an ACH entry has for it.
    /// </summary>
    public static OpaqueRef TraceOf(string invoice, int attempt) =>
        ReferenceOf("ACH", string.Create(CultureInfo.InvariantCulture, $"{invoice}/{attempt}"));

    /// <summary>An opaque reference of eleven digits, the same for the same text.</summary>
    internal static OpaqueRef ReferenceOf(string prefix, string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return new(string.Create(
            CultureInfo.InvariantCulture, $"{prefix}-{BinaryPrimitives.ReadUInt64BigEndian(hash) % 100_000_000_000UL:00000000000}"));
    }

    private async Task<CommandOutcome> Bill(CommandContext context, BillPoolMonth c, CancellationToken ct)
    {
        var ledger = await Frozen(context.Tenant, c, ct).ConfigureAwait(false);
        var frozen = ledger.Facts.OfType<EnrollmentLedger.Event.MonthFrozen>().Single(f => f.Month == c.Month);
        var lines = ContributionLine.Of(frozen, ledger.State.RateOf);
        if (lines.Count == 0) return PoolStreams.NothingDone(c.Pool); // nobody is enrolled and nothing changed
        var due = c.Month.FirstDay.AddDays(ledger.State.Terms!.Rules.CollectionDay - 1);
        return await Issue(
            context, ContributionInvoice.Key(c.Pool, c.Member, c.Month),
            new ContributionInvoice.Command.Draft(c.Pool, c.Year, c.Member, c.Month, lines),
            BusinessCalendar.Minnesota.OnOrAfter(due), ct).ConfigureAwait(false);
    }

    private async Task<CommandOutcome> Settle(CommandContext context, SettlePoolEnrollment c, DateOnly today, CancellationToken ct)
    {
        var ledger = await Frozen(context.Tenant, c, ct).ConfigureAwait(false);
        var closed = ledger.Facts.OfType<EnrollmentLedger.Event.Closed>().Single();
        var month = ledger.State.LastMonth;
        return await Issue(
            context, ContributionInvoice.Key(c.Pool, c.Member, month, settlement: true),
            new ContributionInvoice.Command.Draft(
                c.Pool, c.Year, c.Member, month, ContributionLine.Of(closed.Adjustments, closed.Credits), Settlement: true),
            BusinessCalendar.Minnesota.AddBusinessDays(today, 10), ct).ConfigureAwait(false);
    }

    private async Task<CommandOutcome> Issue(
        CommandContext context, string key, ContributionInvoice.Command.Draft draft, DateOnly due, CancellationToken ct)
    {
        var drafted = await pools.Tell(context.Part("draft"), key, draft, ct).ConfigureAwait(false);
        return drafted is CommandOutcome.Done
            ? await pools.Tell(context.Part("issue"), key, new ContributionInvoice.Command.Issue(due), ct).ConfigureAwait(false)
            : drafted;
    }

    private async Task<CommandOutcome> Collect(CommandContext context, CollectContribution c, DateOnly today, CancellationToken ct)
    {
        var key = ContributionInvoice.Key(c.Pool, c.Member, c.Month, c.Settlement);
        var invoice = await pools.Invoice(context.Tenant, key, ct).ConfigureAwait(false);
        // The attempt of a collection that runs keeps its trace: doing it again asks for the same one.
        var attempt = invoice.Collecting ? invoice.Attempts : invoice.Attempts + 1;
        return await pools.Tell(
            context, key, new ContributionInvoice.Command.RequestCollection(TraceOf(key, attempt), today), ct).ConfigureAwait(false);
    }

    private async Task<(EnrollmentLedger.State State, IReadOnlyList<object> Facts)> Frozen(
        string tenant, PoolBillingCommand c, CancellationToken ct)
    {
        var stream = $"{EnrollmentLedger.Category}-{EnrollmentLedger.Key(c.Pool, c.Year, c.Member)}";
        var events = await pools.Commands.Store.ReadStream(tenant, stream, ct: ct).ConfigureAwait(false);
        var state = events.Aggregate(EnrollmentLedger.Initial, (s, e) => EnrollmentLedger.Evolve(s, (EnrollmentLedger.Event)e.Fact));
        return (state, [.. events.Select(e => e.Fact)]);
    }
}

/// <summary>What a member owes a pool, over all of its contribution invoices.</summary>
public sealed class PoolDebts(PoolStreams pools, IReadModels models)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Σ of what is open on issued invoices.</summary>
    public async Task<Money> Owed(string tenant, PoolId pool, MemberNo member, CancellationToken ct)
    {
        var head = await pools.Commands.Store.Head(ct).ConfigureAwait(false);
        if (!await models.WaitFor(PoolModels.Invoices, head.Position, Patience, ct).ConfigureAwait(false))
            throw new TimeoutException($"The read model {PoolModels.Invoices.Name} has not reached position {head.Position}.");
        var query = new RowQuery
        {
            Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["pool"] = pool.Value, ["member"] = member.Value },
            Limit = 1_000,
        };
        var rows = await models.List(PoolModels.Invoices, tenant, query, ct).ConfigureAwait(false);
        return rows.Select(r => r.Row)
            .Where(i => i.Phase is ContributionPhase.Overdue or ContributionPhase.Suspended or ContributionPhase.PartPaid
                or ContributionPhase.Issued)
            .Where(i => i.DueOn < BusinessCalendar.LocalDate(head.RecordedAt))
            .Select(i => i.Open).Sum();
    }
}
