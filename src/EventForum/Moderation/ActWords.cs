using EventForum.Commands;
using EventForum.Threads;
using JasperFx.Events;
using Npgsql;

namespace EventForum.Moderation;

/// <summary>A command whose rule looks at words of posts.</summary>
internal interface IReadsWords
{
    /// <summary>The posts, and at which revision; null for the one that holds.</summary>
    IReadOnlyList<(Guid PostId, int? Revision)> Words { get; }
}

/// <summary>
/// The words that an act goes by. They are read where it is carried out: words that were redacted since it was planned do
/// not come back by it.
/// </summary>
internal sealed class ActWords : INamedState
{
    private const string Sql = $"""
        select {PostColumns.All}
          from unnest($1, $2) as k(post_id, revision)
         cross join lateral (
                select * from {PostTable.Table}
                 where post_id = k.post_id and (k.revision is null or revision = k.revision)
                 {PostTable.Newest}) p
        """;

    private readonly Dictionary<Guid, PostRow> rows;

    public ActWords(IEnumerable<PostRow> rows) => this.rows = rows.ToDictionary(row => row.PostId);

    public static NamedStateSource Source { get; } =
        new(command => command.Command is IReadsWords { Words.Count: > 0 }, NeedsStreams: true, LoadAsync);

    /// <summary>Null where the post has no such revision.</summary>
    public PostRow? Of(Guid postId) => rows.GetValueOrDefault(postId);

    /// <summary>A command on several streams, as these are, is carried out alone: nothing comes before it in its batch.</summary>
    public void Evolve(IEvent e, string actorName) { }

    private static async Task<INamedState> LoadAsync(NamedStateQuery query)
    {
        var wanted = query
            .Commands.Select(command => command.Command)
            .OfType<IReadsWords>()
            .SelectMany(command => command.Words)
            .Distinct()
            .ToList();
        var found = new List<PostRow>();
        if (wanted.Count > 0)
        {
            await using var command = new NpgsqlCommand(Sql, (NpgsqlConnection)query.Session.Connection!);
            command.Parameters.AddWithValue(wanted.ConvertAll(one => one.PostId));
            command.Parameters.AddWithValue(wanted.ConvertAll(one => one.Revision));
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                found.Add(PostColumns.Read(reader));
            }
        }

        return new ActWords(found);
    }
}
