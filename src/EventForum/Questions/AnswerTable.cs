using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace EventForum.Questions;

/// <summary>The rows of an answer: a cell a property, under the properties' names.</summary>
/// <param name="Columns">As the properties are called.</param>
/// <param name="Rows">A value or null a column.</param>
internal sealed record AnswerTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <param name="passed">Is told of each row.</param>
    /// <exception cref="QuestionRefusedException">The rows have no properties.</exception>
    public static AnswerTable Of<TRow>(IEnumerable<TRow> rows, Action? passed = null)
    {
        var properties = PropertiesOf(typeof(TRow));
        return new AnswerTable([.. properties.Select(property => property.Name)], [.. rows.Select(Cells)]);

        IReadOnlyList<object?> Cells(TRow row)
        {
            passed?.Invoke();
            return [.. properties.Select(property => property.GetValue(row))];
        }
    }

    /// <summary>The columns that rows of a type have.</summary>
    /// <exception cref="QuestionRefusedException">It has no properties.</exception>
    public static IEnumerable<(string Name, Type Type)> ColumnsOf(Type row) =>
        PropertiesOf(row).Select(property => (property.Name, property.PropertyType));

    private static List<PropertyInfo> PropertiesOf(Type row)
    {
        var properties = row.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .ToList();
        return properties.Count == 0 || row == typeof(string)
            ? throw new QuestionRefusedException(
                $"An answer's rows are records or anonymous objects, whose properties are its columns; {row.Name} has none."
            )
            : properties;
    }

    /// <summary>The rows with names in the place of those that are to be looked up.</summary>
    public async Task<AnswerTable> NamedAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var names = await NameLookup.FindAsync(database, Rows.SelectMany(row => row).OfType<Name>(), cancellation);
        return this with
        {
            Rows =
            [
                .. Rows.Select(row =>
                    (IReadOnlyList<object?>)[.. row.Select(cell => cell is Name name ? names[name] : cell)]
                ),
            ],
        };
    }

    /// <summary>Some of the columns, in this order.</summary>
    public AnswerTable Only(params string[] columns)
    {
        var kept = columns.Select(column => Columns.ToList().IndexOf(column)).ToList();
        return new AnswerTable(columns, [.. Rows.Select(row => (IReadOnlyList<object?>)[.. kept.Select(i => row[i])])]);
    }

    /// <summary>The first column of numbers, or the one of that name; null when there is none.</summary>
    public int? NumbersIn(string? column) =>
        Enumerable
            .Range(0, Columns.Count)
            .Where(i =>
                column is null
                || string.Equals(Columns[i], column, StringComparison.OrdinalIgnoreCase)
                || string.Equals(Title(Columns[i]), column, StringComparison.OrdinalIgnoreCase)
            )
            .Where(i => Rows.Any(row => IsNumber(row[i])) && Rows.All(row => row[i] is null || IsNumber(row[i])))
            .Select(i => (int?)i)
            .FirstOrDefault();

    public static bool IsNumber(object? cell) =>
        cell is int or long or double or decimal or float or short or byte or uint or ulong;

    /// <summary>A column's name as people read it: NinetiethPercentileHours is “Ninetieth percentile hours”.</summary>
    public static string Title(string column)
    {
        var title = new StringBuilder(column.Length + 8);
        foreach (var c in column)
        {
            if (title.Length > 0 && (char.IsUpper(c) || (char.IsDigit(c) && !char.IsDigit(title[^1]))))
            {
                title.Append(' ');
            }

            title.Append(title.Length > 0 ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c));
        }

        return title.ToString();
    }

    /// <summary>A column's name as programs read it: camelCase.</summary>
    public static string Key(string column) => JsonNamingPolicy.CamelCase.ConvertName(column);

    /// <summary>A cell as text that programs read.</summary>
    public static string Text(object? cell) =>
        cell switch
        {
            null => "",
            bool yes => yes ? "true" : "false",
            DateTimeOffset time => time.UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'",
                CultureInfo.InvariantCulture
            ),
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            TimeSpan span => span.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => cell.ToString() ?? "",
        };
}
