namespace SSC.Purchasing.Kernel;

/// <summary>Who goes first when there is less than everyone asked for. Stored by name in the allocation event.</summary>
public enum AllocationPolicy
{
    /// <summary>In proportion to the ordered quantity, by largest remainder. The default.</summary>
    ProRata,

    /// <summary>In the order in which the quantity was asked for: every increase is a row in time.</summary>
    FirstCome,

    /// <summary>Lower classes first; in proportion within a class.</summary>
    PriorityClass,

    /// <summary>The same for everybody as far as it goes, then the rest in proportion to what is still unmet.</summary>
    EqualThenProRata,
}

/// <summary>What one member asks of an allocation.</summary>
/// <param name="Member">Whose claim; one per allocation.</param>
/// <param name="Quantity">Ordered.</param>
/// <param name="Tolerance">What the member would take beyond it to complete a case.</param>
/// <param name="PriorityClass">Lower is served first under <see cref="AllocationPolicy.PriorityClass"/>.</param>
/// <param name="Steps">How the quantity came about in time; must sum to it under <see cref="AllocationPolicy.FirstCome"/>.</param>
public sealed record Claim(MemberNo Member, Quantity Quantity, Quantity Tolerance, int PriorityClass, StructuralList<ClaimStep> Steps);

/// <summary>One increase of a claim that still stands.</summary>
/// <param name="Position">Position in the log of the event that asked for more: its place in the line.</param>
/// <param name="Increase">By how much, above zero.</param>
public sealed record ClaimStep(long Position, Quantity Increase);

/// <summary>How a claim's rows in time change.</summary>
public static class ClaimSteps
{
    /// <summary>The rows after the member changed the quantity: more is a new row, less consumes the newest rows first.</summary>
    /// <param name="steps">Rows so far, oldest first.</param>
    /// <param name="position">Position of the event that changes the quantity.</param>
    /// <param name="newQuantity">The quantity from then on, not negative.</param>
    public static StructuralList<ClaimStep> Apply(StructuralList<ClaimStep> steps, long position, Quantity newQuantity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(newQuantity.Thousandths, nameof(newQuantity));
        var room = newQuantity;
        var kept = new List<ClaimStep>(steps.Count + 1);
        foreach (var step in steps)
        {
            if (room == Quantity.Zero) break;
            var stays = Quantity.Min(step.Increase, room);
            kept.Add(stays == step.Increase ? step : step with { Increase = stays });
            room -= stays;
        }

        if (room > Quantity.Zero) kept.Add(new(position, room));
        return [.. kept];
    }
}

/// <summary>What one member receives, and why.</summary>
/// <param name="Member">Who.</param>
/// <param name="Allocated">Everything received, tolerance included.</param>
/// <param name="OfWhichTolerance">The part beyond the ordered quantity.</param>
/// <param name="Short">The part of the ordered quantity not received.</param>
/// <param name="Reason">The figures behind the number; read it with <see cref="ShareReason.Parse"/>.</param>
public sealed record Share(MemberNo Member, Quantity Allocated, Quantity OfWhichTolerance, Quantity Short, string Reason);

/// <summary>An allocation.</summary>
/// <param name="Shares">One per claim, by member number.</param>
/// <param name="Unplaced">What nobody asked for or is less than an increment: named, never dropped.</param>
public sealed record AllocationResult(StructuralList<Share> Shares, Quantity Unplaced);
