using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>What programs may know of a member; implemented where the modules meet.</summary>
public interface IProgramMembers
{
    /// <summary>The member's facts on a day and the version of the stream they were read at; null when there is no such member.</summary>
    Task<ProgramMember?> Find(string tenant, MemberNo member, DateOnly on, bool fresh, CancellationToken ct);
}

/// <summary>Facts of a member that taking part depends on.</summary>
/// <param name="Member">Member number.</param>
/// <param name="ReadAt">Stream and version, for the append's condition.</param>
/// <param name="Type">Type of membership, e.g. <c>Education</c>.</param>
/// <param name="PriorityClass">Lower goes first in line.</param>
/// <param name="Enrollment">Students; null when unknown.</param>
/// <param name="NotEligible">Why it may not take part in programs at all; null when it may.</param>
public sealed record ProgramMember(
    MemberNo Member, StreamAt ReadAt, string Type, int PriorityClass, int? Enrollment, Refusal? NotEligible);

/// <summary>A member that asks for seats, judged by the program's rules.</summary>
/// <param name="Member">Member number.</param>
/// <param name="PriorityClass">Lower goes first in line.</param>
/// <param name="NotEligible">Why it may not; null when it may.</param>
public sealed record EnrollingMember(MemberNo Member, int PriorityClass, Refusal? NotEligible);
