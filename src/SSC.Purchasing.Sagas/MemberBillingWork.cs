using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Sagas;

/// <summary>Puts charges on members' invoices, the one way there for every source, and tells the source when they are settled.</summary>
public sealed class MemberBillingWork(Commands commands)
{
    // Two years of issued invoices in a row mean that somebody bills far ahead; then a person decides.
    private const int MonthsAhead = 24;

    /// <summary>Executes a saga's command.</summary>
    public Task<CommandOutcome> Execute(CommandContext context, BillingCommand command, CancellationToken ct) => command switch
    {
        PostMemberCharge c => Post(context, c.Member, c.Month, c.Charge, ct),
        SettleMembershipFee c => Year(context, c.Member, c.Year, new MembershipYear.Command.RecordPayment(c.Reference, c.On), ct),
        ReopenMembershipFee c => Year(context, c.Member, c.Year, new MembershipYear.Command.ReversePayment(c.Reference, c.On), ct),
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
            outcome = await commands.Handle<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(
                context, MemberInvoice.Key(member, month), new MemberInvoice.Command.PostCharge(member, month, charge), ct)
                .ConfigureAwait(false);
            if (outcome is not CommandOutcome.Refused { Refusal.Code: "invoice-issued" or "invoice-voided" }) return outcome;
        }

        return outcome;
    }

    private Task<CommandOutcome> Year(
        CommandContext context, MemberNo member, int year, MembershipYear.Command command, CancellationToken ct) =>
        commands.Handle<MembershipYear, MembershipYear.Command, MembershipYear.State, MembershipYear.Event>(
            context, MembershipYear.Key(member, year), command, ct);
}
