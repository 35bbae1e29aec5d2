using System.Text;
using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>
/// Asks vendors' shops to let members in, under the same guard as deliveries: public addresses only, no redirects, a time limit, answers
/// read within a limit, a bulkhead and a circuit breaker for each shop. A shop has a pipeline of its own, so that one that hangs does not
/// hold up the orders to its vendor.
/// </summary>
internal sealed class PunchOutShops(DeliveryPipelines pipelines, HttpPoster poster, ISecretVault secrets)
{
    private const string MediaType = "text/xml; charset=utf-8";
    private const int LongestSaying = 200;

    /// <summary>
    /// Where the shopper's browser goes, or why the shop did not let it in: <c>shared-secret-missing</c>, <c>punch-out-unreachable</c>,
    /// <c>punch-out-declined</c>, <c>punch-out-answer-unreadable</c>.
    /// </summary>
    public async Task<(Uri? StartPage, Refusal? Refusal)> Open(
        string tenant, VendorId vendor, PunchOutChannel shop, PunchOutSetup setup, CancellationToken ct)
    {
        if (await secrets.Live(tenant, ISecretVault.OfShop(vendor), ct) is not [.., var secret])
            return (null, new("shared-secret-missing", "The secret that the shop knows us by is gone; set the vendor's punch-out again."));
        var request = PunchOut.Write(
            setup, new(Credential(shop.Buyer), Credential(shop.Supplier), Encoding.UTF8.GetString(secret)));
        byte[] body = [];
        var sent = await pipelines.Send(
            tenant, ISecretVault.OfShop(vendor),
            async token =>
            {
                var answer = await poster.Post(shop.Url, request, MediaType, [], token);
                body = answer.Body;
                return VendorOrderSender.Judge(answer) ?? new DeliveryResult.Delivered("answered");
            },
            ct);
        return sent switch
        {
            DeliveryResult.Failed failed => (null, Unreachable(failed.Reason)),
            DeliveryResult.Rejected rejected => (null, Unreachable(rejected.Reason)),
            _ => Read(body),
        };
    }

    private static (Uri? StartPage, Refusal? Refusal) Read(byte[] body) => PunchOut.ReadSetupResponse(body) switch
    {
        PunchOutStart.Open open => (open.StartPage, null),
        PunchOutStart.Declined { Status: var status } => (null, new(
            "punch-out-declined",
            $"The shop did not let us in: {status.Code} {Said(status.Message) ?? Said(status.Text) ?? "without a word"}.")),
        PunchOutStart.Unreadable { Fault: var fault } => (null, new(
            "punch-out-answer-unreadable", $"The shop's answer cannot be read ({fault.Code}: {fault.Message}); tell the vendor.")),
        var other => throw new InvalidOperationException($"Unknown answer {other}."),
    };

    private static Refusal Unreachable(string reason) =>
        new("punch-out-unreachable", $"The shop could not be asked ({Said(reason) ?? "no reason"}); try again later, or commit by hand.");

    private static CxmlCredential Credential(TradingIdentity identity) => new(identity.Domain, identity.Identity);

    private static string? Said(string text)
    {
        var plain = text.Trim();
        if (plain.Length > LongestSaying) plain = plain[..LongestSaying];
        return PlainText.IsWellFormed(plain, LongestSaying) ? plain.TrimEnd('.') : null;
    }
}
