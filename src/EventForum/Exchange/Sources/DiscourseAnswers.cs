using System.Text.Json;

namespace EventForum.Exchange.Sources;

/// <summary>
/// A folder of what the API of a Discourse answers, a JSON file each: topics with their posts, latest posts, single
/// posts, and the list of categories.
/// </summary>
internal static class DiscourseAnswers
{
    /// <exception cref="FormatException">No file of the folder holds a post.</exception>
    public static async Task ReadAsync(SourceReading reading, IReadOnlyDictionary<string, string[]> columns)
    {
        var topics = new Dictionary<string, string?[]>(StringComparer.Ordinal);
        var categories = new Dictionary<string, string?[]>(StringComparer.Ordinal);
        await reading.Tables.FillAsync(
            "posts",
            columns["posts"],
            Posts(reading, columns["posts"], topics, categories),
            reading.Cancellation
        );
        await reading.Tables.FillAsync("topics", columns["topics"], topics.Values, reading.Cancellation);
        foreach (var topic in topics.Values)
        {
            if (topic[2] is { } category)
            {
                categories.TryAdd(category, [category, "Category " + category, null, null]);
            }
        }

        await reading.Tables.FillAsync("categories", columns["categories"], categories.Values, reading.Cancellation);
        if (topics.Count == 0)
        {
            throw new FormatException(
                $"{reading.Path} holds no post of a Discourse: name a folder of JSON files as its API gives them, with include_raw=true."
            );
        }
    }

    private static IEnumerable<string?[]> Posts(
        SourceReading reading,
        string[] columns,
        Dictionary<string, string?[]> topics,
        Dictionary<string, string?[]> categories
    )
    {
        var files = Directory
            .EnumerateFiles(reading.Path, "*.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .ToList();
        var met = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < files.Count; i++)
        {
            using var answer = Parse(files[i], reading);
            foreach (var post in answer is null ? [] : PostsOf(answer.RootElement, topics, categories))
            {
                if (met.Add(Text(post, "id")!))
                {
                    yield return Row(post, columns, reading);
                }
            }

            reading.Progress(i + 1, files.Count);
        }
    }

    private static JsonDocument? Parse(string file, SourceReading reading)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(file));
        }
        catch (JsonException e)
        {
            reading.Defects.Add(new Defect(Path.GetFileName(file), 0, "unreadable", e.Message, reading.Source));
            return null;
        }
    }

    private static IEnumerable<JsonElement> PostsOf(
        JsonElement answer,
        Dictionary<string, string?[]> topics,
        Dictionary<string, string?[]> categories
    )
    {
        if (answer.ValueKind == JsonValueKind.Array)
        {
            return answer.EnumerateArray().SelectMany(one => PostsOf(one, topics, categories));
        }

        if (answer.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        if (answer.TryGetProperty("category_list", out var list))
        {
            foreach (var category in list.GetProperty("categories").EnumerateArray())
            {
                categories[Text(category, "id")!] =
                [
                    Text(category, "id"),
                    Text(category, "name"),
                    Text(category, "parent_category_id"),
                    Text(category, "read_restricted") == "true" ? "t" : "f",
                ];
            }

            return [];
        }

        if (answer.TryGetProperty("post_stream", out var stream))
        {
            topics[Text(answer, "id")!] =
            [
                Text(answer, "id"),
                Text(answer, "title"),
                Text(answer, "category_id"),
                Text(answer, "archetype"),
                Text(answer, "deleted_at"),
                null,
            ];
            return stream.GetProperty("posts").EnumerateArray();
        }

        if (answer.TryGetProperty("latest_posts", out var latest))
        {
            return latest.EnumerateArray().SelectMany(one => PostsOf(one, topics, categories));
        }

        if (Text(answer, "topic_id") is not { } topic || Text(answer, "post_number") is null)
        {
            return [];
        }

        topics.TryAdd(
            topic,
            [
                topic,
                Text(answer, "topic_title") ?? Text(answer, "topic_slug"),
                Text(answer, "category_id"),
                null,
                null,
                null,
            ]
        );
        return [answer];
    }

    private static string?[] Row(JsonElement post, string[] columns, SourceReading reading)
    {
        var row = Array.ConvertAll(columns, column => Text(post, column));
        var (raw, format) = (Array.IndexOf(columns, "raw"), Array.IndexOf(columns, "format"));
        row[format] = null;
        if (row[raw] is null && Text(post, "cooked") is { } html)
        {
            (row[raw], row[format]) = (HtmlText.Of(html), "text");
            if (Text(post, "post_type") != "3")
            {
                reading.Defects.Add(
                    new Defect(
                        reading.Name,
                        0,
                        "no-raw",
                        "Of this post there is only the HTML; its text is stored.",
                        reading.Source,
                        Post: "p" + Text(post, "id")
                    )
                );
            }
        }

        return row;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Null or JsonValueKind.Object or JsonValueKind.Array => null,
                _ => value.GetRawText(),
            }
            : null;
}
