using System.Globalization;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Checks;

/// <summary>
/// "Why is my rate X": from the member's own experience through credibility, trend, pooling and retention to the band and the reserve,
/// each figure as the event stores it. It shows one member's figures and nobody else's.
/// </summary>
public sealed class RateExplained : IExplanation
{
    /// <inheritdoc/>
    public string Kind => "pool-rate";

    /// <inheritdoc/>
    public IReadOnlyList<string> Parts => ["pool", "year", "member"];

    /// <inheritdoc/>
    public async Task<Explanation?> Explain(
        IEventStore store, string tenant, IReadOnlyDictionary<string, string> subject, long asOfPosition, CancellationToken ct)
    {
        if (!Id.IsWellFormed(subject["pool"]) || !Id.IsWellFormed(subject["member"])
            || !int.TryParse(subject["year"], NumberStyles.None, CultureInfo.InvariantCulture, out var year)) return null;
        var (key, member) = (PoolYear.Key(new(subject["pool"]), year), new MemberNo(subject["member"]));
        var stream = $"{PoolYear.Category}-{key}";
        var history = await store.ReadStream(tenant, stream, upToPosition: asOfPosition, ct: ct).ConfigureAwait(false);
        var source = history.LastOrDefault(h => h.Fact is PoolYear.Event.MemberRated f && f.Rate.Input.Member == member);
        if (source?.Fact is not PoolYear.Event.MemberRated { Rate: var rate }) return null;
        var proposed = history.Where(h => h.Position < source.Position).Select(h => h.Fact).OfType<PoolYear.Event.RatesProposed>().Last();
        var census = history.Last(h => h.Position < source.Position && h.Fact switch
        {
            PoolYear.Event.CensusReported f => f.Member == member,
            PoolYear.Event.CensusDefaulted f => f.Member == member,
            PoolYear.Event.CensusMoved f => f.Member == member,
            _ => false,
        });
        var adopted = history.LastOrDefault(h => h.Position > source.Position && h.Fact is PoolYear.Event.RatesAdopted);
        return new(
            $"{key}, {member}",
            $"{rate.Rate} per contract and month: {Percent(rate.Applied)} on {rate.Input.Current}"
                + (rate.Change == rate.Applied ? "." : $", where {Percent(rate.Change)} was needed."),
            [
                Experience(rate, Citation.Of(source)), Blend(rate, Citation.Of(source)), Needed(rate, proposed.Rules, Citation.Of(source)),
                Band(rate, proposed, Citation.Of(source), Citation.Of(census)),
                .. adopted is null ? Array.Empty<ExplanationStep>() : [Adoption(adopted)],
            ]);
    }

    private static ExplanationStep Experience(MemberRate r, Citation source) => Step(
        "experience",
        [
            $"Your claims were {r.Input.Experience} per employee and month over {Whole(r.Input.ContractMonths)} contract-months.",
            $"A yearly trend of {Percent(r.Input.Trend)} over {Whole(r.Input.TrendMonths)} months is a factor of {r.TrendFactor}: "
                + $"{r.Trended}; with {r.Input.PoolingCharge} for pooled large claims {r.WithPooling}.",
        ],
        [("experience", $"{r.Input.Experience}"), ("trendFactor", $"{r.TrendFactor}"), ("trended", $"{r.Trended}"),
            ("withPooling", $"{r.WithPooling}")],
        source);

    private static ExplanationStep Blend(MemberRate r, Citation source) => Step(
        "credibility",
        [
            $"Your experience is believed to {Percent(r.Credibility)}; the manual rate of {r.Input.Manual} stands for the rest: {r.Blend}.",
        ],
        [("credibility", $"{r.Credibility}"), ("manual", $"{r.Input.Manual}"), ("blend", $"{r.Blend}")], source);

    private static ExplanationStep Needed(MemberRate r, RatingRules rules, Citation source) => Step(
        "needed",
        [
            $"With {r.Input.Retention} for administration and stop-loss and a margin of {Percent(rules.Margin)} of the rate, "
                + $"{r.Needed} would be needed, {Percent(r.Change)} on {r.Input.Current}.",
        ],
        [("retention", $"{r.Input.Retention}"), ("margin", $"{rules.Margin}"), ("needed", $"{r.Needed}"), ("change", $"{r.Change}")],
        source);

    private static ExplanationStep Band(MemberRate r, PoolYear.Event.RatesProposed proposed, Citation source, Citation census) => Step(
        "band",
        [
            proposed.Held ? "The board adopted no new rates: the current rate is carried on with trend."
                : r.Least is { } least && r.Most is { } most
                    ? $"The pool's average change is {Percent(proposed.Average)}; a member's lies from {Percent(least)} to {Percent(most)}."
                    : "The pool has no band.",
            $"Applied is {Percent(r.Applied)}; for {Whole(r.Input.Contracts)} contracts the rate stabilization reserve "
                + (r.ReserveDraw >= Money.Zero ? $"gives {r.ReserveDraw} over the year." : $"receives {-r.ReserveDraw} over the year."),
        ],
        [("applied", $"{r.Applied}"), ("rate", $"{r.Rate}"), ("reserveDraw", $"{r.ReserveDraw}")], source, census);

    private static ExplanationStep Adoption(RecordedEvent adopted) => Step(
        "adoption", [$"The board adopted it by resolution {((PoolYear.Event.RatesAdopted)adopted.Fact).Resolution.Resolution}."], [],
        Citation.Of(adopted));

    private static ExplanationStep Step(
        string topic, StructuralList<string> sentences, IEnumerable<(string Name, string Value)> figures,
        params StructuralList<Citation> cited) =>
        new(topic, sentences, figures.ToStructuralMap(f => f.Name, f => f.Value), cited);

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Percent(Factor factor) => string.Create(CultureInfo.InvariantCulture, $"{factor.Value * 100m:0.####} %");
}
