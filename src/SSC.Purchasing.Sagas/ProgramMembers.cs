using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Sagas;

/// <summary>Tells programs what membership knows of a member: its type, its rank in line, its students, whether it takes
/// programs.</summary>
public sealed class ProgramMembers(Commands commands) : IProgramMembers
{
    /// <inheritdoc/>
    public async Task<ProgramMember?> Find(string tenant, MemberNo member, DateOnly on, bool fresh, CancellationToken ct)
    {
        var loaded = await commands.Load<Member, Member.Command, Member.State, Member.Event>(tenant, member.Value, fresh, ct)
            .ConfigureAwait(false);
        if (loaded.State is not Member.State.Admitted state) return null;
        return new(
            member, new($"{Member.Category}-{member}", loaded.Version), state.Facts.Type.ToString(), PriorityClass(state.Facts.Type),
            state.Facts.Enrollment, MemberEligibility.Program(state.Standing, on));
    }

    /// <summary>Full members go first in line, then the others, then those who take single services.</summary>
    private static int PriorityClass(MemberType type) => type switch
    {
        MemberType.Education or MemberType.Ccoga => 0,
        MemberType.Associate or MemberType.NonProfit => 1,
        _ => 2,
    };
}
