using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>Why a resolution was adopted, rejected or not decided: its subject, the advice, the roll and the answers.</summary>
public sealed class ResolutionExplained : IExplanation
{
    private const string Part = "resolution";

    /// <inheritdoc/>
    public string Kind => "resolution-outcome";

    /// <inheritdoc/>
    public IReadOnlyList<string> Parts => [Part];

    /// <inheritdoc/>
    public async Task<Explanation?> Explain(
        IEventStore store, string tenant, IReadOnlyDictionary<string, string> subject, long asOfPosition, CancellationToken ct)
    {
        if (!subject.TryGetValue(Part, out var id) || !Id.IsWellFormed(id)) return null;
        var history = await store.ReadStream(tenant, $"{Resolution.Category}-{id}", upToPosition: asOfPosition, ct: ct)
            .ConfigureAwait(false);
        if (history.Count == 0) return null;
        var state = history.Aggregate(Resolution.Initial, (s, h) => Resolution.Evolve(s, (Resolution.Event)h.Fact));
        var file = state.File!;
        return new($"{id}: {file.Matter.Title}", Answer(state),
        [
            new("matter", [$"It is about {file.Matter.Kind} of {file.Matter.Subject}, for the board of {file.Matter.Cooperative}."],
                default, Cite<Resolution.Event.Drafted>(history)),
            .. file.Recommendations.Count == 0 ? Array.Empty<ExplanationStep>() :
            [
                new("advice",
                    [.. file.Recommendations.Select(r => $"{r.Committee} advised on {r.On:yyyy-MM-dd}: {r.Advice} ({r.Recommendation}).")],
                    default, Cite<Resolution.Event.RecommendationCited>(history)),
            ],
            .. RollCalls(history),
        ]);
    }

    private static string Answer(Resolution.State state) => state switch
    {
        Resolution.State.Adopted s => $"Adopted as {s.Number}, with effect from {s.EffectiveOn:yyyy-MM-dd}: {s.Result.Tally}.",
        Resolution.State.Rejected s => $"Rejected: {s.Result.Tally}.",
        Resolution.State.Rescinded s => $"Adopted as {s.Was.Number} and rescinded by {s.By} on {s.On:yyyy-MM-dd}.",
        Resolution.State.Withdrawn s => $"Withdrawn: {s.Reason}",
        Resolution.State.Proposed { NoQuorumAt.Count: > 0 } s => $"Not decided: no quorum at {string.Join(", ", s.NoQuorumAt)}.",
        _ => "Not decided yet.",
    };

    /// <summary>One step a roll call: the rules, every answer, and what it came to.</summary>
    private static IEnumerable<ExplanationStep> RollCalls(IReadOnlyList<RecordedEvent> history)
    {
        var state = Resolution.Initial;
        foreach (var e in history)
        {
            var before = state as Resolution.State.Voting;
            state = Resolution.Evolve(state, (Resolution.Event)e.Fact);
            var tally = e.Fact switch
            {
                Resolution.Event.Adopted f => f.Tally,
                Resolution.Event.Rejected f => f.Tally,
                Resolution.Event.QuorumMissed f => f.Tally,
                _ => null,
            };
            if (tally is null || before is null) continue;
            var roll = before.Roll;
            yield return new(
                "roll-call",
                [
                    $"At {roll.Meeting} on {roll.HeldOn:yyyy-MM-dd} {roll.Directors.Count} directors were called.",
                    $"A quorum was {tally.QuorumNeeded} of {tally.Seated}; {tally.Present} were present.",
                    tally.HasQuorum
                        ? $"It needed {tally.VotesNeeded} votes ({roll.Rules.Among}) and had {tally.For}."
                        : "Without a quorum nothing was decided.",
                    $"A director with a conflict of interest counts: {roll.Rules.Conflicts}; {tally.Conflicted} had one.",
                ],
                roll.Directors.ToStructuralMap(d => d.Value, d => before.Votes.GetValueOrDefault(d).ToString()),
                [Citation.Of(e)]);
        }
    }

    private static StructuralList<Citation> Cite<TFact>(IReadOnlyList<RecordedEvent> history) =>
        history.Where(h => h.Fact is TFact).Select(Citation.Of).ToStructuralList();
}
