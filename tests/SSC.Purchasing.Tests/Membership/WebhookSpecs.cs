using FsCheck;
using FsCheck.Fluent;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Tests.Properties;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Membership.Webhook;

namespace SSC.Purchasing.Tests.Membership;

public class WebhookSpecs : SpecFor<Webhook, Command, State, Event>
{
    private const string Url = "https://erp.example/hooks";
    private static readonly OrgRef Owner = OrgRef.Of(new MemberNo("M-1"));
    private static readonly Event Subscribed = new Event.Subscribed(new(Owner, Url, ["*"]) { Secrets = ["s1"] });

    [Fact]
    public void a_subscription_names_an_https_address_and_kinds()
    {
        Given().When(new Command.Subscribe(Owner, Url, ["*"], "s1")).Records(Subscribed);
        Given().When(new Command.Subscribe(Owner, "http://erp.example", ["*"], "s1")).Refuses("url-not-https");
        Given().When(new Command.Subscribe(Owner, Url, [], "s1")).Refuses("webhook-kinds-invalid");
        Given().When(new Command.Subscribe(Owner, Url, ["Order Cancelled"], "s1")).Refuses("webhook-kinds-invalid");
        Given(Subscribed).When(new Command.Subscribe(Owner, Url, ["*", "*"], "s9")).RecordsNothing();
        Given(Subscribed).When(new Command.Subscribe(Owner, Url + "/2", ["*"], "s9")).Refuses("webhook-exists");
    }

    [Fact]
    public void a_secret_is_changed_without_a_gap()
    {
        Given(Subscribed).When(new Command.RetireSecret("s1")).Refuses("webhook-secret-needed");
        Given(Subscribed).When(new Command.AddSecret("s2")).Records(new Event.SecretAdded("s2"));
        Given(Subscribed, new Event.SecretAdded("s2")).When(new Command.AddSecret("s3")).Refuses("too-many-secrets");
        Given(Subscribed, new Event.SecretAdded("s2")).When(new Command.RetireSecret("s1")).Records(new Event.SecretRetired("s1"));
    }

    [Fact]
    public void a_subscription_is_paused_resumed_and_ended()
    {
        Given(Subscribed).When(new Command.Disable("failed")).Records(new Event.Disabled("failed"));
        Given(Subscribed, new Event.Disabled("failed")).When(new Command.Disable("again")).RecordsNothing();
        Given(Subscribed, new Event.Disabled("failed")).When(new Command.Enable()).Records(new Event.Enabled());
        Given(Subscribed, new Event.Removed()).When(new Command.Enable()).Refuses("webhook-unknown");
        Given(Subscribed, new Event.Removed()).When(new Command.Remove()).RecordsNothing();
    }
}

public class WebhookLaws : DeciderLaws<Webhook, Command, State, Event>
{
    protected override Gen<Command> Commands => Gen.OneOf(
        Gen.Elements("https://a.example/", "http://a.example/").Select(u =>
            (Command)new Command.Subscribe(OrgRef.Of(new MemberNo("M-1")), u, ["b.c", "a.b"], "s1")),
        Gen.Elements<StructuralList<string>>(["a.b"], ["*"], ["A"]).Select(k => (Command)new Command.Change("https://b.example/", k)),
        Gen.Elements("s1", "s2", "s3", "no good").Select(s => (Command)new Command.AddSecret(s)),
        Gen.Elements("s1", "s2", "s3").Select(s => (Command)new Command.RetireSecret(s)),
        Gen.Elements("failed", "").Select(r => (Command)new Command.Disable(r)),
        Gen.Elements<Command>(new Command.Enable(), new Command.Enable(), new Command.Remove()));
}
