using System.Text.Json;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Tests.Testbed;
using Xunit;

namespace SSC.Purchasing.Tests.Membership;

public class UserSpecs : SpecFor<User, User.Command, User.State, User.Event>
{
    [Theory]
    [InlineData(OrganizationKind.Member, Roles.Coordinator, "role-not-of-organization")]
    [InlineData(OrganizationKind.Vendor, Roles.MemberBuyer, "role-not-of-organization")]
    [InlineData(OrganizationKind.State, Roles.Coordinator, "role-not-of-organization")]
    [InlineData(OrganizationKind.Member, Roles.Operator, "role-not-of-organization")]
    [InlineData(OrganizationKind.Cooperative, "emperor", "role-unknown")]
    public void nobody_gets_a_role_that_its_organization_does_not_have(OrganizationKind kind, string role, string code) =>
        When(new User.Command.Register("u-1", new(kind, "X"), [role])).Refuses(code);

    [Fact]
    public void an_auditor_writes_nothing_so_it_holds_no_other_role() =>
        When(new User.Command.Register("u-1", new(OrganizationKind.Cooperative, "SSC"), [Roles.Auditor, Roles.Coordinator]))
            .Refuses("auditor-writes-nothing");

    [Fact]
    public void an_event_about_a_sign_in_holds_no_address_of_a_person()
    {
        var linked = Given(new User.Event.Registered("u-1", OrgRef.Of(new MemberNo("M-1")), [Roles.MemberBuyer]))
            .When(new User.Command.LinkSubject("https://id.example", "ada@oak.example")).ShouldBeAccepted().Single();
        JsonSerializer.Serialize((object)linked, EventCatalogue.Json).ShouldNotContain("ada");
        ((User.Event.SubjectLinked)linked).Link.ShouldBe(SubjectLink.Of("https://id.example", "ada@oak.example"));
        SubjectLink.Of("https://id.example", "bo@oak.example").ShouldNotBe(((User.Event.SubjectLinked)linked).Link);
    }

    [Fact]
    public void a_deactivated_user_gets_no_roles() =>
        Given(new User.Event.Registered("u-1", OrgRef.Of(new MemberNo("M-1")), [Roles.MemberBuyer]), new User.Event.Deactivated("left"))
            .When(new User.Command.ChangeRoles([Roles.MemberApprover])).Refuses("user-inactive");
}

public class ApiKeySecretTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(200, 32).Select(i => (byte)i)];

    [Fact]
    public void a_token_reads_back_to_its_key_and_matches_its_hash_only()
    {
        var parsed = ApiKeySecret.TryParse(ApiKeySecret.Format("vendor-1", Secret))!;
        parsed.KeyId.ShouldBe("vendor-1");
        parsed.Matches(ApiKeySecret.HashOf(Secret)).ShouldBeTrue();
        Secret[0] ^= 1;
        parsed.Matches(ApiKeySecret.HashOf(Secret)).ShouldBeFalse();
        parsed.Matches("no base64").ShouldBeFalse();
        parsed.Matches("").ShouldBeFalse();
    }

    [Fact]
    public void only_the_canonical_text_is_the_token()
    {
        var token = ApiKeySecret.Format("k1", new byte[32]);
        ApiKeySecret.TryParse(token).ShouldNotBeNull();
        ApiKeySecret.TryParse(token[..^1] + "B").ShouldBeNull("its last bits are not zero, so it would be a second text for one secret");
        ApiKeySecret.TryParse(token + "=").ShouldBeNull();
        ApiKeySecret.TryParse(token[..^1]).ShouldBeNull();
        ApiKeySecret.TryParse("Bearer " + token).ShouldBeNull();
        ApiKeySecret.TryParse("ssc_k1").ShouldBeNull();
        ApiKeySecret.TryParse(null).ShouldBeNull();
    }

    [Fact]
    public void a_log_line_does_not_show_the_secret()
    {
        var token = ApiKeySecret.Format("k1", Secret);
        ApiKeySecret.TryParse(token)!.ToString().ShouldNotContain(token[^10..]);
    }
}

public class VendorSpecs : SpecFor<Vendor, Vendor.Command, Vendor.State, Vendor.Event>
{
    private static readonly Vendor.Event Registered = new Vendor.Event.Registered(new("V-1"), "Paper Inc", new(30));

