using System.Runtime;
using EventForum.Access;
using EventForum.Exchange;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using JasperFx.CommandLine;
using Marten;
using Npgsql;

namespace EventForum.CommandLine;

/// <summary>Brings what happened elsewhere into this forum, as it happened and when it happened.</summary>
[Description(
    "Import discussions, or what export wrote. A file that is refused stores nothing; one that was interrupted is run again",
    Name = "import"
)]
public sealed class ImportCommand : JasperFxAsyncCommand<ImportInput>
{
    private const string Lock = "select pg_try_advisory_lock(hashtext('eventforum import'))";

    public ImportCommand() => Usage("import FILES").Arguments(input => input.Files);

    public override async Task<bool> Execute(ImportInput input)
    {
        try
        {
            return await RunAsync(input);
        }
        catch (FormatException e)
        {
            return Refuse($"This file cannot be imported: {e.Message}");
        }
        catch (Exception e)
            when ((e as PostgresException ?? e.InnerException as PostgresException)
                    is { SqlState: PostgresErrorCodes.UniqueViolation } taken
            )
        {
            return Refuse(
                $"A member or a board of the file has what another one has here already ({taken.ConstraintName}). What came before it is stored."
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || Outage.Is(e))
        {
            return Refuse(
                $"The import is not complete: {e.Message} Mend that, or name another file for the defects with --defects, and run it again: what is stored already is known."
            );
        }
    }

    private static async Task<bool> RunAsync(ImportInput input)
    {
        if (PostFormats.Find(input.FormatFlag ?? "markdown") is not { } format)
        {
            return Refuse($"There is no format {input.FormatFlag}: name markdown, bbcode, mail or text with --format.");
        }

        // Nobody waits for a single answer, as of a server: collecting beside the work takes more time than it saves.
        GCSettings.LatencyMode = GCLatencyMode.Batch;
        var now = input.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (input.FromFlag is not null)
        {
            return await ImportFrom.RunAsync(input, format, now);
        }

        var files = input.Files.Append(input.RevisionsFlag).OfType<string>().ToList();
        if (files.Find(file => !File.Exists(file)) is { } missing)
        {
            return Refuse(
                Directory.Exists(missing)
                    ? $"{missing} is a folder: name the files in it, or say what it holds with --from."
                    : $"There is no file {missing}."
            );
        }

        if (
            input.DefectsFlag is { } path
            && files.Exists(file => System.IO.Path.GetFullPath(file) == System.IO.Path.GetFullPath(path))
        )
        {
            return Refuse($"The defects would overwrite {path}: name another file with --defects.");
        }

        var revisions = files.Where(SourceFile.HoldsRevisions).Select(file => new SourceFile(file, now)).ToList();
        files.RemoveAll(SourceFile.HoldsRevisions);
        var acts = files.Where(SourceFile.HoldsActs).Select(file => new SourceFile(file, now)).ToList();
        files.RemoveAll(SourceFile.HoldsActs);
        if (files.Count == 0)
        {
            return Refuse("Name the file of the posts as well: revisions and acts alone start no thread.");
        }

        if (input.DryRunFlag)
        {
            return await ImportTrial.RunAsync(input, files, format, now, revisions, acts);
        }

        var store = input.Services.GetRequiredService<IDocumentStore>();
        var database = input.Services.GetRequiredService<NpgsqlDataSource>();
        await input.Services.GetRequiredService<SchemaUpgrade>().ApplyAsync();
        await using var connection = await database.OpenConnectionAsync();
        if (!await IsOnlyOneAsync(connection))
        {
            return Refuse("Another import is running.");
        }

        var met = new HashSet<(string, string)>();
        foreach (var file in files)
        {
            using var defects = Defects(input, file, append: file != files[0]);
            var past = new PastEvents(store, database, [.. input.Services.GetServices<EventDescription>()]);
            await ImportAsync(input, file, format, now, revisions, acts, met, past, defects);
        }

        ReportUnused(input, revisions, acts, met);
        return true;
    }

    /// <summary>Lists the revisions and acts of what none of the files has.</summary>
    /// <param name="met">The source and id of every post of the files, and of every thread.</param>
    internal static void ReportUnused(
        ImportInput input,
        List<SourceFile> revisions,
        List<SourceFile> acts,
        HashSet<(string, string)> met
    )
    {
        revisions.ForEach(file =>
            ReportUnused(
                input,
                file,
                "revision-without-post",
                "No file has the post; the revision is not stored.",
                line => met.Contains((line.Source, line.Post))
            )
        );
        acts.ForEach(file =>
            ReportUnused(
                input,
                file,
                "act-without-thread",
                "No file has the thread; the act is not stored.",
                line => met.Contains((line.Source, SourceImport.ActsOf + line.Thread))
            )
        );
    }

    /// <summary>One import at a time: the lock lasts as long as the connection.</summary>
    internal static async Task<bool> IsOnlyOneAsync(NpgsqlConnection connection)
    {
        await using var lockIt = new NpgsqlCommand(Lock, connection);
        return await lockIt.ExecuteScalarAsync() is true;
    }

    private static async Task ImportAsync(
        ImportInput input,
        string file,
        PostFormat format,
        DateTimeOffset now,
        List<SourceFile> revisions,
        List<SourceFile> acts,
        HashSet<(string, string)> met,
        PastEvents past,
        Defects defects
    )
    {
        var clock = input.Services.GetRequiredService<TimeProvider>();
        var database = input.Services.GetRequiredService<NpgsqlDataSource>();
        var isExport = SourceFile.HoldsEvents(file);
        var start = clock.GetTimestamp();
        var result = await Progress.ShowAsync(
            $"Importing {Path.GetFileName(file)}",
            clock,
            progress =>
                isExport
                    ? new EventsImport(database, past, defects, now).RunAsync(file, progress, CancellationToken.None)
                    : new SourceImport(database, past, defects).RunAsync(
                        new SourceFile(file, now),
                        revisions,
                        acts,
                        input.BoardFlag,
                        format,
                        met,
                        progress,
                        CancellationToken.None
                    )
        );
        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine($"{file}:");
        if (!isExport)
        {
            Console.WriteLine(
                $"  read: {result.Threads:N0} threads, {result.Posts:N0} posts by {result.Members:N0} members, in {result.Boards:N0} boards"
            );
            Console.WriteLine(
                $"  {result.Quotes:N0} quotes refer to what they quote, {result.QuotesKept:N0} stay text"
            );
        }

        Console.WriteLine($"  {result.Added:N0} events added, {result.Known:N0} were there already, in {seconds:N1} s");
        Console.WriteLine($"  {defects.Summary}");
    }

    internal static Defects Defects(ImportInput input, string file, bool append) =>
        new(input.DefectsFlag ?? file + ".defects.jsonl", append && input.DefectsFlag is not null);

    private static void ReportUnused(
        ImportInput input,
        SourceFile file,
        string kind,
        string detail,
        Func<SourceLine, bool> isUsed
    )
    {
        using var defects = Defects(input, file.Path, append: true);
        foreach (var line in file.Lines().Where(line => !isUsed(line)))
        {
            defects.Add(
                new Defect(file.Name, line.Number, kind, detail, line.Source, line.Thread, line.Post, line.Raw)
            );
        }

        if (defects.Counts.Count > 0)
        {
            Console.WriteLine($"{file.Path}:");
            Console.WriteLine($"  defects: {defects.Counts.Values.Sum():N0} {kind}; see {defects.Path}");
        }
    }

    internal static bool Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return false;
    }
}
