using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>A mail server on this machine that takes every message: as much of RFC 5321 as a sender needs.</summary>
internal sealed class MailBox : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Messages as they came over the wire, envelope first.</summary>
    public ConcurrentQueue<string> Messages { get; } = new();

    public static MailBox Open()
    {
        var box = new MailBox();
        box.listener.Start();
        _ = Task.Run(box.Listen);
        return box;
    }

    public void Dispose()
    {
        closing.Cancel();
        listener.Dispose();
        closing.Dispose();
    }

    private async Task Listen()
    {
        try
        {
            while (true) _ = Serve(await listener.AcceptTcpClientAsync(closing.Token));
        }
        catch (Exception closed) when (closed is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The box is closed.
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var sender = client;
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        var message = new StringBuilder();
        await writer.WriteLineAsync("220 box.example ready");
        while (await reader.ReadLineAsync(closing.Token) is { } line)
        {
            var command = line.Split(' ')[0].ToUpperInvariant();
            if (command is "MAIL" or "RCPT") message.Append(line).Append("\r\n");
            if (command is "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                while (await reader.ReadLineAsync(closing.Token) is { } text and not ".") message.Append(text).Append("\r\n");
                Messages.Enqueue(message.ToString());
                message.Clear();
            }

            await writer.WriteLineAsync(command is "QUIT" ? "221 bye" : "250 fine");
            if (command is "QUIT") return;
        }
    }
}