    [Fact]
    public void a_shop_is_at_an_https_address_and_both_sides_have_a_name_there()
    {
        var shop = new PunchOutChannel("https://shop.example/in", new("DUNS", "080123456"), new("DUNS", "081234567"), "s1");
        Vendor.Event set = new Vendor.Event.PunchOutSet(shop);
        Given(Registered).When(new Vendor.Command.SetPunchOut(shop)).Records(set);
        Given(Registered, set).When(new Vendor.Command.SetPunchOut(shop)).RecordsNothing();
        Given(Registered).When(new Vendor.Command.SetPunchOut(shop with { Url = "http://shop.example/in" })).Refuses("url-not-https");
        Given(Registered).When(new Vendor.Command.SetPunchOut(shop with { Buyer = new("", "1") })).Refuses("buyer-domain-missing");
        Given(Registered).When(new Vendor.Command.SetPunchOut(shop with { Supplier = new("DUNS", "\n") }))
            .Refuses("supplier-identity-missing");
        Given(Registered, set).When(new Vendor.Command.EndPunchOut()).Records(new Vendor.Event.PunchOutEnded());
        Given(Registered).When(new Vendor.Command.EndPunchOut()).RecordsNothing();
    }

    [Theory]
    [InlineData("http://paper.example")]
    [InlineData("https://user:pw@paper.example")]
    [InlineData("https://paper.example/#top")]
    [InlineData("/orders")]
    [InlineData("https://paper.example/\n")]
    [InlineData(null)]
    public void orders_are_pushed_to_a_plain_https_address_only(string? url) =>
        Given(Registered).When(new Vendor.Command.SetOrderChannel(new(OrderChannelKind.HttpsPush, url))).Refuses("url-not-https");

    [Fact]
    public void a_webhook_needs_a_secret_and_the_last_one_stays()
    {
        var hook = new OrderChannel(OrderChannelKind.Webhook, "https://paper.example/hook") { Format = "ubl" };
        Given(Registered).When(new Vendor.Command.SetOrderChannel(hook)).Refuses("channel-secret-missing");
        Vendor.Event added = new Vendor.Event.ChannelSecretAdded("s1");
        Given(Registered, added).When(new Vendor.Command.SetOrderChannel(hook)).Records(new Vendor.Event.OrderChannelSet(hook));
        Given(Registered, added, new Vendor.Event.OrderChannelSet(hook)).When(new Vendor.Command.RetireChannelSecret("s1"))
            .Refuses("channel-secret-needed");
        Given(Registered, added, new Vendor.Event.ChannelSecretAdded("s2")).When(new Vendor.Command.AddChannelSecret("s3"))
            .Refuses("too-many-secrets");
    }

    [Fact]
    public void mail_goes_to_a_contact_of_the_vendor()
    {
        var mail = new OrderChannel(OrderChannelKind.Email) { Contact = "c1" };
        Given(Registered).When(new Vendor.Command.SetOrderChannel(mail)).Refuses("contact-unknown");
        Given(Registered, new Vendor.Event.ContactAdded("c1", ContactRole.Orders)).When(new Vendor.Command.SetOrderChannel(mail))
            .Records(new Vendor.Event.OrderChannelSet(mail));
        Given(Registered).When(new Vendor.Command.SetOrderChannel(OrderChannel.Manual with { Contact = "c1" }))
            .Refuses("contact-not-wanted");
        Given(Registered).When(new Vendor.Command.SetOrderChannel(OrderChannel.Manual with { Format = "EDI 850" }))
            .Refuses("format-malformed");
    }

    [Fact]
    public void a_suspended_vendor_keeps_its_contacts_and_gets_them_back()
    {
        var file = Given(Registered, new Vendor.Event.ContactAdded("c1", ContactRole.Orders), new Vendor.Event.Suspended("late"))
            .After(new Vendor.Command.AddContact("c2", ContactRole.Billing)).After(new Vendor.Command.Reinstate()).State;
        file.ShouldBeOfType<Vendor.State.Active>().File.Contacts.Keys.ShouldBe(["c1", "c2"]);
    }
}

