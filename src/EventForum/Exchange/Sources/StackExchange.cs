using System.Text.Json;
using System.Xml;

namespace EventForum.Exchange.Sources;

/// <summary>
/// A data dump of a Stack Exchange site: questions with their answers and comments, every revision of their texts, and
/// what was done to them. Of users, their names are read and nothing else.
/// </summary>
internal static class StackExchange
{
    private const int Batch = 1_000;

    private static readonly Dictionary<string, string[]> Files = new(StringComparer.Ordinal)
    {
        ["Posts"] =
        [
            "Id",
            "PostTypeId",
            "ParentId",
            "AcceptedAnswerId",
            "CreationDate",
            "OwnerUserId",
            "OwnerDisplayName",
            "Title",
            "Tags",
            "Score",
            "ContentLicense",
            "Body",
        ],
        ["PostHistory"] =
        [
            "Id",
            "PostId",
            "PostHistoryTypeId",
            "RevisionGUID",
            "CreationDate",
            "UserId",
            "UserDisplayName",
            "Comment",
            "Text",
        ],
        ["Comments"] = ["Id", "PostId", "CreationDate", "UserId", "UserDisplayName", "Score", "Text"],
        ["Users"] = ["Id", "DisplayName"],
        [StackExchangeVotes.File] = StackExchangeVotes.Columns,
    };

    /// <exception cref="FormatException">The folder holds no dump, or a file of it is broken.</exception>
    public static async Task ReadAsync(SourceReading reading)
    {
        if (!File.Exists(Path.Combine(reading.Path, "Posts.xml")))
        {
            throw new FormatException(
                $"{reading.Path} is no dump of Stack Exchange: name the folder that has Posts.xml and PostHistory.xml. Unpack it where it is packed."
            );
        }

        var files = Files.Keys.Select(name => Path.Combine(reading.Path, name + ".xml")).Where(File.Exists).ToList();
        var total = files.Sum(file => new FileInfo(file).Length);
        var before = 0L;
        foreach (var (name, columns) in Files)
        {
            await reading.Tables.CreateAsync(name, columns, reading.Cancellation);
            var file = Path.Combine(reading.Path, name + ".xml");
            if (!File.Exists(file))
            {
                reading.Defects.Add(
                    new Defect(name + ".xml", 0, "no-file", "The dump has no such file.", reading.Source)
                );
                continue;
            }

            try
            {
                var rows = Rows(file, columns, at => reading.Progress(before + at, total));
                rows = name == StackExchangeVotes.File ? rows.Where(StackExchangeVotes.TellsOfModeration) : rows;
                await reading.Tables.FillAsync(name, columns, rows, reading.Cancellation);
            }
            catch (XmlException e)
            {
                throw new FormatException($"{name}.xml is broken, or not in UTF-8. {e.Message}", e);
            }

            before += new FileInfo(file).Length;
        }

        await WithoutHistoryAsync(reading);
        await reading.Tables.RunAsync(StackExchangeLines.Prepare, [], reading.Cancellation);
        await StackExchangeVotes.ReportAsync(reading);
        foreach (var lines in StackExchangeLines.All)
        {
            await reading.Tables.RunAsync(lines, [reading.Source], reading.Cancellation);
        }
    }

    private static IEnumerable<string?[]> Rows(string file, string[] columns, Action<long> progress)
    {
        using var stream = File.OpenRead(file);
        // Dumps hold references to control characters, which XML 1.0 forbids.
        using var xml = XmlReader.Create(stream, new XmlReaderSettings { CheckCharacters = false });
        while (xml.ReadToFollowing("row"))
        {
            var row = Array.ConvertAll(columns, xml.GetAttribute);
            if (columns[^1] == "Text" && columns[2] == "PostHistoryTypeId" && row[2] is ("10" or "11" or "12" or "13"))
            {
                row[^1] = Voters(row[^1]);
            }

            yield return row;
            progress(stream.Position);
        }
    }

    /// <summary>The names of those who voted for it, as a list in JSON; null where it does not say.</summary>
    private static string? Voters(string? text)
    {
        try
        {
            return
                text is not null
                && JsonElement.Parse(text) is { ValueKind: JsonValueKind.Object } act
                && act.TryGetProperty("Voters", out var voters)
                ? JsonSerializer.Serialize(
                    voters.EnumerateArray().Select(voter => voter.GetProperty("DisplayName").GetString())
                )
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Posts that are there only as HTML become text, and are told.</summary>
    private static async Task WithoutHistoryAsync(SourceReading reading)
    {
        await reading.Tables.CreateAsync("bare", ["id", "body"], reading.Cancellation);
        await reading.Tables.RunAsync(
            """
            create index on posthistory (postid);
            analyze posthistory;
            create temp table without_history as
            select id, body from posts p
            where posttypeid in ('1', '2')
                and not exists (select from posthistory h where h.postid = p.id and h.posthistorytypeid in ('2', '5', '8'));
            create index on without_history (id);
            """,
            [],
            reading.Cancellation
        );
        for (var after = ""; ; )
        {
            var bare = await reading.Tables.QueryAsync(
                "select id, coalesce(body, '') from without_history where id > $1 order by id limit $2",
                [after, Batch],
                row => (Id: row.GetString(0), Html: row.GetString(1)),
                reading.Cancellation
            );
            if (bare.Count == 0)
            {
                break;
            }

            after = bare[^1].Id;
            foreach (var (id, _) in bare)
            {
                reading.Defects.Add(
                    new Defect(
                        "PostHistory.xml",
                        0,
                        "no-history",
                        "Of this post there is only the HTML; its text is stored.",
                        reading.Source,
                        Post: "p" + id
                    )
                );
            }

            await reading.Tables.FillAsync(
                "bare",
                ["id", "body"],
                bare.Select(post => (string?[])[post.Id, HtmlText.Of(post.Html)]),
                reading.Cancellation
            );
        }

        var others = await reading.Tables.QueryAsync(
            "select count(*) from posts where posttypeid not in ('1', '2')",
            [],
            row => row.GetInt64(0),
            reading.Cancellation
        );
        if (others[0] > 0)
        {
            reading.Defects.Add(
                new Defect(
                    "Posts.xml",
                    0,
                    "no-discussion",
                    $"{others[0]} posts are neither questions nor answers, such as descriptions of tags; they are left out.",
                    reading.Source
                )
            );
        }
    }
}
