using System.Globalization;
using System.Security.Cryptography;
using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.Exchange.Webhooks;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>What to send where.</summary>
/// <param name="Url">Absolute https address.</param>
/// <param name="Kinds">Kinds of message, e.g. <c>notice.order_cancelled</c>; <c>*</c> for all.</param>
public sealed record WebhookEntry(string Url, StructuralList<string> Kinds);

/// <summary>A subscription.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Owner">Whose system it is.</param>
/// <param name="Url">Where messages go.</param>
/// <param name="Kinds">Which.</param>
/// <param name="SecretIds">Ids of the live secrets.</param>
/// <param name="DisabledFor">Why nothing is sent; absent when it is.</param>
public sealed record WebhookView(
    string Id, OrgRef Owner, string Url, StructuralList<string> Kinds, StructuralList<string> SecretIds, string? DisabledFor)
{
    internal static WebhookView Of(string id, WebhookFacts facts, string? disabledFor) =>
        new(id, facts.Owner, facts.Url, facts.Kinds, facts.Secrets, disabledFor);
}

/// <summary>A secret that was just issued.</summary>
/// <param name="Owner">Id of the subscription or vendor.</param>
/// <param name="SecretId">Id of the secret.</param>
/// <param name="Secret">It, shown this once (<c>whsec_…</c>); absent when the request was a repetition.</param>
public sealed record IssuedSecret(string Owner, string SecretId, string? Secret);

/// <summary>One message of a delivery log.</summary>
/// <param name="Number">Its number; a cursor.</param>
/// <param name="MessageId">The <c>webhook-id</c> it carries.</param>
/// <param name="State"><c>waiting</c>, <c>delivered</c> or <c>parked</c>.</param>
/// <param name="Attempts">Attempts so far.</param>
/// <param name="RecordedAt">When it came about.</param>
/// <param name="SettledAt">When it was delivered or given up.</param>
/// <param name="LastError">Why the last attempt failed.</param>
public sealed record WebhookDelivery(
    long Number, string MessageId, string State, int Attempts, DateTimeOffset RecordedAt, DateTimeOffset? SettledAt, string? LastError);

/// <summary>Subscriptions of members' systems.</summary>
internal static class WebhooksApi
{
    private const string Route = "/webhooks/{webhookId}";

