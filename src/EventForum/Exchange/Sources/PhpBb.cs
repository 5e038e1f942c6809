using System.Text.Json;

namespace EventForum.Exchange.Sources;

/// <summary>
/// A dump of the database of a phpBB 3, from MySQL or PostgreSQL. Forums that guests may not read stay out, and so do
/// private messages; of users, their names are read and nothing else.
/// </summary>
internal static class PhpBb
{
    private static readonly Dictionary<string, string[]> Columns = new(StringComparer.Ordinal)
    {
        ["acl_groups"] = ["group_id", "forum_id", "auth_option_id", "auth_role_id", "auth_setting"],
        ["acl_options"] = ["auth_option_id", "auth_option"],
        ["acl_roles_data"] = ["role_id", "auth_option_id", "auth_setting"],
        ["forums"] = ["forum_id", "parent_id", "forum_name", "forum_password"],
        ["groups"] = ["group_id", "group_name"],
        ["log"] = ["log_id", "user_id", "topic_id", "post_id", "log_time", "log_operation"],
        ["posts"] =
        [
            "post_id",
            "topic_id",
            "forum_id",
            "poster_id",
            "post_username",
            "post_time",
            "post_approved",
            "post_visibility",
            "post_edit_time",
            "post_edit_reason",
            "post_edit_user",
            "post_edit_count",
            "post_delete_time",
            "post_delete_reason",
            "post_delete_user",
            "post_text",
            "bbcode_uid",
        ],
        ["topics"] = ["topic_id", "forum_id", "topic_title", "topic_time", "topic_status", "topic_type"],
        ["users"] = ["user_id", "username"],
    };

    /// <exception cref="FormatException">The file is no dump of a phpBB.</exception>
    public static async Task ReadAsync(SourceReading reading)
    {
        var (tables, cancellation) = (reading.Tables, reading.Cancellation);
        foreach (var (table, columns) in Columns)
        {
            await tables.CreateAsync("bb_" + table, columns, cancellation);
        }

        var met = new HashSet<string>(StringComparer.Ordinal);
        if (File.Exists(reading.Path))
        {
            await ReadDumpAsync(reading, met);
        }

        if (!met.IsSupersetOf(["posts", "topics", "users"]))
        {
            throw new FormatException(
                $"{reading.Path} is no dump of a phpBB 3: it has no rows of its posts, topics and users. Make one with mysqldump or pg_dump."
            );
        }

        await tables.RunAsync(PhpBbLines.Prepare, [], cancellation);
        await reading.ReportLeftOutAsync();
        foreach (var lines in PhpBbLines.All)
        {
            await tables.RunAsync(lines, [reading.Source], cancellation);
        }
    }

    private static async Task ReadDumpAsync(SourceReading reading, HashSet<string> met)
    {
        // Each board chooses what its tables' names begin with; the first one that is read shows it.
        string? prefix = null;
        using var dump = new SqlDump(DumpFile.Lines(reading.Path, reading.Progress), reading.Path);
        foreach (var rows in dump.Tables(name => TableOf(name, ref prefix) is not null))
        {
            var table = TableOf(rows.Table, ref prefix)!;
            met.Add(table);
            await reading.Tables.FillAsync(
                "bb_" + table,
                Columns[table],
                rows.In(Columns[table]).Select(row => Plain(table, row)),
                reading.Cancellation
            );
        }
    }

    private static string? TableOf(string name, ref string? prefix)
    {
        if (prefix is null && name.EndsWith("acl_groups", StringComparison.Ordinal))
        {
            prefix = name[..^"acl_groups".Length];
        }

        var begins = prefix ?? "phpbb_";
        return name.StartsWith(begins, StringComparison.Ordinal) && Columns.ContainsKey(name[begins.Length..])
            ? name[begins.Length..]
            : null;
    }

    private static string?[] Plain(string table, string?[] row)
    {
        switch (table)
        {
            case "posts":
                row[4] = PhpBbText.Decoded(row[4]);
                row[9] = PhpBbText.Decoded(row[9]);
                row[13] = PhpBbText.Decoded(row[13]);
                row[15] = PhpBbText.Of(row[15] ?? "", row[16], out var quotes);
                row[16] =
                    quotes.Count == 0
                        ? null
                        : JsonSerializer.Serialize(
                            quotes.Select(quote => new { author = quote.Author, post = quote.Post })
                        );
                break;
            case "topics":
                row[2] = PhpBbText.Decoded(row[2]);
                break;
            case "users":
                row[1] = PhpBbText.Decoded(row[1]);
                break;
            case "forums":
                row[2] = PhpBbText.Decoded(row[2]);
                row[3] = string.IsNullOrEmpty(row[3]) ? null : "yes";
                break;
        }

        return row;
    }
}
