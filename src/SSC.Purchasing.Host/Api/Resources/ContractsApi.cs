using SSC.Purchasing.Exchange.PriceLists;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A contract to award.</summary>
/// <param name="Id">Its number, e.g. <c>C-2026-paper</c>.</param>
/// <param name="Terms">What is settled for good.</param>
/// <param name="Trading">What may be amended.</param>
public sealed record ContractAward(ContractId Id, AwardTerms Terms, TradingTerms Trading);

/// <summary>A contract as it is at a moment.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Standing">Whether it takes orders.</param>
/// <param name="File">What has been agreed so far.</param>
/// <param name="SuspendedFor">Why it is suspended.</param>
/// <param name="QualifiesFor15b">Members need no bidding of their own (Minn. Stat. 471.345 subd. 15(b)).</param>
public sealed record ContractView(ContractId Id, ContractStanding Standing, ContractFile File, string? SuspendedFor, bool QualifiesFor15b);

/// <summary>A contract's price schedules.</summary>
/// <param name="Schedules">In version order.</param>
public sealed record SchedulesView(StructuralList<PriceSchedule> Schedules);

/// <summary>A later end.</summary>
/// <param name="EndsOn">Last day, America/Chicago.</param>
/// <param name="Resolution">The resolution that extends it.</param>
public sealed record TermExtension(DateOnly EndsOn, string Resolution);

/// <summary>Other trading terms.</summary>
/// <param name="Trading">All of them.</param>
/// <param name="Reason">Why.</param>
/// <param name="Resolution">
/// The lead board's resolution of kind FeeSchedule about this contract; needed when the administrative fee changes.
/// </param>
public sealed record TermsAmendment(TradingTerms Trading, string Reason, ResolutionId? Resolution = null);

/// <summary>Prices to publish.</summary>
/// <param name="Schedule">The next version, effective today or later.</param>
/// <param name="RiseReason">Why prices rise, when they do.</param>
public sealed record SchedulePublication(PriceSchedule Schedule, string? RiseReason = null);

/// <summary>What an import of a price list found and did.</summary>
/// <param name="Recorded">Whether the schedule was published now; false on a dry run or with faults.</param>
/// <param name="Report">What was found in the file.</param>
/// <param name="Diff">What changes against the current schedule; absent with faults.</param>
public sealed record PriceListAnswer(bool Recorded, Exchange.Tabular.ImportReport Report, PriceScheduleDiff? Diff);

/// <summary>Contracts, their prices and the catalog.</summary>
internal static class ContractsApi
{
    private const string Route = "/contracts/{contractId}";

    private static readonly AwardTerms Terms = new(
        new("V-whitewater"), new("SSC"), new(AuthorityKind.JointPowersBid, "Minn. Stat. 471.345 subd. 15(b); 471.59"), new(2026, 7, 1),
            new(2028, 6, 30),
        new("RFB 2026-04", new(2026, 3, 2), new(2026, 3, 24), 4));

    private static readonly TradingTerms Trading = new(
        "Copy paper", ContractScope.Cooperative, new(FeePayer.Vendor, 150), BillingMode.VendorDirect,
            new("FOB destination, freight prepaid"));

