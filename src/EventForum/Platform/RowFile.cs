using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace EventForum.Platform;

/// <summary>How rows are written: a JSON object a page, or a file with a row a line.</summary>
public enum RowForm
{
    Json,
    JsonLines,
    Csv,
}

public static class RowForms
{
    public static Refusal Unknown { get; } =
        new(422, "format-unknown", "There is no such format.", "Ask for format=json, format=jsonl or format=csv.");

    /// <summary>What <c>format</c> says, or else Accept; null for a format that there is not.</summary>
    public static RowForm? Wanted(HttpContext http, string? format) =>
        format switch
        {
            "json" => RowForm.Json,
            "jsonl" => RowForm.JsonLines,
            "csv" => RowForm.Csv,
            null or "" => http
                .Request.GetTypedHeaders()
                .Accept.Where(type => type.Quality is null or > 0)
                .OrderByDescending(type => type.Quality ?? 1)
                .FirstOrDefault()
                ?.MediaType.Value switch
            {
                "application/jsonl" or "application/x-ndjson" => RowForm.JsonLines,
                "text/csv" => RowForm.Csv,
                _ => RowForm.Json,
            },
            _ => null,
        };
}

/// <summary>Answers with a file of rows, written page by page as they are read.</summary>
/// <param name="name">What the file is called, without its ending.</param>
public sealed class RowFile<T>(string name, RowForm form, IAsyncEnumerable<IReadOnlyList<T>> pages) : IResult
{
    private static readonly string[] Columns =
    [
        .. typeof(T)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)),
    ];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, cancellation) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = form == RowForm.Csv ? "text/csv; charset=utf-8" : "application/jsonl";
        response.Headers.Vary = "Accept";
        response.Headers.CacheControl = Caching.Never;
        response.Headers.ContentDisposition =
            $"attachment; filename=\"{name}.{(form == RowForm.Csv ? "csv" : "jsonl")}\"";
        var text = new StringBuilder();
        if (form == RowForm.Csv)
        {
            Csv.AppendLine(text, Columns);
        }

        await foreach (var page in pages.WithCancellation(cancellation))
        {
            foreach (var row in page)
            {
                if (form == RowForm.Csv)
                {
                    var cells = JsonSerializer.SerializeToElement(row, Wire.Json);
                    Csv.AppendLine(
                        text,
                        Columns.Select(column => cells.TryGetProperty(column, out var cell) ? TextOf(cell) : "")
                    );
                }
                else
                {
                    text.Append(JsonSerializer.Serialize(row, Wire.Json)).Append('\n');
                }
            }

            await response.WriteAsync(text.ToString(), cancellation);
            text.Clear();
        }

        await response.WriteAsync(text.ToString(), cancellation);
    }

    private static string TextOf(JsonElement cell) =>
        cell.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.String => cell.GetString()!,
            JsonValueKind.Array => string.Join("; ", cell.EnumerateArray().Select(TextOf)),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number => cell.GetDecimal().ToString(CultureInfo.InvariantCulture),
            _ => cell.GetRawText(),
        };
}
