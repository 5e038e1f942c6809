using System.Globalization;

namespace EventForum.Benchmarks;

/// <param name="Database">The PostgreSQL connection string that the forum and the floors share.</param>
/// <param name="Program">The forum's program, built for Release with its generated code.</param>
internal sealed record Options(string Database, string Program, bool Quick, string? Only, int? Posts = null)
{
    public const string Usage = """
        make bench ARGS="[--quick] [--only replies|pages|long|cold|asof|lists|views|log|moderation|bounds|start|import] [--posts N] [--program PATH]"

          --quick          fewer and shorter repeats
          --only NAME      one measurement
          --posts N        how many posts are imported: of log, otherwise a million, or 100,000 with --quick or beside other measurements;
                           of import, otherwise 200,000, or 10,000 with --quick
          --program PATH   the forum's program; otherwise the one that ops/publish made

        EVENTFORUM_DB is the database to use: it fills up with posts, so give it one that can be thrown away.
        """;

    public int Repeats => Quick ? 3 : 5;

    /// <summary>How long each repeat drives the forum, and then its floor.</summary>
    public TimeSpan Slice => TimeSpan.FromSeconds(Quick ? 0.6 : 1.5);

    public TimeSpan WarmUp => TimeSpan.FromSeconds(Quick ? 6 : 20);

    public bool Wants(string name) => Only is null || Only == name;

    public static Options? Parse(string[] args)
    {
        var options = new Options(
            Environment.GetEnvironmentVariable("EVENTFORUM_DB") ?? "",
            Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../publish/EventForum/release/EventForum")),
            false,
            null
        );
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--quick":
                    options = options with { Quick = true };
                    break;
                case "--only"
                    when i + 1 < args.Length
                        && args[i + 1]
                            is "replies"
                                or "pages"
                                or "long"
                                or "cold"
                                or "asof"
                                or "lists"
                                or "views"
                                or "log"
                                or "moderation"
                                or "bounds"
                                or "start"
                                or "import":
                    options = options with { Only = args[++i] };
                    break;
                case "--posts"
                    when i + 1 < args.Length
                        && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var posts)
                        && posts >= 1_000:
                    options = options with { Posts = posts };
                    i++;
                    break;
                case "--program" when i + 1 < args.Length:
                    options = options with { Program = Path.GetFullPath(args[++i]) };
                    break;
                default:
                    return null;
            }
        }

        return options.Database.Length > 0 ? options : null;
    }
}

/// <summary>A measurement cannot go on; the message says why.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
