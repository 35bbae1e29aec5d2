using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Audit;

/// <summary>How to fold each kind of stream, by category. The host registers every module's deciders; Audit sees none of them.</summary>
public sealed class AggregateRegistry
{
    private readonly Dictionary<string, AggregateFold> folds = new(StringComparer.Ordinal);

    /// <summary>Registers every decider in some assemblies, so that none is forgotten.</summary>
    /// <exception cref="ArgumentException">Two deciders share a category.</exception>
    public static AggregateRegistry Of(IEnumerable<Assembly> assemblies)
    {
        var registry = new AggregateRegistry();
        var register = typeof(AggregateRegistry).GetMethod(nameof(Register))!;
        foreach (var decider in assemblies.Distinct().SelectMany(a => a.GetTypes()).Where(t => !t.IsAbstract))
        {
            var face = Array.Find(
                decider.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IDecider<,,>));
            if (face is null) continue;
            try
            {
                register.MakeGenericMethod([decider, .. face.GetGenericArguments()]).Invoke(registry, null);
            }
            catch (TargetInvocationException thrown) when (thrown.InnerException is ArgumentException repeated)
            {
                throw new ArgumentException($"{decider} has a category that another decider has.", nameof(assemblies), repeated);
            }
        }

        return registry;
    }

    /// <summary>Categories registered, in ordinal order.</summary>
    public IReadOnlyList<string> Categories => [.. folds.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Registers a decider's fold.</summary>
    /// <returns>This registry, to go on.</returns>
    /// <exception cref="ArgumentException">The category is registered already.</exception>
    public AggregateRegistry Register<TDecider, TCommand, TState, TEvent>()
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull
    {
        folds.Add(TDecider.Category, new Fold<TDecider, TCommand, TState, TEvent>());
        return this;
    }

    /// <summary>The fold of a stream <c>{category}-{key}</c>: the longest registered category that fits; null when none does.</summary>
    public AggregateFold? FoldOf(string stream)
    {
        for (var dash = stream.LastIndexOf('-'); dash > 0; dash = stream.LastIndexOf('-', dash - 1))
        {
            if (folds.TryGetValue(stream[..dash], out var fold)) return fold;
        }

        return null;
    }

    private sealed class Fold<TDecider, TCommand, TState, TEvent>() : AggregateFold(TDecider.Category)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull
    {
        public override object Initial => TDecider.Initial!;

        public override object Apply(object state, RecordedEvent e) => TDecider.Evolve((TState)state, (TEvent)e.Fact)!;

        public override JsonElement ToJson(object state)
        {
            var type = state.GetType();
            var json = JsonSerializer.SerializeToNode(state, type, EventCatalogue.Json);
            if (type != typeof(TState) && json is JsonObject cases) cases.Insert(0, "$state", type.Name);
            return JsonSerializer.SerializeToElement(json, EventCatalogue.Json);
        }
    }
}

/// <summary>The fold of one kind of stream, untyped.</summary>
public abstract class AggregateFold
{
    private protected AggregateFold(string category) => Category = category;

    /// <summary>Prefix of its streams' names.</summary>
    public string Category { get; }

    /// <summary>The state before the first event.</summary>
    public abstract object Initial { get; }

    /// <summary>The state after an event.</summary>
    /// <exception cref="UnknownEventException">This version does not know the event.</exception>
    /// <exception cref="InvalidCastException">The event is another aggregate's.</exception>
    public abstract object Apply(object state, RecordedEvent e);

    /// <summary>The state as JSON, shaped as in events; where states are a closed hierarchy, <c>$state</c> names the case.</summary>
    public abstract JsonElement ToJson(object state);
}
