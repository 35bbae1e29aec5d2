using System.Diagnostics;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.Contracts;

/// <summary>What has been agreed so far.</summary>
/// <param name="Award">What is settled for good.</param>
/// <param name="Trading">What may be amended, as it stands.</param>
/// <param name="EndsOn">Last day, after extensions.</param>
/// <param name="Schedules">Every schedule accepted, in version order.</param>
public sealed record ContractFile(AwardTerms Award, TradingTerms Trading, DateOnly EndsOn, StructuralList<PriceSchedule> Schedules);

/// <summary>
/// An award: a vendor's promise to sell at scheduled prices to the members of a cooperative, and the authority it rests on.
/// Stream <c>contract-{ContractId}</c>. Dates are business dates in America/Chicago.
/// </summary>
public sealed class Contract : IDecider<Contract.Command, Contract.State, Contract.Event>
{
    /// <summary>What can be asked of a contract.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Award it. Refused with <c>contract-exists</c> or a code that names the term at fault.</summary>
        public sealed record Award(AwardTerms Terms, TradingTerms Trading) : Command;

        /// <summary>
        /// Change the trading terms, for a stated reason; from now on, never backwards. Another administrative fee is refused with a code
        /// of <see cref="AdoptedResolution.Flaw"/> unless the lead's board has adopted a FeeSchedule resolution about this contract.
        /// </summary>
        public sealed record Amend(TradingTerms Trading, string Reason) : Command
        {
            /// <summary>The contract's number, which is what the resolution is about; needed when the fee changes.</summary>
            public ContractId Contract { get; init; }

            /// <summary>The board's resolution on the fee.</summary>
            public AdoptedResolution? FeesBy { get; init; }

            /// <summary>Day of the amendment.</summary>
            public DateOnly Today { get; init; }
        }

        /// <summary>
        /// Accept a price schedule: the next version, effective <paramref name="Today"/> or later and within the term. Rising
        /// prices need a reason. A later version replaces an earlier one from its own effective day on, whatever that one's day was.
        /// </summary>
        public sealed record PublishPriceSchedule(PriceSchedule Schedule, DateOnly Today, string? RiseReason = null) : Command
        {
            /// <summary>SHA-256 of the vendor's file, lower-case hexadecimal, when the schedule was imported from one.</summary>
            public string? SourceHash { get; init; }
        }

        /// <summary>Move the end, by a resolution of the governing body; revives a contract that has run out.</summary>
        public sealed record Extend(DateOnly EndsOn, string Resolution, DateOnly Today) : Command;

        /// <summary>Stop new orders for the time being.</summary>
        public sealed record Suspend(string Reason) : Command;

        /// <summary>Allow new orders again.</summary>
        public sealed record Reinstate : Command;

