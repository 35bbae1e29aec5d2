using SSC.Purchasing.Host.Access;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A user to register.</summary>
/// <param name="UserId">Opaque id, never a name or an address.</param>
/// <param name="Organization">Whom the user acts for.</param>
/// <param name="Roles">What the user may do.</param>
/// <param name="Person">Who it is; kept beside the log and erasable.</param>
public sealed record UserEntry(string UserId, OrgRef Organization, StructuralList<string> Roles, PersonalDetails? Person = null);

/// <summary>A user as it is at a moment.</summary>
/// <param name="UserId">Opaque id.</param>
/// <param name="Organization">Whom the user acts for.</param>
/// <param name="Roles">What the user may do.</param>
/// <param name="Active">Whether the user may sign in.</param>
/// <param name="Person">Who it is now; absent when never given or erased.</param>
public sealed record UserView(string UserId, OrgRef Organization, StructuralList<string> Roles, bool Active, PersonalDetails? Person);

/// <summary>Users, and who they are.</summary>
internal static class UsersApi
{
    private const string Route = "/users/{userId}";
    private static readonly OrgRef District = new(OrganizationKind.Member, "M-001");
    private static readonly PersonalDetails Person = new("B. Example", "buyer@district.example");

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Users");
        api.List<UserRow>("/users", "List users", List).Says("An organization sees its own users; staff see all.")
            .Takes("organization", "Only users of this organization, e.g. `Member/M-001`.");
        api.Get<UserView>(Route, "One user, now or as of a moment", Find).AsOf()
            .Shows(() => new UserView("u-71", District, [Roles.MemberBuyer], true, Person));
        api.Post<UserEntry>("/users", "Register a user", Register).For(Roles.Operator).Creates()
            .Refuses("user-exists", "role-unknown", "role-not-of-organization", "auditor-writes-nothing")
            .Example(() => new UserEntry("u-71", District, [Roles.MemberBuyer], Person));
        api.Put<User.Command.ChangeRoles>(Route + "/roles", "Give a user other roles", Send).For(Roles.Operator)
            .Refuses("user-unknown", "role-unknown")
            .Example(() => new User.Command.ChangeRoles([Roles.MemberBuyer, Roles.MemberApprover]));
        api.Post<User.Command.LinkSubject>(Route + "/subjects", "Let a subject of an identity provider sign in as this user", Send)
            .Says("Only a hash of the subject is recorded.").For(Roles.Operator).Refuses("user-unknown", "too-many-subjects")
            .Example(() => new User.Command.LinkSubject("https://login.district.example", "00u1a2b3"));
        api.Post<User.Command.Deactivate>(Route + "/deactivation", "Let nobody sign in as this user any more", Send)
            .For(Roles.Operator).Refuses("user-unknown").Example(() => new User.Command.Deactivate("Left the district."));
        api.Put<PersonalDetails>(Route + "/person", "Say who a user is", SavePerson).For(Roles.Operator).Example(() => Person);
        api.Delete(Route + "/person", "Erase who a user is; history keeps the opaque id", ErasePerson).For(Roles.Operator);
    }

    private static Task<IResult> Send(ApiRequest r, string userId, User.Command command) =>
        r.Handle<User, User.Command, User.State, User.Event>(userId, command);

    private static Task<IResult> Send(ApiRequest r, User.Command command) => Send(r, r.Text("userId"), command);

    private static Task<IResult> List(ApiRequest r) => r.List(
        Modules.Users, [("organization", r.Principal.IsStaff ? r.Query("organization") : r.Principal.OrganizationKey)], row => row.Row);

    private static async Task<IResult> Find(ApiRequest r)
    {
        var id = r.Text("userId");
        var loaded = await r.Load<User, User.Command, User.State, User.Event>(id);
        var (organization, roles, active) = loaded.State switch
        {
            User.State.Active a => (a.Organization, a.Roles, true),
            User.State.Inactive i => (i.Organization, [], false),
            _ => (null, [], false),
        };
        if (organization is null || !r.Principal.SeesOrganization(organization)) return Answer.NotFound;
        var person = await r.Services.People.Find(r.Services.Tenant, People.User(id), r.Cancelled);
        return Answer.Versioned(new UserView(id, organization, roles, active, person), loaded.Version);
    }

    private static async Task<IResult> Register(ApiRequest r, UserEntry body)
    {
        People.Check(body.Person);
        var answer = await Send(r, body.UserId, new User.Command.Register(body.UserId, body.Organization, body.Roles))
            .Created($"/users/{body.UserId}");
        if (answer.IsDone() && body.Person is { } person)
            await r.Services.People.Save(r.Services.Tenant, People.User(body.UserId), person, r.Cancelled);
        return answer;
    }

    private static async Task<IResult> SavePerson(ApiRequest r, PersonalDetails body)
    {
        People.Check(body);
        var id = r.Text("userId");
        if (await Version(r, id) is not { } done) return Answer.NotFound;
        await r.Services.People.Save(r.Services.Tenant, People.User(id), body, r.Cancelled);
        return Answer.Of(done);
    }

    private static async Task<IResult> ErasePerson(ApiRequest r)
    {
        var id = r.Text("userId");
        if (await Version(r, id) is not { } done) return Answer.NotFound;
        await r.Services.People.Erase(r.Services.Tenant, People.User(id), r.Cancelled);
        return Answer.Of(done);
    }

    /// <summary>Details of people are beside the log: writing them records nothing, so the receipt names the version that is
    /// there.</summary>
    private static async Task<CommandOutcome.Done?> Version(ApiRequest r, string id)
    {
        var loaded = await r.Load<User, User.Command, User.State, User.Event>(id);
        var head = await r.Services.Commands.Store.Head(r.Cancelled);
        return loaded.Version == 0 ? null : new($"{User.Category}-{id}", loaded.Version, head.Position, false);
    }
}
