using JasperFx.CommandLine;
using Marten;
using Npgsql;

namespace EventForum.Exchange;

public sealed class ImportInput : NetCoreInput
{
    [Description("A file of discussions, a JSON object a post")]
    public string File { get; set; } = "";

    [Description("The board for all threads; without it, each goes to the board of its section")]
    public string? BoardFlag { get; set; }

    [Description("A file of the revisions that the posts had")]
    public string? RevisionsFlag { get; set; }

    [Description("Where to list what could not come in as it stands; FILE.defects.jsonl without it")]
    public string? DefectsFlag { get; set; }
}

/// <summary>Brings what was written elsewhere into this forum, as it happened and when it happened.</summary>
[Description("Import discussions from a file", Name = "import")]
public sealed class ImportCommand : JasperFxAsyncCommand<ImportInput>
{
    public ImportCommand() => Usage("import FILE").Arguments(input => input.File);

    public override async Task<bool> Execute(ImportInput input)
    {
        foreach (var path in new[] { input.File, input.RevisionsFlag }.OfType<string>())
        {
            if (!File.Exists(path))
            {
                Console.Error.WriteLine($"There is no file {path}.");
                return false;
            }
        }

        using var host = input.BuildHost();
        var store = host.Services.GetRequiredService<IDocumentStore>();
        var database = host.Services.GetRequiredService<NpgsqlDataSource>();
        var clock = host.Services.GetRequiredService<TimeProvider>();
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        using var defects = new Defects(input.DefectsFlag ?? input.File + ".defects.jsonl");
        var start = clock.GetTimestamp();
        var result = await Progress.ShowAsync(
            $"Importing {Path.GetFileName(input.File)}",
            clock,
            progress =>
                new SourceImport(database, new PastEvents(store, database), defects).RunAsync(
                    new SourceFile(input.File),
                    input.RevisionsFlag is { } revisions ? [new SourceFile(revisions)] : [],
                    input.BoardFlag,
                    progress,
                    CancellationToken.None
                )
        );
        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(
            $"{result.Threads:N0} threads, {result.Posts:N0} posts, {result.Members:N0} members, {result.Boards:N0} boards."
        );
        Console.WriteLine(
            $"{result.Added:N0} events added in {seconds:N1} s, {result.Known:N0} were there already; {result.Posts / seconds:N0} posts/s."
        );
        Console.WriteLine($"{result.Quotes:N0} quotes refer to what they quote, {result.QuotesKept:N0} stay text.");
        Console.WriteLine(
            defects.Counts.Count == 0
                ? "No defects."
                : $"Defects in {defects.Path}: {string.Join(", ", defects.Counts.Select(d => $"{d.Value:N0} {d.Key}"))}."
        );
        return true;
    }
}
