using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>Start the box-fill phase.</summary>
[SagaCommand("start_box_fill")]
public sealed record StartBoxFill(JointOrderId Order);

/// <summary>Close at the cutoff.</summary>
[SagaCommand("close_joint_order")]
public sealed record CloseJointOrder(JointOrderId Order);

/// <summary>Fill cases, find the tier, allocate.</summary>
[SagaCommand("settle_joint_order")]
public sealed record SettleJointOrder(JointOrderId Order);

/// <summary>Take the next branch after a missed minimum.</summary>
[SagaCommand("take_minimum_branch")]
public sealed record TakeMinimumBranch(JointOrderId Order);

/// <summary>Count the approvals; what is missing is declined.</summary>
[SagaCommand("close_approvals")]
public sealed record CloseApprovals(JointOrderId Order);

/// <summary>Reserve every member's budget; a refusal takes out that member only.</summary>
[SagaCommand("encumber_joint_order")]
public sealed record EncumberJointOrder(JointOrderId Order);

/// <summary>Fix tiers and prices for good.</summary>
[SagaCommand("fix_tiers")]
public sealed record FixTiers(JointOrderId Order);

/// <summary>Issue the consolidated purchase order to the order's current vendor.</summary>
[SagaCommand("issue_purchase_order")]
public sealed record IssuePurchaseOrder(JointOrderId Order);

/// <summary>Note on the order that its purchase order was issued.</summary>
[SagaCommand("record_issued")]
public sealed record RecordIssued(JointOrderId Order, VendorId Vendor, string PurchaseOrder);

/// <summary>Ask the next-ranked vendor, or cancel.</summary>
[SagaCommand("re_award_joint_order")]
public sealed record ReAwardJointOrder(JointOrderId Order, VendorId From, string Reason);

/// <summary>Allocate again on what the vendor will deliver, and confirm.</summary>
[SagaCommand("adopt_vendor_changes")]
public sealed record AdoptVendorChanges(JointOrderId Order, VendorId Vendor);

/// <summary>Remind a silent vendor; the second time the coordinator hears of it.</summary>
[SagaCommand("remind_vendor")]
public sealed record RemindVendor(JointOrderId Order, VendorId Vendor, int Number);

/// <summary>Tell the coordinator that a purchase order needs a hand.</summary>
[SagaCommand("escalate_purchase_order")]
public sealed record EscalatePurchaseOrder(JointOrderId Order, VendorId Vendor, string Reason);

/// <summary>Silence counts as rejection.</summary>
[SagaCommand("count_as_rejected")]
public sealed record CountAsRejected(JointOrderId Order, VendorId Vendor);

/// <summary>Release whatever is encumbered for the order.</summary>
[SagaCommand("release_encumbrances")]
public sealed record ReleaseEncumbrances(JointOrderId Order);

/// <summary>Ask the vendor to cancel an issued purchase order.</summary>
[SagaCommand("request_cancellation")]
public sealed record RequestCancellation(JointOrderId Order, VendorId Vendor);

/// <summary>Stop taking commitments: the contract is suspended or has expired.</summary>
[SagaCommand("hold_joint_order")]
public sealed record HoldJointOrder(JointOrderId Order, string Reason);

/// <summary>Expire a contract whose term is over.</summary>
[SagaCommand("expire_contract")]
public sealed record ExpireContract(ContractId Contract);
