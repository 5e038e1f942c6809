using EventForum.Access;
using EventForum.Platform;
using EventForum.Threads;

namespace EventForum.History.Sql;

/// <summary>
/// A view for each type of event, made of the event's description: what guests see of the events of that type, a row an
/// event, as the forum's feed shows it to them.
/// </summary>
internal static class EventViews
{
    /// <summary>Ends the condition of every view: while projections are made anew it is not known what is public.</summary>
    public const string WhenComplete = $"not exists (select from {UnfinishedRebuilds.Table})";

    public static IEnumerable<SqlView> Of(IReadOnlyCollection<EventDescription> descriptions)
    {
        // Also as long as the post is removed: a reason may repeat the words.
        var withPosts = descriptions.WithheldOfPosts().ToHashSet(StringComparer.Ordinal);
        return descriptions
            .Where(description => !description.IsForModerators)
            .Select(description => Of(description, withPosts));
    }

    private static SqlView Of(EventDescription description, HashSet<string> withPosts)
    {
        var (stream, board, source) = description.Stream.Name switch
        {
            "thread" => ("thread", "t.board", $" join {PublicThreads.Sql} t on t.id = e.stream_id"),
            "board" => ("board", null, $" join {PublicBoards.Sql} b on b.id = e.stream_id"),
            var other => (other, (string?)null, ""),
        };
        List<EventColumn> standing =
        [
            new("position", "e.position"),
            new("time", "e.timestamp"),
            new("actor", EventColumns.Actor(description)),
            .. board is null ? (EventColumn[])[] : [new("board", board)],
            new("version", "e.version"),
            new("batch", "e.causation_id"),
            new("correlation", "e.correlation_id"),
        ];
        var taken = standing.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        standing.Insert(3, new(taken.Add(stream) ? stream : "stream_" + stream, "e.stream_id"));
        var fields = EventColumns
            .Of(description, withPosts)
            .Select(field => taken.Contains(field.Name) ? field with { Name = "event_" + field.Name } : field);
        return new SqlView(
            description.Name,
            $"What guests see of the events {description.Name}.",
            $"""
            select {string.Join(
                ",\n       ",
                standing.Concat(fields).Select(column => $"{column.Sql} as {SqlView.Quote(column.Name)}")
            )}
              from {MartenTables.Events} e{source}
             where e.type = {SqlView.Literal(description.Name)} and {WhenComplete}
            """
        );
    }
}
