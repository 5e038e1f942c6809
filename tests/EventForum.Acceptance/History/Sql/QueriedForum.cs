using EventForum.Acceptance.Access;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.History.Sql;

/// <summary>A forum with hidden boards, removed posts and everything else, which somebody queries by SQL.</summary>
public sealed class QueriedForum : IAsyncLifetime
{
    public GuardedForum Guarded { get; } = new();

    public SqlReader Reader { get; private set; } = null!;

    public ForumHost Host => Guarded.Host;

    public async ValueTask InitializeAsync()
    {
        await Guarded.InitializeAsync();
        await EventfulHistory.WriteAsync(Host);
        await ReadModels.CatchUpAsync(Host);
        Reader = new SqlReader(Host.Database);
    }

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await Guarded.DisposeAsync();
    }
}

[CollectionDefinition(nameof(QueriedForum))]
public sealed class QueriedForumCollection : ICollectionFixture<QueriedForum>;
