using System.Text.Json;
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

        var rows = await JsonAsync(
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
            await CountAsync(Question.StartingWith(0).On<IPostWritten>((n, _) => n + 1), "--thread", $"{thread.Id}")
        ).ShouldBe(2);
        (
            await CountAsync(Question.StartingWith(0).On<PostEdited>((n, _) => n + 1), "--thread", $"{thread.Id}")
        ).ShouldBe(1);
        (
            await CountAsync(
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
            await CountAsync(
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

        (await CountAsync(Written, "--board", $"{thread.BoardId}")).ShouldBe(4);
        (await CountAsync(Written, "--board", board)).ShouldBe(4);
        (await CountAsync(Question.StartingWith(0).On<BoardCreated>((n, _) => n + 1), "--board", board)).ShouldBe(1);
        (await CountAsync(Written, "--member", other.Name)).ShouldBe(2);
        (await CountAsync(Written, "--member", $"{await other.Id()}", "--thread", $"{thread.Id}")).ShouldBe(1);
        (await CountAsync(Written, "--thread", $"{thread.Id}", "--from", moment)).ShouldBe(2);
        (await CountAsync(Written, "--thread", $"{thread.Id}", "--to", moment)).ShouldBe(1);
        (await CountAsync(Written, "--thread", $"{thread.Id}", "--last", "1h")).ShouldBe(3);
    }

    [Fact]
    public async Task names_that_nobody_or_several_have_are_said()
    {
        var board = await forum.NewBoard();
        var title = ForumServer.NewName("thread");
        var ids = new List<Guid>();
        for (var i = 0; i < 2; i++)
        {
            ids.Add((await forum.Member().StartThread(board, title, "Text.")).ShouldBe(201).ThreadId);
        }

        (await RefusedAsync(Written, "--thread", title)).ShouldBe(
            $"Several have the name “{title}”. Name one by its id: --thread {ids[0]}, {ids[1]}."
        );
        (await RefusedAsync(Written, "--member", "nobody\u001b[2J")).ShouldStartWith(
            "There is no member “nobody[2J”. Name it with --member"
        );
    }

    [Fact]
    public async Task names_in_an_answer_are_those_of_now()
    {
        var thread = await forum.NewThread();
        (await thread.Starter.Rename(thread.Id, "Another title")).ShouldBe(200);
        var nothing = Guid.CreateVersion7();

        var row = (
            await JsonAsync(
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

    [Fact]
    public async Task a_question_that_keeps_too_much_is_ended()
    {
        await forum.NewThread();

        (await RefusedAsync(Written, "--memory", "1")).ShouldBe(
            "It keeps more than 1 MB in memory, and was ended. Narrow it, as with --last, have it keep less of each event, or allow more with --memory 2."
        );
    }

    [Fact]
    public async Task a_question_that_does_not_come_back_is_ended()
    {
        var thread = await forum.NewThread();
        using var held = new ManualResetEventSlim();

        var said = await RefusedAsync(
            Question.StartingWith(0).On<ThreadStarted>((n, _) => held.Wait(Patience.Limit) ? n : -1),
            "--thread",
            $"{thread.Id}",
            "--timeout",
            "1s"
        );
        held.Set();

        said.ShouldStartWith("It was ended after 1 second, at 0");
        said.ShouldEndWith("or allow more with --timeout.");
    }

    [Fact]
    public async Task what_a_question_does_wrong_is_said_with_where()
    {
        var thread = await forum.NewThread();

        var said = await RefusedAsync(
            Question.StartingWith(0).On<ThreadStarted>((n, _) => n / (n - n)),
            "--thread",
            $"{thread.Id}"
        );

        said.ShouldContain($"The question failed at the event at position {thread.Position}:");
        said.ShouldContain(nameof(DivideByZeroException));
        said.ShouldContain(nameof(QuestionTests));
    }

    [Fact]
    public async Task a_type_that_is_no_event_is_said() =>
        (await RefusedAsync(Question.StartingWith(0).On<QuestionTests>((n, _) => n))).ShouldStartWith(
            "QuestionTests is no event of the forum. On<…> takes one of BoardClosed, "
        );

    [Fact]
    public async Task the_arguments_are_described()
    {
        var (code, answer, _) = await asked.AskAsync(Written, n => new[] { new { Count = n } }, "--help");

        code.ShouldBe(0);
        answer.ShouldContain("--last SPAN");
    }

    [Fact]
    public async Task a_role_that_may_write_is_refused()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await Written.AnswerAsync(
            [],
            n => new[] { new { Count = n } },
            AskedForum.Host(forum.Database.ConnectionString, output, error)
        );

        code.ShouldBe(1);
        error.ToString().ShouldStartWith("This question would run as a role that may write. Run it with `make ask");
    }

    private static Question<int> Written => Question.StartingWith(0).On<IPostWritten>((n, _) => n + 1);

    private async Task<IReadOnlyList<JsonElement>> JsonAsync<TState, TRow>(
        Question<TState> question,
        Func<TState, IEnumerable<TRow>> rows,
        params string[] args
    )
    {
        var (code, answer, said) = await asked.AskAsync(question, rows, [.. args, "--json"]);
        code.ShouldBe(0, said);
        return [.. JsonElement.Parse(answer).EnumerateArray()];
    }

    private async Task<int> CountAsync(Question<int> question, params string[] args) =>
        (await JsonAsync(question, n => new[] { new { Count = n } }, args))[0].GetProperty("count").GetInt32();

    private async Task<string> RefusedAsync(Question<int> question, params string[] args)
    {
        var (code, answer, said) = await asked.AskAsync(question, n => new[] { new { Count = n } }, args);
        code.ShouldBe(1, said);
        answer.ShouldBeEmpty();
        return said.Trim();
    }
}
