using EventForum.Access;
using EventForum.Exchange;
using EventForum.Exchange.Sources;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using Marten;
using Npgsql;

namespace EventForum.CommandLine;

/// <summary>
/// Imports what another program wrote: a reader of that kind makes lines of it, and these come in like a file of lines.
/// </summary>
internal static class ImportFrom
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(2);

    public static async Task<bool> RunAsync(ImportInput input, PostFormat format, DateTimeOffset now)
    {
        if (!KnownSources.All.TryGetValue(input.FromFlag!, out var read))
        {
            return ImportCommand.Refuse(
                $"There is no source {input.FromFlag}: name {string.Join(", ", KnownSources.All.Keys)} with --from."
            );
        }

        var paths = input.Files.Select(Path.TrimEndingDirectorySeparator).ToList();
        if (input.RevisionsFlag is not null)
        {
            return ImportCommand.Refuse("With --from, revisions are read from the source: leave out --revisions.");
        }

        if (paths.Find(path => !File.Exists(path) && !Directory.Exists(path)) is { } missing)
        {
            return ImportCommand.Refuse($"There is no file or folder {missing}.");
        }

        if (input.DefectsFlag is { } told && paths.Exists(path => Path.GetFullPath(path) == Path.GetFullPath(told)))
        {
            return ImportCommand.Refuse($"The defects would overwrite {told}: name another file with --defects.");
        }

        if (
            input.KeepLinesFlag is { } kept
            && Directory.Exists(kept)
            && Directory.EnumerateFileSystemEntries(kept).Any()
        )
        {
            return ImportCommand.Refuse($"{kept} is not empty: name another folder with --keep-lines.");
        }

        var database = input.Services.GetRequiredService<NpgsqlDataSource>();
        await using var connection = await database.OpenConnectionAsync();
        if (!input.DryRunFlag)
        {
            await input.Services.GetRequiredService<SchemaUpgrade>().ApplyAsync();
            if (!await ImportCommand.IsOnlyOneAsync(connection))
            {
                return ImportCommand.Refuse("Another import is running.");
            }
        }

        foreach (var path in paths)
        {
            using var defects = new Defects(
                input.DefectsFlag ?? path + ".defects.jsonl",
                append: path != paths[0] && input.DefectsFlag is not null
            );
            var folder = input.KeepLinesFlag is { } keep
                ? Directory.CreateDirectory(paths.Count == 1 ? keep : Path.Combine(keep, Path.GetFileName(path)))
                : Directory.CreateTempSubdirectory("eventforum-import-");
            try
            {
                var parts = await LinesAsync(input, read, path, folder.FullName, now, defects);
                if (parts.Count == 0)
                {
                    throw new FormatException($"{path} holds no post that can come in; see {defects.Path}.");
                }

                await BringInAsync(input, path, parts, format, now, defects);
            }
            finally
            {
                if (input.KeepLinesFlag is null)
                {
                    folder.Delete(recursive: true);
                }
            }
        }

        return true;
    }

    private static async Task<IReadOnlyList<LineFiles>> LinesAsync(
        ImportInput input,
        Func<SourceReading, Task> read,
        string path,
        string folder,
        DateTimeOffset now,
        Defects defects
    )
    {
        var clock = input.Services.GetRequiredService<TimeProvider>();
        var database = input.Services.GetRequiredService<NpgsqlDataSource>();
        await using var tables = await WorkTables.CreateAsync(database, CancellationToken.None);
        var (done, total) = (0L, 0L);
        await Progress.ShowAsync(
            $"Reading {Path.GetFileName(path)}",
            clock,
            async progress =>
            {
                // PostgreSQL does not say how far it is with a statement: what is known is said again.
                await using var again = clock.CreateTimer(_ => progress(done, total), null, Often, Often);
                await read(
                    new SourceReading(
                        path,
                        input.SourceFlag ?? input.FromFlag!,
                        now,
                        tables,
                        defects,
                        (read, all) => progress(done = read, total = all),
                        CancellationToken.None
                    )
                );
                return 0;
            },
            () => done < total ? " bytes" : " bytes, joining"
        );
        return await Progress.ShowAsync(
            $"Sorting {Path.GetFileName(path)}, lines",
            clock,
            progress => tables.WriteAsync(folder, progress, CancellationToken.None)
        );
    }

    private static async Task BringInAsync(
        ImportInput input,
        string path,
        IReadOnlyList<LineFiles> parts,
        PostFormat format,
        DateTimeOffset now,
        Defects defects
    )
    {
        var clock = input.Services.GetRequiredService<TimeProvider>();
        var start = clock.GetTimestamp();
        if (input.DryRunFlag)
        {
            var trial = new SourceTrial(defects, input.BoardFlag, format);
            foreach (var part in parts)
            {
                await trial.AddAsync(new SourceFile(part.Posts, now), Files(part.Revisions), Files(part.Acts), clock);
            }

            trial.Print(path);
            return;
        }

        var database = input.Services.GetRequiredService<NpgsqlDataSource>();
        var past = new PastEvents(
            input.Services.GetRequiredService<IDocumentStore>(),
            database,
            [.. input.Services.GetServices<EventDescription>()]
        );
        var (threads, posts, quotes, added, known) = (0, 0, 0, 0, 0);
        foreach (var part in parts)
        {
            var result = await Progress.ShowAsync(
                $"Importing {Path.GetFileName(path)}, {Path.GetFileName(part.Posts)}",
                clock,
                progress =>
                    new SourceImport(database, past, defects).RunAsync(
                        new SourceFile(part.Posts, now),
                        Files(part.Revisions),
                        Files(part.Acts),
                        input.BoardFlag,
                        format,
                        [],
                        progress,
                        CancellationToken.None
                    )
            );
            threads += result.Threads;
            posts += result.Posts;
            quotes += result.Quotes;
            added += result.Added;
            known += result.Known;
        }

        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine($"{path}:");
        Console.WriteLine(
            $"  read: {threads:N0} threads, {posts:N0} posts; {quotes:N0} quotes refer to what they quote"
        );
        Console.WriteLine($"  {added:N0} events added, {known:N0} were there already, in {seconds:N1} s");
        Console.WriteLine($"  {defects.Summary}");

        List<SourceFile> Files(IEnumerable<string> names) => [.. names.Select(name => new SourceFile(name, now))];
    }
}
