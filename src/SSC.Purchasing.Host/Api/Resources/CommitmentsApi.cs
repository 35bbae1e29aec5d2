using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>What a member commits to; replaces what it committed to before.</summary>
/// <param name="Lines">Quantities by line and site.</param>
public sealed record CommitmentEntry(StructuralList<CommitmentLine> Lines);

/// <summary>A part of a shortfall, in the box-fill phase.</summary>
/// <param name="Site">Where it is dropped.</param>
/// <param name="LineNo">Line.</param>
/// <param name="Quantity">Units.</param>
public sealed record BoxFillEntry(SiteId Site, int LineNo, Quantity Quantity);

/// <summary>Where something is documented.</summary>
/// <param name="Evidence">E.g. a memo's number.</param>
public sealed record EvidenceEntry(string Evidence);

/// <summary>An approval.</summary>
/// <param name="UpTo">Highest cost approved.</param>
public sealed record ApprovalEntry(Money UpTo);

/// <summary>A member's commitment as it is at a moment.</summary>
/// <param name="Order">Order.</param>
/// <param name="Member">Member.</param>
/// <param name="Lines">What is committed.</param>
/// <param name="Amount">What the member said yes to.</param>
/// <param name="Generation">Generation of the order it counts for.</param>
/// <param name="ApprovedUpTo">Highest approved cost.</param>
/// <param name="ApprovalThreshold">Cost above which a second person approves.</param>
/// <param name="CpvEvidence">Where the consideration of the State's contract is documented.</param>
/// <param name="Declined">Declined by an approver.</param>
public sealed record CommitmentView(
    JointOrderId Order, MemberNo Member, StructuralList<CommitmentLine> Lines, Money Amount, int Generation, Money? ApprovedUpTo,
    Money? ApprovalThreshold, string? CpvEvidence, bool Declined);

/// <summary>What members do: commit, revise, withdraw, confirm again, fill a case, approve.</summary>
internal static class CommitmentsApi
{
    private const string Route = "/joint-orders/{orderId}/commitments/{memberNo}";

