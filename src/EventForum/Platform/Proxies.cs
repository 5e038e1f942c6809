using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace EventForum.Platform;

/// <summary>
/// The proxies in front of the forum: the section <c>Proxies</c> of the configuration, as in
/// <c>Proxies__Addresses__0=10.0.0.7</c>. From them, and from nobody else, X-Forwarded-For and X-Forwarded-Proto are
/// believed: the address and the scheme of a request are those that the client used. None without it.
/// </summary>
public sealed class Proxies
{
    /// <summary>Addresses of proxies, IPv4 or IPv6.</summary>
    public IReadOnlyList<string> Addresses { get; set; } = [];

    /// <summary>Networks that only proxies are in, such as 10.0.0.0/24.</summary>
    public IReadOnlyList<string> Networks { get; set; } = [];
}

public static class ProxiesModule
{
    /// <summary>First of all: everything that follows goes by the client's address and scheme.</summary>
    public static void UseProxies(this WebApplication app)
    {
        var proxies = app.Configuration.GetSection("Proxies").Get<Proxies>() ?? new Proxies();
        if (proxies.Addresses.Count + proxies.Networks.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // Through as many proxies as there are, up to the first address that is none of them.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var address in proxies.Addresses)
        {
            options.KnownProxies.Add(IPAddress.Parse(address));
        }

        foreach (var network in proxies.Networks)
        {
            options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        }

        app.UseForwardedHeaders(options);
    }
}
