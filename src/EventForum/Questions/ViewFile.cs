using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EventForum.Questions;

/// <summary>
/// Begins a view with what a question says: its summary, the events that it reads, and the columns of its answer as those of
/// a row. A question folds everything into one state, a view each event into the rows that it changes: which these are, only a
/// person can say, and the compiler asks for it.
/// </summary>
internal static partial class ViewFile
{
    private const string Folder = "src/EventForum/Views";

    private const int MinName = 3;
    private const int MaxName = 40;

    /// <param name="name">The view's class, such as RenamedThreads.</param>
    /// <param name="question">The question's file, in the same project.</param>
    /// <returns>The view's file.</returns>
    /// <exception cref="QuestionRefusedException">It cannot be begun.</exception>
    public static async Task<string> WriteAsync(string name, string question, IReadOnlyList<EventKind> kinds, Type row)
    {
        if (!ClassName().IsMatch(name) || Address(name).Length is < MinName or > MaxName)
        {
            throw new QuestionRefusedException(
                $"{name} cannot be a view's name: write it as a class's, such as RenamedThreads, with up to {MaxName} characters."
            );
        }

        var folder = Path.GetDirectoryName(question);
        while (folder is not null && !Directory.Exists(Path.Combine(folder, Folder)))
        {
            folder = Path.GetDirectoryName(folder);
        }

        if (folder is null)
        {
            throw new QuestionRefusedException(
                $"There is no folder {Folder} above {question}: promote a question that stands in the project, in ops/questions."
            );
        }

        var path = Path.Combine(folder, Folder, name + ".cs");
        if (File.Exists(path))
        {
            throw new QuestionRefusedException($"{path} is there already: choose another name.");
        }

        await File.WriteAllTextAsync(path, Text(name, await File.ReadAllTextAsync(question), kinds, row));
        return path;
    }

    /// <summary>The view as it is begun.</summary>
    public static string Text(string name, string question, IReadOnlyList<EventKind> kinds, Type row)
    {
        var lines = question.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        var first = lines[0].StartsWith("//", StringComparison.Ordinal) ? lines[0].TrimStart('/').Trim() : "";
        var summary = first.Length > 0 ? first : $"What {Address(name)} is about.";
        var types = string.Join(" or ", kinds.Select(kind => kind.Type.Name));
        var usings = kinds
            .Select(kind => kind.Type.Namespace!)
            .Append("EventForum.Views.Framework")
            .Append("System.ComponentModel.DataAnnotations")
            .Distinct(StringComparer.Ordinal)
            .OrderBy(used => !used.StartsWith("System", StringComparison.Ordinal))
            .ThenBy(used => used, StringComparer.Ordinal);
        return $$"""
            {{string.Join('\n', usings.Select(used => $"using {used};"))}}

            namespace EventForum.Views;

            /// <summary>{{summary.Replace("&", "&amp;", StringComparison.Ordinal).Replace(
                "<",
                "&lt;",
                StringComparison.Ordinal
            )}}</summary>
            public sealed class {{name}} : IView<{{name}}.Row>
            {
                public string Name => "{{Address(name)}}";

                public int Version => 1;

                public string Summary => "{{summary.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(
                "\"",
                "\\\"",
                StringComparison.Ordinal
            )}}";

                public sealed record Row(
            {{string.Join(",\n", AnswerTable.ColumnsOf(row).Select(Column))}}
                );

                public IEnumerable<Row> RowsOf(ViewEvent e) =>
            #error Say which row an event changes: its key.
                    e.Data is {{types}} ? [new Row(default!)] : [];

                public Row? Evolve(Row row, ViewEvent e) =>
            #error Say what an event makes of the row, as the question's folds do.
                    e.Data switch
                    {
            {{string.Join('\n', kinds.Select(kind => $"            {kind.Type.Name} => row,"))}}
                        _ => row,
                    };
            }

            // The question:
            {{string.Join('\n', lines.Select(line => $"// {line}".TrimEnd()))}}

            """;
    }

    /// <summary>A column of the row; the first one is its key.</summary>
    private static string Column((string Name, Type Type) column, int place)
    {
        var optional = Nullable.GetUnderlyingType(column.Type) is not null;
        var type = Nullable.GetUnderlyingType(column.Type) ?? column.Type;
        var (word, nothing) =
            type == typeof(Name) || type == typeof(Guid) ? ("Guid", "default")
            : type == typeof(int) ? ("int", "0")
            : type == typeof(long) ? ("long", "0")
            : type == typeof(bool) ? ("bool", "false")
            : type == typeof(double) || type == typeof(float) || type == typeof(decimal) ? ("double", "0")
            : type == typeof(DateTimeOffset) || type == typeof(DateTime) ? ("DateTimeOffset", "default")
            : type == typeof(DateOnly) ? ("DateOnly", "default")
            : ("string", "\"\"");
        var name = type == typeof(Name) ? column.Name + "Id" : column.Name;
        return place == 0
            ? $"        [property: Key] {word} {name}"
            : $"        {word}{(optional ? "?" : "")} {name} = {(optional ? "null" : nothing)}";
    }

    /// <summary>The view's name in addresses: RenamedThreads is renamed-threads.</summary>
    private static string Address(string name)
    {
        var address = new StringBuilder();
        foreach (var c in name)
        {
            if (address.Length > 0 && char.IsUpper(c))
            {
                address.Append('-');
            }

            address.Append(char.ToLower(c, CultureInfo.InvariantCulture));
        }

        return address.ToString();
    }

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*$", RegexOptions.None, 1_000)]
    private static partial Regex ClassName();
}
