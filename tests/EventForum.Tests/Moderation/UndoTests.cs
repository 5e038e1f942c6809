using System.Globalization;
using CsCheck;
using EventForum.Access;
using EventForum.Moderation;
using EventForum.Tests.Threads;
using EventForum.Threads;

namespace EventForum.Tests.Moderation;

/// <summary>
/// After an act is undone everything is as if it had never been, and what others did is still there: random histories
/// against a model that folds what happened without what is undone.
/// </summary>
public sealed class UndoTests
{
    private static readonly Gen<(int Who, int What, int[] Where, int Which)[]> Histories = Gen.Select(
        Gen.Int[0, 3],
        Gen.Int[0, 33],
        Gen.Int[0, 8].Array[1, 4],
        Gen.Int[0, 1000]
    ).Array[1, 40];

    [Fact]
    public void what_is_undone_has_never_been_and_all_else_stands() =>
        Histories.Sample(
            steps =>
            {
                var story = new ModerationStory(3, 3);
                var model = new UndoModel();
                var batches = new List<Guid>();
                foreach (var (who, what, where, which) in steps)
                {
                    Step(story, model, batches, who, what, where, which);
                    State(story).Split("\n").ShouldBe(model.State(story).Split("\n"), model.State(story));
                }

                // In whatever order all that moderators did is undone, only what authors did is left.
                for (var i = 0; batches.Where(model.IsToUndo).ToList() is { Count: > 0 } left; i++)
                {
                    i.ShouldBeLessThan(1_000, "Undoing comes to an end.");
                    var (batch, by) = (left[(steps.Length + i) % left.Count], Guid.CreateVersion7());
                    if (story.Undo(ModerationStory.Max, batch, by) is { } refusal)
                    {
                        refusal.Type.ShouldBe("undo-blocked");
                        if (
                            left.TrueForAll(other =>
                                story.Undo(ModerationStory.Max, other, by) is { Type: "undo-blocked" }
                            )
                        )
                        {
                            // What was written in a thread that was split off keeps it.
                            story.HasReplies.ShouldBeTrue();
                            break;
                        }

                        batch = story.UndoneBy(by);
                    }

                    model.Undo(by, batch);
                    State(story).Split("\n").ShouldBe(model.State(story).Split("\n"), model.State(story));
                }

                State(story).Split("\n").ShouldBe(model.State(story).Split("\n"), model.State(story));
            },
            iter: Iterations
        );

    private static int Iterations =>
        int.Parse(Environment.GetEnvironmentVariable("EVENTFORUM_HISTORIES") ?? "2000", CultureInfo.InvariantCulture);

