using Shouldly;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.Tests.Kernel;

public class CaseFillingTests
{
    [Theory]
    [InlineData(0, 5, 0)]
    [InlineData(2, 2, 1)]
    [InlineData(4, 4, 1)]
    [InlineData(5, 3, 2)]
    [InlineData(5, 2, 1)]
    public void tolerance_completes_a_case_and_never_opens_one(long quantity, long tolerance, long cases) =>
        CaseFilling.Cases(Quantity.Of(quantity), Quantity.Of(tolerance), Quantity.Of(4)).ShouldBe(cases);

    [Theory]
    [InlineData(3, 2, 0)]
    [InlineData(3, 7, 10)]
    [InlineData(0, 20, 0)]
    [InlineData(10, 0, 10)]
    [InlineData(13, 5, 13)]
    public void a_minimum_is_reached_with_tolerance_or_nothing_is_ordered(long quantity, long tolerance, long ordered) =>
        CaseFilling.OrderQuantity(Quantity.Of(quantity), Quantity.Of(tolerance), Quantity.Of(10)).ShouldBe(Quantity.Of(ordered));

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(5, 0, 3)]
    [InlineData(5, 2, 1)]
    [InlineData(5, 3, 0)]
    [InlineData(8, 0, 0)]
    public void members_see_how_much_the_open_case_still_lacks(long quantity, long tolerance, long missing) =>
        CaseFilling.MissingToNextCase(Quantity.Of(quantity), Quantity.Of(tolerance), Quantity.Of(4)).ShouldBe(Quantity.Of(missing));

    [Fact]
    public void half_tons_fill_lots_exactly() =>
        CaseFilling.Cases(new(19_500), new(500), Quantity.Of(10)).ShouldBe(2);

    [Fact]
    public void a_case_of_nothing_is_a_mistake_of_the_caller() =>
        Should.Throw<ArgumentOutOfRangeException>(() => CaseFilling.Cases(Quantity.Of(1), Quantity.Zero, Quantity.Zero));
}
