using System.Text;
using System.Text.RegularExpressions;

namespace EventForum.Exchange.Sources;

/// <summary>Rows of a table, in the columns that the dump has.</summary>
/// <param name="Rows">Read before the dump is read on.</param>
internal sealed record DumpRows(string Table, IReadOnlyList<string> Columns, IEnumerable<string?[]> Rows)
{
    /// <summary>The rows in other columns: null where the dump has no such column.</summary>
    public IEnumerable<string?[]> In(IReadOnlyList<string> columns)
    {
        var places = columns.Select(column => Columns.ToList().IndexOf(column)).ToArray();
        return Rows.Select(row => Array.ConvertAll(places, place => place < 0 ? null : row[place]));
    }
}

/// <summary>Reads the rows out of a dump as pg_dump and mysqldump write them: COPY blocks, and INSERT statements.</summary>
internal sealed partial class SqlDump : IDisposable
{
    private readonly IEnumerator<(int Number, string Text, string? Encoding)> lines;
    private readonly string path;
    private readonly Dictionary<string, List<string>> columns = new(StringComparer.Ordinal);
    private bool isPostgres;

    public SqlDump(IEnumerable<(int Number, string Text, string? Encoding)> lines, string path) =>
        (this.lines, this.path) = (lines.GetEnumerator(), path);

    /// <param name="isWanted">Whether the rows of a table are read. Other tables may hold what is no text.</param>
    /// <exception cref="FormatException">A line of a table that is wanted is no UTF-8, or the dump ends within one.</exception>
    public IEnumerable<DumpRows> Tables(Func<string, bool> isWanted)
    {
        while (lines.MoveNext())
        {
            var line = lines.Current.Text;
            if (Copy.Match(line) is { Success: true } copy)
            {
                var table = Name(copy.Groups["table"].Value);
                if (isWanted(table))
                {
                    yield return new DumpRows(table, Names(copy.Groups["columns"].Value), CopiedRows(table));
                }
                else
                {
                    Skip();
                }
            }
            else if (Insert.Match(line) is { Success: true } insert)
            {
                var table = Name(insert.Groups["table"].Value);
                if (isWanted(table))
                {
                    var named = insert.Groups["columns"];
                    IReadOnlyList<string> names = named.Success
                        ? Names(named.Value)
                        : columns.GetValueOrDefault(table) ?? [];
                    yield return new DumpRows(table, names, InsertedRows(table, names, insert.Length));
                }
            }
            else if (Create.Match(line) is { Success: true } create)
            {
                columns[Name(create.Groups["table"].Value)] = Columns();
            }
            else
            {
                isPostgres |= line.StartsWith("-- PostgreSQL database dump", StringComparison.Ordinal);
            }
        }
    }

    public void Dispose() => lines.Dispose();

    private IEnumerable<string?[]> CopiedRows(string table)
    {
        while (Next(table) != @"\.")
        {
            yield return Array.ConvertAll(lines.Current.Text.Split('\t'), Unescaped);
        }
    }

    private IEnumerable<string?[]> InsertedRows(string table, IReadOnlyList<string> names, int start)
    {
        ThrowIfNoText();
        var values = new SqlValues(lines.Current.Text, start, () => Next(table), hasBackslashes: !isPostgres);
        while (values.Row() is { } row)
        {
            yield return names.Count == row.Length
                ? row
                : throw new FormatException(
                    $"Line {lines.Current.Number} of {Path.GetFileName(path)} has {row.Length} values for the {names.Count} columns of {table}."
                );
        }
    }

    private string Next(string table)
    {
        if (!lines.MoveNext())
        {
            throw new FormatException(
                $"{Path.GetFileName(path)} ends within the table {table}: it is not complete. Nothing of it is stored."
            );
        }

        ThrowIfNoText();
        return lines.Current.Text;
    }

    private void ThrowIfNoText()
    {
        if (lines.Current.Encoding is { } encoding)
        {
            throw TextLines.NoText(path, lines.Current.Number, encoding);
        }
    }

    private void Skip()
    {
        while (lines.MoveNext() && lines.Current.Text != @"\.") { }
    }

    /// <summary>A statement of mysqldump names a column at the beginning of each line.</summary>
    private List<string> Columns()
    {
        var names = new List<string>();
        while (lines.MoveNext() && !lines.Current.Text.StartsWith(')'))
        {
            if (Column.Match(lines.Current.Text) is { Success: true } column)
            {
                names.Add(column.Groups["name"].Value);
            }
        }

        return names;
    }

    /// <summary>The name without its schema and quotes.</summary>
    private static string Name(string name) => name[(name.LastIndexOf('.') + 1)..].Trim('"', '`', ' ');

    private static List<string> Names(string list) => [.. list.Split(',').Select(Name)];

    private static string? Unescaped(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        if (field == @"\N")
        {
            return null;
        }

        var text = new StringBuilder(field.Length);
        for (var i = 0; i < field.Length; i++)
        {
            text.Append(
                field[i] != '\\' || i + 1 == field.Length
                    ? field[i]
                    : field[++i] switch
                    {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'b' => '\b',
                        'f' => '\f',
                        'v' => '\v',
                        var c => c,
                    }
            );
        }

        return text.ToString();
    }

    [GeneratedRegex(
        @"^COPY (?<table>[^ (]+) \((?<columns>[^)]*)\) FROM stdin;$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Copy { get; }

    [GeneratedRegex(
        @"^\s*INSERT (IGNORE )?INTO (?<table>[^ (]+)\s*(\((?<columns>[^)]*)\))?\s*VALUES\s*",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Insert { get; }

    [GeneratedRegex(
        @"^CREATE TABLE (IF NOT EXISTS )?(?<table>[^ (]+)\s*\($",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Create { get; }

    [GeneratedRegex(
        @"^\s*([`""](?<name>[^`""]+)[`""]|(?!(PRIMARY|UNIQUE|KEY|CONSTRAINT|FULLTEXT)\b)(?<name>\w+))\s",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Column { get; }
}
