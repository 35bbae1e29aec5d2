using System.Globalization;
using SSC.Purchasing.Exchange.Members;
using SSC.Purchasing.Exchange.PriceLists;
using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>What an import of members found and did.</summary>
/// <param name="Recorded">Whether it was applied now; false on a dry run or with faults.</param>
/// <param name="Report">What was found in the file.</param>
/// <param name="Effect">Members admitted, changed and left alone; absent with faults.</param>
public sealed record MemberListAnswer(bool Recorded, ImportReport Report, MemberImportEffect? Effect);

/// <summary>A price list to be published on a contract.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="EffectiveFrom">First day of the prices, America/Chicago.</param>
/// <param name="RiseReason">Why prices rise, when they do.</param>
/// <param name="DryRun">Check and compare only.</param>
internal sealed record PriceListOrder(ContractId Contract, DateOnly EffectiveFrom, string? RiseReason, bool DryRun);

/// <summary>What the imports of files share.</summary>
internal static class Imports
{
    private const int PageOfMembers = 1_000;

    /// <summary>Every bad row with its number and reason; nothing was imported.</summary>
    public static Problem Problem(ImportReport report) =>
        Api.Problem.Refused(
            new("rows-at-fault",
                string.Create(CultureInfo.InvariantCulture,
                    $"{report.Faults.Count} rows are at fault and nothing was imported; mend them and send the whole file again."))) with
        {
            Errors = [.. report.Faults.Select(f => new FieldError(
                string.Create(CultureInfo.InvariantCulture, $"row {f.Row}{(f.Column is null ? string.Empty : $", {f.Column}")}"),
                    $"{f.Code}: {f.Reason}"))],
        };

    /// <summary>Reads a list of members and, unless it is a dry run, brings the members up to it.</summary>
    public static async Task<(Refusal? No, MemberListAnswer? Answer, CommandOutcome? Last)> Members(
        ApiServices services, CommandContext context, Stream file, CooperativeId cooperative, bool dryRun, CancellationToken ct)
    {
        var request = new MemberImportRequest(cooperative, dryRun) { Current = await CurrentMembers(services, ct) };
        switch (await MemberImport.Read(file, request, ct: ct))
        {
            case MemberImportOutcome.Refused no:
                return (no.Refusal, null, null);
            case MemberImportOutcome.Faulty bad:
                return (null, new(false, bad.Report, null), null);
            case MemberImportOutcome.Previewed seen:
                return (null, new(false, seen.Report, seen.Effect), null);
            case MemberImportOutcome.Ready ready:
                CommandOutcome? last = null;
                foreach (var (member, command) in ready.Commands)
                {
                    last = await services.Commands.Handle<Member, Member.Command, Member.State, Member.Event>(
                        context.Part($"{member}/{command.GetType().Name}"), member.Value, command, ct);
                    if (last is not CommandOutcome.Done) return (null, null, last);
                }

                return (null, new(true, ready.Report, ready.Effect), last);
            default:
                throw new InvalidOperationException("An import has no other outcome.");
        }
    }

    /// <summary>
    /// Reads a vendor's price list, compares it with the contract's newest schedule and, unless it is a dry run or has faults, publishes
    /// it. Refused: <c>contract-unknown</c>, or as the file or the contract refuses. An answer without a diff has faults.
    /// </summary>
    public static async Task<(Refusal? No, PriceListAnswer? Answer, CommandOutcome? Last)> PriceList(
        ApiServices services, CommandContext context, Stream file, PriceListOrder order, CancellationToken ct)
    {
        var loaded = await services.Commands.Load<Contract, Contract.Command, Contract.State, Contract.Event>(
            services.Tenant, order.Contract.Value, fresh: true, ct);
        if (loaded.State.File is not { } contract)
            return (new("contract-unknown", "There is no such contract; award it first."), null, null);
        var current = contract.Schedules is [.., var newest] ? newest : null;
        var request = new PriceListRequest((current?.Version ?? 0) + 1, order.EffectiveFrom, order.DryRun)
        {
            Current = current,
            RiseReason = order.RiseReason,
        };
        switch (await PriceListImport.Read(file, request, ct: ct))
        {
            case PriceListOutcome.Refused no:
                return (no.Refusal, null, null);
            case PriceListOutcome.Faulty bad:
                return (null, new(false, bad.Report, null), null);
            case PriceListOutcome.Previewed seen:
                return (null, new(false, seen.Report, seen.Diff), null);
            case PriceListOutcome.Ready ready:
                var publish = new Contract.Command.PublishPriceSchedule(
                    ready.Schedule, BusinessCalendar.LocalDate(context.Now), order.RiseReason) { SourceHash = ready.Report.SourceHash };
                var outcome = await services.Commands.Handle<Contract, Contract.Command, Contract.State, Contract.Event>(
                    context, order.Contract.Value, publish, ct);
                return (null, new(outcome is CommandOutcome.Done, ready.Report, ready.Diff), outcome);
            default:
                throw new InvalidOperationException("An import has no other outcome.");
        }
    }

    private static async Task<Dictionary<MemberNo, MemberFacts>> CurrentMembers(ApiServices services, CancellationToken ct)
    {
        var head = await services.Commands.Store.Head(ct);
        if (!await services.Models.WaitFor(Modules.Members, head.Position, services.PositionTimeout, ct))
            throw new TimeoutException("The list of members has not reached the log's end.");
        var members = new Dictionary<MemberNo, MemberFacts>();
        var query = new RowQuery { Limit = PageOfMembers };
        IReadOnlyList<KeyedRow<MemberRow>> page;
        do
        {
            page = await services.Models.List(Modules.Members, services.Tenant, query, ct);
            foreach (var (key, row) in page) members[new(key)] = row.Facts;
            query = query with { After = page.Count == 0 ? null : page[^1].Key };
        }
        while (page.Count == PageOfMembers);

        return members;
    }
}
