using EventForum.Acceptance.Harness;
using EventForum.Access;
using EventForum.Transparency;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EventForum.Acceptance.Transparency;

/// <summary>The read models of a forum, made again aside once, with which rows are compared as often as wanted.</summary>
internal sealed class OwnReadModels(AsideDatabase aside, ReadModelVerification verification) : IAsyncDisposable
{
    public AsideDatabase Aside { get; } = aside;

    public IReadOnlyList<string> Projections { get; private set; } = [];

    /// <summary>Copies and builds.</summary>
    public static async Task<OwnReadModels> BuildAsync(ForumHost forum)
    {
        var store = forum.Services.GetRequiredService<IDocumentStore>();
        var aside = await AsideDatabase.CreateAsync(forum.Database.ConnectionString, store, CancellationToken.None);
        var models = new OwnReadModels(
            aside,
            new ReadModelVerification(store, [.. forum.Services.GetServices<EventDescription>()], aside)
        );
        await models.BuildAsync(forum.Database.ConnectionString);
        return models;
    }

    /// <summary>Compares the rows as they were copied first, or as a transaction sees them.</summary>
    public async Task<ReadModelReport> CompareAsync(NpgsqlConnection? connection = null)
    {
        if (connection is not null)
        {
            await Aside.CopyRowsAsync(connection, (_, _) => { }, CancellationToken.None);
        }

        return await verification.CompareAsync((_, _) => { }, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Aside.DisposeAsync();

    private async Task BuildAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await verification.CopyAsync(connection, (_, _) => { }, CancellationToken.None);
        Projections = await verification.BuildAsync((_, _) => { }, CancellationToken.None);
    }
}
