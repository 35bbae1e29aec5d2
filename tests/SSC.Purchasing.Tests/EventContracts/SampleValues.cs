using System.Reflection;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Tests.EventContracts;

/// <summary>
/// Makes a value of any event by reflection, with no part left at its default, the same every time. Only for writing a first sample:
/// from then on the committed file is the contract.
/// </summary>
public sealed class SampleValues
{
    private int made;

    /// <summary>A value of a type.</summary>
    public static object Of(Type type) => new SampleValues().Make(type, type.Name);

    private object Make(Type type, string name)
    {
        made++;
        if (Nullable.GetUnderlyingType(type) is { } inner) return Make(inner, name);
        if (Simple(type, name) is { } simple) return simple;
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().ElementAt(Math.Min(1, Enum.GetValues(type).Length - 1));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(StructuralList<>)) return MakeList(type, name);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(StructuralMap<,>)) return MakeMap(type, name);
        if (type.IsAbstract) return Make(FirstCase(type), name);
        return MakeRecord(type);
    }

    private object? Simple(Type type, string name)
    {
        if (type == typeof(string)) return $"{char.ToLowerInvariant(name[0])}{name[1..]}-{made}";
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return 100 + made;
        if (type == typeof(long)) return 1000L + made;
        if (type == typeof(decimal)) return 10.5m + made;
        if (type == typeof(Guid)) return new Guid(made, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1);
        if (type == typeof(DateOnly)) return new DateOnly(2026, 3, 1).AddDays(made);
        if (type == typeof(TimeOnly)) return new TimeOnly(9, 0).AddMinutes(made);
        if (type == typeof(TimeSpan)) return TimeSpan.FromMinutes(made);
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 3, 1, 15, 30, 0, TimeSpan.Zero).AddDays(made);
        if (type == typeof(Money)) return new Money(10_000 + made);
        if (type == typeof(UnitPrice)) return new UnitPrice(1_250_000 + made);
        if (type == typeof(Quantity)) return new Quantity(12_000 + (made * 500));
        if (type == typeof(MemberNo)) return new MemberNo($"M-{made:000}");
        if (type == typeof(OpaqueRef)) return new OpaqueRef($"REF-{made:0000}");
        if (type == typeof(CoverageMonth)) return new CoverageMonth(2026, 1).AddMonths(made);
        if (type == typeof(Factor)) return new Factor(1_000_000 + made);
        if (type == typeof(FileHash)) return new FileHash(made.ToString("x64", System.Globalization.CultureInfo.InvariantCulture));
        return type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IId<>))
            ? type.GetMethod("From", [typeof(string)])!.Invoke(null, [$"{type.Name}-{made}"])
            : null;
    }

    private object MakeList(Type type, string name)
    {
        var item = type.GetGenericArguments()[0];
        var items = Array.CreateInstance(item, 2);
        for (var i = 0; i < items.Length; i++) items.SetValue(Make(item, name), i);
        return typeof(StructuralList).GetMethod(nameof(StructuralList.ToStructuralList))!.MakeGenericMethod(item).Invoke(null, [items])!;
    }

    private object MakeMap(Type type, string name)
    {
        var (key, value) = (type.GetGenericArguments()[0], type.GetGenericArguments()[1]);
        var map = type.GetProperty("Empty", BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;
        for (var i = 0; i < 2; i++) map = type.GetMethod("Set")!.Invoke(map, [Make(key, name), Make(value, name)])!;
        return map;
    }

    private object MakeRecord(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault()
            ?? throw new NotSupportedException($"{type} has no public constructor: write the sample by hand.");
        var fact = constructor.Invoke([.. constructor.GetParameters().Select(p => Make(p.ParameterType, p.Name!))]);
        var parameters = constructor.GetParameters().Select(p => p.Name!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var property in type.GetProperties().Where(p => p.SetMethod is { IsPublic: true } && !parameters.Contains(p.Name)))
            property.SetValue(fact, Make(property.PropertyType, property.Name));
        return fact;
    }

    private static Type FirstCase(Type type) => type.Assembly.GetTypes()
        .Where(t => !t.IsAbstract && type.IsAssignableFrom(t)).MinBy(t => t.FullName, StringComparer.Ordinal)
        ?? throw new NotSupportedException($"{type} has no case: write the sample by hand.");
}
