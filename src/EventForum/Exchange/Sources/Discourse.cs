namespace EventForum.Exchange.Sources;

/// <summary>
/// A backup of a Discourse, or answers of its API. Messages, whispers and what only some may read stay out; of users,
/// their names are read and nothing else.
/// </summary>
internal static class Discourse
{
    private static readonly Dictionary<string, string[]> Columns = new(StringComparer.Ordinal)
    {
        ["users"] = ["id", "username"],
        ["categories"] = ["id", "name", "parent_category_id", "read_restricted"],
        ["topics"] = ["id", "title", "category_id", "archetype", "deleted_at", "deleted_by_id"],
        ["posts"] =
        [
            "id",
            "user_id",
            "username",
            "topic_id",
            "post_number",
            "reply_to_post_number",
            "post_type",
            "action_code",
            "raw",
            "created_at",
            "updated_at",
            "version",
            "edit_reason",
            "last_editor_id",
            "last_version_at",
            "deleted_at",
            "deleted_by_id",
            "hidden",
            "hidden_at",
            "like_count",
            "format",
        ],
        ["post_revisions"] = ["id", "user_id", "post_id", "modifications", "number", "created_at", "hidden"],
    };

    /// <summary>What the modifications of a revision, which are YAML, become.</summary>
    private static readonly string[] RevisionColumns =
    [
        "id",
        "user_id",
        "post_id",
        "number",
        "created_at",
        "hidden",
        "raw_before",
        "raw",
        "title_before",
        "title",
        "reason",
    ];

    /// <exception cref="FormatException">The file is no dump of a Discourse, or the folder holds no posts of one.</exception>
    public static async Task ReadAsync(SourceReading reading)
    {
        var (tables, cancellation) = (reading.Tables, reading.Cancellation);
        foreach (var (table, columns) in Columns)
        {
            await tables.CreateAsync(table, table == "post_revisions" ? RevisionColumns : columns, cancellation);
        }

        if (Directory.Exists(reading.Path))
        {
            await DiscourseAnswers.ReadAsync(reading, Columns);
        }
        else
        {
            await ReadDumpAsync(reading);
        }

        await tables.RunAsync(DiscourseLines.Prepare, [], cancellation);
        await reading.ReportLeftOutAsync();
        foreach (var lines in DiscourseLines.All)
        {
            await tables.RunAsync(lines, [reading.Source], cancellation);
        }
    }

    private static async Task ReadDumpAsync(SourceReading reading)
    {
        var met = new HashSet<string>(StringComparer.Ordinal);
        using var dump = new SqlDump(DumpFile.Lines(reading.Path, reading.Progress), reading.Path);
        foreach (var rows in dump.Tables(Columns.ContainsKey))
        {
            met.Add(rows.Table);
            var columns = Columns[rows.Table];
            var read = rows.In(columns);
            if (rows.Table == "post_revisions")
            {
                (columns, read) = (RevisionColumns, read.Select(row => Revision(row, reading)).OfType<string?[]>());
            }

            await reading.Tables.FillAsync(rows.Table, columns, read, reading.Cancellation);
        }

        if (!met.IsSupersetOf(["users", "topics", "posts"]))
        {
            throw new FormatException(
                $"{reading.Path} is no dump of a Discourse: it has no rows of users, topics and posts. Name the backup, or its dump.sql."
            );
        }
    }

    private static string?[]? Revision(string?[] row, SourceReading reading)
    {
        try
        {
            var changed = DiscourseModifications.Of(row[3] ?? "");
            return
            [
                row[0],
                row[1],
                row[2],
                row[4],
                row[5],
                row[6],
                changed.RawBefore,
                changed.Raw,
                changed.TitleBefore,
                changed.Title,
                changed.Reason,
            ];
        }
        catch (FormatException e)
        {
            reading.Defects.Add(
                new Defect(
                    reading.Name,
                    0,
                    "revision-unreadable",
                    e.Message,
                    reading.Source,
                    Post: "p" + row[2],
                    Original: row[3]
                )
            );
            return null;
        }
    }
}
