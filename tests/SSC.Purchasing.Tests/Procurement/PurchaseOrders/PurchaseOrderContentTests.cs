using System.Text;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;
using Xunit;
using static SSC.Purchasing.Tests.Procurement.PurchaseOrders.PurchaseOrderSamples;

namespace SSC.Purchasing.Tests.Procurement.PurchaseOrders;

public class PurchaseOrderContentTests
{
    [Fact]
    public void the_order_of_lines_and_drops_does_not_change_the_hash() =>
        PurchaseOrderContent.Hash(Order(Tubes, Tires with { Drops = [Tires.Drops[1], Tires.Drops[0]] }), 1).ShouldBe(Hash);

    [Fact]
    public void anything_the_vendor_reads_changes_the_hash()
    {
        var drop = Tubes.Drops[0];
        OrderLine With(Drop changed) => Tubes with { Drops = [changed] };
        string[] hashes =
        [
            Hash,
            PurchaseOrderContent.Hash(Document, 2),
            .. new[]
            {
                Document with { Number = "PO-2" },
                Document with { JointOrder = new("JO-2") },
                Document with { Contract = new("C-2") },
                Document with { Vendor = new("V-2") },
                Document with { Terms = "Net 30" },
                Document with { RequiredBy = Friday },
                Document with { Freight = Money.Zero },
                Document with { Total = Money.Zero },
                Document with { ScheduleVersion = 2 },
                Order(Tires, With(drop with { Member = new("M-003") })),
                Order(Tires, With(drop with { Site = new("M-002-HS") })),
                Order(Tires, With(drop with { Quantity = Quantity.Of(9) })),
                Order(Tires, With(drop with { RequestedOn = Friday.AddDays(1) })),
                Order(Tires, With(drop with { Account = null })),
                Order(Tires, With(drop with { MemberOrderNo = null })),
                Order(Tires, Tubes with { No = 3 }),
                Order(Tires, Tubes with { Item = new("TUBE-2") }),
                Order(Tires, Tubes with { Description = "Tube" }),
                Order(Tires, Tubes with { Unit = "XBX" }),
                Order(Tires, Tubes with { CaseSize = Quantity.Of(2) }),
                Document with { Lines = [Tires, Tubes with { Quantity = Quantity.Of(9) }] },
                Document with { Lines = [Tires, Tubes with { Price = new(1) }] },
                Document with { Lines = [Tires, Tubes with { Amount = new(1) }] },
                Document with { Lines = [Tires, Tubes with { Fees = new(1) }] },
                Document with { Lines = [Tires, Tubes with { Credits = new(1) }] },
            }.Select(d => PurchaseOrderContent.Hash(d, 1)),
        ];
        hashes.ShouldBeUnique(StringComparer.Ordinal);
    }

    [Fact]
    public void the_canonical_form_is_frozen_so_that_old_hashes_can_be_checked_for_ever()
    {
        var document = Order(Tubes with { Fees = new(250), Credits = new(100) });
        Encoding.UTF8.GetString(PurchaseOrderContent.Canonical(document, 1)).ShouldBe(
            """
            {"format":"ssc-purchase-order/1","revision":1,"number":"PO-JO-2026-031-1","jointOrder":"JO-2026-031","contract":"C-2025-tires",
            "vendor":"V-tri-county","scheduleVersion":1,"freight":18500,"total":60150,"requiredBy":"2026-04-17",
            "terms":"Net 35 days; FOB destination","lines":[{"no":2,"item":"TUBE-11R22","description":"As in the schedule",
            "unit":"EA","caseSize":1000,"quantity":10000,"price":41500000,"amount":41500,"fees":250,"credits":100,
            "drops":[{"member":"M-002","site":"M-002-BUS","quantity":10000,"requestedOn":"2026-03-20",
            "account":"01-005-760-720-442-000","memberOrderNo":"M-002-771"}]}]}
            """.ReplaceLineEndings(""));
        PurchaseOrderContent.Hash(document, 1).ShouldMatch("^[0-9a-f]{64}$");
    }
}
