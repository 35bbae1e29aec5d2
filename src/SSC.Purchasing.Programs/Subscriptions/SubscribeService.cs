using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>Subscriptions and uses of services: where a program's prices and the member's standing meet.</summary>
public sealed class SubscribeService(Commands commands, IProgramMembers members)
{
    /// <summary>Subscribes from a day. Refused as <see cref="Subscription.Command.Subscribe"/>, and <c>program-not-published</c>,
    /// <c>price-missing</c>, <c>member-unknown</c>, <c>member-type-not-eligible</c>.</summary>
    public Task<CommandOutcome> Subscribe(
        CommandContext context, ProgramId service, MemberNo member, int year, DateOnly from, int slots, CancellationToken ct) =>
        commands.Handle<Subscription, Subscription.Command, Subscription.State, Subscription.Event>(
            context, Subscription.Key(service, member, year), async fresh =>
            {
                var (program, facts, read) = await Read(context, service, member, fresh, ct).ConfigureAwait(false);
                var why = Judge(program, facts) ?? (program.Pricing?.Subscription is null ? NoPrice : null);
                return (new Subscription.Command.Subscribe(Terms(program, facts, service, member, year), from, slots, why), read);
            }, ct);

    /// <summary>Begins the next year of a subscription that was renewed, at the prices of then.</summary>
    public Task<CommandOutcome> Continue(CommandContext context, ProgramId service, MemberNo member, int year, int slots,
        CancellationToken ct) =>
        commands.Handle<Subscription, Subscription.Command, Subscription.State, Subscription.Event>(
            context, Subscription.Key(service, member, year), async fresh =>
            {
                var (program, facts, read) = await Read(context, service, member, fresh, ct).ConfigureAwait(false);
                return (new Subscription.Command.Continue(Terms(program, facts, service, member, year), slots), read);
            }, ct);

    /// <summary>Records a use on a day. Refused as <see cref="ServiceUse.Command.Record"/>, and as subscriptions.</summary>
    public Task<CommandOutcome> Use(
        CommandContext context, ProgramId service, MemberNo member, string use, DateOnly on, Quantity quantity, string? note,
        CancellationToken ct) =>
        commands.Handle<ServiceUse, ServiceUse.Command, ServiceUse.State, ServiceUse.Event>(
            context, ServiceUse.Key(service, member, on), async fresh =>
            {
                var (program, facts, read) = await Read(context, service, member, fresh, ct).ConfigureAwait(false);
                var why = Judge(program, facts) ?? (program.Pricing?.Use is null ? NoPrice : null);
                var price = program.Pricing?.Use is { } unit
                    ? new UnitPrice(unit.Price.Micros * (AccountSplit.Whole + Surcharge(program, facts)) / AccountSplit.Whole)
                    : default;
                var record = new UseRecord(use, service, member, on, quantity, program.Pricing?.Use?.Unit ?? "", price, program.Title,
                    note);
                return (new ServiceUse.Command.Record(record, why), read);
            }, ct);

    private static readonly Refusal NoPrice = new("price-missing", "The program has no such price; ask the cooperative to set one.");

    private static Refusal? Judge(CoopProgram.State program, ProgramMember? facts) => facts is null
        ? new("member-unknown", "There is no such member; give its member number.")
        : program.Phase != ProgramPhase.Published
            ? new("program-not-published", "The program is not offered now; choose another one.")
            : facts.NotEligible ?? program.Eligibility.WhyNot(facts.Type, program.Eligibility.LowestGrade);

    private static int Surcharge(CoopProgram.State program, ProgramMember? facts) =>
        program.Pricing is { } pricing ? PricingRules.SurchargeFor(pricing, facts?.Type ?? "") : 0;

    private static SubscriptionTerms Terms(
        CoopProgram.State program, ProgramMember? facts, ProgramId service, MemberNo member, int year) => new(
        service, member, year, program.Title, program.Pricing?.Subscription ?? new(Money.Zero, 0, Money.Zero, 0),
        Surcharge(program, facts));

    private async Task<(CoopProgram.State Program, ProgramMember? Member, AppendConditions Read)> Read(
        CommandContext context, ProgramId service, MemberNo member, bool fresh, CancellationToken ct)
    {
        var program = await commands.Load<CoopProgram, CoopProgram.Command, CoopProgram.State, CoopProgram.Event>(
            context.Tenant, service.Value, fresh, ct).ConfigureAwait(false);
        var facts = await members.Find(context.Tenant, member, BusinessCalendar.LocalDate(context.Now), fresh, ct).ConfigureAwait(false);
        StreamAt[] read = facts is null ? [] : [facts.ReadAt];
        return (program.State, facts, new() { Unchanged = [.. read, new($"{CoopProgram.Category}-{service}", program.Version)] });
    }
}
