using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>A vendor as a list shows it.</summary>
public sealed record VendorRow(VendorFile File, bool Suspended);

/// <summary>The vendors, by id.</summary>
public sealed class VendorsDirectory : ReadModel<VendorRow>
{
    /// <inheritdoc/>
    public override string Name => "vendors";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<Vendor.Event>(Vendor.Category);

    /// <inheritdoc/>
    public override VendorRow? Apply(string key, VendorRow? row, RecordedEvent e) => e.Fact switch
    {
        Vendor.Event.Registered f => new(new(f.Vendor, f.Name, f.Terms, default, OrderChannel.Manual), false),
        Vendor.Event.Suspended => row! with { Suspended = true },
        Vendor.Event.Reinstated => row! with { Suspended = false },
        Vendor.Event f => row! with { File = Vendor.Apply(row.File, f) },
        _ => row,
    };
}

/// <summary>A user as sign-in and lists see it.</summary>
public sealed record UserRow(string UserId, OrgRef Organization, StructuralList<string> Roles, bool Active);

/// <summary>The users, by id; index <c>organization</c> (<see cref="OrgRef.Key"/>).</summary>
public sealed class UsersDirectory : ReadModel<UserRow>
{
    /// <inheritdoc/>
    public override string Name => "users";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<UserRow>> Indexes { get; } = [new("organization", r => r.Organization.Key)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<User.Event>(User.Category);

    /// <inheritdoc/>
    public override UserRow? Apply(string key, UserRow? row, RecordedEvent e) => e.Fact switch
    {
        User.Event.Registered f => new(f.UserId, f.Organization, f.Roles, true),
        User.Event.RolesChanged f => row! with { Roles = f.Roles },
        User.Event.Deactivated => row! with { Active = false },
        _ => row,
    };
}

/// <summary>Whose sign-in a subject is.</summary>
public sealed record SubjectRow(string UserId);

/// <summary>
/// Users by sign-in; the key is <see cref="SubjectLink.SubjectHash"/>. The first link of a subject holds: a later one of another
/// user changes nothing, so nobody can take over a sign-in. Whether the user is active stands in <see cref="UsersDirectory"/>.
/// </summary>
public sealed class SubjectsDirectory : ReadModel<SubjectRow>
{
    /// <inheritdoc/>
    public override string Name => "subjects";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) =>
        e.Type is "user_subject_linked" && e.Fact is User.Event.SubjectLinked f ? [f.Link.SubjectHash] : [];

    /// <inheritdoc/>
    public override SubjectRow? Apply(string key, SubjectRow? row, RecordedEvent e) =>
        row ?? e.KeysIn<User.Event>(User.Category).Select(user => new SubjectRow(user)).FirstOrDefault();
}

/// <summary>An API key as authentication and lists see it.</summary>
public sealed record ApiKeyRow(ApiKeyFacts Facts, bool Revoked)
{
    /// <summary>True when the key is taken at a time.</summary>
    public bool IsValidAt(DateTimeOffset now) => !Revoked && (Facts.ExpiresAt is not { } end || now < end);
}

/// <summary>The API keys, by key id; index <c>organization</c> (<see cref="OrgRef.Key"/>).</summary>
public sealed class ApiKeysDirectory : ReadModel<ApiKeyRow>
{
    /// <inheritdoc/>
    public override string Name => "api_keys";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<ApiKeyRow>> Indexes { get; } = [new("organization", r => r.Facts.Organization.Key)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<ApiKey.Event>(ApiKey.Category);

    /// <inheritdoc/>
    public override ApiKeyRow? Apply(string key, ApiKeyRow? row, RecordedEvent e) => e.Fact switch
    {
        ApiKey.Event.Issued f => new(f.Facts, false),
        ApiKey.Event.Revoked => row! with { Revoked = true },
        _ => row,
    };
}
