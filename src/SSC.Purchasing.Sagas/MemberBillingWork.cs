using System.Globalization;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// Puts charges on members' invoices, the one way there for every source, sends the invoices out, and tells the sources when they are
/// settled.
/// </summary>
public sealed class MemberBillingWork(Commands commands)
{
    // Two years of issued invoices in a row mean that somebody bills far ahead; then a person decides.
    private const int MonthsAhead = 24;

    // What a public body has to pay a bill: Minn. Stat. 471.425 subd. 2, in force since 1985.
    private const int DaysToPay = 35;

    // Money that came by a member's invoice is recorded with the pool under this, so that it does not come back here.
    private const string ByInvoice = "MI";

    private readonly PoolStreams pools = new(commands);

    /// <summary>Executes a saga's command.</summary>
    public Task<CommandOutcome> Execute(CommandContext context, BillingCommand command, CancellationToken ct) => command switch
    {
        PostMemberCharge c => Post(context, c.Member, c.Month, c.Charge, ct),
        SettleMembershipFee c => Year(context, c.Member, c.Year, new MembershipYear.Command.RecordPayment(c.Reference, c.On), ct),
        ReopenMembershipFee c => Year(context, c.Member, c.Year, new MembershipYear.Command.ReversePayment(c.Reference, c.On), ct),
        IssueMemberInvoice c => Issue(context, c, ct),
        CarryOverMemberCredit c => Tell(context, c.Member, c.Month, new MemberInvoice.Command.CarryOver(c.Month.Next), ct),
        SettleProgramCharge c => commands.Handle<ProgramCharge, ProgramCharge.Command, ProgramCharge.State, ProgramCharge.Event>(
            context, c.Reference, c.Settled
                ? new ProgramCharge.Command.Settle(c.Invoice, c.On)
                : new ProgramCharge.Command.Reopen(c.Invoice, c.On), ct),
        SettlePoolCharge c => SettlePool(context, c, ct),
        ReconcilePoolCharge c => Reconcile(context, c, ct),
        _ => throw new ArgumentException($"{command.GetType().Name} is not work of billing.", nameof(command)),
    };

    /// <summary>
    /// Posts a charge to the member's invoice of a month or, when that is issued already, of the first month after it that is not.
    /// A reference that any of these months has already is not charged again.
    /// </summary>
    public async Task<CommandOutcome> Post(
        CommandContext context, MemberNo member, BillingMonth month, Charge charge, CancellationToken ct)
    {
        CommandOutcome outcome = new CommandOutcome.Refused(new("month-malformed", "Give a month, e.g. 2026-07."));
        if (!month.IsWellFormed) return outcome;
        for (var tried = 0; tried < MonthsAhead; tried++, month = month.Next)
        {
            outcome = await Tell(context, member, month, new MemberInvoice.Command.PostCharge(member, month, charge), ct)
                .ConfigureAwait(false);
            if (outcome is not CommandOutcome.Refused { Refusal.Code: "invoice-issued" or "invoice-voided" }) return outcome;
        }

        return outcome;
    }

    /// <summary>True for a payment that a pool took in itself: by its opaque references, and not by a member's invoice.</summary>
    internal static bool IsPoolPayment(string reference) =>
        OpaqueRef.IsWellFormed(reference) && !reference.StartsWith(ByInvoice + "-", StringComparison.Ordinal);

    /// <summary>The number says whose and for which month, so a repeated timer issues nothing twice.</summary>
    private async Task<CommandOutcome> Issue(CommandContext context, IssueMemberInvoice c, CancellationToken ct)
    {
        var invoice = await Invoice(context.Tenant, c.Member, c.Month, ct).ConfigureAwait(false);
        if (invoice is not MemberInvoice.State.Open { On.Charges.Count: > 0 }) return Nothing(c.Member, c.Month);
        var today = BusinessCalendar.LocalDate(context.Now);
        return await Tell(
            context, c.Member, c.Month, new MemberInvoice.Command.Issue($"{c.Month}-{c.Member}", today, today.AddDays(DaysToPay)), ct)
            .ConfigureAwait(false);
    }

    private Task<CommandOutcome> SettlePool(CommandContext context, SettlePoolCharge c, CancellationToken ct)
    {
        if (c.Reference.Split(':') is not [MemberChargesSaga.Assessment, var pool, var run, ..])
            return SettleContribution(context, c, ct);
        return c.Settled ? SettleShare(context, c, new(pool), run, ct) : ReopenShare(context, c, new(pool), run, ct);
    }

