using System.Globalization;

namespace EventForum.Benchmarks.Faults;

/// <param name="Database">The connection string of a cluster that ops/postgres has made for this run.</param>
/// <param name="Limit">When no further round is begun.</param>
/// <param name="Only">The one fault to try, or null for all of them at random.</param>
internal sealed record FaultOptions(
    string Database,
    string Program,
    int Rounds,
    int Servers,
    int Seed,
    TimeSpan Limit,
    string? Only
)
{
    public const string Verb = "faults";

    public const string Usage = """
        make faults ARGS="[--rounds N] [--servers 1|2] [--seed N] [--minutes N] [--only FAULT] [--program PATH]"

          --rounds N       how many faults, one after another; 40 without it
          --servers N      how many servers share the database; 2 without it
          --seed N         which faults, in which order; a number that it prints without it
          --minutes N      no round begins after so long; 60 without it
          --only FAULT     one of: kill stop freeze backends crash restart frozen-postgres connections disk
          --program PATH   the forum's program; otherwise the one that ops/publish made
        """;

    public static FaultOptions? Parse(string[] args)
    {
        var options = new FaultOptions(
            Environment.GetEnvironmentVariable("EVENTFORUM_DB") ?? "",
            Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../publish/EventForum/release/EventForum")),
            40,
            2,
            (int)(TimeProvider.System.GetTimestamp() % 100_000),
            TimeSpan.FromMinutes(60),
            null
        );
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var isNumber = int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            switch (args[i])
            {
                case "--rounds" when isNumber:
                    options = options with { Rounds = number };
                    break;
                case "--servers" when isNumber && number is 1 or 2:
                    options = options with { Servers = number };
                    break;
                case "--seed" when isNumber:
                    options = options with { Seed = number };
                    break;
                case "--minutes" when isNumber:
                    options = options with { Limit = TimeSpan.FromMinutes(number) };
                    break;
                case "--only":
                    options = options with { Only = args[i + 1] };
                    break;
                case "--program":
                    options = options with { Program = Path.GetFullPath(args[i + 1]) };
                    break;
                default:
                    return null;
            }
        }

        return options.Database.Length > 0 && args.Length % 2 == 0 ? options : null;
    }
}
