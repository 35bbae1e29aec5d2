using SSC.Purchasing.Exchange.Members;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Demo;

/// <summary>A delivery site of the demo and its segment in account codes.</summary>
internal sealed record DemoSite(SiteId Id, SiteFacts Facts, string Org);

/// <summary>A member of the demo.</summary>
internal sealed record DemoMember(MemberNo No, CooperativeId Cooperative, MemberFacts Facts, IReadOnlyList<DemoSite> Sites)
{
    /// <summary>How much it buys beside others: students in thousands, or what a town hall is beside that.</summary>
    public decimal Size => Facts.Kind switch
    {
        _ when Facts.Enrollment is { } students => Math.Max(0.25m, students / 1000m),
        MemberKind.County => 2.0m,
        MemberKind.City or MemberKind.OtherGovernment => 0.7m,
        _ => 0.3m,
    };

    /// <summary>Its buyer's user id.</summary>
    public string BuyerId => $"u-{No}-buyer";

    /// <summary>Its approver's user id.</summary>
    public string ApproverId => $"u-{No}-approver";

    /// <summary>Its buyer, as events name who acts.</summary>
    public string Buyer => $"user:{BuyerId}";

    /// <summary>Its approver, as events name who acts.</summary>
    public string Approver => $"user:{ApproverId}";

    /// <summary>The account a kind of goods is booked to at a site: UFARS for schools, a chart of their own for others.</summary>
    public AccountCode Account(DemoSite site, DemoContract contract, bool second = false)
    {
        var program = second ? "605" : contract.Program;
        return Facts.Kind switch
        {
            MemberKind.City => AccountCode.TryParse("CITY", $"101-43{site.Org}-{contract.Object}")!,
            MemberKind.County => AccountCode.TryParse("COUNTY", $"13-3{site.Org}-6{contract.Object}")!,
            _ when second && contract.Federal => AccountCode.TryParse("UFARS", $"02-{site.Org}-770-701-{contract.Object}-000")!,
            _ => AccountCode.TryParse("UFARS", $"{(contract.Federal ? "02" : "01")}-{site.Org}-{program}-000-{contract.Object}-000")!,
        };
    }
}

/// <summary>
/// Who takes part: the members of <c>members.csv</c> for the home cooperative, a few of each other one so that statewide orders have
/// partners, and some 190 drop sites. Organizations only; there are no persons in the demo.
/// </summary>
internal static class DemoMembers
{
    private const int StudentsPerSite = 1_200;
    private const int MostSites = 16;

    private static readonly string[] AfterTown = [" Area Schools", " Nonpublic", " County", " (demo)"];

    private static readonly (string Cooperative, string Name, MemberKind Kind, string County, int? Students)[] Partners =
    [
        ("LCSC", "Fergus Falls Area Schools (demo)", MemberKind.SchoolDistrict, "Otter Tail", 2510),
        ("LCSC", "Alexandria Area Schools (demo)", MemberKind.SchoolDistrict, "Douglas", 3890),
        ("LCSC", "Becker County (demo)", MemberKind.County, "Becker", null),
        ("LCSC", "City of Morris (demo)", MemberKind.City, "Stevens", null),
        ("NESC", "Hibbing Area Schools (demo)", MemberKind.SchoolDistrict, "St. Louis", 2240),
        ("NESC", "Cloquet Area Schools (demo)", MemberKind.SchoolDistrict, "Carlton", 2610),
        ("NESC", "Itasca County (demo)", MemberKind.County, "Itasca", null),
        ("NESC", "City of Two Harbors (demo)", MemberKind.City, "Lake", null),
        ("NWSC", "Bemidji Area Schools (demo)", MemberKind.SchoolDistrict, "Beltrami", 4570),
        ("NWSC", "Thief River Falls Area Schools (demo)", MemberKind.SchoolDistrict, "Pennington", 1990),
        ("NWSC", "Polk County (demo)", MemberKind.County, "Polk", null),
        ("NWSC", "City of Roseau (demo)", MemberKind.City, "Roseau", null),
        ("RTS", "Sauk Rapids Area Schools (demo)", MemberKind.SchoolDistrict, "Benton", 4410),
        ("RTS", "Big Lake Area Schools (demo)", MemberKind.SchoolDistrict, "Sherburne", 3060),
        ("RTS", "Wright County (demo)", MemberKind.County, "Wright", null),
        ("RTS", "City of Milaca (demo)", MemberKind.City, "Mille Lacs", null),
        ("SCSC", "Mankato Area Schools (demo)", MemberKind.SchoolDistrict, "Blue Earth", 8560),
        ("SCSC", "Waseca Area Schools (demo)", MemberKind.SchoolDistrict, "Waseca", 1840),
        ("SCSC", "Brown County (demo)", MemberKind.County, "Brown", null),
        ("SCSC", "City of St. Peter (demo)", MemberKind.City, "Nicollet", null),
        ("SWWC", "Marshall Area Schools (demo)", MemberKind.SchoolDistrict, "Lyon", 2590),
        ("SWWC", "Willmar Area Schools (demo)", MemberKind.SchoolDistrict, "Kandiyohi", 4160),
        ("SWWC", "Redwood County (demo)", MemberKind.County, "Redwood", null),
        ("SWWC", "City of Pipestone (demo)", MemberKind.City, "Pipestone", null),
    ];

