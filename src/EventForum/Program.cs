using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using JasperFx;
using Wolverine.Http;

var builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 1024 * 1024);
builder.AddStore();
builder.AddTokens();
builder.Services.AddWolverineHttp();
builder.Services.AddBoards().AddMembers(builder.Configuration).AddThreads(builder.Configuration);

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapWolverineEndpoints();
return await app.RunJasperFxCommands(args);
