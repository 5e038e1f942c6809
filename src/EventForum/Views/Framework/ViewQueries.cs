using System.Collections.Concurrent;
using System.Globalization;
using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Views.Framework;

/// <summary>What a view answers.</summary>
/// <param name="View">Its name.</param>
/// <param name="Version">The version that answers: the one before, while a new one is being built.</param>
/// <param name="Position">
/// The position of the last event that it has taken in; null for who does not see all boards, because it tells how much
/// happens there.
/// </param>
public sealed record ViewAnswer<T>(string View, int Version, long? Position, IReadOnlyList<T> Rows);

/// <summary>
/// Asks views: the newest version that has caught up and has the columns that the program reads answers. Rows come back as
/// records whose properties are the query's columns.
/// </summary>
public sealed class ViewQueries(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    IEnumerable<ViewDefinition> views,
    ViewFreshness freshness,
    Readers readers,
    TimeProvider clock
)
{
    /// <summary>How old what is known of the versions may be.</summary>
    private static readonly TimeSpan MayBe = TimeSpan.FromSeconds(1);

    private const string Versions = $"""
        select version,
               array(select attname::text from pg_attribute
                      where attrelid = to_regclass($2 || version) and attnum > 0 and not attisdropped)
          from {ViewRegistry.Table} where name = $1 and caught_up_at is not null
         order by version = $3 desc, version desc
        """;

    private const string Built = $"""
        select coalesce((select {MartenTables.ReachedPosition} from {MartenTables.Progress} where name = $1 || ':All'), 0),
               coalesce((select max(position) from {MartenTables.Events} e), 0)
        """;

    private readonly ConcurrentDictionary<string, (int Version, long At)> answering = new(StringComparer.Ordinal);

    /// <summary>The table of the version that answers, for queries that go beyond it; or why there is none yet.</summary>
    /// <param name="minPosition">Waits until the view, and others beside it, show this position.</param>
    /// <param name="others">What the progress of these others is kept under.</param>
    public async Task<(Refusal? Refusal, string? Table)> TableAsync<TView>(
        long? minPosition,
        CancellationToken cancellation,
        params string[] others
    )
        where TView : IView
    {
        var view = views.Single(definition => definition.View is TView);
        if (await AnsweringAsync(view, cancellation) is not { } version)
        {
            return (await BuildingAsync(view, cancellation), null);
        }

        string[] shown = [ViewRegistry.IdOf(view.Name, version), .. others];
        return await freshness.WaitAsync(minPosition, cancellation, shown) is { } behind
            ? (behind, null)
            : (null, ViewDefinition.TableOf(view.Name, version));
    }

    /// <summary>
    /// Runs a query on the table of a view and gives its rows with the position that they show, read in one snapshot.
    /// </summary>
    /// <param name="minPosition">Waits until the view shows this position.</param>
    /// <param name="sql">
    /// Gives the query for the name of the table. Parameters are named: <c>@limit</c>. <c>@hidden</c> is there for
    /// <see cref="ViewSql.Seen"/>; every query names the boards of what it shows so.
    /// </param>
    public async Task<(Refusal? Refusal, ViewAnswer<T>? Answer)> ReadAsync<TView, T>(
        HttpContext http,
        long? minPosition,
        Func<string, string> sql,
        params (string Name, object? Value)[] parameters
    )
        where TView : IView
    {
        var view = views.Single(definition => definition.View is TView);
        var cancellation = http.RequestAborted;
        if (await AnsweringAsync(view, cancellation) is not { } version)
        {
            return (await BuildingAsync(view, cancellation), null);
        }

        var id = ViewRegistry.IdOf(view.Name, version);
        if (await freshness.WaitAsync(minPosition, cancellation, id) is { } behind)
        {
            return (behind, null);
        }

        await using var command = database.CreateCommand(
            $"""
            with answer as materialized ({sql(ViewDefinition.TableOf(view.Name, version))})
            select coalesce((select {MartenTables.ReachedPosition} from {MartenTables.Progress} where name = @shard), 0),
                   coalesce((select jsonb_agg(to_jsonb(answer)) from answer), '[]')::text
            """
        );
        command.Parameters.AddWithValue("shard", id + ":All");
        var reader = await readers.OfAsync(http);
        var hidden = reader.HiddenBoardsParameter();
        hidden.ParameterName = "hidden";
        command.Parameters.Add(hidden);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return (
            null,
            new ViewAnswer<T>(
                view.Name,
                version,
                reader.SeesAllBoards ? rows.GetInt64(0) : null,
                Row.Read<IReadOnlyList<T>>(rows.GetString(1))
            )
        );
    }

    /// <summary>The same, as the answer of an endpoint: JSON under an ETag, or the problem.</summary>
    public async Task<IResult> AnswerAsync<TView, T>(
        HttpContext http,
        long? minPosition,
        Func<string, string> sql,
        params (string Name, object? Value)[] parameters
    )
        where TView : IView
    {
        var (refusal, answer) = await ReadAsync<TView, T>(http, minPosition, sql, parameters);
        return refusal is null ? new Tagged<ViewAnswer<T>>(answer!) : new Problem(refusal);
    }

    /// <summary>The version that answers; null while the first one is being built.</summary>
    public async Task<int?> AnsweringAsync(ViewDefinition view, CancellationToken cancellation)
    {
        if (answering.TryGetValue(view.Name, out var known) && clock.GetElapsedTime(known.At) < MayBe)
        {
            return known.Version;
        }

        var now = clock.GetTimestamp();
        await using var command = database.CreateCommand(Versions);
        command.Parameters.AddWithValue(view.Name);
        command.Parameters.AddWithValue(view.Table[..^view.Version.ToString(CultureInfo.InvariantCulture).Length]);
        command.Parameters.AddWithValue(view.Version);
        int? version = null;
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (version is null && await rows.ReadAsync(cancellation))
        {
            if (!view.Columns.Except(rows.GetFieldValue<string[]>(1), StringComparer.Ordinal).Any())
            {
                version = rows.GetInt32(0);
            }
        }

        // That it has caught up just now is seen at once.
        if (version is { } answers)
        {
            answering[view.Name] = (answers, now);
        }

        return version;
    }

    private async Task<Refusal> BuildingAsync(ViewDefinition view, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Built);
        command.Parameters.AddWithValue(view.Id);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return new Refusal(
            503,
            "view-building",
            "This view is being built from the forum's past.",
            string.Create(
                CultureInfo.InvariantCulture,
                $"It has taken in {(double)rows.GetInt64(0) / Math.Max(1, rows.GetInt64(1)):P0} of it. Ask again after the time in Retry-After."
            )
        )
        {
            RetryAfter = 5,
        };
    }
}
