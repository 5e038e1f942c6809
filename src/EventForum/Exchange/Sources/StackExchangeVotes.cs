namespace EventForum.Exchange.Sources;

/// <summary>
/// Votes that tell of moderation. A dump says neither who cast them nor at what time of the day: what they brought about
/// stands in the history of the post, with both. Those that brought about nothing are told, and not stored.
/// </summary>
internal static class StackExchangeVotes
{
    /// <summary>The name of the file, and of the table that it is read into.</summary>
    public const string File = "Votes";

    public static readonly string[] Columns = ["PostId", "VoteTypeId", "CreationDate"];

    /// <summary>The kinds of votes by their numbers, with the kind of the act in the history that they bring about.</summary>
    private static readonly (string Type, string Name, string? Act)[] Kinds =
    [
        ("4", "as offensive", null),
        ("6", "to close", "10"),
        ("7", "to reopen", "11"),
        ("10", "to delete", "12"),
        ("11", "to undelete", "13"),
        ("12", "as spam", null),
        ("15", "for a moderator's attention", null),
    ];

    public static bool TellsOfModeration(string?[] row) => Array.Exists(Kinds, kind => kind.Type == row[1]);

    public static async Task ReportAsync(SourceReading reading)
    {
        var votes = await reading.Tables.QueryAsync(
            """
            select v.postid, k.name, count(*)::int,
                   coalesce(min(left(v.creationdate, 10)), 'no date'), coalesce(max(left(v.creationdate, 10)), 'no date')
              from votes v join threads t on t.id = v.postid
              join unnest($1::text[], $2::text[], $3::text[]) k(type, name, act) on k.type = v.votetypeid
             where not exists (select from posthistory h where h.postid = v.postid and h.posthistorytypeid = k.act)
             group by v.postid, k.name order by v.postid::bigint, k.name
            """,
            [
                Array.ConvertAll(Kinds, kind => kind.Type),
                Array.ConvertAll(Kinds, kind => kind.Name),
                Array.ConvertAll(Kinds, kind => kind.Act ?? ""),
            ],
            row =>
                (
                    Post: row.GetString(0),
                    Kind: row.GetString(1),
                    Count: row.GetInt32(2),
                    First: row.GetString(3),
                    Last: row.GetString(4)
                ),
            reading.Cancellation
        );
        foreach (var (post, kind, count, first, last) in votes)
        {
            reading.Defects.Add(
                new Defect(
                    File + ".xml",
                    0,
                    "vote",
                    $"{(count == 1 ? "A vote" : $"{count} votes")} {kind} ({first}{(first == last ? "" : " to " + last)}) brought about nothing that PostHistory.xml tells; nothing is stored.",
                    reading.Source,
                    Post: "p" + post
                )
            );
        }
    }
}
