using SSC.Purchasing.Host;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>The same scenarios run on the engine that the build is for.</summary>
internal static class TestedEngine
{
#if CRITTER_STACK
    public const Engine Here = Engine.CritterStack;
#else
    public const Engine Here = Engine.Npgsql;
#endif
}
