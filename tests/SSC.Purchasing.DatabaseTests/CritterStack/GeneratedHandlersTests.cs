using System.Runtime.CompilerServices;
using Shouldly;
using SSC.Purchasing.CritterStack;
using SSC.Purchasing.Host;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.CritterStack;

/// <summary>Wolverine's adapters are compiled in, not made at the first message; <c>SSC_WRITE_DOCS=1</c> writes them anew.</summary>
public sealed class GeneratedHandlersTests
{
    private const string Handlers = "WolverineHandlers";

    [Fact]
    public void the_adapters_in_the_assembly_are_those_of_the_handlers()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"purchasing-handlers-{Guid.NewGuid():N}");
        CritterStackRuntime.WriteHandlers(folder, EventCatalogue.Of(Modules.Assemblies, Modules.Upcasters));
        var kept = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../src/SSC.Purchasing.CritterStack/Internal/Generated");
        if (Environment.GetEnvironmentVariable("SSC_WRITE_DOCS") is "1")
        {
            Directory.CreateDirectory(Path.Combine(kept, Handlers));
            foreach (var file in Directory.GetFiles(Path.Combine(folder, Handlers)))
                File.Copy(file, Path.Combine(kept, Handlers, Path.GetFileName(file)), overwrite: true);
        }

        var made = Contents(Path.Combine(folder, Handlers));
        made.Count.ShouldBeGreaterThan(3);
        Contents(Path.Combine(kept, Handlers)).ShouldBe(made, ignoreOrder: true);
        Directory.Delete(folder, recursive: true);
    }

    private static Dictionary<string, string> Contents(string folder) => Directory.GetFiles(folder, "*.cs")
        .ToDictionary(f => Path.GetFileName(f), f => File.ReadAllText(f).ReplaceLineEndings("\n"), StringComparer.Ordinal);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