    /// <summary>All members, home cooperative first; read with the import that a cooperative uses.</summary>
    public static async Task<IReadOnlyList<DemoMember>> Read(CancellationToken ct)
    {
        await using var file = typeof(DemoMembers).Assembly.GetManifestResourceStream("SSC.Purchasing.Host.Demo.members.csv")
            ?? throw new InvalidOperationException("members.csv is not in this build.");
        var read = await MemberImport.Read(file, new(MinnesotaCooperatives.Home, false), ct: ct);
        if (read is not MemberImportOutcome.Ready ready) throw new InvalidOperationException($"members.csv cannot be imported: {read}");
        var home = ready.Commands.Select(c => c.Command).OfType<Member.Command.Admit>()
            .Select(a => new DemoMember(a.Member, a.Cooperative, a.Facts, SitesOf(a.Member, a.Facts)));
        var partners = Partners.GroupBy(p => p.Cooperative, StringComparer.Ordinal).SelectMany(g => g.Select((p, i) =>
        {
            var no = new MemberNo($"{p.Cooperative}-{i + 1:000}");
            var type = p.Kind == MemberKind.SchoolDistrict ? MemberType.Education : MemberType.Ccoga;
            var facts = new MemberFacts(p.Name, type, p.Kind, p.County, true, p.Students, p.Students / 15);
            return new DemoMember(no, new(p.Cooperative), facts, SitesOf(no, facts));
        }));
        return [.. home, .. partners];
    }

    private static List<DemoSite> SitesOf(MemberNo no, MemberFacts facts)
    {
        var town = TownOf(facts);
        return [.. NamesOf(facts).Select((name, i) => new DemoSite(
            new($"{no}-{name.Code}"),
            new(name.Name, new([$"{100 + (i * 40)} {name.Street}"], town, $"55{900 + (Hash(town) % 90):000}"[..5]))
            {
                DockInstructions = i == 0 ? null : "Deliver to the rear dock; ring at the door.",
                Windows = i == 0 ? [new(DayOfWeek.Tuesday, new(7, 0), new(14, 0)), new(DayOfWeek.Thursday, new(7, 0), new(14, 0))] : [],
            },
            $"{(i == 0 ? 5 : 9 + i):000}"))];
    }

    private static IEnumerable<(string Code, string Name, string Street)> NamesOf(MemberFacts facts)
    {
        if (facts.Enrollment is { } students)
        {
            var sites = Math.Clamp(1 + (students / StudentsPerSite), 1, MostSites);
            (string, string, string)[] first =
                [("HS", "High School", "School Road"), ("MS", "Middle School", "School Road"),
                    ("DO", "District Warehouse", "Industrial Drive")];
            return first.Take(sites)
                .Concat(Enumerable.Range(1, Math.Max(0, sites - 3))
                    .Select(n => ($"E{n:00}", $"Elementary School {n}", $"{n + 1}th Avenue")));
        }

        return facts.Kind switch
        {
            MemberKind.County => [("HWY", "Highway Shop", "County Road 1"), ("CH", "Courthouse", "Main Street")],
            MemberKind.City => [("PW", "Public Works", "Depot Street")],
            MemberKind.OtherGovernment => [("MAIN", "Main Office", "Center Street")],
            _ => [("MAIN", "Main Building", "Church Street")],
        };
    }

    private static string TownOf(MemberFacts facts)
    {
        var name = facts.Name.Replace("City of ", string.Empty, StringComparison.Ordinal);
        var end = AfterTown.Select(s => name.IndexOf(s, StringComparison.Ordinal)).Where(i => i > 0).Min();
        return facts.Kind is MemberKind.NonProfit or MemberKind.ParticipatingOrganization or MemberKind.OtherGovernment
            ? $"{facts.County} Center"
            : name[..end];
    }

    private static int Hash(string text) => text.Aggregate(7, (h, c) => ((h * 31) + c) % 9973);
}
