using EventForum.Access;
using EventForum.Boards;
using EventForum.Exchange;
using EventForum.Platform;
using EventForum.Threads;
using JasperFx.CommandLine;
using Marten;
using Npgsql;

namespace EventForum.CommandLine;

public sealed class ExportInput : HostInput
{
    [Description("Where to write the events; standard output without it")]
    public string File { get; set; } = "";

    [FlagAlias("thread", true)]
    [Description("Only this thread, with its board and the members who did something in it")]
    public string? ThreadFlag { get; set; }

    [FlagAlias("board", true)]
    [Description("Only this board, with its threads and the members who did something there")]
    public string? BoardFlag { get; set; }

    [FlagAlias("html", true)]
    [Description(
        "Save what guests see as pages that need no server, in this folder, which is made; asks the running forum"
    )]
    public string? HtmlFlag { get; set; }

    [FlagAlias("mbox", true)]
    [Description("Save what guests see as mails, in this mbox file; asks the running forum")]
    public string? MboxFlag { get; set; }

    [Description("The forum to ask for pages and mails; EVENTFORUM_URL, or the one that make run starts")]
    public string? UrlFlag { get; set; }

    [FlagAlias("member", true)]
    [Description("Only what the member of this name did, and what was done to the member")]
    public string? MemberFlag { get; set; }
}

/// <summary>Writes the forum's events, a line of JSON each, as <c>import</c> reads them.</summary>
[Description("Export events to a file; or save what guests see, as pages or as mails", Name = "export")]
public sealed class ExportCommand : JasperFxAsyncCommand<ExportInput>
{
    private const int NamedThreads = 10;

    public ExportCommand()
    {
        Usage("export to standard output").Arguments();
        Usage("export to FILE").Arguments(input => input.File);
    }

    public override async Task<bool> Execute(ExportInput input)
    {
        if (input.HtmlFlag is not null || input.MboxFlag is not null)
        {
            return await SaveCommand.RunAsync(input);
        }

        var services = input.Services;
        var clock = services.GetRequiredService<TimeProvider>();
        var store = services.GetRequiredService<IDocumentStore>();
        await services.GetRequiredService<SchemaUpgrade>().ApplyAsync();
        var export = new Export(services.GetRequiredService<NpgsqlDataSource>());
        var past = new PastEvents(
            store,
            services.GetRequiredService<NpgsqlDataSource>(),
            [.. services.GetServices<EventDescription>()]
        );
        IReadOnlyCollection<Guid>? streams = null;
        Guid? member = null;
        switch (input)
        {
            case { ThreadFlag: null, BoardFlag: null, MemberFlag: null }:
                break;
            case { ThreadFlag: { } id, BoardFlag: null, MemberFlag: null }:
                if (!Guid.TryParse(id, out var thread))
                {
                    return Refuse("Name a thread by its id.");
                }

                if (!await export.HasStreamAsync(thread, past.KindOf<ForumThread>(), CancellationToken.None))
                {
                    return Refuse($"There is no thread {thread}.");
                }

                streams = await export.ThreadAsync(thread, CancellationToken.None);
                break;
            case { ThreadFlag: null, BoardFlag: { } id, MemberFlag: null }:
                if (!Guid.TryParse(id, out var board))
                {
                    return Refuse("Name a board by its id.");
                }

                if (!await export.HasStreamAsync(board, past.KindOf<Board>(), CancellationToken.None))
                {
                    return Refuse($"There is no board {board}.");
                }

                streams = await export.BoardAsync(board, CancellationToken.None);
                break;
            case { ThreadFlag: null, BoardFlag: null, MemberFlag: { } name }:
                member = await export.FindMemberAsync(name, CancellationToken.None);
                if (member is null)
                {
                    return Refuse($"There is no member {name}.");
                }

                break;
            default:
                return Refuse("Choose one of --thread, --board and --member.");
        }

        var start = clock.GetTimestamp();
        long count;
        try
        {
            await using Stream to =
                input.File.Length == 0
                    ? new BufferedStream(Console.OpenStandardOutput(), 1 << 16)
                    : new FileStream(input.File, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
            count = await Progress.ShowAsync(
                "Exporting",
                clock,
                progress => export.WriteAsync(to, streams, member, progress, CancellationToken.None)
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse($"The export is not complete: {e.Message}");
        }

        await Console.Error.WriteLineAsync(
            $"{count:N0} events exported in {clock.GetElapsedTime(start).TotalSeconds:N1} s."
        );
        if (streams is not null)
        {
            await ReportQuotedElsewhereAsync(export, streams);
        }

        return true;
    }

    private static async Task ReportQuotedElsewhereAsync(Export export, IReadOnlyCollection<Guid> streams)
    {
        var elsewhere = await export.QuotedElsewhereAsync(streams, CancellationToken.None);
        if (elsewhere.Count > 0)
        {
            var quotes = elsewhere.Sum(quoted => quoted.Quotes);
            var named = string.Join(", ", elsewhere.Take(NamedThreads).Select(quoted => quoted.Thread));
            await Console.Error.WriteLineAsync(
                $"{quotes:N0} {(quotes == 1 ? "quote refers" : "quotes refer")} to posts of other threads that are not in the file: "
                    + $"{named}{(elsewhere.Count > NamedThreads ? " …" : "")}. Export those too, or everything."
            );
        }
    }

    private static bool Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return false;
    }
}