    private async Task<CommandOutcome> SettleContribution(CommandContext context, SettlePoolCharge c, CancellationToken ct)
    {
        var today = BusinessCalendar.LocalDate(context.Now);
        var payment = PoolBillingWork.ReferenceOf(ByInvoice, string.Create(CultureInfo.InvariantCulture, $"{c.Invoice}/{c.Time}"));
        var contribution = await pools.Invoice(context.Tenant, c.Reference, ct).ConfigureAwait(false);
        return c.Settled switch
        {
            true when contribution.Open > Money.Zero => await pools.Tell(
                context, c.Reference, new ContributionInvoice.Command.RecordPayment(payment, contribution.Open, today), ct)
                .ConfigureAwait(false),
            false when contribution.Payments.ContainsKey(payment) => await pools.Tell(
                context, c.Reference, new ContributionInvoice.Command.ReversePayment(payment, today), ct).ConfigureAwait(false),
            _ => Nothing(c.Member, default),
        };
    }

    private async Task<CommandOutcome> SettleShare(
        CommandContext context, SettlePoolCharge c, PoolId pool, string run, CancellationToken ct)
    {
        var state = await pools.Assessment(context.Tenant, pool, run, ct).ConfigureAwait(false);
        var addition = c.Reference.Split(':').Length > 4;
        // What was spread again has a line of its own: the first one does not pay for it.
        if (!state.Shares.TryGetValue(c.Member, out var share) || (share.Paid >= share.Share.Amount && !addition))
            return Nothing(c.Member, default);
        return await pools.Tell(
            context, pool, run, new AssessmentRun.Command.RecordPayment(c.Member, BusinessCalendar.LocalDate(context.Now)), ct)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// The payment of an invoice bounced: what its line had paid of the share is owed again. What the pool was paid itself stands.
    /// </summary>
    private async Task<CommandOutcome> ReopenShare(
        CommandContext context, SettlePoolCharge c, PoolId pool, string run, CancellationToken ct)
    {
        var state = await pools.Assessment(context.Tenant, pool, run, ct).ConfigureAwait(false);
        if (c.Month is not { } month || !state.Shares.TryGetValue(c.Member, out var share)
            || await Invoice(context.Tenant, c.Member, month, ct).ConfigureAwait(false) is not MemberInvoice.State.Issued issued
            || !issued.On.Charges.TryGetValue(Charge.KeyOf(ChargeSource.Pool, c.Reference), out var line))
            return Nothing(c.Member, default);
        var byInvoice = Least(line.Amount, share.Paid) - Direct(c.Reference, issued).Standing.Select(s => s.Amount).Sum();
        return byInvoice <= Money.Zero
            ? Nothing(c.Member, default)
            : await pools.Tell(
                context, pool, run, new AssessmentRun.Command.ReversePayment(
                    PoolBillingWork.ReferenceOf(
                        ByInvoice, string.Create(CultureInfo.InvariantCulture, $"{c.Reference}/{c.Invoice}/{c.Time}")),
                    c.Member, byInvoice, BusinessCalendar.LocalDate(context.Now)), ct).ConfigureAwait(false);
    }

    /// <summary>Compares what a pool was paid itself with the invoice that carries the charge; does what is missing there.</summary>
    private async Task<CommandOutcome> Reconcile(CommandContext context, ReconcilePoolCharge c, CancellationToken ct)
    {
        var key = Charge.KeyOf(ChargeSource.Pool, c.Reference);
        CommandOutcome outcome = Nothing(c.Member, c.From);
        var month = c.From;
        MemberInvoice.State.Issued? issued = null;
        for (var tried = 0; tried < MonthsAhead && issued is null; tried++, month = month.Next)
        {
            var invoice = await Invoice(context.Tenant, c.Member, month, ct).ConfigureAwait(false);
            if (invoice.On?.Charges.ContainsKey(key) != true) continue;
            if (invoice is not MemberInvoice.State.Issued found) return outcome; // looked at again when it is issued
            issued = found;
            break;
        }

        if (issued is null) return outcome;
        var today = BusinessCalendar.LocalDate(context.Now);
        foreach (var (reference, amount, returned) in await Moves(context.Tenant, c, issued, ct).ConfigureAwait(false))
        {
            MemberInvoice.Command move = returned
                ? new MemberInvoice.Command.ReversePayment(reference, "What was paid to the pool was taken back.") { Stays = amount }
                : new MemberInvoice.Command.RecordPayment(new(reference, amount, today)) { Received = true };
            outcome = await Tell(context.Part(reference), c.Member, month, move, ct).ConfigureAwait(false);
            if (outcome is not CommandOutcome.Done) return outcome;
        }

        return outcome;
    }

    /// <summary>What moves on the invoice: payments to record, and payments of which no more than an amount stays.</summary>
    private async Task<IReadOnlyList<(string Reference, Money Amount, bool Returned)>> Moves(
        string tenant, ReconcilePoolCharge c, MemberInvoice.State.Issued issued, CancellationToken ct)
    {
        if (c.Reference.Split(':') is [MemberChargesSaga.Assessment, var pool, var run, ..])
        {
            var share = (await pools.Assessment(tenant, new(pool), run, ct).ConfigureAwait(false)).Shares.GetValueOrDefault(c.Member);
            var amount = issued.On.Charges[Charge.KeyOf(ChargeSource.Pool, c.Reference)].Amount;
            var (standing, next) = Direct(c.Reference, issued);
            var stands = standing.Select(s => s.Amount).Sum();
            var paid = Least(amount, share?.Paid ?? Money.Zero); // an addition that is open is another line
            if (share?.Standing == ShareStanding.Paid && paid > stands)
                return issued.Balance >= paid - stands ? [(next, paid - stands, false)] : [];
            var taken = new List<(string, Money, bool)>();
            foreach (var (reference, direct) in standing.Reverse()) // the last payment is taken back first
            {
                if (stands <= paid) break;
                var stays = direct - Least(direct, stands - paid);
                taken.Add((reference, stays, true));
                stands -= direct - stays;
            }

            return taken;
        }

        var contribution = await pools.Invoice(tenant, c.Reference, ct).ConfigureAwait(false);
        return
        [
            .. contribution.Payments.Where(p => IsPoolPayment(p.Key.Value) && !issued.Knows(p.Key.Value))
                .Select(p => (p.Key.Value, p.Value, false)),
            .. contribution.Returned.Where(r => issued.Payments.ContainsKey(r.Value)).Select(r => (r.Value, Money.Zero, true)),
        ];
    }

    /// <summary>A share's payments to the pool that stand on the invoice, and the reference of the next: a bounce uses one up.</summary>
    private static (IReadOnlyList<(string Reference, Money Amount)> Standing, string Next) Direct(
        string share, MemberInvoice.State.Issued issued)
    {
        var standing = new List<(string, Money)>();
        for (var time = 0; ; time++)
        {
            var text = time == 0 ? share : string.Create(CultureInfo.InvariantCulture, $"{share}/{time}");
            var reference = PoolBillingWork.ReferenceOf("ASM", text).Value;
            if (issued.Payments.TryGetValue(reference, out var payment)) standing.Add((reference, payment.Amount));
            else if (!issued.Knows(reference)) return (standing, reference);
        }
    }

    private static Money Least(Money one, Money other) => one < other ? one : other;

    private Task<CommandOutcome> Tell(
        CommandContext context, MemberNo member, BillingMonth month, MemberInvoice.Command command, CancellationToken ct) =>
        commands.Handle<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(
            context, MemberInvoice.Key(member, month), command, ct);

    private async Task<MemberInvoice.State> Invoice(string tenant, MemberNo member, BillingMonth month, CancellationToken ct) =>
        (await commands.Load<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(
            tenant, MemberInvoice.Key(member, month), true, ct).ConfigureAwait(false)).State;

    private static CommandOutcome.Done Nothing(MemberNo member, BillingMonth month) =>
        new($"{MemberInvoice.Category}-{member}:{month}", 0, 0, true);

    private Task<CommandOutcome> Year(
        CommandContext context, MemberNo member, int year, MembershipYear.Command command, CancellationToken ct) =>
        commands.Handle<MembershipYear, MembershipYear.Command, MembershipYear.State, MembershipYear.Event>(
            context, MembershipYear.Key(member, year), command, ct);
}
