using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>
/// A certificate of clock hours. Stream <c>certificate-{code}</c>, under the code by which anybody can verify it. It carries an opaque id;
/// the person's name is added when it is printed.
/// </summary>
public sealed class Certificate : IDecider<Certificate.Command, Certificate.State, Certificate.Event>
{
    /// <summary>What can be asked of a certificate.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Issue it: <c>certificate-exists</c>, <c>threshold-not-reached</c>.</summary>
        public sealed record Issue(CertificateText Text, bool Reached) : Command;

        /// <summary>Revoke it: <c>certificate-unknown</c>, or the reason at fault.</summary>
        public sealed record Revoke(string Reason) : Command;
    }

    /// <summary>What has happened to a certificate.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was issued.</summary>
        [EventAlias("certificate_issued")]
        public sealed record Issued(CertificateText Text) : Event;

        /// <summary>It holds no more.</summary>
        [EventAlias("certificate_revoked")]
        public sealed record Revoked(string Reason) : Event
        {
            /// <summary>Whose participant had it, so that the member is told; null in facts recorded before that.</summary>
            public MemberNo? Member { get; init; }
        }
    }

    /// <summary>Where a certificate stands.</summary>
    /// <param name="Phase">In one word.</param>
    /// <param name="Text">What it says; null only before it.</param>
    public sealed record State(CertificatePhase Phase, CertificateText? Text);

    /// <inheritdoc/>
    public static string Category => "certificate";

    /// <inheritdoc/>
    public static State Initial { get; } = new(CertificatePhase.Absent, null);

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Issue c, { Text: null }) => c.Reached
            ? new Event.Issued(c.Text)
            : new Refusal("threshold-not-reached", "The attendance does not reach the threshold; no certificate is issued."),
        (Command.Issue c, _) => c.Text == state.Text
            ? Nothing
            : new Refusal("certificate-exists", "This code stands for another certificate."),
        (_, { Text: null }) => new Refusal("certificate-unknown", "There is no such certificate; check its code."),
        (Command.Revoke, { Phase: CertificatePhase.Revoked }) => Nothing,
        (Command.Revoke c, _) => PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } flaw
            ? flaw
            : new Event.Revoked(c.Reason) { Member = state.Text!.Member },
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Issued e => new(CertificatePhase.Issued, e.Text),
        Event.Revoked => state with { Phase = CertificatePhase.Revoked },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    /// <summary>
    /// The verification code of a person's certificate: 20 characters of SHA-256 over the closing event's id and the person. Nobody can
    /// guess it, and making it again gives the same.
    /// </summary>
    public static string CodeOf(Guid closingEvent, ParticipantId participant)
    {
        var hash = SHA256.HashData(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{closingEvent:N}/{participant}")));
        return Convert.ToHexString(hash.AsSpan(0, 10));
    }

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();
}

/// <summary>What a certificate says.</summary>
/// <param name="Offering">Offering attended.</param>
/// <param name="Program">Its program.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Participant">Person, by an opaque id.</param>
/// <param name="Member">For which member.</param>
/// <param name="From">Day of the first session.</param>
/// <param name="To">Day of the last session.</param>
/// <param name="Minutes">Minutes attended.</param>
/// <param name="ClockHours">Clock hours.</param>
/// <param name="Ceu">Continuing education units.</param>
public sealed record CertificateText(
    OfferingId Offering, ProgramId Program, string Title, ParticipantId Participant, MemberNo Member, DateOnly From, DateOnly To,
        int Minutes,
    Quantity ClockHours, Quantity Ceu);

/// <summary>Where a certificate stands.</summary>
public enum CertificatePhase
{
    /// <summary>Never issued.</summary>
    Absent,

    /// <summary>Holds.</summary>
    Issued,

    /// <summary>Holds no more.</summary>
    Revoked,
}