        /// <summary>Note that the term has run out; <c>contract-not-ended</c> while it has not.</summary>
        public sealed record Expire(DateOnly Today) : Command;
    }

    /// <summary>What has happened to a contract.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was awarded.</summary>
        [EventAlias("contract_awarded")]
        public sealed record Awarded(AwardTerms Terms, TradingTerms Trading) : Event;

        /// <summary>Its trading terms were replaced.</summary>
        [EventAlias("contract_amended")]
        public sealed record Amended(TradingTerms Trading, string Reason) : Event
        {
            /// <summary>The resolution that set the fee, when it changed.</summary>
            public ResolutionId? FeeResolution { get; init; }
        }

        /// <summary>Prices were accepted. <paramref name="Withdrawn"/>: items of the version before that it no longer lists.</summary>
        [EventAlias("price_schedule_published")]
        public sealed record PriceSchedulePublished(
            VendorId Vendor, PriceSchedule Schedule, StructuralList<ItemNo> Withdrawn, string? RiseReason = null) : Event
        {
            /// <summary>SHA-256 of the vendor's file.</summary>
            public string? SourceHash { get; init; }
        }

        /// <summary>The end was moved.</summary>
        [EventAlias("contract_extended")]
        public sealed record Extended(DateOnly EndsOn, string Resolution) : Event;

        /// <summary>New orders were stopped.</summary>
        [EventAlias("contract_suspended")]
        public sealed record Suspended(string Reason) : Event;

        /// <summary>New orders are allowed again.</summary>
        [EventAlias("contract_reinstated")]
        public sealed record Reinstated : Event;

        /// <summary>The term ran out; <paramref name="LastDay"/> was its last day.</summary>
        [EventAlias("contract_expired")]
        public sealed record Expired(DateOnly LastDay) : Event;
    }

    /// <summary>Where a contract stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>What has been agreed; null before the award.</summary>
        public virtual ContractFile? File => null;

        /// <summary>
        /// True when members may buy under it without bidding of their own: it rests on a joint powers cooperative's competitive bids
        /// or quotations (Minn. Stat. 471.345 subd. 15(b)). A negotiated agreement does not qualify; the State's own contracts are 15(a).
        /// </summary>
        public bool QualifiesFor15b => File is { Award.Authority: var authority } && authority.RestsOnCompetition();

        /// <summary>The prices of a day: the latest version effective by then; null outside the term or before the first.</summary>
        public PriceSchedule? ScheduleOn(DateOnly date) =>
            File is { } file && date >= file.Award.StartsOn && date <= file.EndsOn
                ? file.Schedules.LastOrDefault(s => s.EffectiveFrom <= date)
                : null;

        /// <summary>True when orders may be placed on a day: awarded, not suspended, not expired, within the term.</summary>
        public bool IsActiveOn(DateOnly date) =>
            this is InForce { File: var file } && date >= file.Award.StartsOn && date <= file.EndsOn;

        /// <summary>Not awarded.</summary>
        public sealed record Absent : State;

        /// <summary>Awarded; orders are possible within the term.</summary>
        public sealed record InForce(ContractFile File) : State
        {
            /// <inheritdoc/>
            public override ContractFile File { get; } = File;
        }

        /// <summary>No new orders for the time being.</summary>
        public sealed record Suspended(ContractFile File, string Reason) : State
        {
            /// <inheritdoc/>
            public override ContractFile File { get; } = File;
        }

        /// <summary>Run out.</summary>
        public sealed record Expired(ContractFile File) : State
        {
            /// <inheritdoc/>
            public override ContractFile File { get; } = File;
        }
    }

    /// <inheritdoc/>
    public static string Category => "contract";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Award c, State.Absent) => (ContractRules.Check(c.Terms) ?? ContractRules.Check(c.Trading, c.Terms.Vendor)) is { } wrong
            ? wrong
            : new Event.Awarded(c.Terms, c.Trading),
        (Command.Award c, { File: { } f }) when c.Terms == f.Award && c.Trading == f.Trading => Nothing,
        (Command.Award, _) => new Refusal("contract-exists", "This number is taken; amend that contract or choose another number."),
        (_, State.Absent) => new Refusal("contract-not-awarded", "There is no such contract; award it first."),

        (Command.Extend c, { File: { } f }) => Extend(c, f),
        (Command.Expire, State.Expired) => Nothing,
        (Command.Expire c, { File: { } f }) => c.Today > f.EndsOn
            ? new Event.Expired(f.EndsOn)
            : new Refusal("contract-not-ended", $"The contract runs until {f.EndsOn:yyyy-MM-dd}; it expires the day after."),
        (Command.Amend c, { File: { } f }) when c.Trading == f.Trading => Nothing,
        (Command.PublishPriceSchedule c, { File: { } f }) when f.Schedules.Contains(c.Schedule) => Nothing,
        (_, State.Expired) => new Refusal("contract-expired", "The contract has run out; extend it by resolution or use its successor."),

        (Command.Amend c, { File: { } f }) => Amend(c, f),
        (Command.PublishPriceSchedule c, { File: { } f }) => Publish(c, f),
        (Command.Suspend, State.Suspended) => Nothing,
        (Command.Suspend c, _) => PlainText.IsWellFormed(c.Reason, 500) ? new Event.Suspended(c.Reason) : ReasonMissing,
        (Command.Reinstate, State.InForce) => Nothing,
        (Command.Reinstate, State.Suspended) => new Event.Reinstated(),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Awarded e) => new State.InForce(new(e.Terms, e.Trading, e.Terms.EndsOn, [])),
        ({ File: { } f }, Event.Amended e) => Keep(state, f with { Trading = e.Trading }),
        ({ File: { } f }, Event.PriceSchedulePublished e) => Keep(state, f with { Schedules = f.Schedules.Add(e.Schedule) }),
        (State.Expired s, Event.Extended e) => new State.InForce(s.File with { EndsOn = e.EndsOn }),
        ({ File: { } f }, Event.Extended e) => Keep(state, f with { EndsOn = e.EndsOn }),
        ({ File: { } f }, Event.Suspended e) => new State.Suspended(f, e.Reason),
        ({ File: { } f }, Event.Reinstated) => new State.InForce(f),
        ({ File: { } f }, Event.Expired) => new State.Expired(f),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static readonly Refusal ReasonMissing = new("reason-missing", "Give the reason in 1 to 500 printable characters.");

    private static State Keep(State state, ContractFile file) => state switch
    {
        State.Suspended s => new State.Suspended(file, s.Reason),
        State.Expired => new State.Expired(file),
        _ => new State.InForce(file),
    };

    private static Decision<Event> Amend(Command.Amend command, ContractFile file)
    {
        if (!PlainText.IsWellFormed(command.Reason, 500)) return ReasonMissing;
        if (ContractRules.Check(command.Trading, file.Award.Vendor) is { } wrong) return wrong;
        var federal = file.Schedules.SelectMany(s => s.Lines).Select(l => PriceScheduleRules.CheckFederalFood(l, command.Trading.Fee));
        if (federal.FirstOrDefault(r => r is not null) is { } forbidden) return forbidden;
        if (command.Trading.Fee == file.Trading.Fee) return new Event.Amended(command.Trading, command.Reason);
        var subject = command.Contract.Value;
        return AdoptedResolution.Flaw(command.FeesBy, file.Award.Lead, ResolutionKind.FeeSchedule, subject, command.Today) is { } no
            ? no
            : new Event.Amended(command.Trading, command.Reason) { FeeResolution = command.FeesBy!.Resolution };
    }

    private static Decision<Event> Extend(Command.Extend command, ContractFile file) => command switch
    {
        _ when command.EndsOn == file.EndsOn => Nothing,
        _ when !PlainText.IsWellFormed(command.Resolution, 500) =>
            new Refusal("resolution-missing", "Name the resolution or reason for the extension in 1 to 500 printable characters."),
        _ when command.EndsOn < file.EndsOn || command.EndsOn < command.Today =>
            new Refusal("extension-not-later", $"An extension ends after {file.EndsOn:yyyy-MM-dd} and not before today."),
        _ => new Event.Extended(command.EndsOn, command.Resolution),
    };

    private static Decision<Event> Publish(Command.PublishPriceSchedule command, ContractFile file)
    {
        var (schedule, last) = (command.Schedule, file.Schedules is [.., var newest] ? newest : null);
        var next = (last?.Version ?? 0) + 1;
        if (schedule.Version != next) return new Refusal("schedule-version-wrong", $"The next price schedule is version {next}.");
        if (schedule.EffectiveFrom < command.Today && !(last is null && schedule.EffectiveFrom == file.Award.StartsOn))
            return new Refusal("schedule-retroactive", "Prices never change backwards; choose today or a later day.");
        if (schedule.EffectiveFrom < file.Award.StartsOn || schedule.EffectiveFrom > file.EndsOn)
            return new Refusal("schedule-outside-term", "Prices hold only within the term of the contract; choose a day in it.");
        if (!PlainText.IsWellFormedOrAbsent(command.RiseReason, 500)) return ReasonMissing;
        if (command.SourceHash is { } hash && !PlainText.IsSha256(hash))
            return new Refusal("document-hash-invalid", "A document hash is a SHA-256 in 64 lower-case hexadecimal digits.");
        var before = file.Schedules.LastOrDefault(s => s.EffectiveFrom <= schedule.EffectiveFrom);
        if (PriceScheduleRules.Check(schedule, before, command.RiseReason, file.Trading.Fee) is { } wrong) return wrong;
        var withdrawn = last?.Lines.Select(l => l.Item).Except(schedule.Lines.Select(l => l.Item)).ToStructuralList();
        return new Event.PriceSchedulePublished(file.Award.Vendor, schedule, withdrawn ?? [], command.RiseReason)
        {
            SourceHash = command.SourceHash,
        };
    }
}
