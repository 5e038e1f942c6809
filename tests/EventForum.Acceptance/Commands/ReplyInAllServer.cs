using EventForum.Acceptance.Commands;
using EventForum.Commands;
using EventForum.Members;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;

[assembly: HostingStartup(typeof(ReplyInAllServer))]

namespace EventForum.Acceptance.Commands;

/// <summary>
/// Teaches a process of the built program <see cref="ReplyInAll"/>: the runtime's start-up hook finds this assembly,
/// the web host's hosting start-up adds a path that sends the command as any route does.
/// </summary>
public sealed class ReplyInAllServer : IHostingStartup
{
    private const string Path = "/tests/replies";

    public static string Route(IEnumerable<Guid> threads) => $"{Path}?threads={string.Join(',', threads)}";

    /// <summary>What a process's environment needs for it.</summary>
    public static (string Key, string Value)[] Settings { get; } =
    [
        ("DOTNET_STARTUP_HOOKS", typeof(ReplyInAllServer).Assembly.Location),
        ("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", typeof(ReplyInAllServer).Assembly.GetName().Name!),
    ];

    public void Configure(IWebHostBuilder builder) =>
        builder.ConfigureServices(services => services.AddTransient<IStartupFilter, Filter>());

    private static async Task RunAsync(HttpContext http)
    {
        http.User = (await http.AuthenticateAsync()).Principal!;
        await http.RequestServices.GetRequiredService<Readers>().OfAsync(http);
        var body = await http.Request.ReadFromJsonAsync<ReplyRequest>(http.RequestAborted);
        var threads = http.Request.Query["threads"].ToString().Split(',').Select(Guid.Parse).ToList();
        var bus = http.RequestServices.GetRequiredService<IMessageBus>();
        var result = await bus.RunAsync(http, new ReplyInAll(threads, body!.Body), StatusCodes.Status201Created);
        await result.ExecuteAsync(http);
    }

    private sealed record ReplyRequest(string Body);

    private sealed class Filter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                app.Use((http, rest) => http.Request.Path == Path ? RunAsync(http) : rest(http));
                next(app);
            };
    }
}
