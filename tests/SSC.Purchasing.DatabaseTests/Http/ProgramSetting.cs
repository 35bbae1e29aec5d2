using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;
using MemberFacts = SSC.Purchasing.Membership.MemberFacts;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>What scenarios about programs start from: an open date of a published program, and members that may enroll.</summary>
internal static class ProgramSetting
{
    /// <summary>A published program at a price by the seat, and one open date of it.</summary>
    internal static async Task<(Caller Admin, string Program, string Offering)> Offer(
        this Stage stage, decimal price, int? capacity, DateTimeOffset start, bool skip = false, VolumeDiscount[]? discounts = null,
        Func<OfferingTerms, OfferingTerms>? with = null, Caller? admin = null)
    {
        admin ??= await stage.As(OrgRef.Of(new CooperativeId("SSC")), Roles.ProgramAdmin);
        var (program, offering) = (Stage.New("PD"), Stage.New("OF"));
        (await admin.Post("programs", new ProgramEntry(new(program), "Number sense", ProgramKind.ProfessionalDevelopment))).ShouldBe(201);
        (await admin.Put($"programs/{program}/pricing", Each(price, discounts))).ShouldBe(200);
        (await admin.Put($"programs/{program}/refund-policy", new RefundPolicy([new(14, 10_000), new(7, 5_000)]))).ShouldBe(200);
        (await admin.Post($"programs/{program}/publication", null)).ShouldBe(200);
        var terms = new OfferingTerms(
            new(program), "Number sense; day 1", [new(start, 360)], capacity, 0, DateTimeOffset.UtcNow.AddMinutes(-1), start.AddHours(-1))
        {
            Rules = SeatRules.Default with { AllowSkip = skip },
        };
        (await admin.Post("offerings", new OfferingEntry(new(offering), with?.Invoke(terms) ?? terms))).ShouldBe(201);
        if (start > DateTimeOffset.UtcNow)
        {
            await Until.True(
                async () => (await admin.Get($"offerings/{offering}")).Text("phase") is "open" or "full", $"{offering} opens by itself");
        }

        return (admin, program, offering);
    }

    /// <summary>A price for each seat.</summary>
    internal static ProgramPricing Each(decimal price, VolumeDiscount[]? discounts = null)
    {
        var each = Money.FromDollars(price);
        return new(new([new(Stage.Today.AddDays(-30), each, each)], [.. discounts ?? []]));
    }

    /// <summary>A district and its buyer.</summary>
    internal static async Task<Caller> Enroller(this Stage stage, string number, bool viaApi = true)
    {
        var command = new Member.Command.Admit(
            new(number), new("SSC"), new MemberFacts("A district", MemberType.Education, MemberKind.SchoolDistrict, "Olmsted", true, 900));
        if (viaApi) (await stage.Staff.Post("members", command)).ShouldBe(201);
        else await stage.Tell<Member, Member.Command, Member.State, Member.Event>(number, command);
        return await stage.As(OrgRef.Of(new MemberNo(number)), Roles.MemberBuyer);
    }

    /// <summary>A district that asks for seats on a purchase order.</summary>
    internal static async Task<(string Number, Caller Buyer)> Asks(this Stage stage, string offering, int seats)
    {
        var number = Stage.New("M");
        var buyer = await stage.Enroller(number);
        (await buyer.Post("enrollments", new EnrollmentEntry(new(offering), new(number), seats, "PO 1"))).ShouldBe(201);
        return (number, buyer);
    }
}
