using System.Text;
using Shouldly;
using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Host.Deliveries;
using Xunit;

namespace SSC.Purchasing.Tests.Host;

/// <summary>What a vendor's answer means for a delivery.</summary>
public class VendorAnswerTests
{
    [Theory]
    [InlineData(200, null)]
    [InlineData(201, null)]
    [InlineData(400, "Rejected")]
    [InlineData(406, "Rejected")]
    [InlineData(500, "Failed")]
    [InlineData(560, "Failed")]
    public void a_cxml_status_inside_of_http_200_counts(int code, string? expected)
    {
        var body = CxmlResponse.Write(new(code, "As said", "The order was looked at."), "r-1@vendor", DateTimeOffset.UnixEpoch);
        var judged = VendorOrderSender.Judge(Answer(200, body), "cxml");
        judged?.GetType().Name.ShouldBe(expected);
        (judged is null).ShouldBe(expected is null);
        var said = (judged as DeliveryResult.Failed)?.Reason ?? (judged as DeliveryResult.Rejected)?.Reason;
        if (said is not null) said.ShouldBe($"the receiver's cXML answer is {code} As said: The order was looked at.");
        VendorOrderSender.Judge(Answer(200, body), "ubl").ShouldBeNull("only cXML is answered in cXML");
    }

    [Theory]
    [InlineData("")]
    [InlineData("thank you")]
    [InlineData("<html><body>thank you</body></html>")]
    [InlineData("<cXML><Request/></cXML>")]
    public void an_answer_in_the_vendors_own_words_counts_by_its_http_status(string body)
    {
        VendorOrderSender.Judge(Answer(200, Encoding.UTF8.GetBytes(body)), "cxml").ShouldBeNull();
        VendorOrderSender.Judge(Answer(503, Encoding.UTF8.GetBytes(body)), "cxml").ShouldBeOfType<DeliveryResult.Failed>();
    }

    private static Answered Answer(int status, byte[] body) => new(status, body, null, _ => null);
}
