using EventForum.Members;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>
/// What a page was made of: it still stands while the threads that it shows have these versions and its members these
/// names and titles. Versions are those of the snapshots that the text came from, so none vouches for an older text.
/// </summary>
/// <param name="isFresh">Names and titles must be those of this very moment.</param>
internal sealed class PageBasis(Guid threadId, long version, bool isFresh)
{
    private readonly Dictionary<Guid, MemberCard> cards = [];

    public bool IsFresh => isFresh;

    /// <summary>By thread. Where a thread was read twice, the first look counts.</summary>
    public Dictionary<Guid, long> Versions { get; } = new() { [threadId] = version };

    public IReadOnlyDictionary<Guid, MemberCard> Cards => cards;

    /// <summary>Threads that posts of the page have moved to: whether they may be seen there changes with these.</summary>
    public async Task AddAsync(IEnumerable<Guid> threadIds, NpgsqlDataSource database, CancellationToken cancellation)
    {
        Guid[] wanted = [.. threadIds.Distinct()];
        if (wanted.Length == 0)
        {
            return;
        }

        await using var command = database.CreateCommand(
            $"select id, version from {MartenTables.Streams} where id = any($1)"
        );
        command.Parameters.AddWithValue(wanted);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            Versions.TryAdd(rows.GetGuid(0), rows.GetInt64(1));
        }
    }

    public void Add(IEnumerable<SourceRow> sources, IReadOnlyDictionary<Guid, MemberCard> shown)
    {
        foreach (var source in sources)
        {
            Versions.TryAdd(source.ThreadId, source.ThreadVersion);
        }

        foreach (var (id, card) in shown)
        {
            cards.TryAdd(id, card);
        }
    }
}
