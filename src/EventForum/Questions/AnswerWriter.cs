using System.Globalization;
using System.Text;
using System.Text.Json;
using EventForum.Platform;
using Spectre.Console;

namespace EventForum.Questions;

/// <summary>Prints answers. Texts of others never steer the terminal; in JSON they are as they are, escaped.</summary>
internal static class AnswerWriter
{
    /// <summary>Into a file or a pipe, where nothing wraps.</summary>
    private const int WidthElsewhere = 400;

    private const int ChartWidth = 80;

    /// <exception cref="QuestionRefusedException">The chart's column holds no numbers.</exception>
    public static void Write(AnswerTable answer, QuestionOptions options, TextWriter to)
    {
        switch (options.Form)
        {
            case AnswerForm.Csv:
                to.Write(Csv(answer));
                break;
            case AnswerForm.Json:
                to.Write(Json(answer));
                break;
            case AnswerForm.Chart:
                WriteChart(answer, options.ChartColumn, to);
                break;
            default:
                WriteTable(answer, to);
                break;
        }

        to.Flush();
    }

    /// <summary>Comma-separated values as RFC 4180 has them, but for the ends of lines.</summary>
    public static string Csv(AnswerTable answer)
    {
        var csv = new StringBuilder();
        foreach (
            var row in (IEnumerable<IEnumerable<string>>)
                [
                    answer.Columns.Select(AnswerTable.Key),
                    .. answer.Rows.Select(row => row.Select(cell => OneLine.Of(AnswerTable.Text(cell)))),
                ]
        )
        {
            csv.AppendJoin(',', row.Select(Quoted)).Append('\n');
        }

        return csv.ToString();
    }

    /// <summary>An array with an object a line.</summary>
    public static string Json(AnswerTable answer)
    {
        var rows = answer.Rows.Select(row =>
            JsonSerializer.Serialize(
                answer
                    .Columns.Zip(row)
                    .ToDictionary(
                        cell => AnswerTable.Key(cell.First),
                        cell => Value(cell.Second),
                        StringComparer.Ordinal
                    ),
                Wire.Json
            )
        );
        return answer.Rows.Count == 0 ? "[]\n" : $"[\n{string.Join(",\n", rows)}\n]\n";
    }

    private static object? Value(object? cell) =>
        cell switch
        {
            double number when !double.IsFinite(number) => null,
            null or bool => cell,
            _ when AnswerTable.IsNumber(cell) => cell,
            TimeSpan span => span.TotalSeconds,
            _ => AnswerTable.Text(cell),
        };

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void WriteTable(AnswerTable answer, TextWriter to)
    {
        var table = new Table().Border(TableBorder.Simple);
        for (var i = 0; i < answer.Columns.Count; i++)
        {
            var column = new TableColumn(Markup.Escape(AnswerTable.Title(answer.Columns[i])));
            var numbers = answer.Rows.Any(row => AnswerTable.IsNumber(row[i]));
            table.AddColumn(numbers ? column.RightAligned().NoWrap() : column);
        }

        foreach (var row in answer.Rows)
        {
            table.AddRow(row.Select(cell => new Text(Shown(cell))));
        }

        Console(to).Write(table);
        if (answer.Rows.Count == 0)
        {
            to.WriteLine("No rows.");
        }
    }

    private static void WriteChart(AnswerTable answer, string? column, TextWriter to)
    {
        if (answer.Rows.Count == 0)
        {
            to.WriteLine("No rows.");
            return;
        }

        var numbers =
            answer.NumbersIn(column)
            ?? throw new QuestionRefusedException(
                $"{(column is null ? "No column" : $"The column {OneLine.Of(column)}")} holds numbers that a chart could show. There are {string.Join(", ", answer.Columns)}."
            );
        var console = Console(to);
        var chart = new BarChart()
            .Label(Markup.Escape(AnswerTable.Title(answer.Columns[numbers])))
            .LeftAlignLabel()
            .Width(Math.Min(console.Profile.Width, ChartWidth));
        chart.Culture = CultureInfo.InvariantCulture;
        foreach (var row in answer.Rows)
        {
            var label = row.Where((cell, i) => i != numbers && cell is not null && !AnswerTable.IsNumber(cell))
                .Select(Shown);
            chart.AddItem(
                Markup.Escape(OneLine.Of(string.Join(" ", label), ChartWidth / 2)),
                Math.Round(Convert.ToDouble(row[numbers] ?? 0, CultureInfo.InvariantCulture), 2),
                Color.Blue
            );
        }

        console.Write(chart);
    }

    /// <summary>A cell as people read it.</summary>
    private static string Shown(object? cell) =>
        cell switch
        {
            int or long or short or byte or uint or ulong => string.Create(CultureInfo.InvariantCulture, $"{cell:N0}"),
            double or decimal or float => string.Create(CultureInfo.InvariantCulture, $"{cell:#,##0.##}"),
            DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            bool yes => yes ? "yes" : "",
            _ => OneLine.Of(AnswerTable.Text(cell)),
        };

    private static IAnsiConsole Console(TextWriter to)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(to) });
        if (!ReferenceEquals(to, System.Console.Out) || System.Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthElsewhere;
        }

        return console;
    }
}
