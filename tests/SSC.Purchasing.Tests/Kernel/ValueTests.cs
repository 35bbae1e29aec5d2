using System.Text.Json;
using Shouldly;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.Tests.Kernel;

public class ValueTests
{
    [Theory]
    [InlineData(500, "0.5")]
    [InlineData(120_000, "120")]
    [InlineData(1, "0.001")]
    public void a_quantity_is_written_as_the_exact_decimal(long thousandths, string json)
    {
        JsonSerializer.Serialize(new Quantity(thousandths), EventCatalogue.Json).ShouldBe(json);
        JsonSerializer.Deserialize<Quantity>(json, EventCatalogue.Json).ShouldBe(new Quantity(thousandths));
    }

    [Fact]
    public void records_that_hold_structural_lists_and_maps_compare_by_value()
    {
        StructuralList<int> one = [1, 2];
        StructuralList<int> same = [1, 2];
        one.ShouldBe(same);
        StructuralMap<string, int>.Empty.Set("b", 2).Set("a", 1)
            .ShouldBe(StructuralMap<string, int>.Empty.Set("a", 1).Set("b", 2));
    }

    [Fact]
    public void structural_collections_keep_their_items_through_json()
    {
        var map = StructuralMap<MemberNo, StructuralList<Money>>.Empty.Set(new("M-001"), [new(1), new(-2)]);
        var json = JsonSerializer.Serialize(map, EventCatalogue.Json);
        json.ShouldBe("""{"M-001":[1,-2]}""");
        JsonSerializer.Deserialize<StructuralMap<MemberNo, StructuralList<Money>>>(json, EventCatalogue.Json).ShouldBe(map);
    }

    [Fact]
    public void a_price_extends_then_rounds_once_half_away_from_zero()
    {
        UnitPrice.FromDollars(0.0845m).Extend(Quantity.Of(100)).ShouldBe(new Money(845));
        UnitPrice.FromDollars(0.125m).Extend(Quantity.Of(1)).ShouldBe(new Money(13));
        UnitPrice.FromDollars(-0.125m).Extend(Quantity.Of(1)).ShouldBe(new Money(-13));
    }

    [Fact]
    public void no_id_holds_the_colon_that_joins_ids_into_keys()
    {
        Id.IsWellFormed("ISD-535").ShouldBeTrue();
        Id.IsWellFormed("ISD:535").ShouldBeFalse();
        Id.IsKey("JO-2026-014:V-whitewater").ShouldBeTrue();
        Id.IsKey("JO-2026-014:").ShouldBeFalse();
    }
}
