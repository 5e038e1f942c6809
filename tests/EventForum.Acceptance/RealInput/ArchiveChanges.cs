using System.Collections.Concurrent;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.RealInput;

/// <summary>What happens to a forum's posts later on, by chance: edits, removals, restorals, renames, locks, pins, late answers.</summary>
internal sealed class ArchiveChanges(PlayedArchive archive, int seed)
{
    private readonly Random random = new(seed);
    private readonly TestMember moderator = archive.Forum.Moderator();

    private enum Kind
    {
        Edit,
        EditByModerator,
        Remove,
        RemoveByModerator,
        Restore,
        RestoreByModerator,
        Rename,
        RenameByModerator,
        Lock,
        Unlock,
        Pin,
        Unpin,
        Quote,
        Reply,
    }

    /// <summary>Sends so many of them, several at once, and says what became of each kind.</summary>
    public async Task<string> MakeAsync(int count)
    {
        var threads = archive.Threads.OrderBy(thread => thread.Id).ToList();
        var kinds = Enum.GetValues<Kind>();
        var chosen = Enumerable
            .Range(0, count)
            .Select(i =>
            {
                // Few threads and few posts of each, so that one change meets another.
                var thread = threads[random.Next(threads.Count / 4)];
                return (
                    Number: i,
                    Kind: kinds[random.Next(kinds.Length)],
                    thread,
                    random.Next(Math.Min(5, thread.Posts.Count))
                );
            })
            .ToList();
        var answers = new ConcurrentQueue<(Kind Kind, Answer Answer)>();
        await PlayedArchive.SeveralAtOnce(
            chosen,
            async change =>
            {
                var (number, kind, thread, post) = change;
                answers.Enqueue((kind, await SendAsync(number, kind, thread, post)));
            }
        );

        answers.ShouldAllBe(done => done.Answer.Status < 500);
        foreach (var kind in kinds)
        {
            answers.ShouldContain(done => done.Kind == kind && done.Answer.Status < 400, $"{kind} was never done");
        }

        return string.Join(
            "; ",
            kinds.Select(kind =>
                $"{kind}: {PlayedArchive.Counts(answers.Where(a => a.Kind == kind).Select(a => PlayedArchive.TypeOf(a.Answer)))}"
            )
        );
    }

    private Task<Answer> SendAsync(int number, Kind kind, PlayedThread thread, int at)
    {
        var post = thread.Posts[at];
        var id = post.Receipt.PostId;
        var body = thread.PostsOnPages.ElementAt(at).GetProperty("body").GetString()! + $"\n\nEdited ({number}).";
        return kind switch
        {
            Kind.Edit => post.Author.Edit(id, body),
            Kind.EditByModerator => moderator.Edit(id, body, "Manners."),
            Kind.Remove => post.Author.Remove(id),
            Kind.RemoveByModerator => moderator.Remove(id, "Off topic."),
            Kind.Restore => post.Author.Restore(id),
            Kind.RestoreByModerator => moderator.Restore(id, "On topic after all."),
            Kind.Rename => thread.Posts[0].Author.Rename(thread.Id, $"{thread.Title} ({number})"),
            Kind.RenameByModerator => moderator.Rename(
                thread.Id,
                $"{thread.Title} [{number}]",
                "Say what it is about."
            ),
            Kind.Lock => moderator.Lock(thread.Id),
            Kind.Unlock => moderator.Unlock(thread.Id),
            Kind.Pin => moderator.Pin(thread.Id),
            Kind.Unpin => moderator.Unpin(thread.Id),
            Kind.Quote => thread.Posts[0].Author.Quote(id, $"Late answer {number}."),
            Kind.Reply => post.Author.Reply(thread.Id, body),
            _ => throw new InvalidOperationException($"{kind} is no change."),
        };
    }
}
