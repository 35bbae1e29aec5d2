using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SSC.Purchasing.Host.Demo;

/// <summary>
/// Chance that is the same on every machine and every version of .NET: SplitMix64 from a seed and a name. Every order and member
/// throws dice of its own, so that changing one leaves the others as they were.
/// </summary>
internal sealed class Dice
{
    private ulong state;

    public Dice(int seed, string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{name}"), hash);
        state = BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>From 0 to below a bound.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>From a least to a most, both possible.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>True so many times in a hundred.</summary>
    public bool Percent(int chance) => Below(100) < chance;

    /// <summary>A factor between two hundredths, e.g. 0.80 to 1.20.</summary>
    public decimal Factor(int leastPercent, int mostPercent) => Between(leastPercent, mostPercent) / 100m;

    /// <summary>The same things in another order.</summary>
    public List<T> Shuffle<T>(IEnumerable<T> things)
    {
        var list = things.ToList();
        for (var i = list.Count - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }

        return list;
    }

    /// <summary>64 bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}

/// <summary>Event ids in the form of version 7: the script's time, a counter that keeps their order, and the seed's dice.</summary>
internal sealed class ScriptedIds(int seed, ScriptedTime time)
{
    private readonly Dice dice = new(seed, "ids");
    private uint counter;

    public Guid Next()
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, time.Now.ToUnixTimeMilliseconds() << 16);
        counter++;
        BinaryPrimitives.WriteUInt16BigEndian(id[6..], (ushort)(0x7000 | ((counter >> 18) & 0xFFF)));
        var low = ((ulong)(counter & 0x3FFFF) << 44) | (dice.Next() >> 20);
        BinaryPrimitives.WriteUInt64BigEndian(id[8..], 0x8000_0000_0000_0000 | low);
        return new Guid(id, bigEndian: true);
    }
}
