using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Contracts;

/// <summary>Whether a contract takes orders.</summary>
public enum ContractStanding
{
    /// <summary>Yes, within its term.</summary>
    InForce,

    /// <summary>Not for the time being.</summary>
    Suspended,

    /// <summary>No longer.</summary>
    Expired,
}

/// <summary>A contract as members see it.</summary>
/// <param name="Id">The contract.</param>
/// <param name="Award">What is settled for good.</param>
/// <param name="Trading">Trading terms as amended.</param>
/// <param name="EndsOn">Last day, after extensions.</param>
/// <param name="Standing">Whether it takes orders.</param>
public sealed record ContractEntry(ContractId Id, AwardTerms Award, TradingTerms Trading, DateOnly EndsOn, ContractStanding Standing)
{
    /// <summary>Why it is suspended.</summary>
    public string? SuspendedFor { get; init; }

    /// <summary>Version of the last schedule accepted; 0 before the first.</summary>
    public int ScheduleVersion { get; init; }

    /// <summary>First day of the last schedule accepted.</summary>
    public DateOnly? PricesFrom { get; init; }

    /// <summary>Items on the last schedule.</summary>
    public int Items { get; init; }

    /// <summary>True when members need no bidding of their own (Minn. Stat. 471.345 subd. 15(b)).</summary>
    public bool QualifiesFor15b { get; init; }
}

/// <summary>Every contract, by id; by vendor, lead cooperative and standing.</summary>
public sealed class ContractRegister : ReadModel<ContractEntry>
{
    /// <inheritdoc/>
    public override string Name => "contracts";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<ContractEntry>> Indexes { get; } =
    [
        new("vendor", r => r.Award.Vendor.Value),
        new("lead", r => r.Award.Lead.Value),
        new("standing", r => r.Standing.ToString()),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<Contract.Event>(Contract.Category);

    /// <inheritdoc/>
    public override ContractEntry? Apply(string key, ContractEntry? row, RecordedEvent e) => (row, (Contract.Event)e.Fact) switch
    {
        (_, Contract.Event.Awarded f) => new(new(key), f.Terms, f.Trading, f.Terms.EndsOn, ContractStanding.InForce)
        {
            QualifiesFor15b = f.Terms.Authority.RestsOnCompetition(),
        },
        ({ } r, Contract.Event.Amended f) => r with { Trading = f.Trading },
        ({ } r, Contract.Event.PriceSchedulePublished { Schedule: var s }) =>
            r with { ScheduleVersion = s.Version, PricesFrom = s.EffectiveFrom, Items = s.Lines.Count },
        ({ Standing: ContractStanding.Expired } r, Contract.Event.Extended f) =>
            r with { EndsOn = f.EndsOn, Standing = ContractStanding.InForce },
        ({ } r, Contract.Event.Extended f) => r with { EndsOn = f.EndsOn },
        ({ } r, Contract.Event.Suspended f) => r with { Standing = ContractStanding.Suspended, SuspendedFor = f.Reason },
        ({ } r, Contract.Event.Reinstated) => r with { Standing = ContractStanding.InForce, SuspendedFor = null },
        ({ } r, Contract.Event.Expired) => r with { Standing = ContractStanding.Expired, SuspendedFor = null },
        _ => throw new InvalidOperationException($"{e.Stream} does not begin with its award."),
    };
}

/// <summary>A member's participation as its business office sees it.</summary>
/// <param name="Agreement">The agreement that holds.</param>
/// <param name="Limits">Money limits.</param>
/// <param name="SuspendedFor">Why it is suspended; null when it is not.</param>
public sealed record ParticipationEntry(ParticipationAgreement Agreement, ParticipationLimits Limits, string? SuspendedFor = null);

/// <summary>Every participation, by key; by contract and member.</summary>
public sealed class ParticipationRegister : ReadModel<ParticipationEntry>
{
    /// <inheritdoc/>
    public override string Name => "participations";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<ParticipationEntry>> Indexes { get; } =
        [new("contract", r => r.Agreement.Contract.Value), new("member", r => r.Agreement.Member.Value)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<Participation.Event>(Participation.Category);

    /// <inheritdoc/>
    public override ParticipationEntry? Apply(string key, ParticipationEntry? row, RecordedEvent e) =>
        (row, (Participation.Event)e.Fact) switch
        {
            (_, Participation.Event.Joined f) => new(f.Agreement, ParticipationLimits.None),
            ({ } r, Participation.Event.Renewed f) => r with { Agreement = f.Agreement },
            ({ } r, Participation.Event.Suspended f) => r with { SuspendedFor = f.Reason },
            ({ } r, Participation.Event.Resumed) => r with { SuspendedFor = null },
            ({ } r, Participation.Event.LimitsSet f) => r with { Limits = f.Limits },
            _ => throw new InvalidOperationException($"{e.Stream} does not begin with an agreement."),
        };
}
