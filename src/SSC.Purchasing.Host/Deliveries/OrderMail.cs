using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.Exchange.Webhooks;
using SSC.Purchasing.Host.Access;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>The operator's own mail server.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">587 as a rule.</param>
/// <param name="From">Address that orders come from.</param>
public sealed record MailServer(string Host, int Port, string From)
{
    /// <summary>Account; null for none.</summary>
    public string? User { get; init; }

    /// <summary>Its password.</summary>
    public string? Password { get; init; }

    /// <summary>False only in tests: without TLS, passwords and orders travel in the clear.</summary>
    public bool Tls { get; init; } = true;
}

/// <summary>
/// Mails purchase orders to a vendor's contact: a short text, and the document attached as it was recorded. That the mail server took it
/// counts as sent; that the vendor has it is only known from its answer.
/// </summary>
internal sealed class OrderMail(MailServer? server, IPersonalDetails people)
{
    /// <summary>One attempt.</summary>
    public async Task<DeliveryResult> Send(string tenant, VendorOrderDelivery order, CancellationToken ct)
    {
        if (server is null) return new DeliveryResult.Rejected("no mail server is set; set Purchasing:Smtp:Host and send the order again");
        var to = order.Contact is { } contact ? (await people.Find(tenant, People.Contact(order.Vendor, contact), ct))?.Email : null;
        if (!MailboxAddress.TryParse(to, out var address))
            return new DeliveryResult.Rejected("the vendor's contact has no e-mail address; enter one and send the order again");
        using var message = Message(order, address);
        using var client = new SmtpClient { CheckCertificateRevocation = false };
        try
        {
            await client.ConnectAsync(
                server.Host, server.Port, server.Tls ? SecureSocketOptions.StartTls : SecureSocketOptions.None, ct);
            if (server is { User: { } user, Password: { } password }) await client.AuthenticateAsync(user, password, ct);
            var answer = await client.SendAsync(message, ct);
            await Leave(client, ct);
            return new DeliveryResult.Delivered(answer);
        }
        catch (SmtpCommandException no) when ((int)no.StatusCode >= 500)
        {
            return new DeliveryResult.Rejected($"the mail server answered {(int)no.StatusCode}");
        }
        catch (Exception e) when (e is CommandException or ProtocolException or AuthenticationException or SslHandshakeException
            or SocketException or IOException)
        {
            return new DeliveryResult.Failed($"the mail server: {e.Message}");
        }
    }

    /// <summary>Says good-bye. The server has the message: whether it hears this makes no difference.</summary>
    private static async Task Leave(SmtpClient client, CancellationToken ct)
    {
        try
        {
            await client.DisconnectAsync(true, ct);
        }
        catch (Exception e) when (e is CommandException or ProtocolException or SocketException or IOException
            or OperationCanceledException)
        {
            // A connection that ends without good-bye has ended.
        }
    }

    private MimeMessage Message(VendorOrderDelivery order, MailboxAddress to)
    {
        var from = MailboxAddress.Parse(server!.From);
        var message = new MimeMessage
        {
            // The same at every attempt, so that a mail program shows a repetition once.
            MessageId = $"{StandardWebhook.MessageId(order.DeliveryId())}@{from.Domain}",
            Subject = string.Create(CultureInfo.InvariantCulture, $"Purchase order {order.Number}, revision {order.Revision}"),
        };
        message.From.Add(from);
        message.To.Add(to);
        var body = new BodyBuilder
        {
            TextBody = string.Create(
                CultureInfo.InvariantCulture,
                $"""
                Purchase order {order.Number}, revision {order.Revision}, is attached ({order.FileName}).

                Please confirm it: this message is not proof that you have it.
                SHA-256 of the attachment: {order.DocumentHash()}
                """),
        };
        body.Attachments.Add(order.FileName, order.Content, ContentType.Parse(order.MediaType));
        message.Body = body.ToMessageBody();
        return message;
    }
}
