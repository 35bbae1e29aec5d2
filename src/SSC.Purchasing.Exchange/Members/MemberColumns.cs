using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Exchange.Members;

/// <summary>Columns of a list of members.</summary>
internal enum MemberColumn
{
    Number,
    Name,
    Type,
    Kind,
    County,
    Voting,
    Enrollment,
    Teachers,
    Services,
}

/// <summary>What headers and words in a list of members mean.</summary>
internal static class MemberColumns
{
    public static readonly ColumnAliases<MemberColumn> Aliases = new(
        (MemberColumn.Number, ["memberNo", "Member #", "Member Number", "Member ID", "No."]),
        (MemberColumn.Name, ["name", "Member Name", "Organization", "Organization Name", "Member"]),
        (MemberColumn.Type, ["type", "Member Type", "Membership Type", "Membership", "Category"]),
        (MemberColumn.Kind, ["kind", "Subtype", "Organization Type"]),
        (MemberColumn.County, ["county", "County Name"]),
        (MemberColumn.Voting, ["voting", "Votes", "Voting Member", "Vote"]),
        (MemberColumn.Enrollment, ["enrollment", "Students", "Student Enrollment", "ADM"]),
        (MemberColumn.Teachers, ["teachers", "Teacher Count", "Teaching Staff", "Licensed Staff"]),
        (MemberColumn.Services, ["services", "Service"]));

    /// <summary>
    /// Membership type and kind of organization. The State's lists say <c>CityCountyOtherGovernment</c> for three kinds; a Minnesota
    /// city is named "City of …" and a county "… County", so the name decides, and anything else is another governmental unit.
    /// </summary>
    public static (MemberType Type, MemberKind Kind)? TypeOf(string text, string name) => ColumnAliases<MemberColumn>.Normal(text) switch
    {
        "education" or "schooldistrict" or "publicschool" or "district" => (MemberType.Education, MemberKind.SchoolDistrict),
        "associateeducation" or "associate" => (MemberType.Associate, MemberKind.AssociateEducation),
        "citycountyothergovernment" or "ccoga" or "government" or "cog" or "othergovernment" => (MemberType.Ccoga, GovernmentOf(name)),
        "city" => (MemberType.Ccoga, MemberKind.City),
        "county" => (MemberType.Ccoga, MemberKind.County),
        "nonprofit" => (MemberType.NonProfit, MemberKind.NonProfit),
        "participating" or "participatingorganization" => (MemberType.Participating, MemberKind.ParticipatingOrganization),
        _ => null,
    };

    /// <summary>A kind by its name, whatever its case and spaces.</summary>
    public static MemberKind? KindOf(string text) => ByName<MemberKind>(text);

    /// <summary>A service by its name, whatever its case and spaces.</summary>
    public static CooperativeService? ServiceOf(string text) => ByName<CooperativeService>(text);

    /// <summary>Yes or no, as people write it.</summary>
    public static bool? YesOrNo(string text) => ColumnAliases<MemberColumn>.Normal(text) switch
    {
        "yes" or "y" or "true" or "1" or "x" or "voting" => true,
        "no" or "n" or "false" or "0" or "nonvoting" => false,
        _ => null,
    };

    private static MemberKind GovernmentOf(string name) =>
        name.StartsWith("City of ", StringComparison.OrdinalIgnoreCase) ? MemberKind.City
        : WithoutRemark(name).EndsWith(" County", StringComparison.OrdinalIgnoreCase) ? MemberKind.County
        : MemberKind.OtherGovernment;

    private static string WithoutRemark(string name) =>
        name.IndexOf('(', StringComparison.Ordinal) is > 0 and var at ? name[..at].TrimEnd() : name;

    private static TEnum? ByName<TEnum>(string text)
        where TEnum : struct, Enum
    {
        var normal = ColumnAliases<MemberColumn>.Normal(text);
        foreach (var value in Enum.GetValues<TEnum>())
        {
            if (string.Equals(value.ToString(), normal, StringComparison.OrdinalIgnoreCase)) return value;
        }

        return null;
    }
}
