using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>A member of a cooperative: what it is, where it takes deliveries, how it approves. Stream <c>member-{MemberNo}</c>.</summary>
public sealed class Member : IDecider<Member.Command, Member.State, Member.Event>
{
    /// <summary>What can be asked of a member.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Admit it. <c>member-exists</c>: it is there with other facts, else a code of <see cref="MemberRules.Flaw"/>.</summary>
        public sealed record Admit(MemberNo Member, CooperativeId Cooperative, MemberFacts Facts) : Command;

        /// <summary>Correct what is known of it, all of it at once, without changing its type.</summary>
        public sealed record Correct(string Name, string County, int? Enrollment, int? Teachers) : Command;

        /// <summary>Change its membership type, and with it kind, vote and services; the other facts stay.</summary>
        public sealed record ChangeType(
            MemberType Type, MemberKind Kind, bool Voting, StructuralList<CooperativeService> Services = default) : Command;

        /// <summary>Add a delivery site. <c>site-exists</c>, <c>site-closed</c>, <c>too-many-sites</c> or the text at fault.</summary>
        public sealed record AddSite(SiteId Site, SiteFacts Facts) : Command;

        /// <summary>Replace what is known of an open site.</summary>
        public sealed record ChangeSite(SiteId Site, SiteFacts Facts) : Command;

        /// <summary>Take no more deliveries at a site; its id is not used again.</summary>
        public sealed record CloseSite(SiteId Site) : Command;

        /// <summary>Set above which value its purchases need approval.</summary>
        public sealed record SetApprovalRules(ApprovalRules Rules) : Command;

        /// <summary>End the membership after a day; a further notice moves the day.</summary>
        public sealed record Leave(DateOnly LastDay) : Command;

        /// <summary>
        /// Resume an ended membership on a day after its last; <c>member-expelled</c>: that takes <see cref="Readmit"/>.
        /// </summary>
        public sealed record Rejoin(DateOnly From) : Command;

        /// <summary>
        /// End the membership after a day because the board has expelled the member: a code of <see cref="AdoptedResolution.Flaw"/>
        /// unless a resolution of kind Expulsion about this member has effect by then.
        /// </summary>
        public sealed record Expel(DateOnly LastDay, AdoptedResolution? By) : Command;

