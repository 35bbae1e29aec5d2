using System.Text.Json.Serialization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>A program, e.g. <c>PD-math</c>.</summary>
[JsonConverter(typeof(IdJsonConverter<ProgramId>))]
public readonly record struct ProgramId(string Value) : IId<ProgramId>, IComparable<ProgramId>
{
    /// <inheritdoc/>
    public static ProgramId From(string value) => new(value);

    /// <summary>Ordinal order.</summary>
    public int CompareTo(ProgramId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>One date of a program, with seats of its own, e.g. <c>PD-math-2026-10-14</c>.</summary>
[JsonConverter(typeof(IdJsonConverter<OfferingId>))]
public readonly record struct OfferingId(string Value) : IId<OfferingId>, IComparable<OfferingId>
{
    /// <inheritdoc/>
    public static OfferingId From(string value) => new(value);

    /// <summary>Ordinal order.</summary>
    public int CompareTo(OfferingId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A person who takes part, by an opaque id; what is known of the person lives in an erasable document beside the log.</summary>
[JsonConverter(typeof(IdJsonConverter<ParticipantId>))]
public readonly record struct ParticipantId(string Value) : IId<ParticipantId>, IComparable<ParticipantId>
{
    /// <inheritdoc/>
    public static ParticipantId From(string value) => new(value);

    /// <summary>Ordinal order.</summary>
    public int CompareTo(ParticipantId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
