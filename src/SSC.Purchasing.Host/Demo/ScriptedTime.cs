namespace SSC.Purchasing.Host.Demo;

/// <summary>The clock of the script: it stands still until the script moves it, and never goes back.</summary>
internal sealed class ScriptedTime(DateTimeOffset start) : TimeProvider
{
    /// <summary>What time it is in the script.</summary>
    public DateTimeOffset Now { get; private set; } = start;

    /// <summary>Moves on; a time that is over changes nothing.</summary>
    public void MoveTo(DateTimeOffset time)
    {
        if (time > Now) Now = time;
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Now;
}
