using System.Text;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Erasure;

public sealed class ErasedFilesTests
{
    /// <summary>Where the files of PostgreSQL are; only beside a cluster that tests have to themselves.</summary>
    private static readonly string? Cluster = Environment.GetEnvironmentVariable("EVENTFORUM_TEST_FILES");

    [Fact]
    public async Task no_file_of_postgresql_has_a_byte_of_who_is_erased_on_the_command_line()
    {
        Assert.SkipWhen(Cluster is null, "The files of this PostgreSQL are out of reach.");
        await using var database = await TestDatabase.CreateAsync();
        PersonalHistory history;
        await using (var forum = await ForumHost.StartAsync(database))
        {
            history = await PersonalHistory.WriteAsync(forum);
            await ReadModels.CatchUpAsync(forum);
        }

        var (name, word) = (history.Person.Name, history.Word);
        (await FilesWithAsync(word)).ShouldContain(file => file.Contains("pg_wal", StringComparison.Ordinal));
        (await FilesWithAsync(name)).ShouldNotBeEmpty();

        var said = await ForumProcess.CommandAsync(
            database,
            "erase",
            name,
            "--by",
            history.Admin.Name,
            "--reason",
            "Asked for it.",
            "--words",
            "--yes"
        );

        said.ShouldNotContain("ops/README.md");
        (await FilesWithAsync(word)).ShouldBeEmpty();
        (await FilesWithAsync(name)).ShouldBeEmpty();

        async Task<IReadOnlyList<string>> FilesWithAsync(string text)
        {
            await database.ExecuteAsync("checkpoint");
            var own = await database.ScalarAsync<uint>(
                "select oid from pg_database where datname = current_database()"
            );
            var others = Directory
                .EnumerateDirectories(Path.Combine(Cluster!, "base"))
                .Where(folder => Path.GetFileName(folder) != $"{own}");
            return
            [
                .. Directory
                    .EnumerateFiles(Cluster!, "*", SearchOption.AllDirectories)
                    .Where(file => !others.Any(other => file.StartsWith(other + '/', StringComparison.Ordinal)))
                    .Where(file => Has(file, Encoding.UTF8.GetBytes(text))),
            ];
        }
    }

    private static bool Has(string path, byte[] bytes)
    {
        try
        {
            return File.ReadAllBytes(path).AsSpan().IndexOf(bytes) >= 0;
        }
        catch (FileNotFoundException)
        {
            // PostgreSQL deleted it meanwhile.
            return false;
        }
    }
}
