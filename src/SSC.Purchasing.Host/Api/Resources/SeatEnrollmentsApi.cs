using SSC.Purchasing.Host.Access;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>Seats that a member asks for.</summary>
/// <param name="Offering">Offering.</param>
/// <param name="Member">Member.</param>
/// <param name="Seats">How many, one or more.</param>
/// <param name="PurchaseOrder">Number of the member's purchase order: with one, seats are confirmed at once; else held 15 minutes.</param>
/// <param name="Grade">Grade of the students, where the program asks for it; 0 is kindergarten.</param>
public sealed record EnrollmentEntry(OfferingId Offering, MemberNo Member, int Seats, string? PurchaseOrder = null, int? Grade = null);

/// <summary>A member's enrollment as it is at a moment.</summary>
/// <param name="Offering">Offering.</param>
/// <param name="Member">Member.</param>
/// <param name="Status">In one word.</param>
/// <param name="Seats">Confirmed seats.</param>
/// <param name="Standing">What is held, waited for and on offer.</param>
/// <param name="Placement">As it was asked for, with the prices quoted.</param>
/// <param name="Charged">Everything charged.</param>
/// <param name="Refunded">Everything paid back.</param>
/// <param name="Participants">Who takes part, by opaque ids.</param>
/// <param name="MoveTo">The other date that the member is asked to move to.</param>
/// <param name="MoveUntil">Until when it may answer.</param>
public sealed record EnrollmentView(
    OfferingId Offering, MemberNo Member, EnrollmentStatus Status, int Seats, SeatStanding Standing, Placement Placement, Money Charged,
    Money Refunded, StructuralList<ParticipantId> Participants, OfferingId? MoveTo, DateTimeOffset? MoveUntil);

/// <summary>Fewer seats.</summary>
/// <param name="Seats">How many to keep, one or more.</param>
public sealed record SeatsEntry(int Seats);

/// <summary>Who takes part.</summary>
/// <param name="Participants">Opaque ids.</param>
public sealed record ParticipantsEntry(StructuralList<ParticipantId> Participants);

/// <summary>Another person in somebody's place.</summary>
/// <param name="From">Who does not come.</param>
/// <param name="To">Who comes instead.</param>
public sealed record SubstitutionEntry(ParticipantId From, ParticipantId To);

/// <summary>An answer to the question whether to move.</summary>
/// <param name="Consents">Whether the member moves.</param>
public sealed record MoveAnswerEntry(bool Consents);

