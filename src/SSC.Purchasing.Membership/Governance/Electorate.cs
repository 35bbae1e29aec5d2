using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>Who may vote in a cooperative's elections, read from the log so that anybody can read it again.</summary>
public static class Electorate
{
    private const int PageSize = 1_000;

    private static readonly string[] Types =
    [
        "member_admitted", "member_type_changed", "member_left", "member_rejoined", "member_expelled", "member_readmitted",
    ];

    /// <summary>The voting members on a day (Minn. Stat. 123A.21 subd. 3), as the log says at a position, by member number.</summary>
    public static async Task<StructuralList<MemberNo>> Of(
        IEventStore store, string tenant, CooperativeId cooperative, DateOnly on, long position, CancellationToken ct)
    {
        var members = new Dictionary<string, Member.State>(StringComparer.Ordinal);
        var filter = new EventFilter { Tenant = tenant, Types = Types, UpToPosition = position };
        for (var after = 0L; ;)
        {
            var page = await store.ReadAll(after, PageSize, filter, ct).ConfigureAwait(false);
            foreach (var e in page)
            {
                var state = members.GetValueOrDefault(e.Stream, Member.Initial);
                members[e.Stream] = Member.Evolve(state, (Member.Event)e.Fact);
                after = e.Position;
            }

            if (page.Count < PageSize) break;
        }

        return members.Values.OfType<Member.State.Admitted>()
            .Where(m => m.Cooperative == cooperative && MemberEligibility.MayVote(m.Standing, on))
            .Select(m => m.Member).Order().ToStructuralList();
    }
}
