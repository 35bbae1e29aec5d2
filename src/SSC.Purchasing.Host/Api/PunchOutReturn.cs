using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Host.Access;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PunchOuts;
using Read = SSC.Purchasing.Exchange.Cxml.PunchOutReturn;

namespace SSC.Purchasing.Host.Api;

/// <summary>
/// Where a shop's page has the member's browser post the basket to. There is no key: the one-time cookie in the document says which
/// session it is, and the supplier's identity must be the session's. Whatever is wrong is answered with a page; what is not taken is not
/// recorded, and nothing is committed here.
/// </summary>
internal static class PunchOutReturn
{
    private const string Route = "/punch-out/return";
    private const string Actor = "system:punch-out";
    private const int LargestForm = 768 * 1024; // below what the server takes at all, so that the answer is ours
    private const int MaxFields = 16;
    private const int MaxFieldName = 100;

    /// <summary>The address that shops are told.</summary>
    public static Uri Address(HttpContext http, Uri? publicUrl) => publicUrl is null
        ? new($"{http.Request.Scheme}://{http.Request.Host}{Route}")
        : new(publicUrl.AbsoluteUri.TrimEnd('/') + Route);

    /// <summary><c>POST /punch-out/return</c>.</summary>
    public static void MapPunchOutReturn(this IEndpointRouteBuilder routes, Node node, Doorkeeper door) =>
        routes.MapPost(Route, (RequestDelegate)(async http =>
        {
            if (door.TooOften(http) is { } problem) await problem.Write(http);
            else await (await Take(http, node.Api)).Write(http);
        }));

    private static async Task<PunchOutPage> Take(HttpContext http, ApiServices services)
    {
        var (document, unreadable) = await Document(http);
        if (document is not { } content) return unreadable!;
        return PunchOut.ReadOrderMessage(content) switch
        {
            Read.Refused { Faults: var faults } => PunchOutPage.Refused(
                400, faults[0].Code, string.Join(" ", faults.Take(5).Select(f => f.Message))),
            Read.Returned { Cart: var cart } => await Take(http, services, content, cart),
            var other => throw new InvalidOperationException($"Unknown reading {other}."),
        };
    }

    private static async Task<PunchOutPage> Take(
        HttpContext http, ApiServices services, ReadOnlyMemory<byte> content, PunchOutCart cart)
    {
        var session = PunchOutApi.SessionOf(cart.BuyerCookie);
        var loaded = (await services.Commands.Load<
            PunchOutSession, PunchOutSession.Command, PunchOutSession.State, PunchOutSession.Event>(
            services.Tenant, session, true, http.RequestAborted)).State;
        if (loaded.About is not { } visit)
            return PunchOutPage.Refused(404, PunchOutSession.Unknown.Code, PunchOutSession.Unknown.Reason);
        var order = await services.Commands.Load<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(
            services.Tenant, visit.Order.Value, true, http.RequestAborted);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        var command = new PunchOutSession.Command.Return(
            [.. cart.From.Select(c => new ShopIdentity(c.Domain, c.Identity))], new(hash, cart.Items, cart.Faults),
            OrderStanding.Of(visit.Order, order.State), services.Clock.GetUtcNow());
        var decision = PunchOutSession.Decide(command, loaded);
        if (decision is not Decision<PunchOutSession.Event>.Accepted { Events: var facts })
        {
            var no = ((Decision<PunchOutSession.Event>.Refused)decision).Refusal;
            return PunchOutPage.Refused(409, no.Code, no.Reason);
        }

        await services.Exchange.Files.Keep(
            services.Tenant, visit.Vendor, hash, new("text/xml", content.ToArray(), null), http.RequestAborted);
        var outcome = await services.Commands.Handle<
            PunchOutSession, PunchOutSession.Command, PunchOutSession.State, PunchOutSession.Event>(
            new(services.Tenant, Actor, Correlation.Of(http), command.Now), session, command, http.RequestAborted);
        switch (outcome)
        {
            case CommandOutcome.Done:
                await PunchOutApi.ForgetStartPage(services, session, http.RequestAborted);
                return PunchOutPage.Taken(session, facts.Aggregate(loaded, PunchOutSession.Evolve).Returned!);
            case CommandOutcome.Refused refused:
                return PunchOutPage.Refused(409, refused.Refusal.Code, refused.Refusal.Reason);
            default:
                return PunchOutPage.Refused(503, "busy", "The service is busy and has taken nothing; reload this page.");
        }
    }

    /// <summary>The one document of the form, or the page that says why there is none.</summary>
    private static async Task<(ReadOnlyMemory<byte>? Content, PunchOutPage? Page)> Document(HttpContext http)
    {
        const string TooLarge = "A basket has at most 768 KB; bring back fewer lines.";
        if (http.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) is not true)
            return (null, PunchOutPage.Refused(415, "punch-out-form-invalid", "A basket comes as a form of a web page."));
        if (http.Request.ContentLength > LargestForm) return (null, PunchOutPage.Refused(413, "document-too-large", TooLarge));
        try
        {
            http.Features.Set<IFormFeature>(new FormFeature(http.Request, new FormOptions
            {
                ValueCountLimit = MaxFields,
                KeyLengthLimit = MaxFieldName,
                ValueLengthLimit = LargestForm,
                BufferBodyLengthLimit = LargestForm,
            }));
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var documents = form.Where(f => f.Key.StartsWith("cxml-", StringComparison.OrdinalIgnoreCase))
                .SelectMany(f => f.Value, (f, value) => PunchOut.FromForm(f.Key, value ?? string.Empty)).ToList();
            return documents is [{ } one]
                ? (one, null)
                : (null, PunchOutPage.Refused(
                    400, "punch-out-form-invalid", "The form holds one basket, in cxml-urlencoded or in cxml-base64."));
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, PunchOutPage.Refused(413, "document-too-large", TooLarge));
        }
        catch (InvalidDataException)
        {
            return (null, PunchOutPage.Refused(400, "punch-out-form-invalid", "The form cannot be read."));
        }
    }
}
