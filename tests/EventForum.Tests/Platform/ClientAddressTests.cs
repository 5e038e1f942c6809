using System.Net;
using EventForum.Platform;

namespace EventForum.Tests.Platform;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("::1", "::")]
    public void an_address_counts_as_the_network_that_one_subscriber_has(string address, string network) =>
        ClientAddress.Network(IPAddress.Parse(address)).ShouldBe(IPAddress.Parse(network));
}