    private static void Step(
        ModerationStory story,
        UndoModel model,
        List<Guid> batches,
        int who,
        int what,
        int[] where,
        int which
    )
    {
        var moderator = who % 2 == 0 ? Person.Mod : ModerationStory.Max;
        var posts = where.Select(i => story.PostIds[i]).Distinct().ToList();
        var threads = where.Select(i => story.ThreadIds[i % 3]).Distinct().ToList();
        var post = posts[0];
        var author = story.Posts.Find(post)!.AuthorId == Person.Ann.Id ? Person.Ann : Person.Ben;
        var before = story.Events.Count;
        if (what is 11 or 12 or 13)
        {
            if (batches.Count > 0)
            {
                var undone = batches[which % batches.Count];
                var undo = Guid.CreateVersion7();
                var refusal = story.Undo(moderator, undone, undo);
                if (refusal is { Type: "undo-blocked" })
                {
                    model.IsEffective(undone).ShouldBeTrue();
                    return;
                }

                var isUndone = refusal is null;
                isUndone.ShouldBe(model.IsEffective(undone));
                if (isUndone)
                {
                    model.Undo(undo, undone);
                    batches.Add(undo);
                }
            }

            return;
        }

        var batch = Guid.CreateVersion7();
        var request = what switch
        {
            0 or 1 or 2 => new CarryOutBatchRequest("remove-posts", $"Reason {which}", Posts: posts),
            3 => new("restore-posts", $"Reason {which}", Posts: posts),
            4 => new("remove-by-member", $"Reason {which}", MemberId: author.Id),
            5 => new("lock-threads", $"Reason {which}", Threads: threads),
            6 => new("unlock-threads", $"Reason {which}", Threads: threads),
            7 => new("pin-threads", $"Reason {which}", Threads: threads),
            8 => new("unpin-threads", $"Reason {which}", Threads: threads),
            9 => new("rename-thread", $"Reason {which}", ThreadId: threads[0], Title: $"Title {which}"),
            10 => new(
                "revert-post",
                $"Reason {which}",
                PostId: post,
                Revision: 1 + (which % story.Posts.Find(post)!.Revision)
            ),
            17 => new("suspend-member", $"Reason {which}", MemberId: author.Id),
            18 => new("lift-suspension", $"Reason {which}", MemberId: author.Id),
            19 => new("warn-member", $"Reason {which}", MemberId: author.Id, Points: which % 100),
            20 => new(
                "move-threads",
                $"Reason {which}",
                Threads: threads,
                BoardId: which % 2 == 0 ? ThreadStory.Board.Id : ModerationStory.Other.Id
            ),
            21 or 22 => new(
                "move-posts",
                $"Reason {which}",
                Posts: posts,
                ThreadId: story.ThreadIds[which % story.ThreadIds.Count],
                Order: which % 3 == 0 ? "end" : null
            ),
            23 or 24 => new(
                "split-thread",
                $"Reason {which}",
                Posts: posts,
                ThreadId: story.ThreadOf(post),
                Title: $"Split {which}"
            ),
            25 or 26 => new(
                "merge-threads",
                $"Reason {which}",
                Threads: threads,
                Into: story.ThreadIds[which % story.ThreadIds.Count],
                Order: which % 3 == 0 ? "end" : "time"
            ),
            29 or 30 => new("silence-member", $"Reason {which}", MemberId: author.Id),
            32 or 33 when posts.Count > 1 => new("merge-posts", $"Reason {which}", Posts: posts),
            31 => new("lift-silence", $"Reason {which}", MemberId: author.Id),
            _ => null,
        };
        if (request is not null)
        {
            if (story.Run(moderator, request, batch) is null)
            {
                batches.Add(batch);
            }
        }
        else if (what == 14)
        {
            story.Run(author, new RemovePost(story.ThreadOf(post), post, "Mine."));
        }
        else if (what is 27 or 28)
        {
            story.Run(author, new PostReply(story.ThreadIds[which % story.ThreadIds.Count], $"Reply {which}"));
        }
        else if (what == 15)
        {
            story.Run(author, new RestorePost(story.ThreadOf(post), post, null));
        }
        else
        {
            story.Run(author, new EditPost(story.ThreadOf(post), post, $"Words {which}", null, null));
        }

        model.Happened(story.Events.Skip(before));
    }

    /// <summary>What people see of it.</summary>
    private static string State(ModerationStory story) =>
        string.Join(
            '\n',
            story
                .ThreadIds.Select(id =>
                    story.Thread(id) is var thread
                        ? thread.PostCount == 0 && !story.ThreadIds.Take(story.ThreadsAtFirst).Contains(id)
                            ? "gone"
                            : $"{thread.Title}; locked: {thread.LockReason}; pinned: {thread.IsPinned}; {thread.BoardId}; {thread.PostCount} up to {thread.LastNumber}"
                        : ""
                )
                .Concat(
                    story.MemberIds.Select(id =>
                        (story.Member(id).Standing ?? Standing.Good) is var standing
                            ? $"{standing.Suspension}; {standing.Silence}; {string.Join(", ", standing.Warnings)}"
                            : ""
                    )
                )
                .Concat(
                    story.PostIds.Select(id =>
                        story.Posts.Find(id)!.Row is var row
                            ? $"{row.ThreadId} {row.Number}; {row.Body}; moderators: {row.Holds.Moderators(row.AuthorId)}; author: {row.Holds.Authors(row.AuthorId)}"
                            : ""
                    )
                )
        );
}