/// <summary>Enrollments: what members do about seats.</summary>
internal static class SeatEnrollmentsApi
{
    private const string Route = "/enrollments/{offeringId}/{memberNo}";
    private const string Person = "/participants/{memberNo}/{participantId}";

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Enrollments");
        api.List<EnrollmentView>("/enrollments", "Enrollments; a member sees its own", r => r.ListOwn(
                Modules.SeatEnrollments,
                [
                    ("member", r.Principal.Member?.Value ?? r.Query("member")), ("offering", r.Query("offering")),
                    ("status", r.Word<EnrollmentStatus>("status")?.ToString()),
                ],
                row => View(row.Row.State)!, row => new(row.Member, Offering: row.Offering)))
            .OnlyWhen(JointOrdersApi.NotVendor).Takes("member", "Only of this member.").Takes("offering", "Only in this offering.")
            .Takes("status", "Only where it stands so, e.g. `confirmed`.");
        api.Get<EnrollmentView>(Route, "A member's enrollment, now or as of a moment", Find).AsOf().OfMember();
        api.Get<WaitlistPosition>(Route + "/waitlist-position", "Where a member stands in line, and what is on offer to it", Position)
            .AsOf().OfMember();
        api.Post<EnrollmentEntry>("/enrollments", "Ask for seats: held, confirmed with a purchase order, or a place in line", Enroll)
            .For(Roles.MemberBuyer, Roles.ProgramAdmin).Creates().About<EnrollmentEntry>(b => b.Member, b => new(Offering: b.Offering))
            .Refuses(
                "seats-not-positive", "seats-too-many", "member-cap-exceeded", "already-enrolled", "offering-unknown", "offering-not-open",
                "offering-closed", "offering-full", "offering-started", "offering-over", "offering-cancelled", "member-unknown",
                "member-type-not-eligible", "service-not-taken", "grade-missing", "grade-not-eligible", "program-not-published",
                "price-missing")
            .Example(() => new EnrollmentEntry(new("PD-math-2026-10-14"), new("M-001"), 6, "PO 27-0118"));
        api.Post(Route + "/confirmation", "Confirm what is held", r => Work(r).Seats
                .Confirm(r.Context, Offering(r), Member(r), r.Cancelled).Answered())
            .ByMember().Refuses("request-unknown", "hold-expired");
        api.Post(Route + "/offers/{offer}/acceptance", "Take an offer from the line", r => Work(r).Seats
                .Accept(r.Context, Offering(r), Member(r), r.Text("offer"), r.Cancelled).Answered())
            .ByMember().Refuses("offer-unknown", "offer-expired", "offer-over", "request-unknown");
        api.Post(Route + "/offers/{offer}/declination", "Decline an offer; a part declined keeps its rank", r => Work(r).Seats
                .Decline(r.Context, Offering(r), Member(r), r.Text("offer"), r.Cancelled).Answered())
            .ByMember().Refuses("offer-unknown", "offer-over", "request-unknown");
        Act<SeatsEntry>(api, "/reduction", "Keep fewer seats; what comes back is reckoned at the prices quoted",
                (r, b) => new Enrollment.Command.Reduce(b.Seats, r.Now),
                "seats-not-positive", "seats-not-fewer", "nothing-confirmed", "offering-started", "enrollment-over")
            .Example(() => new SeatsEntry(4));
        Act<Because>(api, "/cancellation", "Give everything up, seats and the place in line",
                (r, b) => new Enrollment.Command.Cancel(b.Reason, r.Now), "offering-started", "enrollment-over", "reason-missing")
            .Example(() => new Because("The date does not suit."));
        Act<ParticipantsEntry>(api, "/participants", "Say who takes part, by opaque ids",
                (_, b) => new Enrollment.Command.NameParticipants(b.Participants), "participants-invalid", "too-many-participants")
            .Example(() => new ParticipantsEntry([new("T-17"), new("T-18")]));
        Act<SubstitutionEntry>(api, "/substitutions", "Send another person, free of charge",
                (_, b) => new Enrollment.Command.Substitute(b.From, b.To), "participant-unknown", "participant-named")
            .Example(() => new SubstitutionEntry(new("T-17"), new("T-19")));
        Act<MoveAnswerEntry>(api, "/move-answer", "Say whether to move to the other date",
                (r, b) => new Enrollment.Command.AnswerMove(b.Consents, r.Now), "no-move-asked", "move-answer-late", "move-answered")
            .Example(() => new MoveAnswerEntry(true));
        api.Put<PersonalDetails>(Person, "Say who takes part under an id; it is kept beside the log", SavePerson).ByMember()
            .Example(() => new PersonalDetails("Ada Example"));
        api.Delete(Person, "Erase who takes part under an id; history keeps the opaque id", ErasePerson).ByMember();
    }

    /// <summary>The document about a person who takes part for a member.</summary>
    internal static string PersonId(MemberNo member, ParticipantId participant) => $"participant/{member}/{participant}";

    private static Sagas.ProgramWork Work(ApiRequest r) => ProgramsApi.Work(r);

    private static OfferingId Offering(ApiRequest r) => r.Id<OfferingId>("offeringId");

    private static MemberNo Member(ApiRequest r) => r.Id<MemberNo>("memberNo");

    private static ApiOperation Act<TBody>(
        ApiRoutes api, string path, string summary, Func<ApiRequest, TBody, Enrollment.Command> command, params string[] codes)
        where TBody : class =>
        api.Post<TBody>(Route + path, summary, (r, b) =>
                Work(r).Seats.Decide(r.Context, Offering(r), Member(r), command(r, b), r.Cancelled).Answered())
            .ByMember().Refuses([.. codes, "enrollment-unknown"]);

    private static async Task<IResult> Enroll(ApiRequest r, EnrollmentEntry b) => r.Principal.SeesMember(b.Member)
        ? await Work(r).Seats.Enroll(r.Context, b.Offering, b.Member, b.Seats, b.PurchaseOrder, b.Grade, r.Cancelled).Answered()
            .Created($"/enrollments/{b.Offering}/{b.Member}")
        : Answer.NotFound;

    private static EnrollmentView? View(Enrollment.State s) => s.Placement is { } placement
        ? new(placement.Offering, placement.Member, s.Status, s.Seats, s.Standing, placement, s.Charged, s.Refunded, s.Participants,
            s.MoveTo, s.MoveUntil)
        : null;

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await r.Load<Enrollment, Enrollment.Command, Enrollment.State, Enrollment.Event>(
            Enrollment.Key(Offering(r), Member(r)));
        return Answer.Versioned(View(loaded.State), loaded.Version);
    }

    private static async Task<IResult> Position(ApiRequest r)
    {
        var loaded = await r.Load<SeatLedger, SeatLedger.Command, SeatLedger.State, SeatLedger.Event>(Offering(r).Value);
        return Answer.Versioned(WaitlistPosition.Of(loaded.State, Member(r)), loaded.Version);
    }

    private static async Task<IResult> SavePerson(ApiRequest r, PersonalDetails body)
    {
        People.Check(body);
        var (member, participant) = (Member(r), r.Id<ParticipantId>("participantId"));
        await r.Services.People.Save(r.Services.Tenant, PersonId(member, participant), body, r.Cancelled);
        return await Noted(r, member);
    }

    private static async Task<IResult> ErasePerson(ApiRequest r)
    {
        var (member, participant) = (Member(r), r.Id<ParticipantId>("participantId"));
        await r.Services.People.Erase(r.Services.Tenant, PersonId(member, participant), r.Cancelled);
        return await Noted(r, member);
    }

    /// <summary>Details of people are beside the log: writing them records nothing, so the receipt names what is there.</summary>
    private static async Task<IResult> Noted(ApiRequest r, MemberNo member)
    {
        var head = await r.Services.Commands.Store.Head(r.Cancelled);
        return Answer.Of(new CommandOutcome.Done($"participant/{member}", 0, head.Position, false));
    }
}