    private static readonly PriceSchedule Prices = new(1, new(2026, 7, 1),
    [
        new(new("PAPER-20LB"), "Copy paper 8.5 x 11, 20 lb, carton of 10 reams", "XCT", Quantity.Of(40), Quantity.Of(1),
            [new(Quantity.Zero, UnitPrice.FromDollars(41.90m)), new(Quantity.Of(200), UnitPrice.FromDollars(39.75m))]),
    ]);

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Contracts");
        api.List<ContractEntry>("/contracts", "List contracts", r => r.List(
                Modules.Contracts,
                [("vendor", r.Principal.Vendor?.Value ?? r.Query("vendor")), ("lead", r.Query("lead")),
                    ("standing", r.Word<ContractStanding>("standing")?.ToString())],
                row => row.Row))
            .Says("A vendor sees its own contracts.").Takes("vendor", "Only of this vendor.").Takes("lead", "Only led by this cooperative.")
            .Takes("standing", "`inForce`, `suspended` or `expired`.");
        api.Get<ContractView>(Route, "One contract, now or as of a moment", Find).AsOf();
        api.Post<ContractAward>("/contracts", "Award a contract", (r, b) =>
            Send(r, b.Id, new Contract.Command.Award(b.Terms, b.Trading)).Created($"/contracts/{b.Id}"))
            .For(Roles.Coordinator).Creates().Refuses("contract-exists")
            .Example(() => new ContractAward(new("C-2026-paper"), Terms, Trading));
        api.Put<TermsAmendment>(Route + "/trading-terms", "Change the trading terms, from now on", (r, b) =>
                new GatedByResolution(r.Services.Commands).AmendContract(
                    r.Context, r.Id<ContractId>("contractId"), b.Trading, b.Reason, b.Resolution, r.Cancelled).Answered())
            .For(Roles.Coordinator).Says("Another administrative fee needs an adopted resolution of the lead's board.")
            .Refuses("reason-missing", "contract-expired", "resolution-missing", "resolution-not-effective")
            .Example(() => new TermsAmendment(Trading, "Freight is prepaid now."));
        api.Post<TermExtension>(Route + "/extension", "Move the end of the term, by resolution",
                (r, b) => Send(r, new Contract.Command.Extend(b.EndsOn, b.Resolution, Today(r))))
            .For(Roles.Coordinator, Roles.Clerk).Refuses("resolution-missing", "extension-not-later")
            .Example(() => new TermExtension(new(2029, 6, 30), "Resolution 2028-12"));
        api.Post<Because>(Route + "/suspension", "Stop new orders for the time being", (r, b) =>
            Send(r, new Contract.Command.Suspend(b.Reason)))
            .For(Roles.Coordinator).Refuses("reason-missing", "contract-expired").Example(() => new Because("Insurance has lapsed."));
        api.Delete(Route + "/suspension", "Allow new orders again", r => Send(r, new Contract.Command.Reinstate())).For(Roles.Coordinator)
            .Refuses("contract-expired");
        api.Get<SchedulesView>(Route + "/price-schedules", "A contract's price schedules", Schedules).AsOf();
        api.Post<SchedulePublication>(Route + "/price-schedules", "Publish the next price schedule",
                (r, b) => Send(r, new Contract.Command.PublishPriceSchedule(b.Schedule, Today(r), b.RiseReason))
                    .Created($"/contracts/{r.Text("contractId")}/price-schedules"))
            .For(Roles.Coordinator).Creates().Refuses("schedule-version-wrong", "schedule-retroactive", "schedule-outside-term")
            .Example(() => new SchedulePublication(Prices));
        api.Import<PriceListAnswer>(Route + "/price-schedules/import", "Publish a vendor's price list as it was sent (CSV or XLSX)", Import)
            .For(Roles.Coordinator)
            .Says("With `dryRun=true` nothing is recorded and the answer shows what would change. A bad row refuses the whole file.")
            .Takes("dryRun", "`true` to see what would change.")
            .Takes("effectiveFrom", "First day of the prices, e.g. 2026-07-01; today unless told.")
            .Takes("riseReason", "Why prices rise, when they do.")
            .Refuses("rows-at-fault", "list-empty", "tiers-stated-twice", "schedule-retroactive");
        routes.Under("Catalog").List<CatalogEntry>("/catalog", "Everything that can be bought, with its dated prices", r => r.List(
                Modules.Catalog,
                [("vendor", r.Principal.Vendor?.Value ?? r.Query("vendor")), ("contract", r.Query("contract")),
                    ("unspsc", r.Query("unspsc"))],
                row => row.Row))
            .Takes("vendor", "Only of this vendor.").Takes("contract", "Only under this contract.")
            .Takes("unspsc", "Only with this UNSPSC code.");
    }

    internal static DateOnly Today(ApiRequest r) => BusinessCalendar.LocalDate(r.Now);

    private static Task<IResult> Send(ApiRequest r, ContractId contract, Contract.Command command) =>
        r.Handle<Contract, Contract.Command, Contract.State, Contract.Event>(contract.Value, command);

    private static Task<IResult> Send(ApiRequest r, Contract.Command command) => Send(r, r.Id<ContractId>("contractId"), command);

    /// <summary>The contract, unless it is another vendor's: then it does not exist for this one.</summary>
    private static async Task<(ContractFile? File, Loaded<Contract.State> Loaded)> Load(ApiRequest r)
    {
        var loaded = await r.Load<Contract, Contract.Command, Contract.State, Contract.Event>(r.Text("contractId"));
        var file = loaded.State.File;
        return (file is not null && r.Principal.Vendor is { } self && self != file.Award.Vendor ? null : file, loaded);
    }

    private static async Task<IResult> Find(ApiRequest r)
    {
        var (file, loaded) = await Load(r);
        var standing = loaded.State switch
        {
            Contract.State.Suspended => ContractStanding.Suspended,
            Contract.State.Expired => ContractStanding.Expired,
            _ => ContractStanding.InForce,
        };
        return Answer.Versioned(
            file is null
                ? null
                : new ContractView(
                    r.Id<ContractId>("contractId"), standing, file, (loaded.State as Contract.State.Suspended)?.Reason,
                        loaded.State.QualifiesFor15b),
            loaded.Version);
    }

    private static async Task<IResult> Schedules(ApiRequest r)
    {
        var (file, loaded) = await Load(r);
        return Answer.Versioned(file is null ? null : new SchedulesView(file.Schedules), loaded.Version);
    }

    private static async Task<IResult> Import(ApiRequest r, Upload upload)
    {
        if ((await Load(r)).File is null) return Answer.NotFound;
        var order = new PriceListOrder(
            r.Id<ContractId>("contractId"), r.Day("effectiveFrom") ?? Today(r), r.Query("riseReason"), r.Flag("dryRun"));
        var (no, answer, last) = await Imports.PriceList(r.Services, r.Context, upload.Content, order, r.Cancelled);
        if (no is not null) return Answer.Problem(Problem.Refused(no));
        if (answer is { Diff: null } && !order.DryRun) return Answer.Problem(Imports.Problem(answer.Report));
        return last is null ? Answer.View(answer) : Answer.Of(last).With(answer!);
    }
}
