using FsCheck;
using FsCheck.Fluent;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Tests.Properties;

namespace SSC.Purchasing.Tests.Membership;

public class MemberLaws : DeciderLaws<Member, Member.Command, Member.State, Member.Event>
{
    private static readonly MemberFacts School = new("Oak Schools", MemberType.Education, MemberKind.SchoolDistrict, "Rice", true, 900, 60);
    private static readonly SiteFacts Gym = new("Gym", new(["1 Oak St"], "Oak", "55021"));

    protected override Gen<Member.Command> Commands => Gen.OneOf(
        Gen.Elements(School, School with { Name = "Elm Schools" }, School with { Voting = false }, School with { Enrollment = -1 })
            .Select(f => (Member.Command)new Member.Command.Admit(new("M-1"), new("SSC"), f)),
        Gen.Choose(-1, 3).Select(n => (Member.Command)new Member.Command.Correct("Oak Schools", n == 0 ? "" : "Rice", n, n)),
        Gen.Elements(
            new Member.Command.ChangeType(MemberType.Education, MemberKind.SchoolDistrict, true),
            new Member.Command.ChangeType(MemberType.Associate, MemberKind.OtherCooperativeDistrict, false),
            new Member.Command.ChangeType(
                MemberType.Participating, MemberKind.ParticipatingOrganization, false, [CooperativeService.Purchasing]),
            new Member.Command.ChangeType(MemberType.Ccoga, MemberKind.NonProfit, true)).Select(c => (Member.Command)c),
        Gen.Elements("S-1", "S-2", "bad id").Select(s => (Member.Command)new Member.Command.AddSite(new(s), Gym)),
        Gen.Elements("Gym", "Hall", " ").Select(n => (Member.Command)new Member.Command.ChangeSite(new("S-1"), Gym with { Name = n })),
        Gen.Elements("S-1", "S-2").Select(s => (Member.Command)new Member.Command.CloseSite(new(s))),
        Gen.Choose(-1, 2).Select(n => (Member.Command)new Member.Command.SetApprovalRules(new(new(n * 1000), n > 1))),
        Gen.Choose(1, 3).Select(d => (Member.Command)new Member.Command.Leave(new(2026, 6, d))),
        Gen.Choose(1, 4).Select(d => (Member.Command)new Member.Command.Rejoin(new(2026, 6, d))),
        Gen.Elements(ResolutionKind.Expulsion, ResolutionKind.Other).SelectMany(k => Gen.Elements("R-1", "R-2")
            .Select(r => (Member.Command)new Member.Command.Expel(new(2026, 6, 2), By(r, k)))),
        Gen.Choose(1, 4).Select(d => (Member.Command)new Member.Command.Readmit(new(2026, 6, d), By("R-3", ResolutionKind.Other))));

    private static AdoptedResolution By(string id, ResolutionKind kind) =>
        new(new(id), new("SSC"), kind, "M-1", "2026-1", new(2026, 5, 1), new(2026, 5, 1));
}

public class CooperativeLaws : DeciderLaws<Cooperative, Cooperative.Command, Cooperative.State, Cooperative.Event>
{
    protected override Gen<Cooperative.Command> Commands => Gen.OneOf(
        Gen.Elements(MinnesotaCooperatives.All[0], MinnesotaCooperatives.All[0] with { Name = "" }, MinnesotaCooperatives.All[1])
            .Select(f => (Cooperative.Command)new Cooperative.Command.Register(f)),
        Gen.Choose(1, 3).Select(d => (Cooperative.Command)new Cooperative.Command.SetStatewideAgreement(
            new(new(2026, 1, 2), d == 3 ? null : new DateOnly(2026, 1, d), "R-1"))));
}

public class VendorLaws : DeciderLaws<Vendor, Vendor.Command, Vendor.State, Vendor.Event>
{
    protected override Gen<Vendor.Command> Commands => Gen.OneOf(
        Gen.Choose(-1, 1).Select(n => (Vendor.Command)new Vendor.Command.Register(new("V-1"), "Paper Inc", new(n * 30))),
        Gen.Elements("c1", "c2", "no good").SelectMany(c => Gen.Elements(ContactRole.Orders, ContactRole.Billing, (ContactRole)9)
            .Select(r => (Vendor.Command)new Vendor.Command.AddContact(c, r))),
        Gen.Elements("c1", "c2").Select(c => (Vendor.Command)new Vendor.Command.RemoveContact(c)),
        Gen.Elements(
            OrderChannel.Manual, new(OrderChannelKind.ApiPickup), new(OrderChannelKind.HttpsPush, "https://paper.example/orders"),
            new(OrderChannelKind.HttpsPush, "http://paper.example"), new(OrderChannelKind.Manual, "https://paper.example"),
            new(OrderChannelKind.Webhook, "https://paper.example/hook"), new(OrderChannelKind.Email) { Contact = "c1" },
            new(OrderChannelKind.ApiPickup) { Format = "X 12" })
            .Select(c => (Vendor.Command)new Vendor.Command.SetOrderChannel(c)),
        Gen.Elements("s1", "s2", "s3", "no good").Select(s => (Vendor.Command)new Vendor.Command.AddChannelSecret(s)),
        Gen.Elements("s1", "s2", "s3").Select(s => (Vendor.Command)new Vendor.Command.RetireChannelSecret(s)),
        Gen.Elements("https://shop.example/in", "http://shop.example/in", "").Select(u => (Vendor.Command)new Vendor.Command.SetPunchOut(
            new(u, new("DUNS", "080123456"), new("DUNS", "081234567"), "s1"))),
        Gen.Constant((Vendor.Command)new Vendor.Command.EndPunchOut()),
        Gen.Elements("late", "").Select(r => (Vendor.Command)new Vendor.Command.Suspend(r)),
        Gen.Constant((Vendor.Command)new Vendor.Command.Reinstate()));
}

public class UserLaws : DeciderLaws<User, User.Command, User.State, User.Event>
{
    protected override Gen<User.Command> Commands => Gen.OneOf(
        Gen.Elements<StructuralList<string>>([Roles.MemberBuyer], [Roles.Coordinator], [])
            .Select(r => (User.Command)new User.Command.Register("u-1", OrgRef.Of(new MemberNo("M-1")), r)),
        Gen.Elements<StructuralList<string>>([Roles.MemberBuyer, Roles.MemberApprover], [Roles.MemberApprover, Roles.MemberBuyer], ["king"])
            .Select(r => (User.Command)new User.Command.ChangeRoles(r)),
        Gen.Elements("a", "b", "").Select(s => (User.Command)new User.Command.LinkSubject("https://id.example", s)),
        Gen.Elements("left", "").Select(r => (User.Command)new User.Command.Deactivate(r)));
}

public class ApiKeyLaws : DeciderLaws<ApiKey, ApiKey.Command, ApiKey.State, ApiKey.Event>
{
    private static readonly ApiKeyFacts Facts = new(
        "k1", ApiKeySecret.HashOf(new byte[32]), OrgRef.Of(new VendorId("V-1")), [Roles.Vendor], "order system");

    protected override Gen<ApiKey.Command> Commands => Gen.OneOf(
        Gen.Elements(Facts, Facts with { KeyId = "k_1" }, Facts with { SecretHash = "plain" }, Facts with { Roles = [Roles.Operator] })
            .Select(f => (ApiKey.Command)new ApiKey.Command.Issue(f)),
        Gen.Elements("lost", "").Select(r => (ApiKey.Command)new ApiKey.Command.Revoke(r)));
}
