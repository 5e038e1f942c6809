using EventForum.Audit;
using EventForum.Boards;
using EventForum.Cases;
using EventForum.CommandLine;
using EventForum.Commands;
using EventForum.Erasure;
using EventForum.History;
using EventForum.Lists;
using EventForum.Members;
using EventForum.Moderation;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Transparency;
using EventForum.Views;
using EventForum.Web;
using Wolverine.Http;

if (ProgramCommands.Knows(args))
{
    return await ProgramCommands.RunAsync(args);
}

try
{
    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
    );
    var serves = ProgramCommands.Serves(args);
    if (serves && TokenOptions.Of(builder.Configuration).ReasonNotToServe(builder.Environment) is { } why)
    {
        throw new StartRefusedException(why);
    }

    if (args.Length == 0)
    {
        builder.AddTelemetry();
    }

    builder.AddStore(serves);
    builder.AddTokens();
    builder.AddHttpProblems();
    builder.AddOperations();
    builder.AddRequestLimits();
    builder.Services.AddWolverineHttp();
    builder.Services.AddBoards().AddMembers(builder.Configuration).AddThreads().AddLists().AddPages();
    builder.Services.AddCommands(builder.Configuration);
    builder.Services.AddHistory();
    builder.Services.AddCases(builder.Configuration);
    builder.Services.AddModeration();
    builder.Services.AddViews(builder.Configuration);
    builder.Services.AddTransparency();
    builder.Services.AddAudit();
    builder.Services.AddErasure(builder.Configuration);
    builder.Services.AddSample(builder.Configuration);

    var app = builder.Build();
    app.UseProxies();
    app.UseSecurityHeaders();
    app.UseHead();
    app.UseCaching();
    app.UseHttpProblems();
    app.UsePages();
    app.Use(HttpProblems.RefuseNul);
    app.UseAuthentication();
    app.UseRequestLimits();
    Readers.Use(app);
    HiddenBoards.Use(app);
    app.UseAuthorization();
    app.MapOperations();
    app.MapWolverineEndpoints(http =>
    {
        http.RejectUnparseableQueryValues = true;
        http.RejectUnparseableHeaderValues = true;
    });
    app.MapLog();
    app.MapPages();
    app.GreetWhenStarted();
    if (args.Length > 0)
    {
        return await ProgramCommands.RunAsync(args, app);
    }

    await app.RunAsync();
    return Environment.ExitCode;
}
catch (Exception e) when (e is not HostAbortedException)
{
    await Console.Error.WriteLineAsync(StartRefusedException.Explain(e));
    return 1;
}
