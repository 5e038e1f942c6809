using System.Globalization;
using System.Text.RegularExpressions;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>A moment in a thread's life.</summary>
/// <param name="Version">What happened in the thread up to this version is seen.</param>
/// <param name="At">What happened elsewhere up to this time is seen; null for now, or where the version's time is yet to be found.</param>
/// <param name="IsTime">Whether it was asked for by its time.</param>
public sealed record Moment(long Version, DateTimeOffset? At, bool IsTime = false)
{
    public static Moment Now { get; } = new(long.MaxValue, null);

    /// <summary>What asks for it again. Elsewhere more may have happened at a time than at that of the version before it.</summary>
    public string Query =>
        IsTime ? $"at={Moments.Text(At!.Value)}" : string.Create(CultureInfo.InvariantCulture, $"version={Version}");
}

/// <summary>Finds moments: the version that held at a time, and the time at which a version came.</summary>
public sealed partial class Moments([FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database, TimeProvider clock)
{
    internal static readonly Refusal NoSuchVersion = new(
        404,
        "version-not-found",
        "The thread has no such version.",
        "Versions run from 1 to the page's version."
    );

    internal static readonly Refusal NotStarted = new(
        404,
        "thread-not-started",
        "The thread had not begun.",
        "Ask for a time after its first post, or for version=1."
    );

    internal static readonly Refusal NoSuchTime = new(
        400,
        "time-invalid",
        "This is not a time.",
        "Send a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z."
    );

    private static readonly Refusal OneOfTwo = new(
        400,
        "moment-ambiguous",
        "There are two moments.",
        "Send either at or version."
    );

    private const string EventTime =
        $"select came_at from {MartenTables.Events} e where stream_id = $1 and version = $2";

    private const string IsThread =
        $"select 1 from {HeaderTable.Table} where thread_id = $1 and from_version > $2 limit 1";

    /// <summary>
    /// Halves the thread's versions until one is left: some twenty probes in a thread of a million events. It takes a
    /// thread's events for ordered by time; where servers' clocks differ it may be out by as much.
    /// </summary>
    private const string VersionAt = $"""
        with recursive search(low, high) as (
            select 0::bigint, (select version from {MartenTables.Streams} where id = $1)
            union all
            select case when e.came_at <= $2 then m.mid else low end,
                   case when e.came_at <= $2 then high else m.mid - 1 end
              from search
             cross join lateral (select (low + high + 1) / 2 as mid) m
              join {MartenTables.Events} e on e.stream_id = $1 and e.version = m.mid
             where low < high)
        select low from search where low = high
        """;

    /// <summary>The time that a query names: null when it names none, and a refusal when that is no time.</summary>
    internal static (Refusal? Refusal, DateTimeOffset? At) ReadTime(string? text) =>
        string.IsNullOrWhiteSpace(text) ? (null, null)
        : ParseTime(text) is { } time ? (null, time)
        : (NoSuchTime, null);

    /// <summary>
    /// An RFC 3339 time, or a date, which is its beginning; UTC where it says no other. Null when it is neither. In
    /// microseconds, as everything is stored.
    /// </summary>
    internal static DateTimeOffset? ParseTime(string? text) =>
        text is not null
        && StartsWithDate.IsMatch(text)
        // An unescaped + of a time zone arrives as a space.
        && DateTimeOffset.TryParse(
            text.Contains('T', StringComparison.Ordinal) ? text.Replace(' ', '+') : text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond))
            : null;

    /// <summary>A time as <see cref="ParseTime"/> reads it.</summary>
    internal static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Null, null: the reader wants the thread as it is now.</summary>
    /// <param name="at">As the query has it.</param>
    public async Task<(Refusal? Refusal, Moment? Moment)> FindAsync(
        Guid threadId,
        long? version,
        string? at,
        CancellationToken cancellation
    )
    {
        var (refusal, time) = ReadTime(at);
        return refusal is not null ? (refusal, null) : await FindAsync(threadId, version, time, cancellation);
    }

    /// <inheritdoc cref="FindAsync(Guid,long?,string?,CancellationToken)"/>
    public async Task<(Refusal? Refusal, Moment? Moment)> FindAsync(
        Guid threadId,
        long? version,
        DateTimeOffset? at,
        CancellationToken cancellation
    )
    {
        if (version is not null && at is not null)
        {
            return (OneOfTwo, null);
        }

        if (version is { } wanted)
        {
            return await ScalarAsync(EventTime, threadId, wanted, cancellation) is DateTime time
                ? (null, new Moment(wanted, new DateTimeOffset(time, TimeSpan.Zero)))
                : (await NoVersionAsync(threadId, cancellation), null);
        }

        // A time that is still to come shows the thread as it is, and is no moment to keep.
        if (at is not { } moment || moment > clock.GetUtcNow())
        {
            return (null, null);
        }

        return await ScalarAsync(VersionAt, threadId, moment.ToUniversalTime(), cancellation) switch
        {
            null => (ThreadRefusals.NoSuchThread, null),
            0L => (NotStarted, null),
            long found => (null, new Moment(found, moment.ToUniversalTime(), IsTime: true)),
            var other => throw new InvalidOperationException($"A version is a number, not {other}."),
        };
    }

    /// <summary>Why a thread has no such version.</summary>
    internal async Task<Refusal> NoVersionAsync(Guid threadId, CancellationToken cancellation) =>
        await ScalarAsync(IsThread, threadId, 0L, cancellation) is null ? ThreadRefusals.NoSuchThread : NoSuchVersion;

    [GeneratedRegex(
        @"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}|$)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex StartsWithDate { get; }

    private async Task<object?> ScalarAsync(string sql, Guid threadId, object value, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(threadId);
        command.Parameters.AddWithValue(value);
        return await command.ExecuteScalarAsync(cancellation) is { } found and not DBNull ? found : null;
    }
}
