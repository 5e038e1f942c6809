using EventForum.Acceptance.Harness;
using EventForum.Views;
using EventForum.Views.Framework;
using JasperFx.CommandLine;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(ForumHost))]

namespace EventForum.Acceptance.Harness;

/// <summary>
/// The real program in this process, on Kestrel and a loopback port. All tests share one and run beside each other:
/// each mints its own members, boards and threads, and asserts only on them.
/// </summary>
public sealed class ForumHost : ForumServer, IAsyncLifetime
{
    private readonly TestDatabase? given;
    private readonly (string Key, string Value)[] settings;
    private readonly TimeProvider clock;
    private IReadOnlyList<IView> views = [];
    private readonly Factory factory;

    static ForumHost() => JasperFxEnvironment.AutoStartHost = true;

    public ForumHost()
        : this(null, TimeProvider.System) { }

    private ForumHost(TestDatabase? database, TimeProvider clock, params (string Key, string Value)[] settings)
    {
        given = database;
        this.clock = clock;
        this.settings = settings;
        factory = new Factory(this);
    }

    public IServiceProvider Services => factory.Services;

    /// <summary>A host of a test's own: on a database of its own, or beside others on theirs.</summary>
    public static async Task<ForumHost> StartAsync(
        TestDatabase? database = null,
        params (string Key, string Value)[] settings
    )
    {
        var host = new ForumHost(database, TimeProvider.System, settings);
        await host.InitializeAsync();
        return host;
    }

    /// <summary>A host on a clock of a test's own, and on a database of its own unless one is given.</summary>
    public static async Task<ForumHost> StartAsync(TimeProvider clock, TestDatabase? database = null)
    {
        var host = new ForumHost(database, clock, ("Sample", "false"));
        await host.InitializeAsync();
        return host;
    }

    /// <summary>A host whose program has more views.</summary>
    public static async Task<ForumHost> StartWithAsync(TestDatabase database, params IView[] views)
    {
        var host = new ForumHost(database, TimeProvider.System, ("Sample", "false")) { views = views };
        await host.InitializeAsync();
        return host;
    }

    public async ValueTask InitializeAsync()
    {
        Database = given ?? await TestDatabase.CreateAsync();
        DataFolder = settings.FirstOrDefault(setting => setting.Key == "EVENTFORUM_DATA").Value ?? TestData.Folder;
        factory.UseKestrel(0);
        await Task.Run(factory.StartServer);
        Address = new Uri(
            Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
        );
    }

    protected override async ValueTask EndAsync()
    {
        await factory.DisposeAsync();
        if (given is null)
        {
            await Database.DisposeAsync();
        }
    }

    private sealed class Factory(ForumHost host) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            builder.UseSetting("EVENTFORUM_DB", host.Database.ConnectionString);
            builder.UseSetting("EVENTFORUM_DATA", host.DataFolder);
            builder.ConfigureTestServices(services =>
            {
                services.AddSingleton(host.clock);
                foreach (var view in host.views)
                {
                    services.AddView(view);
                }
            });
            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(new FailureLog()));
            foreach (
                var (key, value) in (IEnumerable<(string Key, string Value)>)[.. TestLimits.High, .. host.settings]
            )
            {
                builder.UseSetting(key, value);
            }
        }
    }
}
