using EventForum.Acceptance.Harness;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Questions;
using EventForum.Threads;

namespace EventForum.Acceptance.Questions;

/// <summary>What a question reads and answers, and where it ends.</summary>
public sealed class QuestionTests(ForumHost forum) : IAsyncLifetime
{
    private AskedForum asked = null!;

    public async ValueTask InitializeAsync() => asked = await AskedForum.OfAsync(forum);

    public ValueTask DisposeAsync() => asked.DisposeAsync();

    [Fact]
    public async Task events_come_whole_and_in_order()
    {
        var thread = await forum.NewThread("The first words.");
        var reply = (await thread.Starter.Reply(thread.Id, "More words.")).ShouldBe(201);
        (await thread.Starter.Edit(reply.PostId, "Other words.", "Clearer.")).ShouldBe(200);

        var rows = await asked.JsonAsync(
            Question
                .StartingWith(new List<(long, long, Guid, Guid, DateTimeOffset, string)>())
                .On<ThreadStarted>(
                    (all, e) => all.Add((e.Sequence, e.Version, e.StreamId, e.ActorId(), e.Timestamp, e.Data.Body))
                )
                .On<ReplyPosted>(
                    (all, e) => all.Add((e.Sequence, e.Version, e.StreamId, e.ActorId(), e.Timestamp, e.Data.Body))
                )
                .On<PostEdited>(
                    (all, e) => all.Add((e.Sequence, e.Version, e.StreamId, e.ActorId(), e.Timestamp, e.Data.Body))
                ),
            all =>
                all.Select(e => new
                {
                    Position = e.Item1,
                    Version = e.Item2,
                    Stream = e.Item3,
                    By = e.Item4,
                    At = e.Item5,
                    Body = e.Item6,
                }),
            "--thread",
            $"{thread.Id}"
        );

        rows.Select(row => row.GetProperty("body").GetString())
            .ShouldBe(["The first words.", "More words.", "Other words."]);
        rows.Select(row => row.GetProperty("version").GetInt64()).ShouldBe([1, 2, 3]);
        rows.ShouldAllBe(row => row.GetProperty("stream").GetGuid() == thread.Id);
        var starter = await thread.Starter.Id();
        rows.ShouldAllBe(row => row.GetProperty("by").GetGuid() == starter);
        rows[0].GetProperty("position").GetInt64().ShouldBe(thread.Position);
        rows[1].GetProperty("position").GetInt64().ShouldBe(reply.Position);
        rows[2]
            .GetProperty("at")
            .GetDateTimeOffset()
            .ShouldBeGreaterThan(rows[1].GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task only_the_types_that_are_folded_are_read_and_an_interface_is_all_that_have_it()
    {
        var thread = await forum.NewThread();
        (await thread.Starter.Reply(thread.Id, "Text.")).ShouldBe(201);
        (await thread.Starter.Edit(thread.FirstPostId, "Other text.")).ShouldBe(200);

        (
            await asked.CountAsync(
                Question.StartingWith(0).On<IPostWritten>((n, _) => n + 1),
                "--thread",
                $"{thread.Id}"
            )
        ).ShouldBe(2);
        (
            await asked.CountAsync(Question.StartingWith(0).On<PostEdited>((n, _) => n + 1), "--thread", $"{thread.Id}")
        ).ShouldBe(1);
        (
            await asked.CountAsync(
                Question.StartingWith(0).On<IPostWritten>((n, _) => n + 1).On<ThreadStarted>((n, _) => n + 10),
                "--thread",
                thread.Title.ToUpperInvariant()
            )
        ).ShouldBe(12);
    }

    [Fact]
    public async Task texts_are_left_out_of_what_needs_none()
    {
        var thread = await forum.NewThread("Words.");

        (
            await asked.CountAsync(
                Question.StartingWith(0).WithoutBodies().On<ThreadStarted>((n, e) => e.Data.Body is null ? n + 1 : n),
                "--thread",
                $"{thread.Id}"
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task a_question_may_be_limited_to_a_board_a_member_and_a_time()
    {
        var thread = await forum.NewThread();
        var other = forum.Member();
        var board = await forum.Database.ScalarAsync<string>(
            "select data ->> 'name' from forum.mt_doc_board where id = $1",
            thread.BoardId
        );
        (await other.StartThread(thread.BoardId, "Another thread", "Text.")).ShouldBe(201);
        (await other.Reply(thread.Id, "One.")).ShouldBe(201);
        (await thread.Starter.Reply(thread.Id, "Two.")).ShouldBe(201);
        var moment = await forum.Database.ScalarAsync<string>(
            "select to_char(timestamp at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from forum.mt_events where stream_id = $1 and version = 2",
            thread.Id
        );

        (await asked.CountAsync(AskedForum.Written, "--board", $"{thread.BoardId}")).ShouldBe(4);
        (await asked.CountAsync(AskedForum.Written, "--board", board)).ShouldBe(4);
        (await asked.CountAsync(Question.StartingWith(0).On<BoardCreated>((n, _) => n + 1), "--board", board)).ShouldBe(
            1
        );
        (await asked.CountAsync(AskedForum.Written, "--member", other.Name)).ShouldBe(2);
        (
            await asked.CountAsync(AskedForum.Written, "--member", $"{await other.Id()}", "--thread", $"{thread.Id}")
        ).ShouldBe(1);
        (await asked.CountAsync(AskedForum.Written, "--thread", $"{thread.Id}", "--from", moment)).ShouldBe(2);
        (await asked.CountAsync(AskedForum.Written, "--thread", $"{thread.Id}", "--to", moment)).ShouldBe(1);
        (await asked.CountAsync(AskedForum.Written, "--thread", $"{thread.Id}", "--last", "1h")).ShouldBe(3);
    }

    [Fact]
    public async Task names_in_an_answer_are_those_of_now()
    {
        var thread = await forum.NewThread();
        (await thread.Starter.Rename(thread.Id, "Another title")).ShouldBe(200);
        var nothing = Guid.CreateVersion7();

        var row = (
            await asked.JsonAsync(
                Question
                    .StartingWith(new List<(Guid Member, ThreadStarted Started)>())
                    .On<ThreadStarted>((all, e) => all.Add((e.ActorId(), e.Data))),
                all =>
                    all.Select(one => new
                    {
                        Board = Name.OfBoard(one.Started.BoardId),
                        Member = Name.OfMember(one.Member),
                        Thread = Name.OfThread(thread.Id),
                        Post = Name.OfPost(one.Started.PostId),
                        Author = Name.OfAuthor(one.Started.PostId),
                        Nothing = Name.OfMember(nothing),
                    }),
                "--thread",
                $"{thread.Id}"
            )
        ).ShouldHaveSingleItem();

        row.GetProperty("board").GetString().ShouldNotBeNull().ShouldStartWith("board ");
        row.GetProperty("member").GetString().ShouldBe(thread.Starter.Name);
        row.GetProperty("thread").GetString().ShouldBe("Another title");
        row.GetProperty("post").GetString().ShouldBe("Another title, post 1");
        row.GetProperty("author").GetString().ShouldBe(thread.Starter.Name);
        row.GetProperty("nothing").GetString().ShouldBe($"{nothing}");
    }
}
