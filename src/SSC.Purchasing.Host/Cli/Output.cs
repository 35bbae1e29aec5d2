using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using SSC.Purchasing.Host.Api;

namespace SSC.Purchasing.Host.Cli;

/// <summary>Where a command's results go: text for people or JSON for programs on standard output, progress on standard error.</summary>
internal sealed class Output(bool json)
{
    private static readonly IAnsiConsole Errors = AnsiConsole.Create(
        new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public static Output For(ParseResult parsed) => new(parsed.GetValue(CommandLine.Json));

    /// <summary>True when programs read along.</summary>
    public bool IsJson => json;

    /// <summary>One result: the JSON of it, or the sentence.</summary>
    public void Result<T>(T result, string sentence) =>
        Console.Out.WriteLine(json ? JsonSerializer.Serialize(result, EdgeJson.Of<T>()) : sentence);

    /// <summary>One record of a stream of results: one JSON document per line, or one line of text.</summary>
    public void Line<T>(T record, string text) => Result(record, text);

    /// <summary>A refusal or another failure; gives the exit code.</summary>
    public int Failure(string code, string reason)
    {
        if (json) Console.Out.WriteLine(JsonSerializer.Serialize(new FailureLine(code, reason), EdgeJson.Of<FailureLine>()));
        else Console.Error.WriteLine($"{code}: {reason}");
        return ExitCode.Failed;
    }

    /// <summary>Long work with a progress bar; programs see none.</summary>
    public async Task<T> Work<T>(string title, Func<IProgress<WorkDone>, Task<T>> work)
    {
        if (json) return await work(new Silent());
        if (Console.IsErrorRedirected) return await work(new Plain(title));
        return await Errors.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var bar = context.AddTask(title, maxValue: 1);
                return work(new Bar(bar));
            });
    }

    private sealed record FailureLine(string Code, string Reason);

    private sealed class Silent : IProgress<WorkDone>
    {
        public void Report(WorkDone value)
        {
            // Programs read the result only.
        }
    }

    /// <summary>A line for every tenth, where nobody looks at a bar.</summary>
    private sealed class Plain(string title) : IProgress<WorkDone>
    {
        private long said = -1;

        public void Report(WorkDone value)
        {
            var tenth = value.Total > 0 ? value.Done * 10 / value.Total : 0;
            if (tenth == said) return;
            said = tenth;
            Console.Error.WriteLine($"{value.What ?? title}: {tenth * 10} %");
        }
    }

    private sealed class Bar(ProgressTask bar) : IProgress<WorkDone>
    {
        public void Report(WorkDone value)
        {
            bar.MaxValue = Math.Max(1, value.Total);
            bar.Value = value.Done;
            if (value.What is { } what) bar.Description = Markup.Escape(what);
        }
    }
}

/// <summary>How far long work has come.</summary>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all.</param>
/// <param name="What">What is being done now.</param>
public readonly record struct WorkDone(long Done, long Total, string? What = null);

/// <summary>Hands progress on at once, in the caller's own turn (<see cref="Progress{T}"/> would queue it).</summary>
internal sealed class Relay<T>(Action<T> report) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => report(value);
}
