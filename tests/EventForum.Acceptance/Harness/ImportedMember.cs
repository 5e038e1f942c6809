using System.Text.Json;

namespace EventForum.Acceptance.Harness;

/// <summary>A person whom an import brings, with a thread of one post.</summary>
internal sealed record ImportedMember(Guid Id, string Name, Guid ThreadId, Guid PostId, string File)
{
    /// <summary>A forum takes in one archive at a time.</summary>
    private static readonly SemaphoreSlim Turn = new(1);

    public static async Task<ImportedMember> ArriveAsync(TestDatabase database)
    {
        var source = $"archive-{Guid.CreateVersion7():N}";
        var name = ForumServer.NewName("old");
        var line = new
        {
            source,
            thread = "t",
            thread_title = "From the archive",
            post = "p",
            author = name,
            posted_at = "2001-02-03T04:05:06Z",
            body = "The herons of the archive.",
        };
        var file = Path.Combine(Directory.CreateTempSubdirectory("eventforum-archive-").FullName, "posts.jsonl");
        await System.IO.File.WriteAllTextAsync(file, JsonSerializer.Serialize(line) + "\n");
        await ImportAsync(database, file);
        var ids = await database.ScalarAsync<Guid[]>(
            """
            select array[user_name::uuid, stream_id, (data ->> 'postId')::uuid] from forum.mt_events
             where type = 'thread_started' and headers -> 'import' ->> 'source' = $1
            """,
            source
        );
        return new ImportedMember(ids[0], name, ids[1], ids[2], file);
    }

    /// <summary>Imports the same archive once more, and gives what is said about it.</summary>
    public Task<string> ArriveAgainAsync(TestDatabase database) => ImportAsync(database, File);

    private static async Task<string> ImportAsync(TestDatabase database, string file)
    {
        await Turn.WaitAsync();
        try
        {
            return await ForumProcess.CommandAsync(database, "import", file);
        }
        finally
        {
            Turn.Release();
        }
    }
}
