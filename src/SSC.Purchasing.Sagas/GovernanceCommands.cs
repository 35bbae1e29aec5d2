using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Sagas;

/// <summary>What the promises of governance ask for; done by <see cref="GovernanceWork"/>.</summary>
public abstract record GovernanceCommand;

/// <summary>Note that a cooperative's next annual plan is due.</summary>
[SagaCommand("schedule_annual_plan")]
public sealed record ScheduleAnnualPlan(CooperativeId Cooperative, int Year) : GovernanceCommand;

/// <summary>Remind the clerk of the annual plan.</summary>
[SagaCommand("remind_of_annual_plan")]
public sealed record RemindOfAnnualPlan(CooperativeId Cooperative, int Year, int Number) : GovernanceCommand;

/// <summary>Raise the alarm: 1 June has passed without a plan.</summary>
[SagaCommand("raise_annual_plan_overdue")]
public sealed record RaiseAnnualPlanOverdue(CooperativeId Cooperative, int Year) : GovernanceCommand;

/// <summary>Assess a participating member's annual fee.</summary>
[SagaCommand("assess_membership_fee")]
public sealed record AssessMembershipFee(MemberNo Member, int Year) : GovernanceCommand;

/// <summary>Remind a member of its fee.</summary>
[SagaCommand("remind_of_membership_fee")]
public sealed record RemindOfMembershipFee(MemberNo Member, int Year, int Number) : GovernanceCommand;

/// <summary>Let an unpaid membership lapse.</summary>
[SagaCommand("lapse_membership_year")]
public sealed record LapseMembershipYear(MemberNo Member, int Year) : GovernanceCommand;

/// <summary>End the membership that has lapsed.</summary>
[SagaCommand("end_lapsed_membership")]
public sealed record EndLapsedMembership(MemberNo Member, DateOnly LastDay) : GovernanceCommand;

/// <summary>Resume a membership that was ended by a lapse: its fee is paid after all.</summary>
[SagaCommand("resume_membership")]
public sealed record ResumeMembership(MemberNo Member, DateOnly LapsedOn, DateOnly From) : GovernanceCommand;

/// <summary>Nominations are over: open voting to whoever may vote.</summary>
[SagaCommand("open_election_voting")]
public sealed record OpenElectionVoting(string Election) : GovernanceCommand;

/// <summary>Voting is over: count.</summary>
[SagaCommand("close_election")]
public sealed record CloseElection(string Election) : GovernanceCommand;

/// <summary>The terms begin: seat who was elected.</summary>
[SagaCommand("seat_elected_directors")]
public sealed record SeatElectedDirectors(CooperativeId Cooperative, string Election) : GovernanceCommand;

/// <summary>End the terms that are over.</summary>
[SagaCommand("end_board_terms")]
public sealed record EndBoardTerms(CooperativeId Cooperative, DateOnly On) : GovernanceCommand;

/// <summary>Remind the clerk that a seat is still vacant.</summary>
[SagaCommand("remind_of_vacancy")]
public sealed record RemindOfVacancy(CooperativeId Cooperative, SeatId Seat, DateOnly Since, int Number) : GovernanceCommand;

/// <summary>What the promise of one invoice a member asks for; done by <see cref="MemberBillingWork"/>.</summary>
public abstract record BillingCommand;

/// <summary>Put a charge on a member's invoice of a month, or of the next one that is still open.</summary>
[SagaCommand("post_member_charge")]
public sealed record PostMemberCharge(MemberNo Member, BillingMonth Month, Charge Charge) : BillingCommand;

/// <summary>The invoice with a membership fee is settled.</summary>
[SagaCommand("settle_membership_fee")]
public sealed record SettleMembershipFee(MemberNo Member, int Year, string Reference, DateOnly On) : BillingCommand;

/// <summary>The invoice with a membership fee is owed again: a payment was taken back.</summary>
[SagaCommand("reopen_membership_fee")]
public sealed record ReopenMembershipFee(MemberNo Member, int Year, string Reference, DateOnly On) : BillingCommand;

/// <summary>A month is over: number its invoice and send it out; a bill below zero goes to the month after.</summary>
[SagaCommand("issue_member_invoice")]
public sealed record IssueMemberInvoice(MemberNo Member, BillingMonth Month) : BillingCommand;

/// <summary>Carry the credit of an invoice below zero over.</summary>
[SagaCommand("carry_over_member_credit")]
public sealed record CarryOverMemberCredit(MemberNo Member, BillingMonth Month) : BillingCommand;

/// <summary>The invoice with a program's or service's charge is settled, or owed again.</summary>
[SagaCommand("settle_program_charge")]
public sealed record SettleProgramCharge(string Reference, string Invoice, DateOnly On, bool Settled) : BillingCommand;

/// <summary>The invoice with a pool's contribution or assessment is settled, or owed again. Each time has a number of its own.</summary>
[SagaCommand("settle_pool_charge")]
public sealed record SettlePoolCharge(MemberNo Member, string Reference, string Invoice, int Time, bool Settled) : BillingCommand
{
    /// <summary>Month of the invoice; null in commands from before it was told.</summary>
    public BillingMonth? Month { get; init; }
}

/// <summary>Bring what a pool was paid directly, or had to give back, to the member's invoice that carries its charge.</summary>
[SagaCommand("reconcile_pool_charge")]
public sealed record ReconcilePoolCharge(MemberNo Member, BillingMonth From, string Reference) : BillingCommand;
