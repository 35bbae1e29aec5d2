using Shouldly;

namespace SSC.Purchasing.Tests.Demo;

/// <summary>A branch of the demo as its events tell it.</summary>
internal static class DemoSteps
{
    /// <summary>Every step is there, one after the other, whatever happens between them.</summary>
    /// <param name="story">What happened, in order.</param>
    /// <param name="steps">The steps, separated by spaces.</param>
    /// <param name="fits">Whether a happening is a step; the same text when not told.</param>
    public static void ShouldTake(this IReadOnlyList<string> story, string steps, Func<string, string, bool>? fits = null)
    {
        fits ??= (happened, step) => string.Equals(happened, step, StringComparison.Ordinal);
        var at = 0;
        foreach (var step in steps.Split(' '))
        {
            var more = story.Skip(at).TakeWhile(happened => !fits(happened, step)).Count();
            (at + more).ShouldBeLessThan(
                story.Count, $"'{step}' is missing after {string.Join(' ', story.Take(at))} in: {string.Join(' ', story)}");
            at += more + 1;
        }
    }

    /// <summary>True when every step is there, one after the other, each as the end of a happening.</summary>
    public static bool Takes(IReadOnlyList<string> story, string steps)
    {
        var (asked, met) = (steps.Split(' '), 0);
        foreach (var happened in story)
        {
            if (met < asked.Length && happened.EndsWith(asked[met], StringComparison.Ordinal)) met++;
        }

        return met == asked.Length;
    }
}
