using System.Net;
using System.Security.Cryptography;
using Shouldly;
using SSC.Purchasing.Host.Deliveries;
using Xunit;

namespace SSC.Purchasing.Tests.Host;

/// <summary>Where deliveries may go, and how secrets rest.</summary>
public class DeliveryGuardTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("203.0.113.5")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:a00:1::")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    public void nothing_is_sent_to_an_address_that_is_no_public_server(string address) =>
        PublicAddresses.IsPublic(IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2606:4700::1111")]
    public void a_public_server_is_reached(string address) => PublicAddresses.IsPublic(IPAddress.Parse(address)).ShouldBeTrue();

    [Fact]
    public void a_sealed_secret_opens_only_with_its_key_and_for_its_owner()
    {
        var (seal, secret) = (new SecretSeal(Convert.ToBase64String(new byte[32])), new byte[] { 1, 2, 3 });
        var box = seal.Close(secret, "mn\nvendor/V-1\ns1");
        seal.Open(box, "mn\nvendor/V-1\ns1").ShouldBe(secret);
        seal.Close(secret, "mn\nvendor/V-1\ns1").ShouldNotBe(box);
        Should.Throw<CryptographicException>(() => seal.Open(box, "mn\nvendor/V-2\ns1"));
        Should.Throw<CryptographicException>(() => new SecretSeal(Convert.ToBase64String([.. Enumerable.Repeat((byte)1, 32)]))
            .Open(box, "mn\nvendor/V-1\ns1"));
        new SecretSeal(null).IsOpen.ShouldBeFalse();
        Should.Throw<ArgumentException>(() => new SecretSeal("c2hvcnQ="));
    }
}
