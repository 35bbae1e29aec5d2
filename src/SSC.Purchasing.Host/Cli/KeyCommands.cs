using System.CommandLine;
using System.Globalization;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Cli;

/// <summary><c>keys issue</c>, <c>keys revoke</c>, <c>keys list</c>: how the first key of an installation is made, among others.</summary>
internal static class KeyCommands
{
    private const string Actor = "cli";

    public static Command Keys() => new("keys", "API keys: issue, revoke, list.") { Issue(), Revoke(), List() };

    private static Command Issue()
    {
        var organization = new Argument<string>("organization")
        {
            Description = "Whom the key acts for: cooperative/SSC, member/M-001, vendor/V-whitewater or state/MN.",
        };
        var roles = new Argument<string[]>("roles") { Description = $"One or more of: {string.Join(", ", Roles.All)}.",
            Arity = ArgumentArity.OneOrMore };
        var label = new Option<string>("--label") { Description = "What it is for; not a person.", DefaultValueFactory = _ =>
            "issued on the command line" };
        var days = new Option<int?>("--days") { Description = "Days until it expires; never unless told." };
        var command = new Command("issue", "Issue a key and print its token, once.") { organization, roles, label, days };
        command.SetAction(async (parsed, ct) =>
        {
            var output = Output.For(parsed);
            if (OrganizationOf(parsed.GetValue(organization)!) is not { } owner)
                return output.Failure("organization-malformed", "Give cooperative/SSC, member/M-001, vendor/V-whitewater or state/MN.");
            await using var node = await Node.Open(ServeCommand.SettingsOf(parsed), run: false, ct);
            var end = parsed.GetValue(days) is { } d ? node.Clock.GetUtcNow().AddDays(d) : (DateTimeOffset?)null;
            var (token, facts) = ApiKeysApi.Make(new(owner, [.. parsed.GetValue(roles)!], parsed.GetValue(label)!, null, end));
            return await Send(node, facts.KeyId, new ApiKey.Command.Issue(facts), ct) switch
            {
                CommandOutcome.Done => Print(output, new(facts.KeyId, token), token),
                var no => Failure(output, no),
            };
        });
        return command;
    }

    private static Command Revoke()
    {
        var keyId = new Argument<string>("keyId") { Description = "The id, the part of the token after ssc_." };
        var reason = new Option<string>("--reason") { Description = "Why.", DefaultValueFactory = _ => "revoked on the command line" };
        var command = new Command("revoke", "Revoke a key; in force on every node within five seconds.") { keyId, reason };
        command.SetAction(async (parsed, ct) =>
        {
            var output = Output.For(parsed);
            var id = parsed.GetValue(keyId)!;
            await using var node = await Node.Open(ServeCommand.SettingsOf(parsed), run: false, ct);
            return await Send(node, id, new ApiKey.Command.Revoke(parsed.GetValue(reason)!), ct) switch
            {
                CommandOutcome.Done => Print(output, new(id, null), $"{id} is revoked."),
                var no => Failure(output, no),
            };
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List keys, without their secrets.");
        command.SetAction(async (parsed, ct) =>
        {
            var output = Output.For(parsed);
            await using var node = await Node.Open(ServeCommand.SettingsOf(parsed), run: false, ct);
            foreach (var stream in await KeyStreams(node, ct))
            {
                var loaded = await node.Commands.Load<ApiKey, ApiKey.Command, ApiKey.State,
                    ApiKey.Event>(node.Settings.Tenant, stream, fresh: true, ct);
                var (facts, revoked) = loaded.State switch
                {
                    ApiKey.State.Active a => (a.Facts, false),
                    ApiKey.State.Revoked r => (r.Facts, true),
                    _ => (null, false),
                };
                if (facts is null) continue;
                output.Line(ApiKeyView.Of(facts, revoked), string.Create(
                    CultureInfo.InvariantCulture,
                    $"{facts.KeyId,-32} {facts.Organization.Key,-24} {string.Join(',', facts.Roles),-30} "
                    + $"{(revoked ? "revoked" : "valid"),-8} {facts.Label}"));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Ids of the keys ever issued, from the log itself: this works before any node has run.</summary>
    private static async Task<List<string>> KeyStreams(Node node, CancellationToken ct)
    {
        const int Batch = 500;
        var (ids, after) = (new List<string>(), 0L);
        var filter = new EventFilter { Tenant = node.Settings.Tenant, Types = ["api_key_issued"] };
        while (await node.Store.ReadAll(after, Batch, filter, ct) is { Count: > 0 } events)
        {
            ids.AddRange(events.Select(e => e.Stream[(ApiKey.Category.Length + 1)..]));
            after = events[^1].Position;
        }

        return ids;
    }

    private static Task<CommandOutcome> Send(Node node, string keyId, ApiKey.Command command, CancellationToken ct) =>
        node.Commands.Handle<ApiKey, ApiKey.Command, ApiKey.State, ApiKey.Event>(
            new(node.Settings.Tenant, Actor, $"cli-{Guid.CreateVersion7():N}", node.Clock.GetUtcNow()), keyId, command, ct);

    private static int Print(Output output, IssuedKey key, string text)
    {
        output.Result(key, text);
        return ExitCode.Ok;
    }

    private static int Failure(Output output, CommandOutcome outcome) =>
        outcome is CommandOutcome.Refused { Refusal: var no } ? output.Failure(no.Code, no.Reason)
            : output.Failure("busy", "The store is busy; try again.");

    private static OrgRef? OrganizationOf(string text) =>
        text.Split('/') is [var kind, var id] && Enum.TryParse<OrganizationKind>(kind, ignoreCase: true, out var known)
            && Enum.IsDefined(known) && Id.IsWellFormed(id)
            ? new(known, id)
            : null;
}
