using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>A service cooperative as the State knows it.</summary>
/// <param name="Id">Its usual abbreviation.</param>
/// <param name="Name">Its name.</param>
/// <param name="Counties">Counties of its region, without the word County, in alphabetical order.</param>
public sealed record CooperativeFacts(CooperativeId Id, string Name, StructuralList<string> Counties);

/// <summary>
/// The seven Minnesota service cooperatives that buy together. Their regions are the State's development regions
/// (Minn. Stat. 123A.21 subd. 4 and 462.385): One and Two, Three, Four, Six and Eight, Seven, Nine, Ten.
/// </summary>
public static class MinnesotaCooperatives
{
    /// <summary>The home cooperative: Southeast.</summary>
    public static readonly CooperativeId Home = new("SSC");

    /// <summary>All seven, in the order of their ids.</summary>
    public static IReadOnlyList<CooperativeFacts> All { get; } =
    [
        // Region Four
        new(new("LCSC"), "Lakes Country Service Cooperative",
            ["Becker", "Clay", "Douglas", "Grant", "Otter Tail", "Pope", "Stevens", "Traverse", "Wilkin"]),
        // Region Three
        new(new("NESC"), "Northeast Service Cooperative", ["Aitkin", "Carlton", "Cook", "Itasca", "Koochiching", "Lake", "St. Louis"]),
        // Regions One and Two
        new(new("NWSC"), "Northwest Service Cooperative",
        [
            "Beltrami", "Clearwater", "Hubbard", "Kittson", "Lake of the Woods", "Mahnomen", "Marshall", "Norman", "Pennington", "Polk",
            "Red Lake", "Roseau",
        ]),
        // Regions Seven East and Seven West
        new(new("RTS"), "Resource Training & Solutions",
            ["Benton", "Chisago", "Isanti", "Kanabec", "Mille Lacs", "Pine", "Sherburne", "Stearns", "Wright"]),
        // Region Nine
        new(new("SCSC"), "South Central Service Cooperative",
            ["Blue Earth", "Brown", "Faribault", "Le Sueur", "Martin", "Nicollet", "Sibley", "Waseca", "Watonwan"]),
        // Region Ten
        new(new("SSC"), "Southeast Service Cooperative",
        [
            "Dodge", "Fillmore", "Freeborn", "Goodhue", "Houston", "Mower", "Olmsted", "Rice", "Steele", "Wabasha", "Winona",
        ]),
        // Regions Six East, Six West and Eight
        new(new("SWWC"), "Southwest West Central Service Cooperative",
        [
            "Big Stone", "Chippewa", "Cottonwood", "Jackson", "Kandiyohi", "Lac qui Parle", "Lincoln", "Lyon", "McLeod", "Meeker", "Murray",
            "Nobles", "Pipestone", "Redwood", "Renville", "Rock", "Swift", "Yellow Medicine",
        ]),
    ];

    /// <summary>One of the seven, or null.</summary>
    public static CooperativeFacts? Find(CooperativeId id) => All.FirstOrDefault(c => c.Id == id);
}
