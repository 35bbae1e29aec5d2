using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>A cooperative as a list shows it.</summary>
public sealed record CooperativeRow(CooperativeId Cooperative, string Name, StructuralList<string> Counties, StatewideAgreement? Agreement);

/// <summary>The cooperatives, by id.</summary>
public sealed class CooperativesDirectory : ReadModel<CooperativeRow>
{
    /// <inheritdoc/>
    public override string Name => "cooperatives";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<Cooperative.Event>(Cooperative.Category);

    /// <inheritdoc/>
    public override CooperativeRow? Apply(string key, CooperativeRow? row, RecordedEvent e) => e.Fact switch
    {
        Cooperative.Event.Registered f => new(f.Facts.Id, f.Facts.Name, f.Facts.Counties, null),
        Cooperative.Event.StatewideAgreementSet f => row! with { Agreement = f.Agreement },
        _ => row,
    };
}

/// <summary>A member as a list shows it.</summary>
public sealed record MemberRow(MemberNo Member, CooperativeId Cooperative, MemberFacts Facts, ApprovalRules Approval, DateOnly? LastDay)
{
    /// <summary>Sites that take deliveries.</summary>
    public int OpenSites { get; init; }

    /// <summary>What <see cref="MemberEligibility"/> asks for.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public MemberStanding Standing => new(Facts, LastDay);
}

/// <summary>The members, by member number; indexes <c>cooperative</c>, <c>type</c>, <c>county</c>.</summary>
public sealed class MembersDirectory : ReadModel<MemberRow>
{
    /// <inheritdoc/>
    public override string Name => "members";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<MemberRow>> Indexes { get; } =
    [
        new("cooperative", r => r.Cooperative.Value), new("type", r => r.Facts.Type.ToString()), new("county", r => r.Facts.County),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<Member.Event>(Member.Category);

    /// <inheritdoc/>
    public override MemberRow? Apply(string key, MemberRow? row, RecordedEvent e) => e.Fact switch
    {
        Member.Event.Admitted f => new(f.Member, f.Cooperative, f.Facts, ApprovalRules.Default, null),
        Member.Event.Corrected f => row! with { Facts = Member.Apply(row.Facts, f) },
        Member.Event.TypeChanged f => row! with { Facts = Member.Apply(row.Facts, f) },
        Member.Event.SiteAdded => row! with { OpenSites = row.OpenSites + 1 },
        Member.Event.SiteClosed => row! with { OpenSites = row.OpenSites - 1 },
        Member.Event.ApprovalRulesSet f => row! with { Approval = f.Rules },
        Member.Event.Left f => row! with { LastDay = f.LastDay },
        Member.Event.Expelled f => row! with { LastDay = f.LastDay },
        Member.Event.Rejoined or Member.Event.Readmitted => row! with { LastDay = null },
        _ => row,
    };
}

/// <summary>A delivery site as a list shows it.</summary>
public sealed record SiteRow(MemberNo Member, SiteId Site, SiteFacts Facts, bool Open);

/// <summary>The sites of all members, by <c>{memberNo}/{siteId}</c>; index <c>member</c>.</summary>
public sealed class SitesDirectory : ReadModel<SiteRow>
{
    /// <inheritdoc/>
    public override string Name => "sites";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<SiteRow>> Indexes { get; } = [new("member", r => r.Member.Value)];

    /// <summary>The key of a site's row: an id is unique within its member only.</summary>
    public static string KeyOf(MemberNo member, SiteId site) => $"{member}/{site}";

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) =>
        from member in e.KeysIn<Member.Event>(Member.Category)
        let site = SiteOf(e.Fact)
        where site is not null
        select KeyOf(new(member), site.Value);

    /// <inheritdoc/>
    public override SiteRow? Apply(string key, SiteRow? row, RecordedEvent e) => e.Fact switch
    {
        Member.Event.SiteAdded f => new(new(key[..key.IndexOf('/', StringComparison.Ordinal)]), f.Site, f.Facts, true),
        Member.Event.SiteChanged f => row! with { Facts = f.Facts },
        Member.Event.SiteClosed => row! with { Open = false },
        _ => row,
    };

    private static SiteId? SiteOf(object fact) => fact switch
    {
        Member.Event.SiteAdded f => f.Site,
        Member.Event.SiteChanged f => f.Site,
        Member.Event.SiteClosed f => f.Site,
        _ => null,
    };
}
