using EventForum.Members;
using EventForum.Threads;
using Marten;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EventForum.Erasure;

/// <summary>
/// Takes out of the events, beside the forum's traffic, what <see cref="RetentionOptions"/> says is not to be kept for longer. As with an
/// erasure, what the daemon makes of events follows.
/// </summary>
public sealed class Retention(
    IDocumentStore store,
    NpgsqlDataSource database,
    IOptions<RetentionOptions> options,
    TimeProvider clock,
    ErasureCompletion completion
)
{
    /// <summary>Whether anything is to go at all.</summary>
    public bool IsConfigured => options.Value is not { Reasons: null, Subjects: null };

    /// <summary>How many events of which type would lose something now.</summary>
    /// <param name="by">The member who would do it.</param>
    public async Task<IReadOnlyList<ErasedCount>> PlanAsync(
        Guid by,
        Action<long, long>? progress,
        CancellationToken cancellation
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var last = await Erasures.ScalarAsync(connection, Erasures.Last, cancellation);
        var expiry = options.Value.At(clock.GetUtcNow());
        return PersonalEvents.CountsOf(
            Except(
                by,
                await PersonalEvents
                    .FindAsync(connection, expiry, 0, last, progress, cancellation)
                    .ToListAsync(cancellation)
            )
        );
    }

    /// <summary>Takes it out; the answer is how many events of which type lost something.</summary>
    /// <param name="by">The member who does it.</param>
    public async Task<IReadOnlyList<ErasedCount>> RunAsync(
        Guid by,
        Action<long, long>? progress,
        CancellationToken cancellation
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Erasures.BeginAsync(connection, cancellation);
        await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
        var expiry = options.Value.At(clock.GetUtcNow());
        var expired = Except(
            by,
            await PersonalEvents.CollectAsync(
                connection,
                () =>
                    (after, upTo) => PersonalEvents.FindAsync(connection, expiry, after, upTo, progress, cancellation),
                cancellation
            )
        );
        var counts = PersonalEvents.CountsOf(expired);
        if (counts.Count == 0)
        {
            return counts;
        }

        var members = expired
            .Where(one => one.Forgotten.Contains("data.subject", StringComparer.Ordinal))
            .Select(one => one.Event.StreamId)
            .ToArray();
        foreach (var member in await session.LoadManyAsync<Member>(cancellation, members))
        {
            await Erasures.ForgetAnswersAsync(connection, member.Subject, cancellation);
        }

        await PersonalEvents.StoreAsync(connection, expired, cancellation);
        var threads = await new ErasedRows(session, connection).MakeAsync(expired, cancellation);
        session.LastModifiedBy = by.ToString();
        session.CausationId = Guid.CreateVersion7().ToString();
        var versions = await Erasures.VersionsAsync(connection, [.. threads, .. members, by], cancellation);
        foreach (var thread in threads)
        {
            session.Events.Append(thread, versions[thread] + 1, new ReasonsExpired(expiry.Reasons!.Value));
        }

        foreach (var member in members)
        {
            session.Events.Append(member, versions[member] + 1, new SubjectExpired(expiry.Subjects!.Value));
        }

        session.Events.Append(by, versions[by] + 1, new RetentionApplied(expiry.Reasons, expiry.Subjects, counts));
        await session.SaveChangesAsync(cancellation);
        await Erasures.RememberAsync(connection, by, threads, cancellation);
        await transaction.CommitAsync(CancellationToken.None);
        completion.Wake();
        return counts;
    }

    /// <summary>Who does it is doing something just now, and keeps its subject.</summary>
    private static List<ErasedEvent> Except(Guid by, List<ErasedEvent> expired) =>
        [
            .. expired.Where(one =>
                one.Event.StreamId != by || !one.Forgotten.Contains("data.subject", StringComparer.Ordinal)
            ),
        ];
}
