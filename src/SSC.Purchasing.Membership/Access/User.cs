using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>
/// A sign-in of an identity provider, pseudonymous: providers put e-mail addresses and names into subjects, and events hold no
/// personal data, so the log keeps a hash that the host recomputes at sign-in.
/// </summary>
/// <param name="Issuer">The provider's issuer address.</param>
/// <param name="SubjectHash">Base64 of SHA-256 over issuer, line feed, subject, in UTF-8.</param>
public sealed record SubjectLink(string Issuer, string SubjectHash)
{
    /// <summary>The link of a subject at an issuer.</summary>
    public static SubjectLink Of(string issuer, string subject) =>
        new(issuer, Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}"))));
}

/// <summary>A person who signs in, under an opaque id; who it is, is in <see cref="IPersonalDetails"/>. Stream <c>user-{id}</c>.</summary>
public sealed class User : IDecider<User.Command, User.State, User.Event>
{
    /// <summary>What can be asked of a user.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Enter a user. <c>user-exists</c> when entered otherwise; else a code of <see cref="Roles.Flaw"/>.</summary>
        public sealed record Register(string UserId, OrgRef Organization, StructuralList<string> Roles) : Command;

        /// <summary>Give other roles, all at once.</summary>
        public sealed record ChangeRoles(StructuralList<string> Roles) : Command;

        /// <summary>Let a subject of an identity provider sign in as this user.</summary>
        public sealed record LinkSubject(string Issuer, string Subject) : Command;

        /// <summary>Nobody signs in as this user any more.</summary>
        public sealed record Deactivate(string Reason) : Command;
    }

    /// <summary>What has happened to a user.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was entered.</summary>
        [EventAlias("user_registered")]
        public sealed record Registered(string UserId, OrgRef Organization, StructuralList<string> Roles) : Event;

        /// <summary>Its roles were replaced.</summary>
        [EventAlias("user_roles_changed")]
        public sealed record RolesChanged(StructuralList<string> Roles) : Event;

        /// <summary>A subject may sign in.</summary>
        [EventAlias("user_subject_linked")]
        public sealed record SubjectLinked(SubjectLink Link) : Event;

        /// <summary>Nobody signs in any more.</summary>
        [EventAlias("user_deactivated")]
        public sealed record Deactivated(string Reason) : Event;
    }

    /// <summary>Where a user stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>Not entered.</summary>
        public sealed record Absent : State;

        /// <summary>May sign in.</summary>
        public sealed record Active(OrgRef Organization, StructuralList<string> Roles, StructuralList<SubjectLink> Links) : State;

        /// <summary>May not.</summary>
        public sealed record Inactive(OrgRef Organization) : State;
    }

    /// <inheritdoc/>
    public static string Category => "user";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Register c, State.Absent) => (PlainText.CheckId("user", c.UserId) ?? Roles.Flaw(c.Organization, c.Roles)) is { } no
            ? no
            : new Event.Registered(c.UserId, c.Organization, Roles.Normal(c.Roles)),
        (Command.Register c, State.Active s) when s.Organization == c.Organization && s.Roles == Roles.Normal(c.Roles) => Nothing,
        (Command.Register, _) => new Refusal("user-exists", "This user id is taken."),
        (_, State.Absent) => new Refusal("user-unknown", "Register the user first."),
        (Command.Deactivate, State.Inactive) => Nothing,
        (_, State.Inactive) => new Refusal("user-inactive", "This user was deactivated; register a new one."),

        (Command.ChangeRoles c, State.Active s) when s.Roles == Roles.Normal(c.Roles) => Nothing,
        (Command.ChangeRoles c, State.Active s) =>
            Roles.Flaw(s.Organization, c.Roles) is { } no ? no : new Event.RolesChanged(Roles.Normal(c.Roles)),
        (Command.LinkSubject c, State.Active s) => Linking(c, s),
        (Command.Deactivate c, _) =>
            PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } no ? no : new Event.Deactivated(c.Reason),

        _ => throw new UnreachableException($"{command} is not a command of a user."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Registered e) => new State.Active(e.Organization, e.Roles, []),
        (State.Active s, Event.RolesChanged e) => s with { Roles = e.Roles },
        (State.Active s, Event.SubjectLinked e) => s with { Links = s.Links.Add(e.Link) },
        (State.Active s, Event.Deactivated) => new State.Inactive(s.Organization),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private const int MaxLinks = 20;
    private const int MaxIssuerLength = 255;
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Decision<Event> Linking(Command.LinkSubject c, State.Active s)
    {
        if (PlainText.Check("issuer", c.Issuer, MaxIssuerLength) is { } issuer) return issuer;
        if (PlainText.Check("subject", c.Subject, MaxIssuerLength) is { } subject) return subject;
        var link = SubjectLink.Of(c.Issuer, c.Subject);
        if (s.Links.Contains(link)) return Nothing;
        return s.Links.Count >= MaxLinks
            ? new Refusal("too-many-subjects", $"A user has at most {MaxLinks} sign-ins.")
            : new Event.SubjectLinked(link);
    }
}
