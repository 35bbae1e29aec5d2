using FsCheck;
using FsCheck.Fluent;

namespace SSC.Purchasing.Tests.Exchange;

/// <summary>Files that somebody or something has damaged. A failure prints its seed.</summary>
internal static class Mutations
{
    private const int Damaged = 600;

    /// <summary>The law holds for the originals after one to six accidents each: bytes changed, lost, added, moved or doubled.</summary>
    public static void Hold(byte[][] originals, Func<byte[], bool> law)
    {
        foreach (var original in originals) law(original);
        var any =
            from original in Gen.Elements(originals)
            from count in Gen.Choose(1, 6)
            from accidents in Accident(original.Length).ListOf(count)
            select accidents.Aggregate(original, (bytes, accident) => accident(bytes));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Damaged), Prop.ForAll(any.ToArbitrary(), law));
    }

    private static Gen<Func<byte[], byte[]>> Accident(int length) =>
        from at in Gen.Choose(0, length)
        from other in Gen.Choose(0, length)
        from value in Gen.Frequency(
            (3, Gen.Elements("*~>|'\"{}[],:;-.0919 \n\r<AZ=&"u8.ToArray())), (1, Gen.Choose(0, 255).Select(b => (byte)b)))
        from kind in Gen.Choose(0, 5)
        select (Func<byte[], byte[]>)(bytes => Damage(bytes, Math.Min(at, bytes.Length), Math.Min(other, bytes.Length), value, kind));

    private static byte[] Damage(byte[] bytes, int at, int other, byte value, int kind)
    {
        var (from, to) = (Math.Min(at, other), Math.Max(at, other));
        return kind switch
        {
            0 when at < bytes.Length => [.. bytes[..at], value, .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], value, .. bytes[at..]],
            2 when at < bytes.Length => [.. bytes[..at], .. bytes[(at + 1)..]],
            3 => bytes[..at],
            4 => [.. bytes[..from], .. bytes[to..]],
            _ => [.. bytes[..to], .. bytes[from..]],
        };
    }
}
