using CsCheck;
using EventForum.Access;
using EventForum.Members;
using EventForum.Threads;
using JasperFx.Events;

namespace EventForum.Tests.Moderation;

/// <summary>What happened, one after the other; what is undone is left out when it is told.</summary>
internal sealed class UndoModel
{
    private readonly List<(Guid Batch, IEvent Event)> happened = [];
    private readonly List<(Guid By, Guid Undone)> undos = [];

    public void Happened(IEnumerable<(Guid, IEvent)> events) => happened.AddRange(events);

    public void Undo(Guid by, Guid undone) => undos.Add((by, undone));

    public bool IsEffective(Guid batch) => !undos.Any(undo => undo.Undone == batch && IsEffective(undo.By));

    /// <summary>Whether it stands, and is not what undoes another.</summary>
    public bool IsToUndo(Guid batch) => IsEffective(batch) && undos.TrueForAll(undo => undo.By != batch);

    public string State(ModerationStory story)
    {
        var threads = story.ThreadIds.ToDictionary(id => id, _ => new Told());
        var posts = story.PostIds.ToDictionary(id => id, _ => new Told());
        var members = story.MemberIds.ToDictionary(id => id, _ => new Told());
        foreach (var (_, e) in story.Events.TakeWhile(e => e.Event != (happened.FirstOrDefault().Event ?? null)))
        {
            Tell(e);
        }

        // What undoes says nothing by itself.
        foreach (
            var (_, e) in happened.Where(one =>
                IsEffective(one.Batch) && undos.TrueForAll(undo => undo.By != one.Batch)
            )
        )
        {
            Tell(e);
        }

        foreach (var post in posts.Values)
        {
            threads[post.Thread].Posts++;
        }

        return string.Join(
            '\n',
            threads
                .Select(pair =>
                    pair.Value.Posts == 0 && !story.ThreadIds.Take(story.ThreadsAtFirst).Contains(pair.Key) ? "gone"
                    : pair.Value is var t
                        ? $"{t.Text}; locked: {t.Lock}; pinned: {t.IsPinned}; {t.Board}; {t.Posts} up to {t.Last}"
                    : ""
                )
                .Concat(members.Values.Select(m => $"{m.Suspension}; {m.Silence}; {string.Join(", ", m.Warnings)}"))
                .Concat(
                    posts.Values.Select(p =>
                        $"{p.Thread} {p.Number}; {p.Text}; moderators: {p.Moderators}; author: {p.Own}"
                    )
                )
        );

        void Write(IEvent e, Guid id, int number, string body, Guid by)
        {
            (posts[id].Text, posts[id].Author) = (body, by);
            Place(e, id, number);
        }

        void Place(IEvent e, Guid id, int number)
        {
            (posts[id].Thread, posts[id].Number) = (e.StreamId, number);
            threads[e.StreamId].Last = Math.Max(threads[e.StreamId].Last, number);
        }

        void Tell(IEvent e)
        {
            var by = Guid.Parse(e.UserName!);
            switch (e.Data)
            {
                case ThreadStarted started:
                    (threads[e.StreamId].Text, threads[e.StreamId].Board) = (started.Title, started.BoardId);
                    Write(e, started.PostId, 1, started.Body, by);
                    break;
                case ThreadSplitOff split:
                    (threads[e.StreamId].Text, threads[e.StreamId].Board) = (split.Title, split.BoardId);
                    break;
                case ReplyPosted reply:
                    Write(e, reply.PostId, reply.Number, reply.Body, by);
                    break;
                case PostsMovedIn moved:
                    foreach (var post in moved.Posts)
                    {
                        Place(e, post.PostId, post.Number);
                    }

                    foreach (var post in moved.Renumbered)
                    {
                        Place(e, post.PostId, post.Number);
                    }

                    break;
                case PostEdited edit:
                    posts[edit.PostId].Text = edit.Body;
                    break;
                case PostRemoved removed when posts[removed.PostId] is var post:
                    var hold = new Hold(by, e.Timestamp, removed.Reason);
                    (post.Moderators, post.Own) = by == post.Author ? (post.Moderators, hold) : (hold, post.Own);
                    break;
                case PostRestored restored when posts[restored.PostId] is var post:
                    var isOne = post.Moderators is null || post.Own is null;
                    post.Moderators = isOne || by != post.Author ? null : post.Moderators;
                    post.Own = isOne || by == post.Author ? null : post.Own;
                    break;
                case MemberSuspended suspended:
                    members[e.StreamId].Suspension = new Sanction(by, e.Timestamp, null, suspended.Reason);
                    break;
                case MemberSilenced silenced:
                    members[e.StreamId].Silence = new Sanction(
                        by,
                        e.Timestamp,
                        null,
                        silenced.Reason,
                        Guid.Parse(e.CausationId!)
                    );
                    break;
                case SilenceLifted:
                    members[e.StreamId].Silence = null;
                    break;
                case PostHeld held when IsEffective(held.SilenceId):
                    posts[held.PostId].Moderators = new Hold(held.By, e.Timestamp, null);
                    break;
                case SuspensionLifted:
                    members[e.StreamId].Suspension = null;
                    break;
                case MemberWarned warned:
                    members[e.StreamId].Warnings.Add(new Warning(by, e.Timestamp, warned.Points, null, warned.Message));
                    break;
                case ThreadMoved moved:
                    threads[e.StreamId].Board = moved.BoardId;
                    break;
                case ThreadRenamed renamed:
                    threads[e.StreamId].Text = renamed.Title;
                    break;
                case ThreadLocked locked:
                    threads[e.StreamId].Lock = locked.Reason;
                    break;
                case ThreadUnlocked:
                    threads[e.StreamId].Lock = null;
                    break;
                case ThreadPinned or ThreadUnpinned:
                    threads[e.StreamId].IsPinned = e.Data is ThreadPinned;
                    break;
            }
        }
    }

    private sealed class Told
    {
        public Guid Author { get; set; }
        public string Text { get; set; } = "";
        public Hold? Moderators { get; set; }
        public Hold? Own { get; set; }
        public string? Lock { get; set; }
        public bool IsPinned { get; set; }
        public Guid Board { get; set; }
        public int Posts { get; set; }
        public int Last { get; set; }
        public Guid Thread { get; set; }
        public int Number { get; set; }
        public Sanction? Suspension { get; set; }
        public Sanction? Silence { get; set; }
        public List<Warning> Warnings { get; } = [];
    }
}
