using EventForum.Boards;
using EventForum.Exchange;
using EventForum.History;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Web;
using Wolverine.Http;

if (CommandLine.Knows(args))
{
    return await CommandLine.RunAsync(args);
}

var builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
);
if (CommandLine.Serves(args) && TokenOptions.Of(builder.Configuration).ReasonNotToServe(builder.Environment) is { } why)
{
    await Console.Error.WriteLineAsync(why);
    return 1;
}

if (args.Length == 0)
{
    builder.AddTelemetry();
}

builder.AddStore(serves: args.Length == 0);
builder.AddTokens();
builder.AddHttpProblems();
builder.AddOperations();
builder.AddRequestLimits();
builder.Services.AddWolverineHttp();
builder.Services.AddBoards().AddMembers(builder.Configuration).AddThreads(builder.Configuration).AddPages();
builder.Services.AddHistory();
builder.Services.AddExchange(builder.Configuration);

var app = builder.Build();
app.UseProxies();
app.UseSecurityHeaders();
app.UseHead();
app.UseCaching();
app.UseHttpProblems();
app.UsePages();
app.UseAuthentication();
app.UseRequestLimits();
app.UseAuthorization();
app.MapOperations();
app.MapWolverineEndpoints(http =>
{
    http.RejectUnparseableQueryValues = true;
    http.RejectUnparseableHeaderValues = true;
});
app.MapPages();
app.GreetWhenStarted();
try
{
    if (args.Length > 0)
    {
        return await CommandLine.RunAsync(args, app);
    }

    await app.RunAsync();
    return Environment.ExitCode;
}
catch (StartRefusedException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (Exception e) when (Outage.Is(e))
{
    await Console.Error.WriteLineAsync($"The database does not answer: {Outage.Reason(e)}");
    return 1;
}
