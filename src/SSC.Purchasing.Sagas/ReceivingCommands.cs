using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>What the sagas of receiving and of the close-out ask for; done by <see cref="ReceivingWork"/>.</summary>
public abstract record ReceivingCommand;

/// <summary>Expect at every site what the vendor is bound to deliver there.</summary>
[SagaCommand("expect_deliveries")]
public sealed record ExpectDeliveries(JointOrderId Order, VendorId Vendor) : ReceivingCommand;

/// <summary>Note on the joint order that goods are on their way.</summary>
[SagaCommand("record_shipped")]
public sealed record RecordShipped(JointOrderId Order, VendorId Vendor) : ReceivingCommand;

/// <summary>Give up or send back what a cancelled order still brings.</summary>
[SagaCommand("cancel_deliveries")]
public sealed record CancelDeliveries(JointOrderId Order, VendorId Vendor, string Reason) : ReceivingCommand;

/// <summary>Remind a site of a receipt that is missing.</summary>
[SagaCommand("remind_receiver")]
public sealed record RemindReceiver(JointOrderId Order, VendorId Vendor, SiteId Site, int Number) : ReceivingCommand;

/// <summary>A back-order's day is over.</summary>
[SagaCommand("lapse_back_order")]
public sealed record LapseBackOrder(JointOrderId Order, VendorId Vendor, SiteId Site, int Line) : ReceivingCommand;

/// <summary>The vendor has not answered a claim in time.</summary>
[SagaCommand("escalate_claim")]
public sealed record EscalateClaim(JointOrderId Order, VendorId Vendor, SiteId Site, int Claim) : ReceivingCommand;

/// <summary>Allocate again what a central site received, or free the budget of what a member's own site never gets.</summary>
[SagaCommand("adjust_to_delivery")]
public sealed record AdjustToDelivery(JointOrderId Order, VendorId Vendor, SiteId Site) : ReceivingCommand;

/// <summary>Close the joint order out: encumbrances to zero, purchase order closed.</summary>
[SagaCommand("close_out_joint_order")]
public sealed record CloseOutJointOrder(JointOrderId Order, VendorId Vendor) : ReceivingCommand;
