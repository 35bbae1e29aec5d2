using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.JointOrders;
using MemberFacts = SSC.Purchasing.Procurement.JointOrders.MemberFacts;

namespace SSC.Purchasing.Sagas;

/// <summary>Tells procurement what membership knows of a member: sites, eligibility, approval rules, statewide agreement.</summary>
public sealed class MemberDirectory(Commands commands) : IMemberDirectory
{
    /// <inheritdoc/>
    public async Task<MemberFacts?> Find(string tenant, MemberNo member, DateOnly on, bool fresh, CancellationToken ct)
    {
        var loaded = await commands.Load<Member, Member.Command, Member.State, Member.Event>(tenant, member.Value, fresh, ct)
            .ConfigureAwait(false);
        if (loaded.State is not Member.State.Admitted state) return null;
        var cooperative = await commands.Load<Cooperative, Cooperative.Command, Cooperative.State, Cooperative.Event>(
            tenant, state.Cooperative.Value, fresh, ct).ConfigureAwait(false);
        return new(
            member,
            new($"{Member.Category}-{member}", loaded.Version),
            state.Cooperative,
            state.Facts.Kind.ToString(),
            state.Sites.Where(s => s.Value.Open).Select(s => s.Key).ToStructuralList(),
            state.Facts.Type switch { MemberType.Education => 0, MemberType.Ccoga => 1, _ => 2 },
            state.Approval.NeedsSecondPerson ? state.Approval.Threshold : null,
            MemberEligibility.JointOrder(state.Standing, on),
            (cooperative.State as Cooperative.State.Registered)?.Agreement?.HoldsOn(on) == true);
    }
}
