using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Sagas;

/// <summary>Which work each saga command asks for: the one list a newcomer reads to see what sagas can do.</summary>
public sealed class SagaCommandHandler(
    Commands commands, JointOrderWork orders, PurchaseOrderWork purchaseOrders, ReceivingWork receiving, InvoiceWork invoices,
    VendorDocumentWork documents, PoolWork pools, ProgramWork programs)
{
    /// <summary>Puts the work together over one store.</summary>
    /// <param name="commands">The store.</param>
    /// <param name="readModels">Its read side.</param>
    /// <param name="formats">What orders can be written in; the canonical form only when null.</param>
    public static SagaCommandHandler Over(Commands commands, IReadModels readModels, IOrderFormats? formats = null)
    {
        var budgets = new BudgetWork(commands);
        var orders = new JointOrderWork(commands, readModels, budgets);
        var purchaseOrders = new PurchaseOrderWork(commands, orders, formats ?? new CanonicalOrders());
        var invoices = new InvoiceWork(commands, readModels, orders, purchaseOrders, budgets, new(commands, orders));
        return new(
            commands, orders, purchaseOrders, new(commands, orders, purchaseOrders), invoices,
            new(commands, purchaseOrders, invoices), PoolWork.Over(commands, readModels), new(commands, readModels));
    }

    /// <summary>The work on joint orders.</summary>
    public JointOrderWork Orders => orders;

    /// <summary>The work on purchase orders.</summary>
    public PurchaseOrderWork PurchaseOrders => purchaseOrders;

    /// <summary>The work of governance.</summary>
    public GovernanceWork Governance { get; } = new(commands);

    /// <summary>The work on members' invoices.</summary>
    public MemberBillingWork Billing { get; } = new(commands);

    /// <summary>The work on insurance pools.</summary>
    public PoolWork Pools => pools;

    /// <summary>The work on programs.</summary>
    public ProgramWork Programs => programs;

    /// <summary>The work on deliveries.</summary>
    public ReceivingWork Receiving => receiving;

    /// <summary>The work on invoices.</summary>
    public InvoiceWork Invoices => invoices;

    /// <summary>The work on fees and rebates.</summary>
    public FeeWork Fees => invoices.Fees;

    /// <summary>Where vendors' documents take effect.</summary>
    public VendorDocumentWork Documents => documents;

    /// <summary>Executes a saga command; its context carries the deterministic key.</summary>
    public Task<CommandOutcome> Execute(object command, CommandContext context, CancellationToken ct) => command switch
    {
        StartBoxFill c => orders.StartBoxFill(context, c.Order, ct),
        CloseJointOrder c => orders.Decide(context, c.Order, new JointOrder.Command.Close(context.Now), ct),
        SettleJointOrder c => orders.Settle(context, c.Order, ct),
        TakeMinimumBranch c => orders.TakeMinimumBranch(context, c.Order, ct),
        CloseApprovals c => orders.CloseApprovals(context, c.Order, ct),
        EncumberJointOrder c => orders.Encumber(context, c.Order, ct),
        FixTiers c => orders.Decide(context, c.Order, new JointOrder.Command.FixTiers(), ct),
        RecordIssued c => orders.Decide(context, c.Order, new JointOrder.Command.RecordIssued(c.Vendor, c.PurchaseOrder), ct),
        ReleaseEncumbrances c => orders.ReleaseEncumbrances(context, c.Order, ct),
        HoldJointOrder c => orders.Decide(context, c.Order, new JointOrder.Command.Hold(c.Reason), ct),

        IssuePurchaseOrder c => purchaseOrders.Issue(context, c.Order, ct),
        RemindVendor c => purchaseOrders.Remind(context, c.Order, c.Vendor, c.Number, ct),
        EscalatePurchaseOrder c =>
            purchaseOrders.Decide(context, c.Order, c.Vendor, new PurchaseOrder.Command.Escalate(c.Reason), ct),
        CountAsRejected c => purchaseOrders.Decide(context, c.Order, c.Vendor, new PurchaseOrder.Command.CountAsRejected(), ct),
        AdoptVendorChanges c => purchaseOrders.Adopt(context, c.Order, c.Vendor, ct),
        ReAwardJointOrder c => purchaseOrders.ReAward(context, c.Order, c.From, c.Reason, ct),
        RequestCancellation c => purchaseOrders.Decide(
            context, c.Order, c.Vendor, new PurchaseOrder.Command.RequestCancellation("the joint order was cancelled"), ct),

        GovernanceCommand c => Governance.Execute(context, c, ct),
        BillingCommand c => Billing.Execute(context, c, ct),
        ReceivingCommand c => receiving.Execute(context, c, ct),
        InvoiceCommand c => invoices.Execute(context, c, ct),

        ExpireContract c => commands.Handle<Contract, Contract.Command, Contract.State, Contract.Event>(
            context, c.Contract.Value, new Contract.Command.Expire(BusinessCalendar.LocalDate(context.Now)), ct),
        RenewalCommand c => pools.Renewal.Execute(context, c, ct),
        PoolBillingCommand c => pools.Billing.Execute(context, c, ct),
        StopLossCommand c => pools.StopLoss.Execute(context, c, ct),
        SharingCommand c => pools.Sharing.Execute(context, c, ct),
        WithdrawalCommand c => pools.Withdrawal.Execute(context, c, ct),
        ProgramCommand c => programs.Execute(context, c, ct),
        _ => throw new ArgumentException($"{command.GetType().Name} is not in the list of saga commands.", nameof(command)),
    };
}
