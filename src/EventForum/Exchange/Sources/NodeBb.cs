using System.Text.Json;
using System.Text.RegularExpressions;

namespace EventForum.Exchange.Sources;

/// <summary>
/// A dump of the database of a NodeBB that keeps its objects in PostgreSQL. Categories that guests may not read stay
/// out; of users, their names are read and nothing else.
/// </summary>
internal static partial class NodeBb
{
    private const int Batch = 500;

    /// <summary>The fields that are read, by what an object's key begins with. Nothing else is kept of an object.</summary>
    private static readonly Dictionary<string, string[]> Fields = new(StringComparer.Ordinal)
    {
        ["category"] = ["name", "parentCid"],
        ["diff"] = ["uid", "patch", "title"],
        ["post"] =
        [
            "tid",
            "uid",
            "handle",
            "content",
            "timestamp",
            "toPid",
            "edited",
            "editor",
            "deleted",
            "deleterUid",
            "upvotes",
        ],
        ["topic"] = ["cid", "title", "timestamp", "deleted", "deleterUid", "locked", "pinned"],
        ["topicEvent"] = ["type", "uid"],
        ["user"] = ["username"],
    };

    /// <exception cref="FormatException">The file is no dump of a NodeBB.</exception>
    public static async Task ReadAsync(SourceReading reading)
    {
        var (tables, cancellation) = (reading.Tables, reading.Cancellation);
        await tables.CreateAsync("nb_hash", ["kind", "id", "data"], cancellation);
        await tables.CreateAsync("nb_zset", ["key", "value", "score"], cancellation);
        if (!File.Exists(reading.Path) || !await ReadDumpAsync(reading))
        {
            throw new FormatException(
                $"{reading.Path} is no dump of a NodeBB: it has no rows of the table legacy_hash. Make one with pg_dump; of MongoDB and Redis none is read."
            );
        }

        await tables.RunAsync(NodeBbLines.Prepare, [], cancellation);
        await ReadDifferencesAsync(reading);
        await reading.ReportLeftOutAsync();
        foreach (var lines in NodeBbLines.All)
        {
            await tables.RunAsync(lines, [reading.Source], cancellation);
        }
    }

    private static async Task<bool> ReadDumpAsync(SourceReading reading)
    {
        var isNodeBb = false;
        using var dump = new SqlDump(DumpFile.Lines(reading.Path, reading.Progress), reading.Path);
        foreach (var rows in dump.Tables(name => name is "legacy_hash" or "legacy_zset"))
        {
            if (rows.Table == "legacy_hash")
            {
                isNodeBb = true;
                var objects = rows.In(["_key", "data"]).Select(row => Object(row, reading)).OfType<string?[]>();
                await reading.Tables.FillAsync("nb_hash", ["kind", "id", "data"], objects, reading.Cancellation);
            }
            else
            {
                var sets = rows.In(["_key", "value", "score"]).Where(row => Set.IsMatch(row[0] ?? ""));
                await reading.Tables.FillAsync("nb_zset", ["key", "value", "score"], sets, reading.Cancellation);
            }
        }

        return isNodeBb;
    }

    private static string?[]? Object(string?[] row, SourceReading reading)
    {
        if (Key.Match(row[0] ?? "") is not { Success: true } key || row[1] is null)
        {
            return null;
        }

        var kind = key.Groups["kind"].Value;
        try
        {
            var data = JsonElement.Parse(row[1]!);
            var kept = Fields[kind]
                .Where(field => data.TryGetProperty(field, out _))
                .ToDictionary(field => field, field => Text(data.GetProperty(field)), StringComparer.Ordinal);
            return [kind, key.Groups["id"].Value, JsonSerializer.Serialize(kept)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            reading.Defects.Add(new Defect(reading.Name, 0, "unreadable", e.Message, reading.Source, Post: row[0]));
            return null;
        }
    }

    private static string? Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Null => null,
            _ => value.GetRawText(),
        };

    /// <summary>NodeBB keeps how each text differs from the one before it: the texts are made from the last one back.</summary>
    private static async Task ReadDifferencesAsync(SourceReading reading)
    {
        string[] columns = ["pid", "revision", "at", "uid", "content", "title"];
        await reading.Tables.CreateAsync("nb_revisions", columns, reading.Cancellation);
        for (var after = ""; ; )
        {
            var differences = await reading.Tables.QueryAsync(
                """
                select p.pid, p.content, d.at, d.uid, d.patch, d.title
                from (select distinct pid from nb_diffs where pid > $1 order by pid limit $2) b
                    join nb_posts p using (pid) join nb_diffs d using (pid)
                order by p.pid, d.at::numeric desc
                """,
                [after, Batch],
                row => Enumerable.Range(0, 6).Select(i => row.IsDBNull(i) ? null : row.GetString(i)).ToArray(),
                reading.Cancellation
            );
            if (differences.Count == 0)
            {
                return;
            }

            after = differences[^1][0]!;
            await reading.Tables.FillAsync(
                "nb_revisions",
                columns,
                differences
                    .GroupBy(row => row[0], StringComparer.Ordinal)
                    .SelectMany(post => Texts([.. post], reading)),
                reading.Cancellation
            );
        }
    }

    /// <param name="edits">Of one post, newest first.</param>
    private static List<string?[]> Texts(List<string?[]> edits, SourceReading reading)
    {
        var (pid, text) = (edits[0][0], edits[0][1] ?? "");
        var texts = new List<string?[]>();
        try
        {
            for (var i = 0; i < edits.Count; i++)
            {
                texts.Add([pid, $"{edits.Count - i + 1}", edits[i][2], edits[i][3], text, null]);
                text = edits[i][4] is { } patch ? ReversePatch.Apply(text, patch) : text;
            }
        }
        catch (FormatException e)
        {
            reading.Defects.Add(
                new Defect(reading.Name, 0, "revision-unreadable", e.Message, reading.Source, Post: "p" + pid)
            );
            return [];
        }

        texts.Add([pid, "1", null, null, text, null]);
        // What the topic was called before each edit that changed that.
        for (var i = 0; i < edits.Count; i++)
        {
            texts[i + 1][5] = edits[i][5];
        }

        return texts;
    }

    [GeneratedRegex(
        @"^(?<kind>category|post|topic|topicEvent|user):(?<id>[0-9]{1,18})$|^(?<kind>diff):(?<id>[0-9]{1,18}\.[0-9]{1,18})$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Key { get; }

    [GeneratedRegex(
        @"^(topic:[0-9]+:events|group:cid:[0-9]+:privileges:groups:topics:read:members)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Set { get; }
}
