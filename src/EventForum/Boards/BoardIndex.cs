using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;

namespace EventForum.Boards;

/// <summary>A thread in its board's list. Updated by the daemon, a moment after the fact.</summary>
public sealed record ThreadSummary(
    Guid Id,
    Guid BoardId,
    string Title,
    Guid StarterId,
    DateTimeOffset StartedAt,
    int PostCount,
    DateTimeOffset LastPostAt,
    Guid LastPosterId,
    bool IsLocked
)
{
    public static ThreadSummary? Fold(ThreadSummary? thread, IEvent e) =>
        e.Data switch
        {
            ThreadStarted started => new ThreadSummary(
                e.StreamId,
                started.BoardId,
                started.Title,
                e.ActorId(),
                e.Timestamp,
                1,
                e.Timestamp,
                e.ActorId(),
                false
            ),
            _ when thread is null => null,
            ReplyPosted => thread with
            {
                PostCount = thread.PostCount + 1,
                LastPostAt = e.Timestamp,
                LastPosterId = e.ActorId(),
            },
            ThreadRenamed renamed => thread with { Title = renamed.Title },
            ThreadLocked => thread with { IsLocked = true },
            ThreadUnlocked => thread with { IsLocked = false },
            _ => thread,
        };
}

/// <summary>A board in the list of boards. Updated by the daemon, a moment after the fact.</summary>
public sealed record BoardSummary(
    Guid Id,
    string Name,
    string? Description,
    int ThreadCount = 0,
    int PostCount = 0,
    Guid? LastThreadId = null,
    DateTimeOffset? LastPostAt = null,
    Guid? LastPosterId = null
)
{
    public BoardSummary WithPost(Guid threadId, IEvent e) =>
        this with
        {
            ThreadCount = ThreadCount + (e.Data is ThreadStarted ? 1 : 0),
            PostCount = PostCount + 1,
            LastThreadId = threadId,
            LastPostAt = e.Timestamp,
            LastPosterId = e.ActorId(),
        };
}

/// <summary>
/// The lists of boards and of threads. A page of events costs two reads and one write of the boards and threads
/// that it touches, however many events there are.
/// </summary>
public sealed class BoardIndex : IProjection
{
    public const string Name = "BoardIndex";

    public async Task ApplyAsync(
        IDocumentOperations operations,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation
    )
    {
        var relevant = events
            .Where(e =>
                e.Data
                    is BoardCreated
                        or ThreadStarted
                        or ReplyPosted
                        or ThreadRenamed
                        or ThreadLocked
                        or ThreadUnlocked
            )
            .ToList();
        var threadIds = relevant
            .Where(e => e.Data is not (BoardCreated or ThreadStarted))
            .Select(e => e.StreamId)
            .Distinct()
            .ToArray();
        var threads = (await operations.LoadManyAsync<ThreadSummary>(cancellation, threadIds)).ToDictionary(t => t.Id);
        var boardIds = threads
            .Values.Select(t => t.BoardId)
            .Concat(relevant.Select(e => e.Data).OfType<ThreadStarted>().Select(s => s.BoardId))
            .Distinct()
            .ToArray();
        var boards = (await operations.LoadManyAsync<BoardSummary>(cancellation, boardIds)).ToDictionary(b => b.Id);

        Fold(threads, boards, relevant);

        operations.Store<ThreadSummary>(threads.Values);
        operations.Store<BoardSummary>(boards.Values);
    }

    /// <summary>What the events make of the boards and threads. Pure but for the two dictionaries, which it brings up to date.</summary>
    public static void Fold(
        IDictionary<Guid, ThreadSummary> threads,
        IDictionary<Guid, BoardSummary> boards,
        IEnumerable<IEvent> events
    )
    {
        foreach (var e in events)
        {
            if (e.Data is BoardCreated created)
            {
                boards[e.StreamId] = new BoardSummary(e.StreamId, created.Name, created.Description);
            }
            else if (ThreadSummary.Fold(threads.TryGetValue(e.StreamId, out var known) ? known : null, e) is { } thread)
            {
                threads[thread.Id] = thread;
                if (e.Data is ThreadStarted or ReplyPosted && boards.TryGetValue(thread.BoardId, out var board))
                {
                    boards[board.Id] = board.WithPost(thread.Id, e);
                }
            }
        }
    }
}
