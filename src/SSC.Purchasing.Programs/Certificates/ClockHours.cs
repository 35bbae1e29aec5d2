using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>
/// What attendance is worth. Minnesota's local continuing-education committees count clock hours of attendance (Minn. R. 8710.7200); how
/// much must be attended and how fractions are counted is the cooperative's own rule.
/// </summary>
/// <param name="ThresholdBasisPoints">Least part of all minutes that must be attended, hundredths of a percent.</param>
/// <param name="StepMinutes">Clock hours are counted in steps of so many minutes, rounded down.</param>
/// <param name="HoursPerCeu">Clock hours of one continuing education unit.</param>
public sealed record ClockHourRule(int ThresholdBasisPoints, int StepMinutes, int HoursPerCeu)
{
    /// <summary>The rule by the day of the last session; what sheets name as version is the place in this table, from 1.</summary>
    public static readonly EffectiveDated<ClockHourRule> InForce = new(
        new Effective<ClockHourRule>(
            new(2000, 1, 1), new(8_000, 15, 10), "Cooperative's rule: 80 %, quarter hours; ANSI/IACET: ten contact hours make one CEU"));

    /// <summary>What a person's minutes are worth.</summary>
    /// <param name="participant">Person.</param>
    /// <param name="member">For which member.</param>
    /// <param name="minutes">Minutes attended.</param>
    /// <param name="of">Minutes of all sessions, above zero.</param>
    public AttendanceResult Judge(ParticipantId participant, MemberNo member, int minutes, int of)
    {
        var part = (int)decimal.Round(minutes * 10_000m / of, 0, MidpointRounding.AwayFromZero);
        var reached = (long)minutes * 10_000 >= (long)ThresholdBasisPoints * of;
        var hours = reached ? new Quantity(minutes / StepMinutes * StepMinutes * 1_000L / 60) : Quantity.Zero;
        return new(participant, member, minutes, of, part, reached, hours, new(hours.Thousandths / HoursPerCeu));
    }
}

/// <summary>What a person's attendance came to.</summary>
/// <param name="Participant">Person, by an opaque id.</param>
/// <param name="Member">For which member.</param>
/// <param name="Minutes">Minutes attended.</param>
/// <param name="OfMinutes">Minutes of all sessions.</param>
/// <param name="BasisPoints">The part, hundredths of a percent.</param>
/// <param name="Reached">Whether it reaches the threshold.</param>
/// <param name="ClockHours">Clock hours; 0 below the threshold.</param>
/// <param name="Ceu">Continuing education units.</param>
public sealed record AttendanceResult(
    ParticipantId Participant, MemberNo Member, int Minutes, int OfMinutes, int BasisPoints, bool Reached, Quantity ClockHours,
        Quantity Ceu);
