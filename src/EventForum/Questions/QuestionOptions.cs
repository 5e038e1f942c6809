using System.Globalization;

namespace EventForum.Questions;

/// <summary>How an answer is printed.</summary>
internal enum AnswerForm
{
    Table,
    Csv,
    Json,
    Chart,
}

/// <summary>What stands behind a question on the command line.</summary>
/// <param name="ChartColumn">The column that the chart shows; null for the first one that holds numbers.</param>
/// <param name="Memory">How much the question may keep, in megabytes.</param>
/// <param name="Promote">The view to begin; null to answer.</param>
internal sealed record QuestionOptions(
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    string? Board = null,
    string? Member = null,
    string? Thread = null,
    AnswerForm Form = AnswerForm.Table,
    string? ChartColumn = null,
    TimeSpan? Timeout = null,
    int Memory = 1024,
    string? Promote = null,
    bool Help = false
)
{
    public const string Usage = """
        A question reads the forum's events and prints an answer. It changes nothing.

          --from TIME --to TIME   only what happened from a time on and before another one, as 2026-01-31 or
                                  2026-01-31T12:00Z; without a zone it is UTC
          --last SPAN             only what happened since then, as 90d, 12h or 30m
          --board NAME|ID         only what happened in a board; its threads are those that are in it now
          --member NAME|ID        only what a member did
          --thread TITLE|ID       only what happened in a thread

          --csv, --json           comma-separated values, or an array of rows, instead of a table
          --chart [COLUMN]        bars, one a row, of the first column of numbers or of another one

          --timeout SPAN          how long it may take: 10m without it
          --memory MB             how much it may keep in memory: 1024 without it

          --promote NAME          answers nothing, but begins the view src/EventForum/Views/NAME.cs with what the
                                  question says: its summary, events and columns

        The answer goes to standard output, everything else to standard error.
        """;

    private static readonly TimeSpan UsualTimeout = TimeSpan.FromMinutes(10);

    /// <summary>Timers of .NET go no further than some weeks.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(40);

    /// <summary>How long the question may take.</summary>
    public TimeSpan Limit =>
        Timeout is not { } given ? UsualTimeout
        : given < LongestTimeout ? given
        : LongestTimeout;

    /// <exception cref="QuestionRefusedException">Something in it cannot be read.</exception>
    public static QuestionOptions Parse(IReadOnlyList<string> args, DateTimeOffset now)
    {
        var options = new QuestionOptions();
        var given = new HashSet<string>(StringComparer.Ordinal);
        var rest = new Queue<string>(args.SelectMany(Split));
        while (rest.TryDequeue(out var flag))
        {
            if (!given.Add(flag))
            {
                throw new QuestionRefusedException($"{flag} stands there twice: say it once.");
            }

            options = flag switch
            {
                "--help" or "-h" => options with { Help = true },
                "--from" => options with { From = Spans.Time(flag, Value()) },
                "--to" => options with { To = Spans.Time(flag, Value()) },
                "--last" => options with { From = now - Spans.Span(flag, Value()) },
                "--board" => options with { Board = Value() },
                "--member" => options with { Member = Value() },
                "--thread" => options with { Thread = Value() },
                "--csv" => options with { Form = AnswerForm.Csv },
                "--json" => options with { Form = AnswerForm.Json },
                "--chart" => options with { Form = AnswerForm.Chart, ChartColumn = Optional() },
                "--timeout" => options with { Timeout = Spans.Span(flag, Value()) },
                "--promote" => options with { Promote = Value() },
                "--memory" => options with { Memory = Spans.Megabytes(flag, Value()) },
                _ => throw new QuestionRefusedException($"There is no {flag} here: --help lists what there is."),
            };

            string Value() =>
                rest.TryDequeue(out var value) && !IsFlag(value)
                    ? value
                    : throw new QuestionRefusedException($"{flag} needs a value: --help says which.");
        }

        Conflict(given, "--from", "--last");
        Conflict(given, "--csv", "--json", "--chart");
        return options is { From: { } from, To: { } to } && from >= to
            ? throw new QuestionRefusedException("Nothing lies between these times: --to comes after --from.")
            : options;

        string? Optional() => rest.TryPeek(out var next) && !IsFlag(next) ? rest.Dequeue() : null;
    }

    private static IEnumerable<string> Split(string argument) =>
        IsFlag(argument) && argument.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
            ? [argument[..at], argument[(at + 1)..]]
            : [argument];

    private static bool IsFlag(string argument) => argument.StartsWith("--", StringComparison.Ordinal);

    private static void Conflict(HashSet<string> given, params string[] flags)
    {
        var both = flags.Where(given.Contains).ToList();
        if (both.Count > 1)
        {
            throw new QuestionRefusedException($"Say only one of {string.Join(" and ", both)}.");
        }
    }
}

/// <summary>Reads times, spans and sizes of the command line.</summary>
internal static class Spans
{
    private const int MostMegabytes = 1_000_000;

    private static readonly string[] Times =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm",
        "yyyy-MM-dd'T'HH:mmzzz",
        "yyyy-MM-dd'T'HH:mm'Z'",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
    ];

    public static DateTimeOffset Time(string flag, string text) =>
        DateTimeOffset.TryParseExact(
            text,
            Times,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : throw new QuestionRefusedException(
                $"{flag} {text} is no time: write it as 2026-01-31 or 2026-01-31T12:00Z."
            );

    public static TimeSpan Span(string flag, string text)
    {
        var seconds = text is [.., var unit]
            ? unit switch
            {
                's' => 1,
                'm' => 60,
                'h' => 3_600,
                'd' => 86_400,
                'w' => 7 * 86_400,
                _ => 0,
            }
            : 0;
        return
            seconds > 0
            && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > 0
            && (double)count * seconds < TimeSpan.FromDays(100 * 365).TotalSeconds
            ? TimeSpan.FromSeconds((double)count * seconds)
            : throw new QuestionRefusedException(
                $"{flag} {text} is no span of time: write a number and s, m, h, d or w, as 90d."
            );
    }

    public static int Megabytes(string flag, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && size is > 0 and <= MostMegabytes
            ? size
            : throw new QuestionRefusedException(
                $"{flag} {text} is no size: write megabytes as a number from 1 to {MostMegabytes:N0}."
            );
}
