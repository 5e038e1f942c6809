using System.Globalization;
using System.Text.RegularExpressions;
using Marten;
using Npgsql;

namespace EventForum.Platform;

/// <summary>
/// What is known of every view beside its progress, whichever server keeps it up: when it was begun and when it had caught
/// up, whether it is paused, and what it failed with. Versions that the program does not have any more stay in it until they
/// are dropped.
/// </summary>
public sealed partial class ViewRegistry(NpgsqlDataSource database, IDocumentStore store) : IHostedService
{
    public const string Table = Store.Schema + ".views";

    /// <summary>Of a failure, so much is kept.</summary>
    private const int LongestFailure = 2_000;

    public static Weasel.Postgresql.Tables.Table Schema()
    {
        var table = new Weasel.Postgresql.Tables.Table(Table);
        table.AddColumn("view", "text").AsPrimaryKey();
        table.AddColumn("name", "text").NotNull();
        table.AddColumn<int>("version").NotNull();
        table.AddColumn<DateTimeOffset>("began_at").NotNull().DefaultValueByExpression("now()");
        table.AddColumn<DateTimeOffset>("caught_up_at");
        table.AddColumn<DateTimeOffset>("paused_at");
        table.AddColumn("failure", "text");
        table.AddColumn<DateTimeOffset>("failed_at");
        table.AddColumn<long>("aside").NotNull().DefaultValueByExpression("0");
        return table;
    }

    /// <summary>What the progress of a view's version is kept under: <c>most-quoted.v2</c>.</summary>
    public static string IdOf(string name, int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}.v{version}");

    /// <summary>The name and version that an id stands for; a view without a version in its id is its first.</summary>
    public static (string Name, int Version) Parse(string id) =>
        Versioned().Match(id) is { Success: true } match
            ? (match.Groups["name"].Value, int.Parse(match.Groups["version"].ValueSpan, CultureInfo.InvariantCulture))
            : (id, 1);

    public static bool IsName(string name) => Named().IsMatch(name);

    /// <summary>The views of this program.</summary>
    public IReadOnlySet<string> Names { get; } =
        ((DocumentStore)store)
            .Options.Projections.AllShards()
            .Select(shard => Parse(shard.Name.Name).Name)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>Enters the views of this program. A version of a view that is paused is paused.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var views = ((DocumentStore)store)
            .Options.Projections.AllShards()
            .Select(shard => shard.Name.Name)
            .Distinct(StringComparer.Ordinal)
            .Select(id => (Id: id, Parsed: Parse(id)))
            .ToList();
        await using var command = database.CreateCommand(
            $"""
            insert into {Table} (view, name, version, paused_at)
            select n.*, (select max(paused_at) from {Table} known where known.name = n.name)
              from unnest($1, $2, $3) n(view, name, version)
            on conflict do nothing
            """
        );
        command.Parameters.AddWithValue(views.Select(view => view.Id).ToArray());
        command.Parameters.AddWithValue(views.Select(view => view.Parsed.Name).ToArray());
        command.Parameters.AddWithValue(views.Select(view => view.Parsed.Version).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The view shows all that there was to show: from now on it answers.</summary>
    public Task HasCaughtUpAsync(string id, CancellationToken cancellation) =>
        ExecuteAsync(
            $"update {Table} set caught_up_at = now() where view = $1 and caught_up_at is null",
            cancellation,
            id
        );

    public Task HasFailedAsync(string id, string failure, CancellationToken cancellation) =>
        ExecuteAsync(
            $"update {Table} set failure = $2, failed_at = coalesce(failed_at, now()) where view = $1",
            cancellation,
            id,
            failure.Length > LongestFailure ? failure[..LongestFailure] : failure
        );

    /// <summary>It moves again.</summary>
    public Task HasRecoveredAsync(string id, CancellationToken cancellation) =>
        ExecuteAsync($"update {Table} set failure = null, failed_at = null where view = $1", cancellation, id);

    private async Task ExecuteAsync(string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        await command.ExecuteNonQueryAsync(cancellation);
    }

    [GeneratedRegex(@"^(?<name>.+)\.v(?<version>\d{1,9})$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Versioned();

    [GeneratedRegex("^[a-z][a-z0-9-]{2,39}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Named();
}
