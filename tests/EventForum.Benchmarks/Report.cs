using System.Globalization;
using Spectre.Console;

namespace EventForum.Benchmarks;

/// <summary>One table of everything that was measured, each number beside its floor.</summary>
internal sealed class Report
{
    private readonly Table table = new() { Border = TableBorder.Simple };
    private readonly List<string> notes =
    [
        "Medians of repeats that alternate with their floor; ms are p50 / p99;",
        "CPU is microseconds a request in this load generator / the forum / PostgreSQL.",
    ];

    public Report()
    {
        table.AddColumn("");
        foreach (var head in new[] { "forum", "ms", "floor", "ms", "ratio", "target", "CPU" })
        {
            table.AddColumn(new TableColumn(head).RightAligned().NoWrap());
        }
    }

    public static void Progress(string message) => Console.Error.WriteLine(message);

    public void Add(string what, Comparison result, string target = "")
    {
        var cpu = result.Forum.Cpu;
        Row(
            what,
            Text($"{result.Forum.Rate:N0}/s"),
            Text($"{result.Forum.P50:N1} / {result.Forum.P99:N1}"),
            Text($"{result.Floor.Rate:N0}/s"),
            Text($"{result.Floor.P50:N1} / {result.Floor.P99:N1}"),
            Text($"{result.Ratio:N2}"),
            target,
            cpu == Cpu.Unknown ? "" : Text($"{cpu.Client:N0} / {cpu.Server:N0} / {cpu.Postgres:N0}")
        );
    }

    public void Add(string what, double forum, double floor, string unit, string target = "") =>
        Row(
            what,
            Text($"{forum:N0} {unit}"),
            "",
            Text($"{floor:N0} {unit}"),
            "",
            Text($"{forum / floor:N2}"),
            target,
            ""
        );

    public void Note(string note)
    {
        Progress(note);
        notes.Add(note);
    }

    public void Print()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        console.Profile.Width = 150;
        console.Write(table);
        notes.ForEach(console.WriteLine);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Row(params string[] cells)
    {
        Progress(string.Join("  ", cells.Where(cell => cell.Length > 0)));
        table.AddRow(cells.Select(Markup.Escape).ToArray());
    }
}
