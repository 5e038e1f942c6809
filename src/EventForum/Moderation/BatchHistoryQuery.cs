using System.Collections.Frozen;
using EventForum.Commands;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace EventForum.Moderation;

/// <summary>A command that undoes a batch: its rule looks at what was done before to the same posts and threads.</summary>
internal interface IUndoesBatch : INamesPosts, IMovesPosts
{
    Guid UndoneId { get; }

    /// <summary>The posts whose removals and texts it may change.</summary>
    IReadOnlyList<Guid> PostIds { get; }

    /// <summary>Those of them that it may give another text.</summary>
    IReadOnlyList<Guid> EditedIds { get; }

    /// <summary>The posts that it may move to other threads, or give other numbers.</summary>
    IReadOnlyList<Guid> MovedIds { get; }

    IReadOnlyList<Guid> ThreadIds { get; }

    IReadOnlyList<Guid> MemberIds { get; }

    IReadOnlyList<Guid> IMovesPosts.MovedThreads => MovedIds.Count == 0 ? [] : ThreadIds;
}

/// <summary>Loads the history that the undo of a batch goes by.</summary>
internal static class BatchHistoryQuery
{
    private const string This = "jsonb_build_array(jsonb_build_object('postId', p.post_id, 'number', p.number))";

    /// <summary>
    /// Each row of a post is there because of an event. Texts come along where they may change. Of an event that moved
    /// thousands of posts there is what it did to this one.
    /// </summary>
    private const string Posts = $"""
        select e.type,
               case e.type
                    when 'posts_moved_in' then jsonb_build_object('posts', {This}, 'renumbered', jsonb_build_array())
                    when 'posts_moved_out' then jsonb_build_object('posts', jsonb_build_array(), 'renumbered', {This})
                    else case when p.post_id = any($2) then e.data else e.data - 'body' - 'quotes' end end,
               e.id, e.stream_id, e.version, e.timestamp, e.user_name, e.causation_id, p.post_id
          from unnest($1) as k(post_id)
          join {PostTable.Table} p on p.post_id = k.post_id
          join {MartenTables.Events} e on e.stream_id = p.thread_id and e.version = p.from_version
         order by e.position
        """;

    private const string Headers = $"""
        select e.type, e.data - 'body' - 'quotes', e.id, e.stream_id, e.version, e.timestamp, e.user_name, e.causation_id
          from unnest($1) as k(thread_id)
          join {HeaderTable.Table} h on h.thread_id = k.thread_id
          join {MartenTables.Events} e on e.stream_id = h.thread_id and e.version = h.from_version
         order by e.position
        """;

    private static readonly string Members = $"""
        select e.type, e.data, e.id, e.stream_id, e.version, e.timestamp, e.user_name, e.causation_id
          from {MartenTables.Events} e
         where e.stream_id = any($1) and e.type in ({string.Join(
            ", ",
            Acts.MemberEventTypes.Select(type => $"'{type}'")
        )})
         order by e.position
        """;

    /// <summary>What undid these batches, and what undid that; and what they undid themselves.</summary>
    private const string Undoes = $"""
        with recursive undo(id, undone) as (
            select id, undone_batch_id from {MartenTables.Documents}moderationbatch where undone_batch_id = any($1)
            union
            select d.id, d.undone_batch_id from {MartenTables.Documents}moderationbatch d join undo on d.undone_batch_id = undo.id)
        select id, undone from undo
         union
        select id, undone_batch_id from {MartenTables.Documents}moderationbatch
         where id = any($1) and undone_batch_id is not null
        """;

    private static readonly FrozenDictionary<string, Type> Types = ThreadEventDescriptions
        .All.Concat(MemberEventDescriptions.All)
        .ToFrozenDictionary(
            description => description.Name,
            description => description.EventType,
            StringComparer.Ordinal
        );

    public static NamedStateSource Source { get; } =
        new(command => command.Command is IUndoesBatch, NeedsStreams: true, LoadAsync);

    private static async Task<INamedState> LoadAsync(NamedStateQuery query)
    {
        var history = new BatchHistory();
        var commands = query.Commands.Select(command => command.Command).OfType<IUndoesBatch>().ToList();
        if (commands.Count == 0)
        {
            return history;
        }

        await foreach (
            var (e, postId) in EventsAsync(
                query.Session,
                Posts,
                commands.SelectMany(one => one.PostIds.Concat(one.MovedIds)),
                commands.SelectMany(one => one.EditedIds)
            )
        )
        {
            history.AddToPost(postId, e);
        }

        await foreach (var (e, _) in EventsAsync(query.Session, Headers, commands.SelectMany(one => one.ThreadIds)))
        {
            history.AddToHeader(e);
        }

        await foreach (var (e, _) in EventsAsync(query.Session, Members, commands.SelectMany(one => one.MemberIds)))
        {
            history.AddToMember(e);
        }

        await using var command = new NpgsqlCommand(Undoes, (NpgsqlConnection)query.Session.Connection!);
        command.Parameters.AddWithValue(
            history.Batches.Concat(commands.Select(one => one.UndoneId)).Distinct().ToArray()
        );
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            history.AddUndo(reader.GetGuid(0), reader.GetGuid(1));
        }

        return history;
    }

    /// <summary>The events that a query gives, and of those of posts the post.</summary>
    private static async IAsyncEnumerable<(IEvent Event, Guid PostId)> EventsAsync(
        IDocumentSession session,
        string sql,
        params IEnumerable<Guid>[] ids
    )
    {
        var store = (DocumentStore)session.DocumentStore;
        await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)session.Connection!);
        foreach (var parameter in ids)
        {
            command.Parameters.AddWithValue(parameter.Distinct().ToArray());
        }

        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var e = store.Events.BuildEvent(store.Options.Serializer().FromJson(Types[reader.GetString(0)], reader, 1));
            e.Id = reader.GetGuid(2);
            e.StreamId = reader.GetGuid(3);
            e.Version = reader.GetInt64(4);
            e.Timestamp = reader.GetFieldValue<DateTimeOffset>(5);
            e.UserName = reader.GetString(6);
            e.CausationId = await reader.IsDBNullAsync(7) ? null : reader.GetString(7);
            yield return (e, reader.FieldCount > 8 ? reader.GetGuid(8) : Guid.Empty);
        }
    }
}
