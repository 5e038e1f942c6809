using System.Text;
using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>Reads a post's revisions out of its rows.</summary>
public sealed class PostRevisions(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    PostViews views,
    MemberNames names
)
{
    private static readonly Refusal NoSuchRevision = new(
        404,
        "revision-not-found",
        "The post has no such revision.",
        "GET /api/posts/{id}/revisions lists them; without from and to, the last two are compared."
    );

    /// <summary>How many are read at once, unless the reader says.</summary>
    public const int PageSize = 50;

    /// <summary>Some of them; a refusal when there is no such post, or the reader may not see it.</summary>
    /// <param name="which">The first and the last of them, of a post that has so many.</param>
    /// <param name="newestFirst">Which of them are left for another page where their texts are long.</param>
    public async Task<(Refusal? Refusal, RevisionList? List)> ReadAsync(
        Guid postId,
        Func<int, (int First, int Last)> which,
        bool newestFirst,
        Reader reader,
        CancellationToken cancellation
    )
    {
        var (refusal, newest) = await NewestAsync(postId, reader, cancellation);
        if (newest is null)
        {
            return (refusal, null);
        }

        var (first, last) = which(newest.Revision);
        var wanted = Enumerable.Range(first, Math.Max(0, last - first + 1)).ToArray();
        var sizes = await TextSizes.OfRevisionsAsync(database, postId, wanted, cancellation);
        wanted = Fitting(wanted, newestFirst, revision => sizes.GetValueOrDefault(revision));
        var read = await ReadAsync(postId, wanted, reader, cancellation);
        // What they quote is shown in them, and has a size of its own.
        read = Fitting(read, newestFirst, revision => Encoding.UTF8.GetByteCount(revision.Body));
        last = read.Count > 0 ? read[^1].Revision : last;
        var author = (await names.FindAsync([newest.AuthorId], reader, cancellation))[newest.AuthorId];
        return (null, new RevisionList(postId, author, newest.Revision, read, last < newest.Revision ? last : null));
    }

    /// <summary>Reads only the two; the last two when none are named.</summary>
    public async Task<(Refusal? Refusal, ComparedRevisions? Compared)> CompareAsync(
        Guid postId,
        int? from,
        int? to,
        Reader reader,
        CancellationToken cancellation
    )
    {
        var (refusal, newest) = await NewestAsync(postId, reader, cancellation);
        if (newest is null)
        {
            return (refusal, null);
        }

        var count = newest.Revision;
        var last = to ?? count;
        var first = from ?? Math.Max(1, last - 1);
        if (first < 1 || last < 1 || first > count || last > count)
        {
            return (NoSuchRevision, null);
        }

        var read = await ReadAsync(postId, [first, last], reader, cancellation);
        var isUnknown = read.Any(revision => revision.UnknownUntil is not null);
        var words = isUnknown ? [] : Words(read[0].Body, read[1].Body, new DiffWork(cancellation));
        var diff = new RevisionDiff(postId, first, last, words) { Unknown = isUnknown };
        return (null, new ComparedRevisions(read[0], read[1], diff, count));
    }

    public static IReadOnlyList<WordChange> Words(string before, string after, DiffWork? work = null) =>
        [
            .. WordDiff
                .Between(before, after, work)
                .Select(part => new WordChange(part.Kind.ToString().ToLowerInvariant(), part.Text)),
        ];

    /// <summary>As many as fit into an answer, one at least, from one end.</summary>
    private static T[] Fitting<T>(IReadOnlyList<T> all, bool fromEnd, Func<T, long> bytes)
    {
        var size = new AnswerSize();
        var fitting = new List<T>();
        foreach (var one in fromEnd ? all.Reverse() : all)
        {
            if (size.IsFull)
            {
                break;
            }

            fitting.Add(one);
            size.Add(bytes(one));
        }

        return [.. fromEnd ? Enumerable.Reverse(fitting) : fitting];
    }

    private async Task<(Refusal? Refusal, PostRow? Newest)> NewestAsync(
        Guid postId,
        Reader reader,
        CancellationToken cancellation
    )
    {
        if (await ThreadRows.CurrentAsync(database, postId, cancellation) is not { } newest)
        {
            return (ThreadRefusals.NoSuchPost, null);
        }

        var access = await ThreadAccess.OfAsync(reader, [newest.ThreadId], database, cancellation);
        return newest.RemovedAt is not null && !access.Moderates(newest.ThreadId)
            ? (ThreadRefusals.PostRemoved, null)
            : (null, newest);
    }

    private async Task<IReadOnlyList<RevisionView>> ReadAsync(
        Guid postId,
        int[] revisions,
        Reader reader,
        CancellationToken cancellation
    )
    {
        // Who may see the post may see what was written while it was removed.
        var rows = (await ThreadRows.RevisionsAsync(database, postId, revisions, cancellation)).ConvertAll(row =>
            row with
            {
                Holds = default,
            }
        );
        var texts = await views.TextsAsync(rows, _ => Moment.Now, reader, cancellation);
        var cards = await names.FindAsync(rows.Select(row => row.EditedBy ?? row.AuthorId), reader, cancellation);
        var known = await ThreadRows.KnownAfterAsync(database, rows, cancellation);
        return
        [
            .. rows.Zip(
                texts,
                (row, text) =>
                    new RevisionView(
                        row.Revision,
                        row.FromVersion,
                        cards[row.EditedBy ?? row.AuthorId],
                        row.EditedAt ?? row.PostedAt,
                        row.EditReason,
                        text.Body!,
                        row.Mask is not null && !row.IsUnknown
                    )
                    {
                        UnknownUntil = row.IsUnknown
                            ? known.GetValueOrDefault(row.PostId)?.EditedAt ?? row.PostedAt
                            : null,
                        Format = row.Format,
                    }
            ),
        ];
    }
}