    private static readonly CommitmentEntry Example = new(
    [
        new(1, new("M-001-HS"), Quantity.Of(60), Quantity.Of(5), [new(new("UFARS", ["01", "005", "203", "000", "401", "000"]), 10_000)])
        {
            MaxPrice = UnitPrice.FromDollars(41.90m),
            Reference = "PO 26-1187",
        },
    ]);

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Commitments");
        api.List<MemberCommitment>("/joint-orders/{orderId}/commitments", "Commitments to an order; a member sees its own",
            r => List(r, JointOrdersApi.Order(r).Value)).OnlyWhen(JointOrdersApi.NotVendor);
        api.List<MemberCommitment>("/commitments", "Commitments over all orders; a member sees its own", r => List(r, null))
            .OnlyWhen(JointOrdersApi.NotVendor).Takes("member", "Only of this member.");
        api.Get<CommitmentView>(Route, "A member's commitment, now or as of a moment", Find).AsOf().OfMember();
        api.Put<CommitmentEntry>(Route, "Commit, or revise: the lines replace those before",
                (r, body) => OfOrder(r, () =>
                    Place(r).Commit(r.Context, JointOrdersApi.Order(r), Member(r), body.Lines, r.Cancelled).Answered()))
            .For(Roles.MemberBuyer).OfMember()
            .Refuses(
                "order-closed", "order-not-open", "order-held", "box-fill-only", "participation-missing", "order-other-cooperative",
                    "nothing-committed",
                "unknown-line", "duplicate-line", "unknown-site", "quantity-negative", "quantity-too-large", "quantity-not-whole",
                "quantity-off-increment", "tolerance-not-allowed", "below-minimum-drop", "max-price-not-positive", "account-missing",
                "account-splits-not-whole", "account-invalid", "reference-invalid", "order-limit-exceeded", "year-limit-exceeded",
                "member-kind-not-eligible")
            .Example(() => Example);
        api.Delete(Route, "Withdraw, before the cutoff", r => OfOrder(r, () =>
            Place(r).Withdraw(r.Context, JointOrdersApi.Order(r), Member(r), r.Cancelled).Answered()))
            .For(Roles.MemberBuyer).OfMember().Refuses("order-closed");
        api.Post(Route + "/confirmation", "Confirm again, for a successor contract or a fallback tier",
                r => OfOrder(r, () => Place(r).Reconfirm(r.Context, JointOrdersApi.Order(r), Member(r), r.Cancelled).Answered()))
            .For(Roles.MemberBuyer).OfMember().Refuses("order-closed", "commitment-unknown");
        api.Post<BoxFillEntry>(Route + "/box-fill", "Take a part of a line's shortfall in the box-fill phase",
                (r, b) => OfOrder(r, () => Place(r)
                    .ClaimBoxFill(r.Context, JointOrdersApi.Order(r), Member(r), b.Site, b.LineNo, b.Quantity, r.Cancelled).Answered()))
            .For(Roles.MemberBuyer).OfMember()
            .Refuses("not-in-box-fill", "box-fill-exceeds-shortfall", "box-fill-not-a-participant", "quantity-off-increment",
                "unknown-line")
            .Example(() => new BoxFillEntry(new("M-001-HS"), 1, Quantity.Of(6)));
        api.Post<EvidenceEntry>(Route + "/cpv-consideration", "State that the State's cooperative contract was considered first",
                (r, b) => Send(r, new Commitment.Command.ConsiderCpv(b.Evidence)))
            .For(Roles.MemberBuyer, Roles.MemberApprover).OfMember().Refuses("evidence-missing", "commitment-unknown")
            .Example(() => new EvidenceEntry("Memo of 2 November, State release P-1046(5)"));
        api.Post<ApprovalEntry>(Route + "/approval", "Approve the cost up to an amount",
                (r, b) => Send(r, new Commitment.Command.Approve(r.Principal.Actor, b.UpTo)))
            .For(Roles.MemberApprover).OfMember()
            .Refuses("approver-is-buyer", "commitment-declined", "amount-not-positive", "commitment-unknown")
            .Example(() => new ApprovalEntry(Money.FromDollars(26_500m)));
        api.Post<Because>(Route + "/declination", "Decline the cost: the member is out of the order",
                (r, b) => Send(r, new Commitment.Command.Decline(r.Principal.Actor, b.Reason)))
            .For(Roles.MemberApprover).OfMember().Refuses("commitment-unknown").Example(() => new Because("Not in this year's budget."));
    }

    internal static PlaceCommitment Place(ApiRequest r) => new(
        r.Services.Commands, new MemberDirectory(r.Services.Commands),
        new ContractOrdersOnBoard(r.Services.Commands.Store, r.Services.Models));

    private static MemberNo Member(ApiRequest r) => r.Id<MemberNo>("memberNo");

    private static string Key(ApiRequest r) => Commitment.Key(JointOrdersApi.Order(r), Member(r));

    private static Task<IResult> Send(ApiRequest r, Commitment.Command command) => OfOrder(r, () =>
        r.Handle<Commitment, Commitment.Command, Commitment.State, Commitment.Event>(Key(r), command));

    /// <summary>An order that was never planned is not there (404), whatever is asked of it.</summary>
    private static async Task<IResult> OfOrder(ApiRequest r, Func<Task<IResult>> write)
    {
        var order = await r.Services.Commands.Load<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(
            r.Services.Tenant, JointOrdersApi.Order(r).Value, ct: r.Cancelled);
        return order.Version == 0 ? Answer.NotFound : await write();
    }

    private static Task<IResult> List(ApiRequest r, string? order) => r.List(
        MemberCommitments.Instance, [("order_id", order), ("member", r.Principal.Member?.Value ?? r.Query("member"))], row => row.Row);

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await r.Load<Commitment, Commitment.Command, Commitment.State, Commitment.Event>(Key(r));
        var s = loaded.State;
        return Answer.Versioned(
            s.Exists
                ? new CommitmentView(
                    JointOrdersApi.Order(r), Member(r), s.Lines, s.Amount, s.Generation, s.ApprovedUpTo, s.ApprovalThreshold,
                        s.CpvEvidence, s.IsDeclined)
                : null,
            loaded.Version);
    }
}