public class DirectoryTests
{
    private static readonly EventCatalogue Catalogue = EventCatalogue.Of([typeof(Member).Assembly]);
    private long position;

    [Fact]
    public void sites_of_two_members_may_share_an_id()
    {
        var sites = new SitesDirectory();
        var facts = new SiteFacts("Gym", new(["1 Oak St"], "Oak", "55021"));
        var one = Recorded("member-M-1", new Member.Event.SiteAdded(new("HS"), facts));
        var two = Recorded("member-M-1-2", new Member.Event.SiteAdded(new("HS"), facts));
        sites.KeysOf(one).ShouldBe(["M-1/HS"]);
        sites.KeysOf(two).ShouldBe(["M-1-2/HS"]);
        sites.Apply("M-1-2/HS", null, two)!.Member.ShouldBe(new("M-1-2"));
        sites.KeysOf(Recorded("member-M-1", new Member.Event.Rejoined(new(2026, 1, 1)))).ShouldBeEmpty();
    }

    [Fact]
    public void a_second_user_does_not_take_over_a_sign_in()
    {
        var subjects = new SubjectsDirectory();
        var link = SubjectLink.Of("https://id.example", "ada");
        var first = Recorded("user-u-1", new User.Event.SubjectLinked(link));
        var second = Recorded("user-u-2", new User.Event.SubjectLinked(link));
        var row = subjects.Apply(link.SubjectHash, null, first);
        subjects.Apply(link.SubjectHash, row, second)!.UserId.ShouldBe("u-1");
    }

    [Fact]
    public void a_key_is_refused_from_its_expiry_on_and_when_revoked()
    {
        var end = new DateTimeOffset(2026, 3, 6, 0, 0, 0, TimeSpan.Zero);
        var keys = new ApiKeysDirectory();
        var facts = new ApiKeyFacts("k1", ApiKeySecret.HashOf(new byte[32]), OrgRef.Of(new VendorId("V-1")), [Roles.Vendor], "x", end);
        var row = keys.Apply("k1", null, Recorded("api-key-k1", new ApiKey.Event.Issued(facts)))!;
        row.IsValidAt(end.AddTicks(-1)).ShouldBeTrue();
        row.IsValidAt(end).ShouldBeFalse();
        keys.Indexes.Single().Value(row).ShouldBe("Vendor/V-1");
        keys.Apply("k1", row, Recorded("api-key-k1", new ApiKey.Event.Revoked("lost")))!.IsValidAt(end.AddDays(-1)).ShouldBeFalse();
    }

    [Fact]
    public void the_directory_of_members_says_what_the_aggregate_says()
    {
        var directory = new MembersDirectory();
        var facts = new MemberFacts("Oak", MemberType.Ccoga, MemberKind.City, "Rice", true);
        Member.Event[] history =
        [
            new Member.Event.Admitted(new("M-1"), new("SSC"), facts), new Member.Event.Corrected("Oak City", "Steele", null, null),
            new Member.Event.SiteAdded(new("S-1"), new("Hall", new(["1 Oak St"], "Oak", "55021"))), new Member.Event.SiteClosed(new("S-1")),
            new Member.Event.TypeChanged(MemberType.NonProfit, MemberKind.NonProfit, false, []), new Member.Event.Left(new(2026, 6, 30)),
        ];
        var row = history.Aggregate((MemberRow?)null, (r, e) => directory.Apply("M-1", r, Recorded("member-M-1", e)))!;
        var state = (Member.State.Admitted)history.Aggregate(Member.Initial, Member.Evolve);
        row.ShouldBe(new MemberRow(state.Member, state.Cooperative, state.Facts, state.Approval, state.LastDay));
        directory.Indexes.Select(i => i.Value(row)).ShouldBe(["SSC", "NonProfit", "Steele"]);
    }

    private RecordedEvent Recorded(string stream, object fact) => new(Catalogue)
    {
        Position = ++position,
        Id = Guid.Empty,
        Tenant = "mn",
        Stream = stream,
        Version = position,
        Type = Catalogue.AliasOf(fact),
        Data = EventCatalogue.Serialize(fact),
        At = DateTimeOffset.UnixEpoch,
        Metadata = new("a", "c"),
    };
}
