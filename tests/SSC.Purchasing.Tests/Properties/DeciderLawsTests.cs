using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.Testbed;
using Xunit;

namespace SSC.Purchasing.Tests.Properties;

public class LoanLaws : DeciderLaws<Loan, Loan.Command, Loan.State, Loan.Event>
{
    private static readonly DateTimeOffset Friday = new(2026, 3, 6, 18, 0, 0, TimeSpan.Zero);

    protected override Gen<Loan.Command> Commands => Gen.OneOf(
        Gen.Elements("saw", "axe").Select(t => (Loan.Command)new Loan.Command.Lend(t, Friday)),
        Gen.Choose(1, 3).Select(n => (Loan.Command)new Loan.Command.Remind(n)),
        Gen.Constant((Loan.Command)new Loan.Command.Return()));
}

/// <summary>The laws find an aggregate that breaks them: each of these is broken in one way.</summary>
public class DeciderLawsTests
{
    [Fact]
    public void an_aggregate_that_counts_a_repeated_command_twice_is_found() =>
        Broken(new Counting(), laws => laws.repeating_the_last_command_records_nothing());

    [Fact]
    public void an_aggregate_that_throws_dice_is_found() =>
        Broken(new Counting(), laws => laws.the_same_command_on_the_same_state_is_decided_the_same());

    [Fact]
    public void an_event_that_does_not_read_back_is_found() => Broken(new Counting(), laws => laws.what_is_recorded_reads_back_as_it_was());

    [Fact]
    public void a_refusal_without_a_sentence_is_found() =>
        Broken(new Counting(), laws => laws.every_refusal_has_a_code_and_says_how_to_mend_it());

    [Fact]
    public void a_command_that_nothing_accepts_is_found() =>
        Broken(new Counting(), laws => laws.every_command_is_accepted_by_some_state_and_every_event_is_evolved());

    private static void Broken(Counting laws, Action<Counting> law) => Should.Throw<Exception>(() => law(laws));

    private sealed class Counting : DeciderLaws<Tally, Tally.Command, int, Tally.Event>
    {
        protected override Gen<Tally.Command> Commands =>
            Gen.Elements<Tally.Command>(new Tally.Command.Add(), new Tally.Command.Never(), new Tally.Command.Roll());
    }

    private sealed class Tally : IDecider<Tally.Command, int, Tally.Event>
    {
        private static int rolls;

        public abstract record Command
        {
            private Command()
            {
            }

            public sealed record Add : Command;

            public sealed record Roll : Command;

            public sealed record Never : Command;
        }

        public abstract record Event
        {
            private Event()
            {
            }

            [EventAlias("tally_added")]
            public sealed record Added(IReadOnlyList<int> ByReference) : Event;
        }

        public static string Category => "tally";

        public static int Initial => 0;

        public static Decision<Event> Decide(Command command, int state) => command switch
        {
            Command.Add => new Event.Added([1, 2]),
            Command.Roll => new Refusal($"rolled-{++rolls}", "A sentence."),
            _ => new Refusal("Never Mind", "no sentence"),
        };

        public static int Evolve(int state, Event fact) => state + 1;
    }
}
