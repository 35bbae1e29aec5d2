using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.Properties;
using Xunit;

namespace SSC.Purchasing.Tests.Architecture;

/// <summary>The shape that every aggregate, event and saga has, whoever writes it.</summary>
public partial class AggregateTests
{
    private static readonly Type[] Events = [.. House.Aggregates.SelectMany(a => House.CasesOf(a.Event)).Distinct()];

    [Fact]
    public void commands_and_events_are_closed_hierarchies_nested_in_their_aggregate()
    {
        var open =
            from aggregate in House.Aggregates
            from hierarchy in new[] { aggregate.Command, aggregate.Event }
            from problem in Openings(aggregate, hierarchy)
            select problem;
        open.ShouldBeEmpty();
    }

    [Fact]
    public void every_event_has_a_stored_name_in_snake_case_and_every_stored_name_belongs_to_an_aggregate()
    {
        Events.Where(e => e.GetCustomAttribute<EventAliasAttribute>() is null).ShouldBeEmpty("these events have no [EventAlias]");
        House.Catalogue.Entries.Select(e => e.Value).Except(Events).ShouldBeEmpty("these have a stored name but no aggregate records them");
        House.Catalogue.Entries.Select(e => e.Key).Where(alias => !SnakeCase().IsMatch(alias)).ShouldBeEmpty();
    }

    [Fact]
    public void names_that_are_stored_are_given_once()
    {
        Repeated(House.Catalogue.Entries.Select(e => e.Key)).ShouldBeEmpty();
        Repeated(House.Aggregates.Select(a => a.Category)).ShouldBeEmpty();
        House.Aggregates.Select(a => a.Category).Where(c => !KebabCase().IsMatch(c)).ShouldBeEmpty();

        // A category must not be the beginning of another one's stream names.
        var clashes = from a in House.Aggregates
                      from b in House.Aggregates
                      where b.Category.StartsWith(a.Category + "-", StringComparison.Ordinal)
                      select $"{a.Category} / {b.Category}";
        clashes.ShouldBeEmpty("a key could make one category's stream look like the other's");

        var commands = AllTypes().Select(t => t.GetCustomAttribute<SagaCommandAttribute>()?.Alias).OfType<string>().ToList();
        Repeated(commands).ShouldBeEmpty();
        commands.Where(c => !SnakeCase().IsMatch(c)).ShouldBeEmpty();
        Repeated(Instances<ISaga>().Select(s => s.Name)).ShouldBeEmpty();
        Repeated(Instances<IReadModel>().Select(m => m.Name)).ShouldBeEmpty();
    }

    [Fact]
    public void events_and_states_hold_only_what_compares_by_value()
    {
        var problems =
            from root in Events.Concat(House.Aggregates.SelectMany(a => House.CasesOf(a.State).Append(a.State)))
            from problem in MutableParts(root, [])
            select $"{root.DeclaringType?.DeclaringType?.Name}.{root.Name}: {problem}";
        problems.Distinct(StringComparer.Ordinal)
            .ShouldBeEmpty("use StructuralList and StructuralMap, and integers instead of floating point");
    }

    [Fact]
    public void every_aggregate_is_held_to_the_laws()
    {
        var held = from type in typeof(AggregateTests).Assembly.GetTypes()
                   where !type.IsAbstract
                   from parent in Parents(type)
                   where parent.IsGenericType && parent.GetGenericTypeDefinition() == typeof(DeciderLaws<,,,>)
                   select parent.GetGenericArguments()[0];
        House.Aggregates.Select(a => a.Decider).Except(held)
            .ShouldBeEmpty($"derive a test class from {nameof(DeciderLaws<,,,>)} for each of these");
    }

    private static IEnumerable<string> Openings(Aggregate aggregate, Type hierarchy)
    {
        if (hierarchy.DeclaringType != aggregate.Decider) yield return $"{hierarchy} is not nested in {aggregate}";
        if (!hierarchy.IsAbstract) yield return $"{hierarchy} is not abstract";
        var cases = House.CasesOf(hierarchy);
        if (cases.Count == 0) yield return $"{hierarchy} has no cases";
        foreach (var each in cases.Where(c => c.DeclaringType != hierarchy || !c.IsSealed)) yield return $"{each} is not nested and sealed";
        if (hierarchy.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Any(c => !c.IsPrivate && c.GetParameters().Length == 0))
        {
            yield return $"{hierarchy} can be derived from outside: make its constructor private";
        }
    }

    private static IEnumerable<string> MutableParts(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type)) yield break;
        if (type.IsGenericType)
        {
            foreach (var problem in type.GetGenericArguments().SelectMany(a => MutableParts(a, seen))) yield return problem;
        }

        var ours = type.Namespace?.StartsWith("SSC.", StringComparison.Ordinal) == true;
        var structural = type.IsGenericType
            && (type.GetGenericTypeDefinition() == typeof(StructuralList<>) || type.GetGenericTypeDefinition() == typeof(StructuralMap<,>));
        if (structural || type == typeof(string) || type.IsEnum) yield break;
        if (type == typeof(double) || type == typeof(float) || (type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type)))
            yield return type.Name;
        if (!ours) yield break;
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(p => p.GetIndexParameters().Length == 0))
        {
            if (property.SetMethod is { } set && !set.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name is "IsExternalInit"))
                yield return $"{type.Name}.{property.Name} can be set";
            if (!property.CanWrite && !typeof(IEnumerable).IsAssignableFrom(property.PropertyType)) continue; // computed
            if (!property.CanWrite
                && property.GetMethod!.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null) continue;
            foreach (var problem in MutableParts(property.PropertyType, seen)) yield return $"{property.Name} is {problem}";
        }
    }

    private static IEnumerable<Type> Parents(Type type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType) yield return parent;
    }

    private static IEnumerable<Type> AllTypes() => House.Assemblies.Values.SelectMany(a => a.GetTypes());

    private static IEnumerable<T> Instances<T>() => AllTypes()
        .Where(t => t is { IsAbstract: false, ContainsGenericParameters: false } && typeof(T).IsAssignableFrom(t)
            && t.GetConstructor([]) is not null)
        .Select(t => (T)Activator.CreateInstance(t)!);

    private static IEnumerable<string> Repeated(IEnumerable<string> names) =>
        names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key);

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SnakeCase();

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KebabCase();
}
