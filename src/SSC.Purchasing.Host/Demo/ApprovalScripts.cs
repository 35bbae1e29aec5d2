using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Host.Demo;

/// <summary>What approvers and buyers do when approvals are asked for.</summary>
internal delegate IEnumerable<Happening> ApprovalScript(DemoOrder order, JointOrder.Event.Settled settled, DateTimeOffset at);

/// <summary>The ways in which approvals go.</summary>
internal static class ApprovalScripts
{
    /// <summary>Everybody approves within two days, and gives the evidence that is missing.</summary>
    public static readonly ApprovalScript Granted = (order, settled, at) =>
        settled.ApprovalsNeeded.SelectMany((needed, i) => Grant(order, needed, Clocks.Business(at, 1 + (i % 2), 9, (7 * i) % 60)));

    /// <summary>The first one declines, the others approve.</summary>
    public static readonly ApprovalScript OneDeclined = (order, settled, at) => settled.ApprovalsNeeded.SelectMany((needed, i) => i > 0
        ? Grant(order, needed, Clocks.Business(at, 1, 9, (7 * i) % 60))
        : [new(Clocks.Business(at, 1, 14), s => s.Approve(
            Who(order, needed), order.Id, new Commitment.Command.Decline(Who(order, needed).Approver, "not in this year's plan")))]);

    /// <summary>The first one says nothing; its time runs out.</summary>
    public static readonly ApprovalScript OneSilent = (order, settled, at) => settled.ApprovalsNeeded.Skip(1)
        .SelectMany((needed, i) => Grant(order, needed, Clocks.Business(at, 2, 10, (7 * i) % 60)));

    /// <summary>Nobody says anything yet.</summary>
    public static readonly ApprovalScript Awaited = (_, _, _) => [];

    private static IEnumerable<Happening> Grant(DemoOrder order, ApprovalNeeded needed, DateTimeOffset at)
    {
        var member = Who(order, needed);
        if (needed.Reasons.Contains("cpv-missing", StringComparer.Ordinal))
            yield return new(at, s => s.Approve(member, order.Id, new Commitment.Command.ConsiderCpv(Evidence(order))));
        if (needed.Reasons.Any(r => r != "cpv-missing"))
            yield return new(
                at.AddMinutes(20), s => s.Approve(member, order.Id, new Commitment.Command.Approve(member.Approver, needed.Total)));
    }

    /// <summary>Where the consideration of the State's contract is documented.</summary>
    public static string Evidence(DemoOrder order) =>
        $"State CPV contract compared for {order.Contract.Title.ToLowerInvariant()}; purchasing file {order.Id}";

    private static DemoMember Who(DemoOrder order, ApprovalNeeded needed) =>
        order.Commitments.First(c => c.Member.No == needed.Member).Member;
}
