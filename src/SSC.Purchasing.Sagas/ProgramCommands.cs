using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Sagas;

/// <summary>What sagas ask of programs; done by <see cref="ProgramWork"/>.</summary>
public abstract record ProgramCommand;

/// <summary>Begin to give out seats.</summary>
[SagaCommand("open_offering")]
public sealed record OpenOffering(OfferingId Offering) : ProgramCommand;

/// <summary>Offer what is free to the line.</summary>
[SagaCommand("promote_waitlist")]
public sealed record PromoteWaitlist(OfferingId Offering) : ProgramCommand;

/// <summary>A hold's time is up.</summary>
[SagaCommand("expire_seat_hold")]
public sealed record ExpireSeatHold(OfferingId Offering, string Request, DateTimeOffset Until) : ProgramCommand;

/// <summary>An offer's time is up.</summary>
[SagaCommand("expire_seat_offer")]
public sealed record ExpireSeatOffer(OfferingId Offering, string Offer) : ProgramCommand;

/// <summary>Close the line.</summary>
[SagaCommand("reach_offering_cutoff")]
public sealed record ReachOfferingCutoff(OfferingId Offering) : ProgramCommand;

/// <summary>The first session begins.</summary>
[SagaCommand("start_offering")]
public sealed record StartOffering(OfferingId Offering) : ProgramCommand;

/// <summary>The last session is over.</summary>
[SagaCommand("complete_offering")]
public sealed record CompleteOffering(OfferingId Offering) : ProgramCommand;

/// <summary>Bring a member's enrollment up to the offering's seats.</summary>
[SagaCommand("follow_seats")]
public sealed record FollowSeats(OfferingId Offering, MemberNo Member) : ProgramCommand;

/// <summary>Free the seats that an enrollment has given up.</summary>
[SagaCommand("free_seats")]
public sealed record FreeSeats(OfferingId Offering, MemberNo Member) : ProgramCommand;

/// <summary>Pay everybody back whose offering was cancelled, and offer other dates.</summary>
[SagaCommand("call_off_enrollments")]
public sealed record CallOffEnrollments(OfferingId Offering, string Reason) : ProgramCommand;

/// <summary>Give out the seats of the opening round.</summary>
[SagaCommand("draw_opening_round")]
public sealed record DrawOpeningRound(OfferingId Offering) : ProgramCommand;

/// <summary>Decide whether enough have enrolled.</summary>
[SagaCommand("check_offering_minimum")]
public sealed record CheckOfferingMinimum(OfferingId Offering) : ProgramCommand;

/// <summary>Put the decision off, once.</summary>
[SagaCommand("extend_offering_decision")]
public sealed record ExtendOfferingDecision(OfferingId Offering) : ProgramCommand;

/// <summary>Cancel an offering below its minimum.</summary>
[SagaCommand("cancel_offering")]
public sealed record CancelOffering(OfferingId Offering, string Reason) : ProgramCommand;

/// <summary>Ask every member with seats to move to another date.</summary>
[SagaCommand("ask_to_move")]
public sealed record AskToMove(OfferingId Offering, OfferingId To, DateTimeOffset Until) : ProgramCommand;

/// <summary>Move who consented, pay everybody else back.</summary>
[SagaCommand("close_offering_merge")]
public sealed record CloseOfferingMerge(OfferingId Offering, OfferingId To) : ProgramCommand;

/// <summary>Issue certificates for a closed attendance sheet, and note who came.</summary>
[SagaCommand("issue_certificates")]
public sealed record IssueCertificates(OfferingId Offering) : ProgramCommand;

/// <summary>The service year is over: renew or let lapse.</summary>
[SagaCommand("end_subscription_year")]
public sealed record EndSubscriptionYear(ProgramId Service, MemberNo Member, int Year) : ProgramCommand;

/// <summary>Begin the next service year.</summary>
[SagaCommand("continue_subscription")]
public sealed record ContinueSubscription(ProgramId Service, MemberNo Member, int Year, int Slots) : ProgramCommand;
