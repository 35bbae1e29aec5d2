using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: nobody commits on a contract that is suspended or over. A contract expires the day after its last day, and every
/// joint order that collects on it is held until the coordinator extends, moves or cancels. One instance per contract.
/// </summary>
public sealed class ContractTermSaga : Saga<ContractTerm>
{
    private const string LastDay = "last-day";

    /// <inheritdoc/>
    public override string Name => "contract_term";

    /// <inheritdoc/>
    public override ContractTerm Initial(string id) => new(new(id), []);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.Type switch
    {
        "contract_awarded" or "contract_extended" or "contract_suspended" or "contract_expired" => e.KeyIn(Contract.Category),
        "joint_order_planned" => ((JointOrder.Event.Planned)e.Fact).Terms.Contract.Value,
        "joint_order_moved_to_successor" => ((JointOrder.Event.MovedToSuccessor)e.Fact).Terms.Contract.Value,
        _ => null,
    };

    /// <inheritdoc/>
    public override SagaStep<ContractTerm> On(ContractTerm state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: var fact } i => OnFact(state, fact, i.Event),
        SagaInput.Woken { Timer: LastDay } => new(state, new SagaEffect.Send(new ExpireContract(state.Contract))),
        _ => new(state),
    };

    private static SagaStep<ContractTerm> OnFact(ContractTerm state, object fact, RecordedEvent e) => fact switch
    {
        Contract.Event.Awarded f => WakeAfter(state, f.Terms.EndsOn),
        Contract.Event.Extended f => WakeAfter(state, f.EndsOn),
        Contract.Event.Suspended f => Hold(state, $"contract suspended: {f.Reason}"),
        Contract.Event.Expired => Hold(state, "contract expired"),
        JointOrder.Event.Planned or JointOrder.Event.MovedToSuccessor =>
            new(state with { Orders = state.Orders.Add(new(e.KeyIn(JointOrder.Category)!)) }),
        _ => new(state),
    };

    private static SagaStep<ContractTerm> WakeAfter(ContractTerm state, DateOnly endsOn) =>
        new(state, new SagaEffect.Wake(LastDay, BusinessCalendar.EndOfDay(endsOn).AddSeconds(1)));

    // An order that no longer collects ignores the hold, so the list needs no pruning.
    private static SagaStep<ContractTerm> Hold(ContractTerm state, string reason) =>
        new(state, [.. state.Orders.Distinct().Select(o => new SagaEffect.Send(new HoldJointOrder(o, reason)))]);
}

/// <summary>What the saga remembers of a contract.</summary>
/// <param name="Contract">Contract.</param>
/// <param name="Orders">Joint orders planned on it.</param>
public sealed record ContractTerm(ContractId Contract, StructuralList<JointOrderId> Orders);
