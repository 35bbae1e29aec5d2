using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.Webhooks;
using Xunit;

namespace SSC.Purchasing.Tests.Exchange;

public class StandardWebhookTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_772_820_000);
    private static readonly byte[] Old = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] New = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];
    private static readonly byte[] Payload = Encoding.UTF8.GetBytes("""{"type":"notice.order_cancelled"}""");

    [Fact]
    public void a_signature_is_the_base64_of_the_hmac_over_id_time_and_payload()
    {
        // Computed apart: openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f over "msg_1.1772820000.{payload}".
        StandardWebhook.Sign("msg_1", At, Payload, [Old]).ShouldBe("v1,fPUTUfBd5iXL3WLZt4tdUeq6QF/RAeZ3XgYCZqHQZRc=");
    }

    [Fact]
    public void while_two_secrets_live_a_receiver_with_either_of_them_verifies()
    {
        var signatures = StandardWebhook.Sign("msg_1", At, Payload, [Old, New]);
        signatures.Split(' ').Length.ShouldBe(2);
        foreach (var secret in new[] { Old, New })
            StandardWebhook.Verify("msg_1", Seconds(At), signatures, Payload, secret, At.AddMinutes(1)).ShouldBeTrue();
        StandardWebhook.Verify("msg_1", Seconds(At), signatures, Payload, new byte[32], At).ShouldBeFalse();
    }

    [Fact]
    public void another_id_time_or_payload_or_an_old_attempt_does_not_verify()
    {
        var signature = StandardWebhook.Sign("msg_1", At, Payload, [Old]);
        StandardWebhook.Verify("msg_2", Seconds(At), signature, Payload, Old, At).ShouldBeFalse();
        StandardWebhook.Verify("msg_1", Seconds(At.AddSeconds(1)), signature, Payload, Old, At).ShouldBeFalse();
        StandardWebhook.Verify("msg_1", Seconds(At), signature, [.. Payload, 0], Old, At).ShouldBeFalse();
        StandardWebhook.Verify("msg_1", Seconds(At), signature, Payload, Old, At.AddMinutes(6)).ShouldBeFalse();
        StandardWebhook.Verify("msg_1", "soon", signature, Payload, Old, At).ShouldBeFalse();
        StandardWebhook.Verify("msg_1", Seconds(At), "v1,short v2,x", Payload, Old, At).ShouldBeFalse();
    }

    [Fact]
    public void a_secret_is_shown_with_its_prefix_and_read_back()
    {
        var shown = StandardWebhook.Format(Old);
        shown.ShouldStartWith("whsec_");
        StandardWebhook.Parse(shown).ShouldBe(Old);
        StandardWebhook.Parse("whsec_AAAA").ShouldBeNull();
        StandardWebhook.Parse(Convert.ToBase64String(Old)).ShouldBeNull();
    }

    [Theory]
    [InlineData("purchase-order-JO-1:V-1.2-r1")]
    [InlineData("x")]
    public void a_message_id_holds_no_full_stop_and_is_always_the_same(string id)
    {
        StandardWebhook.MessageId(id).ShouldNotContain(".");
        StandardWebhook.MessageId(id).ShouldBe(StandardWebhook.MessageId(id));
        StandardWebhook.MessageId(id).ShouldNotBe(StandardWebhook.MessageId(id + "0"));
    }

    private static string Seconds(DateTimeOffset at) =>
        at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
}
