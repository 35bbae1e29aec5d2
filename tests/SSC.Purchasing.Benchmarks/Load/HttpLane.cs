using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SSC.Purchasing.Benchmarks.Load;

/// <summary>One connection: writes a request, reads its answer, keeps the time.</summary>
internal sealed class HttpLane : IDisposable
{
    private static readonly string Run = Guid.NewGuid().ToString("N")[..8];
    private static int lanes;

    private readonly Lane lane;
    private readonly int number = Interlocked.Increment(ref lanes);
    private readonly Socket socket;
    private readonly byte[] outgoing = new byte[32_768];
    private readonly byte[] incoming = new byte[65_536];
    private string argument = "";
    private int asked;

    private HttpLane(Lane lane, Socket socket) => (this.lane, this.socket) = (lane, socket);

    public List<double> Latencies { get; } = [];

    public int Status { get; private set; }

    public string? Refusal { get; private set; }

    public int Failures { get; private set; }

    public string? FirstFailure { get; private set; }

    public static async Task<HttpLane> Connect(Lane lane, int port)
    {
        var connected = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await connected.ConnectAsync(IPAddress.Loopback, port);
        return new(lane, connected);
    }

    public void Begin(string with)
    {
        argument = with;
        Latencies.Clear();
        (Failures, FirstFailure, Refusal, Status) = (0, null, null, 0);
    }

    public async Task Ask()
    {
        var length = WriteRequest();
        var began = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < length;) sent += await socket.SendAsync(outgoing.AsMemory(sent, length - sent));
        var answer = await ReadAnswer();
        Latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        Refusal = null;
        if (Status is >= 200 and < 300) return;
        Failures++;
        var text = Encoding.UTF8.GetString(incoming.AsSpan(0, answer));
        FirstFailure ??= text;
        const string Type = "urn:ssc:refusal:";
        if (text.IndexOf(Type, StringComparison.Ordinal) is >= 0 and var at) Refusal = text[(at + Type.Length)..text.IndexOf('"', at)];
    }

    public void Dispose() => socket.Dispose();

    private int WriteRequest()
    {
        var n = asked++;
        var body = lane.Bodies[n % lane.Bodies.Length];
        var path = lane.Path;
        if (path.Contains('{', StringComparison.Ordinal))
        {
            path = path.Replace("{n}", n.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{arg}", argument, StringComparison.Ordinal);
        }

        var request = string.Create(
            CultureInfo.InvariantCulture,
            $"{lane.Method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ApiKey {lane.Token}\r\n"
            + $"Idempotency-Key: {Run}-{number}-{n}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        return Encoding.UTF8.GetBytes(request, outgoing);
    }

    /// <summary>Reads one answer whole; gives its length.</summary>
    private async Task<int> ReadAnswer()
    {
        var (have, need) = (0, int.MaxValue);
        while (have < need)
        {
            var read = await socket.ReceiveAsync(incoming.AsMemory(have));
            if (read == 0) throw new IOException("The service closed the connection.");
            have += read;
            if (need == int.MaxValue) need = LengthOf(incoming.AsSpan(0, have));
        }

        Status = (100 * (incoming[9] - '0')) + (10 * (incoming[10] - '0')) + incoming[11] - '0';
        return have;
    }

    private static int LengthOf(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0) return int.MaxValue;
        var head = received[..end];
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0)
        {
            // Chunked: whole when the last chunk is there.
            return received.EndsWith("\r\n0\r\n\r\n"u8) ? received.Length : int.MaxValue;
        }

        return System.Buffers.Text.Utf8Parser.TryParse(head[(at + 16)..], out int length, out _)
            ? end + 4 + length
            : throw new IOException("An answer has no length.");
    }
}
