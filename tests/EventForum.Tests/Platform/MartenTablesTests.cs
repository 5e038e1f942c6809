using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using Marten;

namespace EventForum.Tests.Platform;

/// <summary>What Marten calls its tables and columns stands in one file.</summary>
public sealed partial class MartenTablesTests
{
    [Fact]
    public void the_names_are_those_that_marten_has()
    {
        var options = new StoreOptions { DatabaseSchemaName = Store.Schema };
        var names = ((IReadOnlyStoreOptions)options).Schema;

        names.ForEvents().ShouldBe(MartenTables.EventTable);
        names.ForStreams().ShouldBe(MartenTables.Streams);
        names.ForEventProgression().ShouldBe(MartenTables.Progress);
        names.For<Board>().ShouldBe(MartenTables.Documents + "board");
        names.For<Member>().ShouldBe(MartenTables.Documents + "member");
        names.For<MemberProfile>().ShouldBe(MartenTables.Documents + "memberprofile");
        names.For<ForumThread>().ShouldBe(MartenTables.Documents + "forumthread");
    }

    [Fact]
    public void no_other_file_spells_them()
    {
        var sources = Sources();
        sources.Count.ShouldBeGreaterThan(100);

        sources
            .Where(path => Path.GetFileName(path) != nameof(MartenTables) + ".cs")
            .SelectMany(path =>
                File.ReadLines(path).Where(line => Spelled().IsMatch(line)).Select(line => (path, line))
            )
            .ShouldBeEmpty();
    }

    [GeneratedRegex(@"\bmt_\w|seq_id\b", RegexOptions.None, 1_000)]
    private static partial Regex Spelled();

    private static List<string> Sources([CallerFilePath] string path = "")
    {
        var source = Path.Combine(Path.GetDirectoryName(path)!, "../../../src/EventForum");
        return
        [
            .. Directory
                .EnumerateDirectories(source)
                // What Wolverine generates for a Release build, and what a build makes.
                .Where(folder => Path.GetFileName(folder) is not ("Internal" or "obj" or "bin"))
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)),
            .. Directory.EnumerateFiles(source, "*.cs"),
        ];
    }
}
