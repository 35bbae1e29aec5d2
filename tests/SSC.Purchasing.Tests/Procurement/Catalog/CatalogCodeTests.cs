using Shouldly;
using SSC.Purchasing.Procurement.Catalog;
using Xunit;

namespace SSC.Purchasing.Tests.Procurement.Catalog;

public class CatalogCodeTests
{
    [Theory]
    [InlineData("14111507", true)] // printer or copier paper
    [InlineData("14110000", true)] // a whole family
    [InlineData("14000000", true)] // a whole segment
    [InlineData("14001100", false)] // a class of an unnamed family
    [InlineData("14110007", false)]
    [InlineData("04111507", false)]
    [InlineData("1411150", false)]
    [InlineData("141115070", false)]
    [InlineData("1411150X", false)]
    [InlineData("١٤١١١٥٠٧", false)] // digits, but not ours
    [InlineData(null, false)]
    public void a_unspsc_code_has_eight_digits_named_from_the_left(string? code, bool valid) => ItemCodes.IsUnspsc(code).ShouldBe(valid);

    [Theory]
    [InlineData("645", true)]
    [InlineData("64533", true)]
    [InlineData("6453321", true)]
    [InlineData("64533210001", true)]
    [InlineData("6453", false)]
    [InlineData("645-33", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void a_nigp_code_has_three_five_seven_or_eleven_digits(string? code, bool valid) => ItemCodes.IsNigp(code).ShouldBe(valid);

    [Theory]
    [InlineData("96385074", true)] // GTIN-8
    [InlineData("036000291452", true)] // GTIN-12
    [InlineData("4006381333931", true)] // GTIN-13
    [InlineData("10614141000415", true)] // GTIN-14
    [InlineData("036000291453", false)]
    [InlineData("306000291452", false)]
    [InlineData("4006381333913", false)]
    [InlineData("40063813339", false)]
    [InlineData("40063813339A1", false)]
    [InlineData(null, false)]
    public void a_gtin_ends_in_the_right_check_digit(string? code, bool valid) => ItemCodes.IsGtin(code).ShouldBe(valid);

    [Theory]
    [InlineData("XCS", "CA")]
    [InlineData("EA", "EA")]
    [InlineData("GLL", "GA")]
    [InlineData("LBR", "LB")]
    [InlineData("XCT", "CT")]
    public void units_map_to_x12_and_back(string code, string x12)
    {
        Units.Find(code)!.X12.ShouldBe(x12);
        Units.FromX12(x12)!.Code.ShouldBe(code);
    }

    [Fact]
    public void no_two_units_share_a_code_and_packages_come_only_in_wholes()
    {
        Units.All.Select(u => u.Code).ShouldBeUnique(StringComparer.Ordinal);
        Units.All.Where(u => u.X12 is not null).Select(u => u.X12).ShouldBeUnique(StringComparer.Ordinal);
        Units.All.Where(u => u.IsPackage).ShouldAllBe(u => !u.Fractional);
        Units.Find("GLL")!.Fractional.ShouldBeTrue();
        Units.Find("ea").ShouldBeNull();
        Units.Find(null).ShouldBeNull();
    }
}
