using System.Net;
using System.Net.Sockets;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>A host that only has addresses which nothing is sent to: trying again does not help.</summary>
internal sealed class NoPublicAddressException(string message) : HttpRequestException(message)
{
    /// <summary>Whether this is what went wrong; the HTTP handler wraps what its connect callback throws.</summary>
    public static bool Is(Exception e) => (e as NoPublicAddressException ?? e.InnerException as NoPublicAddressException) is not null;
}

/// <summary>
/// Which addresses foreign servers may have. Judged after a name was resolved and right before connecting, so that a name cannot change
/// in between: the special-purpose blocks of RFC 6890 and the IANA registries are nobody's server on the public network.
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/127", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16",
            "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    /// <summary>Whether an address may be connected to. An IPv4 address in IPv6 clothes is judged as IPv4.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var ip = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Special.Any(n => n.BaseAddress.AddressFamily == ip.AddressFamily && n.Contains(ip));
    }

    /// <summary>Connects to the first public address of a host that answers.</summary>
    /// <exception cref="NoPublicAddressException">It has none.</exception>
    /// <exception cref="HttpRequestException">None answers.</exception>
    public static async ValueTask<Stream> Connect(DnsEndPoint target, bool allowPrivate, CancellationToken ct)
    {
        SocketException? last = null;
        foreach (var address in await Dns.GetHostAddressesAsync(target.Host, ct))
        {
            if (!allowPrivate && !IsPublic(address)) continue;
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, target.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException unreachable)
            {
                socket.Dispose();
                last = unreachable;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last is null
            ? new NoPublicAddressException($"{target.Host} has no public address; nothing is posted into private networks")
            : new HttpRequestException(HttpRequestError.ConnectionError, last.Message, last);
    }
}