    private static readonly Refusal NoKey = new(
        "secrets-key-missing", "The operator has set no key that secrets are sealed with (Purchasing:SecretsKey); none can be issued.");

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Webhooks");
        string[] owners = [Roles.MemberBuyer, Roles.MemberApprover];
        api.List<WebhookView>("/webhooks", "List subscriptions; a member sees its own", r => r.List(
                WebhookDirectory.Instance, [("owner", r.Principal.IsStaff ? r.Query("owner") : r.Principal.OrganizationKey)],
                row => WebhookView.Of(row.Key, row.Row.Facts, row.Row.DisabledFor)))
            .For([.. owners, Roles.Coordinator, Roles.Operator]).Takes("owner", "Only of this organization, e.g. `Member/M-001`.");
        api.Get<WebhookView>(Route, "One subscription, now or as of a moment", Find).AsOf()
            .For([.. owners, Roles.Coordinator, Roles.Operator]);
        api.Post<WebhookEntry>("/webhooks", "Subscribe a member's system to what its member is told", Subscribe).For(owners).Creates()
            .Says("Signed by the Standard Webhooks specification. The secret is in this answer only. Kinds: "
                + string.Join(", ", MemberWebhooks.Kinds.Select(k => $"`{k}`")) + ".")
            .Refuses("url-not-https", "webhook-kinds-invalid", "webhook-kind-unknown", "secrets-key-missing")
            .Example(() => new WebhookEntry("https://erp.district.example/hooks", ["notice.order_cancelled", "notice.order_confirmed"]))
            .Answers<IssuedSecret>().Shows(() => new IssuedSecret("w3f9a1c20b7d4e65", "s81c0d2", "whsec_…"));
        api.Put<WebhookEntry>(Route, "Change address or kinds", (r, b) => UnknownKind(b) is { } no ? Task.FromResult(no)
                : Own(r, () => Send(r, new Webhook.Command.Change(b.Url, b.Kinds))))
            .For(owners).Refuses("url-not-https", "webhook-kinds-invalid", "webhook-kind-unknown")
            .Example(() => new WebhookEntry("https://erp.district.example/hooks", ["*"]));
        api.Delete(Route, "End a subscription", r => Own(r, () => Send(r, new Webhook.Command.Remove())))
            .For([.. owners, Roles.Operator]).Refuses("webhook-unknown");
        api.Post(Route + "/secrets", "Issue one more secret; two can be live while a system changes over", AddSecret).For(owners)
            .Refuses("too-many-secrets", "secrets-key-missing").Answers<IssuedSecret>();
        api.Delete(Route + "/secrets/{secretId}", "Retire a secret", RetireSecret).For(owners).Refuses("webhook-secret-needed");
        api.Post<Because>(Route + "/pause", "Send nothing until further notice", (r, b) =>
                Own(r, () => Send(r, new Webhook.Command.Disable(b.Reason))))
            .For([.. owners, Roles.Operator]).Refuses("webhook-unknown").Example(() => new Because("The system is being replaced."));
        api.Delete(Route + "/pause", "Send again, from now on", r => Own(r, () => Send(r, new Webhook.Command.Enable()))).For(owners)
            .Says("A subscription that failed until the last try is paused by the service; what it missed can be redelivered.")
            .Refuses("webhook-unknown");
        api.List<WebhookDelivery>(Route + "/deliveries", "A subscription's delivery log, oldest first", Log)
            .For([.. owners, Roles.Coordinator, Roles.Operator]).Takes("state", "`waiting`, `delivered` or `parked`.");
        api.Post(Route + "/deliveries/{number}/redelivery", "Send a delivered or parked message once more", Redeliver).For(owners)
            .Says("Under the same `webhook-id`.").Refuses("delivery-waiting");
    }

    /// <summary>A new secret under an owner: kept before it is recorded, so that a recorded one is always there.</summary>
    internal static async Task<(string Id, string Shown)?> NewSecret(ApiRequest r, string owner)
    {
        if (!r.Services.Exchange.Secrets.IsOpen) return null;
        var (id, secret) = (NewId('s'), RandomNumberGenerator.GetBytes(StandardWebhook.SecretLength));
        await r.Services.Exchange.Secrets.Keep(r.Services.Tenant, owner, id, secret, r.Cancelled);
        return (id, StandardWebhook.Format(secret));
    }

    /// <summary>The refusal while there is no key to seal secrets with.</summary>
    internal static IResult WithoutKey => Answer.Problem(Problem.Refused(NoKey));

    private static string NewId(char kind) => $"{kind}{RandomNumberGenerator.GetHexString(15, lowercase: true)}";

    private static Task<IResult> Send(ApiRequest r, Webhook.Command command) =>
        r.Handle<Webhook, Webhook.Command, Webhook.State, Webhook.Event>(r.Text("webhookId"), command);

    private static IResult? UnknownKind(WebhookEntry entry) =>
        entry.Kinds.FirstOrDefault(k => k is not WebhookFacts.Everything && !MemberWebhooks.Kinds.Contains(k, StringComparer.Ordinal))
            is { } unknown
            ? Answer.Problem(Problem.Refused(new(
                "webhook-kind-unknown", $"There is no message of kind '{unknown}'; the docs list the kinds, * stands for all.")))
            : null;

    /// <summary>Another organization's subscription does not exist.</summary>
    private static async Task<IResult> Own(ApiRequest r, Func<Task<IResult>> work) =>
        (await Load(r)).State.Facts is null ? Answer.NotFound : await work();

    private static async Task<Loaded<Webhook.State>> Load(ApiRequest r)
    {
        var loaded = await r.Load<Webhook, Webhook.Command, Webhook.State, Webhook.Event>(r.Text("webhookId"));
        return loaded.State.Facts is { } facts && !r.Principal.SeesOrganization(facts.Owner) ? new(Webhook.Initial, 0) : loaded;
    }

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await Load(r);
        return Answer.Versioned(
            loaded.State.Facts is { } facts
                ? WebhookView.Of(r.Text("webhookId"), facts, (loaded.State as Webhook.State.Disabled)?.Reason)
                : null,
            loaded.Version);
    }

    private static async Task<IResult> Subscribe(ApiRequest r, WebhookEntry body)
    {
        if (UnknownKind(body) is { } no) return no;
        var id = NewId('w');
        if (await NewSecret(r, ISecretVault.OfWebhook(id)) is not var (secretId, shown)) return WithoutKey;
        var outcome = await r.Services.Commands.Handle<Webhook, Webhook.Command, Webhook.State, Webhook.Event>(
            r.Context, id, new Webhook.Command.Subscribe(r.Principal.Organization, body.Url, body.Kinds, secretId), r.Cancelled);
        if (outcome is not CommandOutcome.Done done || done.Repeated)
            await r.Services.Exchange.Secrets.Destroy(r.Services.Tenant, ISecretVault.OfWebhook(id), secretId, r.Cancelled);
        if (outcome is not CommandOutcome.Done made) return Answer.Of(outcome);
        var owner = made.Stream[(Webhook.Category.Length + 1)..];
        return Answer.Made(made, new IssuedSecret(owner, secretId, made.Repeated ? null : shown), $"/webhooks/{owner}");
    }

    private static Task<IResult> AddSecret(ApiRequest r) => Own(r, async () =>
    {
        var owner = ISecretVault.OfWebhook(r.Text("webhookId"));
        if (await NewSecret(r, owner) is not var (secretId, shown)) return WithoutKey;
        var outcome = await r.Services.Commands.Handle<Webhook, Webhook.Command, Webhook.State, Webhook.Event>(
            r.Context, r.Text("webhookId"), new Webhook.Command.AddSecret(secretId), r.Cancelled);
        return await Shown(r, outcome, owner, secretId, shown);
    });

    /// <summary>The secret, once; one that was not recorded is destroyed.</summary>
    internal static async Task<IResult> Shown(ApiRequest r, CommandOutcome outcome, string owner, string secretId, string shown)
    {
        if (outcome is CommandOutcome.Done { Repeated: false } done)
            return Answer.Of(done).With(new IssuedSecret(owner[(owner.IndexOf('/', StringComparison.Ordinal) + 1)..], secretId, shown));
        await r.Services.Exchange.Secrets.Destroy(r.Services.Tenant, owner, secretId, r.Cancelled);
        return Answer.Of(outcome);
    }

    private static Task<IResult> RetireSecret(ApiRequest r) => Own(r, async () =>
    {
        var answer = await Send(r, new Webhook.Command.RetireSecret(r.Text("secretId")));
        if (answer.IsDone())
        {
            await r.Services.Exchange.Secrets.Destroy(
                r.Services.Tenant, ISecretVault.OfWebhook(r.Text("webhookId")), r.Text("secretId"), r.Cancelled);
        }

        return answer;
    });

    private static Task<IResult> Log(ApiRequest r) => Own(r, async () =>
    {
        var limit = (int)(r.Number("limit", 1, 1_000) ?? 100);
        var state = r.Query("state");
        if (state is not (null or "waiting" or "delivered" or "parked"))
            throw new MalformedRequestException("state", "Expected waiting, delivered or parked.");
        var rows = await r.Services.Exchange.Mailboxes.List(
            r.Services.Tenant, MemberWebhooks.Channel, r.Text("webhookId"), state, r.Number("after") ?? 0, limit + 1, r.Cancelled);
        var last = rows.Count > limit ? rows[limit - 1].Sequence.ToString(CultureInfo.InvariantCulture) : null;
        return Answer.Page(r, rows.Take(limit).Select(View), last);
    });

    private static Task<IResult> Redeliver(ApiRequest r) => Own(r, async () =>
    {
        if (!long.TryParse(r.Text("number"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            throw new MalformedRequestException("number", "Expected the number of a message, as the delivery log has it.");
        var rows = await r.Services.Exchange.Mailboxes.List(
            r.Services.Tenant, MemberWebhooks.Channel, r.Text("webhookId"), null, number - 1, 1, r.Cancelled);
        if (rows is not [var row] || row.Sequence != number) return Answer.NotFound;
        return await r.Services.Exchange.Mailboxes.Again(r.Services.Tenant, row.Message.Id, r.Cancelled)
            ? Answer.View(View(row with { State = "waiting", Attempts = 0, SettledAt = null, LastError = null }))
            : Answer.Problem(Problem.Refused(new("delivery-waiting", "The message is on its way already; look at the log again later.")));
    });

    private static WebhookDelivery View(OutboxRow row) => new(
        row.Sequence, StandardWebhook.MessageId(row.Message.Id), row.State, row.Attempts, row.RecordedAt, row.SettledAt, row.LastError);
}
