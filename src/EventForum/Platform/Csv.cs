using System.Text;

namespace EventForum.Platform;

/// <summary>Comma-separated values as RFC 4180 has them, which no spreadsheet takes for formulas.</summary>
public static class Csv
{
    public static void AppendLine(StringBuilder csv, IEnumerable<string> cells) =>
        csv.AppendJoin(',', cells.Select(Cell)).Append("\r\n");

    /// <summary>
    /// A text that spreadsheets would take for a formula begins with an apostrophe, by which they show it as it is.
    /// </summary>
    public static string Cell(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n')
        {
            text = "'" + text;
        }

        return text.AsSpan().IndexOfAny(",\"\r\n") < 0
            ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
