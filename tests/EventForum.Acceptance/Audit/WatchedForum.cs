using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Audit;

/// <summary>
/// A few posts to which everything happens that decides who reads them, with what the routes answered each reader after each
/// step.
/// </summary>
internal sealed class WatchedForum
{
    private readonly ForumHost forum;
    private readonly TestMember admin;
    private readonly TestMember author;
    private readonly TestMember mover;
    private readonly Dictionary<string, TestMember> readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> ids = new(StringComparer.Ordinal);
    private readonly List<Guid> boards = [];
    private readonly List<Guid> threads = [];
    private readonly List<Guid> posts = [];
    private readonly Stack<Guid> batches = [];
    private readonly List<Seen> seen = [];
    private int steps;

    private WatchedForum(ForumHost forum)
    {
        this.forum = forum;
        (admin, author, mover) = (forum.Admin(), forum.Member(), forum.Admin());
        readers["guest"] = forum.Stranger();
        readers["author"] = author;
        readers["member"] = forum.Member();
        readers["named"] = forum.Member();
        readers["moderator"] = forum.Moderator();
        readers["admin"] = admin;
    }

    public int Read => seen.Count(one => one.IsRead);

    public int Hidden => seen.Count(one => !one.IsRead);

    public static async Task<WatchedForum> BeginAsync(ForumHost forum)
    {
        var watched = new WatchedForum(forum);
        for (var i = 0; i < 2; i++)
        {
            watched.boards.Add(await forum.NewBoard());
            var started = (await watched.author.StartThread(watched.boards[i], $"Thread {i}", "Words.")).ShouldBe(201);
            watched.threads.Add(started.ThreadId);
            watched.posts.Add(started.PostId);
        }

        foreach (var (name, reader) in watched.readers.Where(reader => reader.Value.Token is not null))
        {
            var reply = (await reader.Reply(watched.threads[0], "Here.")).ShouldBe(201);
            watched.ids[name] = await reader.Id();
            if (name == "author")
            {
                watched.posts.Add(reply.PostId);
            }
        }

        return watched;
    }

    /// <summary>Does something, if it can be done, and notes who reads what then.</summary>
    public async Task StepAsync(int kind)
    {
        var post = posts[steps++ % posts.Count];
        var board = boards[steps / 2 % 2];
        switch (kind)
        {
            case 0 or 1:
                await admin.Remove(post, "Spam.");
                break;
            case 2:
                await author.Remove(post);
                break;
            case 3:
                await admin.Restore(post, "No spam.");
                break;
            case 4:
                await author.Restore(post);
                break;
            case 5:
                await admin.Permit(board, see: new { roles = (string[])["member"] });
                break;
            case 6:
                await admin.Permit(board, see: new { members = (Guid[])[ids["named"]] });
                break;
            case 7:
                await admin.Permit(board, see: new { roles = (string[])["staff"] }, moderate: new { });
                break;
            case 8:
                await admin.Permit(board, moderate: new { members = (Guid[])[ids["named"]] });
                break;
            case 9:
                await admin.GrantRoles(ids["member"], "staff");
                await admin.GrantRoles(ids["named"], "moderator");
                break;
            case 10:
                await admin.GrantRoles(ids["member"]);
                await admin.GrantRoles(ids["named"]);
                break;
            case 11:
                await BatchAsync(
                    new
                    {
                        kind = "move-threads",
                        reason = "There.",
                        threads = (Guid[])[threads[0]],
                        boardId = board,
                    }
                );
                break;
            case 12:
                await BatchAsync(
                    new
                    {
                        kind = "move-posts",
                        reason = "There.",
                        posts = (Guid[])[posts[2]],
                        threadId = threads[steps % 2],
                    }
                );
                break;
            case 13:
                await BatchAsync(
                    new
                    {
                        kind = "silence-member",
                        reason = "Loud.",
                        memberId = ids["author"],
                    }
                );
                if (await author.Reply(threads[1], "Waiting words.") is { Status: 201 } waiting)
                {
                    posts.Add(waiting.PostId);
                }

                break;
            case 14:
                await BatchAsync(
                    new
                    {
                        kind = "lift-silence",
                        reason = "Calm.",
                        memberId = ids["author"],
                    }
                );
                break;
            default:
                if (batches.TryPop(out var batch))
                {
                    await mover.Undo(batch);
                }

                break;
        }

        var position = await forum.Database.ScalarAsync<long>("select max(seq_id) from forum.mt_events");
        var at = await forum.Database.ScalarAsync<string>(
            "select to_char(max(timestamp) at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from forum.mt_events"
        );
        foreach (var (name, reader) in readers)
        {
            foreach (var one in posts)
            {
                var answer = await reader.Get($"/api/posts/{one}?min-position={position}");
                var isRead =
                    answer.Status == 200
                    && answer.Json.GetProperty("post").GetProperty("body").ValueKind != JsonValueKind.Null;
                seen.Add(new Seen(name, one, position, at, isRead, $"step {steps}, {kind}"));
            }
        }
    }

    /// <summary>Where the events say something else than the routes said.</summary>
    public async Task<IReadOnlyList<string>> WrongAsync()
    {
        var wrong = new List<string>();
        foreach (var (one, i) in seen.Select((one, i) => (one, i)))
        {
            var who = one.Reader == "guest" ? "guest=true" : $"member={ids[one.Reader]}";
            var moment = i % 2 == 0 ? $"position={one.Position}" : $"at={one.At}";
            var answer = (await mover.Get($"/api/audit/visibility?post={one.Post}&{who}&{moment}")).ShouldBe(200);
            if (answer.Json.GetProperty("visible").GetBoolean() != one.IsRead)
            {
                wrong.Add($"{one}: {answer.Text}");
            }
        }

        return wrong;
    }

    private async Task BatchAsync(object batch)
    {
        if (await mover.Batch(batch) is { Status: 201 } done)
        {
            batches.Push(done.Id("batchId"));
        }
    }

    private sealed record Seen(string Reader, Guid Post, long Position, string At, bool IsRead, string Step);
}
