namespace SSC.Purchasing.Tests.Testbed;

/// <summary>A clock that stands still until a story moves it; never backwards.</summary>
public sealed class ScriptedClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset now = start;

    public DateTimeOffset Now
    {
        get => now;
        set => now = value >= now ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"It is already {now:O}.");
    }

    public override DateTimeOffset GetUtcNow() => now;
}
