using System.Globalization;
using System.Text.Json;
using Npgsql;
using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Exchange.Webhooks;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.InsurancePool.ReadModels;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>A message to a member's system, as Standard Webhooks recommends it.</summary>
/// <param name="Type">Kind of message, e.g. <c>notice.order_cancelled</c>.</param>
/// <param name="Timestamp">When the fact was recorded.</param>
/// <param name="Data">The notice.</param>
public sealed record WebhookMessage(string Type, DateTimeOffset Timestamp, Notice Data);

/// <summary>
/// Listens to the log and puts what members are told (<see cref="MemberNotices"/>) into the outbox for the systems that asked for it, in
/// the transaction that moves its checkpoint: each notice once for each subscription that was there before it.
/// </summary>
internal sealed class MemberWebhooks(IReadModels models)
{
    public const string Channel = "webhook";

    private const string NoticeKinds = "notice.";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly RowQuery Active = new()
    {
        Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["standing"] = "active" },
        Limit = 10_000,
    };

    /// <summary>Kinds of message there are.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Enum.GetValues<NoticeKind>().Select(KindOf)];

    /// <summary>The listener.</summary>
    public Subscription Subscription => new("member_webhooks", Handle);

    /// <summary>The kind of message that a notice makes.</summary>
    public static string KindOf(NoticeKind kind) => NoticeKinds + JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private async Task Handle(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, CancellationToken ct)
    {
        var told = events.Where(e => MemberNotices.Instance.KeysOf(e).Any()).ToList();
        if (told.Count == 0) return;
        await UpTo(WebhookDirectory.Instance, told[^1].Position, ct);
        foreach (var tenant in told.GroupBy(e => e.Tenant, StringComparer.Ordinal))
        {
            var hooks = (await models.List(WebhookDirectory.Instance, tenant.Key, Active, ct)).Select(h => h.Row).ToList();
            if (hooks.Count == 0) continue;
            foreach (var e in tenant)
            {
                var messages = new List<OutboxMessage>();
                foreach (var key in MemberNotices.Instance.KeysOf(e))
                {
                    if (MemberNotices.Instance.Apply(key, null, e) is { } notice)
                        messages.AddRange(await Messages(tenant.Key, hooks, e, key, notice, ct));
                }

                await OutboxRows.Add(connection, e.Tenant, e.Position, messages, ct);
            }
        }
    }

    private async Task<IEnumerable<OutboxMessage>> Messages(
        string tenant, List<WebhookRow> hooks, RecordedEvent e, string key, Notice notice, CancellationToken ct)
    {
        var kind = KindOf(notice.Kind);
        var wanted = hooks.Where(h => h.Since < e.Position && h.Facts.Owner.Kind == OrganizationKind.Member
            && h.Facts.Kinds.Any(k => k is WebhookFacts.Everything || string.Equals(k, kind, StringComparison.Ordinal))).ToList();
        if (wanted.Count == 0) return [];
        var members = await Audience(tenant, e.Position, notice, ct);
        var body = JsonSerializer.SerializeToUtf8Bytes(new WebhookMessage(kind, e.At, notice), EdgeJson.Of<WebhookMessage>());
        return wanted.Where(h => members.Contains(h.Facts.Owner.Id))
            .Select(h => new OutboxMessage(
                string.Create(CultureInfo.InvariantCulture, $"webhook-{h.Id}-{key.Replace(':', '-')}"), Channel, h.Id, body));
    }

    private async Task<HashSet<string>> Audience(string tenant, long position, Notice notice, CancellationToken ct)
    {
        IEnumerable<MemberNo> members = notice switch
        {
            { Member: { } one } => [one],
            { Order: { } order } => (await All(OrderParticipants.Instance, tenant, position, "order_id", order.Value, ct))
                .Select(p => p.Member),
            { Pool: { } pool } => (await All(PoolModels.Participants, tenant, position, "pool", pool.Value, ct))
                .Where(p => p.EffectiveOn is not null).Select(p => p.Member),
            { Cooperative: { } home } => (await All(Modules.Members, tenant, position, "cooperative", home.Value, ct))
                .Select(m => m.Member),
            _ => [],
        };
        return members.Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
    }

    private async Task<IEnumerable<TRow>> All<TRow>(
        ReadModel<TRow> model, string tenant, long position, string column, string value, CancellationToken ct)
        where TRow : class
    {
        await UpTo(model, position, ct);
        var query = new RowQuery { Where = new Dictionary<string, string>(StringComparer.Ordinal) { [column] = value }, Limit = 10_000 };
        return (await models.List(model, tenant, query, ct)).Select(r => r.Row);
    }

    private async Task UpTo(IReadModel model, long position, CancellationToken ct)
    {
        if (!await models.WaitFor(model, position, Patience, ct))
            throw new TimeoutException($"The read model {model.Name} has not reached position {position}.");
    }
}

/// <summary>
/// Posts messages to members' systems, signed with every live secret. Its owner is told of failure by the subscription's standing, not the
/// operator by an alarm.
/// </summary>
internal sealed class WebhookSender(
    DeliveryPipelines pipelines, HttpPoster poster, ISecretVault secrets, TimeProvider clock,
    Func<string, string, CancellationToken, Task<Webhook.State>> find) : IOutboxSender
{
    public string Channel => MemberWebhooks.Channel;

    public bool RaisesAlarm => false;

    public async Task<DeliveryResult> Send(OutboxDelivery delivery, CancellationToken ct)
    {
        var (tenant, id) = (delivery.Tenant, delivery.Message.Destination);
        if (await find(tenant, id, ct) is not Webhook.State.Active { Facts: var facts })
            return new DeliveryResult.Rejected("the subscription is disabled or removed");
        return await pipelines.Send(tenant, $"webhook/{id}", async token =>
        {
            var keys = await secrets.Live(tenant, ISecretVault.OfWebhook(id), token);
            if (keys.Count == 0) return new DeliveryResult.Rejected("the subscription has no secret to sign with");
            var (message, at) = (StandardWebhook.MessageId(delivery.Message.Id), clock.GetUtcNow());
            var answer = await poster.Post(
                facts.Url, delivery.Message.Body, "application/json",
                VendorOrderSender.Signed(message, at, delivery.Message.Body, keys), token);
            return VendorOrderSender.Judge(answer) ?? new DeliveryResult.Delivered($"HTTP {answer.Status}");
        }, ct);
    }
}
