using EventForum.Acceptance.Harness;
using EventForum.Access;
using EventForum.Transparency;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EventForum.Acceptance.Transparency;

/// <summary>The read models of a forum, made again aside once, with which rows are compared as often as wanted.</summary>
internal sealed class OwnReadModels(AsideDatabase aside) : IAsyncDisposable
{
    public AsideDatabase Aside { get; } = aside;

    public IReadOnlyList<string> Projections { get; private set; } = [];

    public IReadOnlyList<(string Table, string Why)> NotCompared { get; private set; } = [];

    /// <summary>Copies and builds.</summary>
    public static async Task<OwnReadModels> BuildAsync(ForumHost forum)
    {
        var store = forum.Services.GetRequiredService<IDocumentStore>();
        EventDescription[] events = [.. forum.Services.GetServices<EventDescription>()];
        var aside = await AsideDatabase.CreateAsync(forum.Database.ConnectionString, store, CancellationToken.None);
        var models = new OwnReadModels(aside);
        await using var connection = new NpgsqlConnection(forum.Database.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var copy = new AsideCopy(aside, connection);
        await copy.EventsAsync(
            events,
            ((DocumentStore)store).Events.AggregateAliasFor,
            (_, _) => { },
            CancellationToken.None
        );
        await copy.RowsAsync((_, _) => { }, CancellationToken.None);
        models.NotCompared = copy.NotCompared;
        try
        {
            models.Projections = await new ReadModelBuild(store, events, aside).RunAsync(
                (_, _) => { },
                CancellationToken.None
            );
            return models;
        }
        catch
        {
            await aside.DisposeAsync();
            throw;
        }
    }

    /// <summary>Compares the rows as they were copied first, or as a transaction sees them.</summary>
    public async Task<ReadModelReport> CompareAsync(NpgsqlConnection? connection = null)
    {
        if (connection is not null)
        {
            await new AsideCopy(Aside, connection).RowsAsync((_, _) => { }, CancellationToken.None);
        }

        return await new ReadModelComparison(Aside).RunAsync((_, _) => { }, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Aside.DisposeAsync();
}
