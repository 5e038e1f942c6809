using EventForum.Access;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using Marten;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>
/// Reads a thread as it would be without some of what happened: folded anew from its events on every request, never
/// kept. The fold is bounded in events, characters and time.
/// </summary>
public sealed class WhatIfPages(
    ReadDatabase reads,
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    PostViews views,
    MemberNames names,
    TimeProvider clock
)
{
    private const int Slice = 500;

    /// <summary>Null, null: there is no such thread. Pages beyond the last are empty.</summary>
    public async Task<(Refusal? Refusal, ThreadPage? Page)> ReadAsync(
        Guid threadId,
        int page,
        IReadOnlyList<string> without,
        Moment? past,
        Reader reader,
        CancellationToken cancellation,
        PostOrder order = PostOrder.Number
    )
    {
        if (LeftOut.Parse(without) is not { } leftOut)
        {
            return (LeftOut.Invalid, null);
        }

        await using var opened = await reads.OpenSessionAsync(cancellation);
        var session = opened.Query;
        if (await session.LoadAsync<ForumThread>(threadId, cancellation) is not { } thread)
        {
            return (null, null);
        }

        if (leftOut.Versions.Any(version => version < 1 || version > thread.Version))
        {
            return (Moments.NoSuchVersion, null);
        }

        var named = await ThreadRows.StandingAsync(
            database,
            threadId,
            [.. leftOut.PostIds.Select(id => (id, thread.Version))],
            cancellation
        );
        if (named.Count < leftOut.PostIds.Count)
        {
            return (ThreadRefusals.NoSuchPost, null);
        }

        var keys = leftOut.MemberNames.Select(MemberName.Key).Distinct(StringComparer.Ordinal).ToArray();
        var members = await session
            .Query<Member>()
            .Where(member => member.NameKey.IsOneOf(keys))
            .Select(member => member.Id)
            .ToListAsync(cancellation);
        if (members.Count < keys.Length)
        {
            return (MemberName.NoSuchMember, null);
        }

        leftOut = leftOut with { MemberIds = members.ToHashSet() };
        var folded = new ThreadWithout(leftOut);
        var until = past?.Version ?? thread.Version;
        var reached = await FoldAsync(session, folded, threadId, until, cancellation);
        var moment = new Moment(reached, past?.At);

        var places =
            order is PostOrder.Tree
                ? ThreadTree.Of([.. folded.Posts.Select(post => new TreePost(post.PostId, post.Number, post.ParentId))])
                : null;
        var start = (int)Math.Min((page - 1L) * ThreadPage.PostsPerPage, folded.Posts.Count);
        var depths = places
            ?.Skip(start)
            .Take(ThreadPage.PostsPerPage)
            .ToDictionary(one => one.PostId, one => one.Depth);
        var rows = depths is null
            ? folded.Posts.Skip(start).Take(ThreadPage.PostsPerPage).ToList()
            : [.. folded.Posts.Where(post => depths.ContainsKey(post.PostId))];
        if (depths is not null)
        {
            var ordered = depths.Keys.ToList();
            rows.Sort((one, other) => ordered.IndexOf(one.PostId).CompareTo(ordered.IndexOf(other.PostId)));
        }

        var now = await ThreadRows.NowAsync(database, [.. rows.Select(row => row.PostId)], cancellation);
        var access = await ThreadAccess.OfAsync(
            reader,
            now.Values.Select(post => post.ThreadId).Append(threadId),
            database,
            cancellation
        );
        rows =
        [
            .. rows.Where(row => access.Sees(now[row.PostId].ThreadId))
                .Select(row =>
                    now[row.PostId] is var (isRemoved, there)
                        ? row with
                        {
                            IsRemovedNow = isRemoved,
                            MovedTo = there == threadId ? null : there,
                        }
                        : row
                ),
        ];
        var posts = await views.ViewAsync(rows, moment, reader, cancellation, folded.Stand);
        var board = await session.LoadAsync<Board>(folded.Thread.BoardId, cancellation);
        var cards = await names.FindAsync([thread.StarterId], reader, moment.At, cancellation);
        var terms = string.Concat(without.Select(term => $"&without={Uri.EscapeDataString(term)}"));
        return (
            null,
            new ThreadPage(
                threadId,
                folded.Thread.Title,
                new BoardLink(folded.Thread.BoardId, board!.Name),
                cards[thread.StarterId],
                thread.StartedAt,
                reached,
                folded.Posts.Count,
                folded.Thread.LockReason,
                folded.Thread.IsPinned,
                page,
                Math.Max(1, ThreadPage.PageOf(folded.Posts.Count)),
                $"/api/threads/{threadId}?{(past ?? new Moment(until, null)).Query}&page={page}{(order is PostOrder.Tree ? "&order=tree" : "")}{terms}",
                past?.At,
                [
                    .. posts.Zip(
                        rows,
                        (post, row) => post with { Orphaned = folded.IsOrphan(row), Depth = depths?[row.PostId] }
                    ),
                ],
                new WhatIf(
                    without,
                    folded.LeftOutEvents,
                    folded.LeftOutPosts,
                    folded.Posts.Sum(post => post.Quotes.Count(folded.IsOrphan)),
                    folded.Posts.Count(folded.IsOrphan),
                    reached < until ? reached : null
                ),
                folded.Thread.LastNumber
            )
            {
                Order = order,
            }
        );
    }

    /// <summary>How far it came.</summary>
    private async Task<long> FoldAsync(
        IQuerySession session,
        ThreadWithout folded,
        Guid threadId,
        long until,
        CancellationToken cancellation
    )
    {
        var started = clock.GetTimestamp();
        long reached = 0;
        long characters = 0;
        while (reached < Math.Min(until, Bounds.WhatIfEvents) && characters < Bounds.WhatIfCharacters)
        {
            if (reached > 0 && clock.GetElapsedTime(started) > Bounds.WhatIfTime)
            {
                break;
            }

            var events = await session.Events.FetchStreamAsync(
                threadId,
                version: Math.Min(until, reached + Slice),
                fromVersion: reached + 1,
                token: cancellation
            );
            foreach (var e in events)
            {
                folded.Add(e);
                characters += e.Data switch
                {
                    ThreadStarted first => first.Body.Length,
                    ReplyPosted posted => posted.Body.Length,
                    PostEdited edited => edited.Body.Length,
                    _ => 0,
                };
            }

            reached = events[^1].Version;
        }

        return reached;
    }
}
