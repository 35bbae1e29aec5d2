using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>A command of the renewal round.</summary>
public abstract record RenewalCommand(PoolId Pool, int Year);

/// <summary>Ask participants for their counts.</summary>
[SagaCommand("open_pool_census")]
public sealed record OpenPoolCensus(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Lock the census; who kept silent stands with its last ledger.</summary>
[SagaCommand("lock_pool_census")]
public sealed record LockPoolCensus(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Carry the current rates on with trend.</summary>
[SagaCommand("hold_pool_rates")]
public sealed record HoldPoolRates(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Start the offering.</summary>
[SagaCommand("start_pool_offering")]
public sealed record StartPoolOffering(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Make an offer to every rated member.</summary>
[SagaCommand("issue_renewal_offers")]
public sealed record IssueOffers(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Take a member's offer back and make it again on the new census.</summary>
[SagaCommand("requote_renewal_offer")]
public sealed record RequoteOffer(PoolId Pool, int Year, MemberNo Member) : RenewalCommand(Pool, Year);

/// <summary>Remind whoever has not answered.</summary>
[SagaCommand("remind_renewal_offers")]
public sealed record RemindOffers(PoolId Pool, int Year, int Number) : RenewalCommand(Pool, Year);

/// <summary>Give every offer more time.</summary>
[SagaCommand("extend_renewal_offers")]
public sealed record ExtendOffers(PoolId Pool, int Year, DateOnly Deadline) : RenewalCommand(Pool, Year);

/// <summary>Let the rule on silence speak where the deadline has passed.</summary>
[SagaCommand("apply_renewal_defaults")]
public sealed record ApplyOfferDefaults(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>A member declined: its participation ends with the year.</summary>
[SagaCommand("note_renewal_decline")]
public sealed record NoteDecline(PoolId Pool, int Year, MemberNo Member) : RenewalCommand(Pool, Year);

/// <summary>A member that declined stays after all: the notice that its decline was is taken back.</summary>
[SagaCommand("rescind_renewal_decline")]
public sealed record RescindDecline(PoolId Pool, int Year, MemberNo Member) : RenewalCommand(Pool, Year);

/// <summary>Test whether enough take part.</summary>
[SagaCommand("test_pool_participation")]
public sealed record TestPoolParticipation(PoolId Pool, int Year, int Attempt) : RenewalCommand(Pool, Year);

/// <summary>Bind the year.</summary>
[SagaCommand("bind_pool_year")]
public sealed record BindPoolYear(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>What binding brings: offers bound, the reserve drawn for the band, ledgers opened.</summary>
[SagaCommand("apply_pool_binding")]
public sealed record ApplyBinding(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Void every offer of the year.</summary>
[SagaCommand("void_renewal_offers")]
public sealed record VoidOffers(PoolId Pool, int Year, OfferChangeReason Reason) : RenewalCommand(Pool, Year);

/// <summary>The attestation is missing on its day.</summary>
[SagaCommand("alarm_pool_attestation")]
public sealed record AlarmPoolAttestation(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>The stop-loss is missing on its day.</summary>
[SagaCommand("alarm_pool_stop_loss")]
public sealed record AlarmPoolStopLoss(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>The reserve pays for stop-loss that became dearer.</summary>
[SagaCommand("absorb_stop_loss_repricing")]
public sealed record AbsorbRepricing(PoolId Pool, int Year, Money Increase) : RenewalCommand(Pool, Year);

/// <summary>Coverage begins.</summary>
[SagaCommand("activate_pool_year")]
public sealed record ActivatePoolYear(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Coverage has ended.</summary>
[SagaCommand("start_pool_run_out")]
public sealed record StartPoolRunOut(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>The run-out is over.</summary>
[SagaCommand("close_pool_year")]
public sealed record ClosePoolYear(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Give the year up.</summary>
[SagaCommand("abandon_pool_year")]
public sealed record AbandonPoolYear(PoolId Pool, int Year, AbandonReason Reason) : RenewalCommand(Pool, Year);