        /// <summary>Resume the membership of an expelled member, by a resolution of kind Other about it.</summary>
        public sealed record Readmit(DateOnly From, AdoptedResolution? By) : Command;
    }

    /// <summary>What has happened to a member.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was admitted.</summary>
        [EventAlias("member_admitted")]
        public sealed record Admitted(MemberNo Member, CooperativeId Cooperative, MemberFacts Facts) : Event;

        /// <summary>What is known of it was corrected.</summary>
        [EventAlias("member_corrected")]
        public sealed record Corrected(string Name, string County, int? Enrollment, int? Teachers) : Event;

        /// <summary>Its membership type changed.</summary>
        [EventAlias("member_type_changed")]
        public sealed record TypeChanged(MemberType Type, MemberKind Kind, bool Voting, StructuralList<CooperativeService> Services)
            : Event;

        /// <summary>A site was added.</summary>
        [EventAlias("member_site_added")]
        public sealed record SiteAdded(SiteId Site, SiteFacts Facts) : Event;

        /// <summary>What is known of a site was replaced.</summary>
        [EventAlias("member_site_changed")]
        public sealed record SiteChanged(SiteId Site, SiteFacts Facts) : Event;

        /// <summary>A site takes no more deliveries.</summary>
        [EventAlias("member_site_closed")]
        public sealed record SiteClosed(SiteId Site) : Event;

        /// <summary>Approval rules were set.</summary>
        [EventAlias("member_approval_rules_set")]
        public sealed record ApprovalRulesSet(ApprovalRules Rules) : Event;

        /// <summary>The membership ends after a day.</summary>
        [EventAlias("member_left")]
        public sealed record Left(DateOnly LastDay) : Event;

        /// <summary>The membership resumes on a day.</summary>
        [EventAlias("member_rejoined")]
        public sealed record Rejoined(DateOnly From) : Event;

        /// <summary>The board has expelled it: the membership ends after a day.</summary>
        [EventAlias("member_expelled")]
        public sealed record Expelled(DateOnly LastDay, ResolutionId Resolution) : Event;

        /// <summary>The board has taken it back.</summary>
        [EventAlias("member_readmitted")]
        public sealed record Readmitted(DateOnly From, ResolutionId Resolution) : Event;
    }

    /// <summary>Where a member stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>Never admitted.</summary>
        public sealed record Absent : State;

        /// <summary>Admitted; past its last day, if it has one, it takes part in nothing new.</summary>
        public sealed record Admitted(
            MemberNo Member, CooperativeId Cooperative, MemberFacts Facts, StructuralMap<SiteId, Site> Sites, ApprovalRules Approval,
            DateOnly? LastDay, DateOnly? RejoinedFrom) : State
        {
            /// <summary>The resolution that expelled it; null unless it is expelled.</summary>
            public ResolutionId? ExpelledBy { get; init; }

            /// <summary>What <see cref="MemberEligibility"/> asks for.</summary>
            public MemberStanding Standing => new(Facts, LastDay);

            /// <summary>True when a site exists and takes deliveries.</summary>
            public bool DeliversTo(SiteId site) => Sites.TryGetValue(site, out var known) && known.Open;
        }
    }

    /// <inheritdoc/>
    public static string Category => "member";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Admit c, State.Absent) => FlawOf(c) is { } no ? no : new Event.Admitted(c.Member, c.Cooperative, c.Facts),
        (Command.Admit c, State.Admitted s) when s.Facts == c.Facts && s.Cooperative == c.Cooperative => Nothing,
        (Command.Admit, State.Admitted) => new Refusal("member-exists", "This member number is taken; correct its facts instead."),
        (_, State.Absent) => new Refusal("member-unknown", "Admit the member first."),

        (Command.Expel c, State.Admitted s) => Expelling(c, s),
        (Command.Readmit c, State.Admitted s) => Readmitting(c, s),
        (Command.Leave or Command.Rejoin, State.Admitted { ExpelledBy: { } by }) =>
            new Refusal("member-expelled", $"The board expelled this member by {by}; it readmits by a resolution."),
        (Command.Leave c, State.Admitted s) => Leaving(c, s),
        (Command.Rejoin c, State.Admitted s) => Rejoining(c, s),
        (not Command.CloseSite, State.Admitted { LastDay: { } last }) =>
            new Refusal("member-left", $"Notice was given for {last:yyyy-MM-dd}; let the member rejoin first."),

        (Command.Correct c, State.Admitted s) => Correcting(c, s.Facts),
        (Command.ChangeType c, State.Admitted s) => Changing(c, s.Facts),
        (Command.AddSite c, State.Admitted s) => Adding(c, s.Sites),
        (Command.ChangeSite c, State.Admitted s) => Replacing(c, s.Sites),
        (Command.CloseSite c, State.Admitted s) => !s.Sites.TryGetValue(c.Site, out var site) ? UnknownSite(c.Site)
            : site.Open ? new Event.SiteClosed(c.Site) : Nothing,

        (Command.SetApprovalRules c, State.Admitted s) when c.Rules == s.Approval => Nothing,
        (Command.SetApprovalRules { Rules: var rules }, _) when rules.Threshold < Money.Zero || rules.Threshold > MaxThreshold =>
            new Refusal("threshold-out-of-range", $"Give an approval threshold from 0.00 to {MaxThreshold}."),
        (Command.SetApprovalRules c, _) => new Event.ApprovalRulesSet(c.Rules),

        _ => throw new UnreachableException($"{command} is not a command of a member."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Admitted e) =>
            new State.Admitted(e.Member, e.Cooperative, e.Facts, default, ApprovalRules.Default, null, null),
        (State.Admitted s, Event.Corrected e) => s with { Facts = Apply(s.Facts, e) },
        (State.Admitted s, Event.TypeChanged e) => s with { Facts = Apply(s.Facts, e) },
        (State.Admitted s, Event.SiteAdded e) => s with { Sites = s.Sites.Set(e.Site, new(e.Facts)) },
        (State.Admitted s, Event.SiteChanged e) => s with { Sites = s.Sites.Set(e.Site, new(e.Facts)) },
        (State.Admitted s, Event.SiteClosed e) => s with { Sites = s.Sites.Set(e.Site, s.Sites[e.Site] with { Open = false }) },
        (State.Admitted s, Event.ApprovalRulesSet e) => s with { Approval = e.Rules },
        (State.Admitted s, Event.Left e) => s with { LastDay = e.LastDay },
        (State.Admitted s, Event.Rejoined e) => s with { LastDay = null, RejoinedFrom = e.From },
        (State.Admitted s, Event.Expelled e) => s with { LastDay = e.LastDay, ExpelledBy = e.Resolution },
        (State.Admitted s, Event.Readmitted e) => s with { LastDay = null, RejoinedFrom = e.From, ExpelledBy = null },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    internal static MemberFacts Apply(MemberFacts facts, Event.Corrected e) =>
        facts with { Name = e.Name, County = e.County, Enrollment = e.Enrollment, Teachers = e.Teachers };

    internal static MemberFacts Apply(MemberFacts facts, Event.TypeChanged e) =>
        facts with { Type = e.Type, Kind = e.Kind, Voting = e.Voting, Services = e.Services };

    private static readonly Money MaxThreshold = Money.FromDollars(1_000_000_000m);
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Refusal UnknownSite(SiteId site) => new("site-unknown", $"Site {site} is not a site of this member; add it first.");

    private static Refusal? FlawOf(Command.Admit c) =>
        PlainText.CheckId("member-number", c.Member.Value)
        ?? PlainText.CheckId("cooperative", c.Cooperative.Value)
        ?? MemberRules.Flaw(c.Facts);

    private static Decision<Event> Correcting(Command.Correct c, MemberFacts facts)
    {
        var fact = new Event.Corrected(c.Name, c.County, c.Enrollment, c.Teachers);
        var corrected = Apply(facts, fact);
        return corrected == facts ? Nothing : MemberRules.Flaw(corrected) is { } no ? no : fact;
    }

    private static Decision<Event> Changing(Command.ChangeType c, MemberFacts facts)
    {
        var fact = new Event.TypeChanged(c.Type, c.Kind, c.Voting, c.Services);
        var changed = Apply(facts, fact);
        return changed == facts ? Nothing : MemberRules.Flaw(changed) is { } no ? no : fact;
    }

    private static Decision<Event> Adding(Command.AddSite c, StructuralMap<SiteId, Site> sites)
    {
        if (sites.TryGetValue(c.Site, out var known))
        {
            return !known.Open ? new Refusal("site-closed", "This site is closed and its id is not used again; choose a new id.")
                : known.Facts == c.Facts ? Nothing
                : new Refusal("site-exists", "This site exists; change it instead.");
        }

        if (sites.Count >= SiteRules.MaxSites) return new Refusal("too-many-sites", $"A member has at most {SiteRules.MaxSites} sites.");
        return (PlainText.CheckId("site", c.Site.Value) ?? SiteRules.Flaw(c.Facts)) is { } no ? no : new Event.SiteAdded(c.Site, c.Facts);
    }

    private static Decision<Event> Replacing(Command.ChangeSite c, StructuralMap<SiteId, Site> sites) =>
        !sites.TryGetValue(c.Site, out var known) ? UnknownSite(c.Site)
        : !known.Open ? new Refusal("site-closed", "This site is closed; add a new one.")
        : known.Facts == c.Facts ? Nothing
        : SiteRules.Flaw(c.Facts) is { } no ? no
        : new Event.SiteChanged(c.Site, c.Facts);

    private static Decision<Event> Leaving(Command.Leave c, State.Admitted s) =>
        c.LastDay == s.LastDay ? Nothing
        : c.LastDay < s.RejoinedFrom ? new Refusal("last-day-too-early", "The last day must not be before the day the member rejoined.")
        : new Event.Left(c.LastDay);

    private static Decision<Event> Rejoining(Command.Rejoin c, State.Admitted s) => s.LastDay switch
    {
        null when s.RejoinedFrom == c.From => Nothing,
        null => new Refusal("member-has-not-left", "This membership has not ended."),
        { } last when c.From <= last => new Refusal("rejoining-too-early", $"Rejoin after the last day, {last:yyyy-MM-dd}."),
        _ => new Event.Rejoined(c.From),
    };

    private static Decision<Event> Expelling(Command.Expel c, State.Admitted s) =>
        AdoptedResolution.Flaw(c.By, s.Cooperative, ResolutionKind.Expulsion, s.Member.Value, c.LastDay) is { } no ? no
        : c.LastDay == s.LastDay && c.By!.Resolution == s.ExpelledBy ? Nothing
        : s.ExpelledBy is { } by ? new Refusal("member-expelled", $"The board expelled this member by {by} already.")
        : new Event.Expelled(c.LastDay, c.By!.Resolution);

    private static Decision<Event> Readmitting(Command.Readmit c, State.Admitted s) => s switch
    {
        { ExpelledBy: null } => s.LastDay is null && s.RejoinedFrom == c.From
            ? Nothing
            : new Refusal("member-not-expelled", "This member was not expelled; let it rejoin."),
        { LastDay: { } last } when c.From <= last => new Refusal("rejoining-too-early", $"Readmit after the last day, {last:yyyy-MM-dd}."),
        _ => AdoptedResolution.Flaw(c.By, s.Cooperative, ResolutionKind.Other, s.Member.Value, c.From) is { } no
            ? no
            : new Event.Readmitted(c.From, c.By!.Resolution),
    };
}
