using EventForum.Acceptance.Harness;
using EventForum.Questions;
using EventForum.Threads;

namespace EventForum.Acceptance.Questions;

/// <summary>Where a question ends, and what is said then.</summary>
public sealed class QuestionRefusalTests(ForumHost forum) : IAsyncLifetime
{
    private AskedForum asked = null!;

    public async ValueTask InitializeAsync() => asked = await AskedForum.OfAsync(forum);

    public ValueTask DisposeAsync() => asked.DisposeAsync();

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

        (await asked.RefusedAsync(AskedForum.Written, "--thread", title)).ShouldBe(
            $"Several have the name “{title}”. Name one by its id: --thread {ids[0]}, {ids[1]}."
        );
        (await asked.RefusedAsync(AskedForum.Written, "--member", "nobody\u001b[2J")).ShouldStartWith(
            "There is no member “nobody[2J”. Name it with --member"
        );
    }

    [Fact]
    public async Task a_question_that_keeps_too_much_is_ended()
    {
        await forum.NewThread();

        (await asked.RefusedAsync(AskedForum.Written, "--memory", "1")).ShouldBe(
            "It keeps more than 1 MB in memory, and was ended. Narrow it, as with --last, have it keep less of each event, or allow more with --memory 2."
        );
    }

    [Fact]
    public async Task an_answer_that_is_too_large_is_ended_while_it_is_made()
    {
        var rows = 0;

        var (code, answer, said) = await asked.AskAsync(
            Question.StartingWith(0).On<ThreadStarted>((n, _) => n),
            _ => Enumerable.Range(0, int.MaxValue).Select(row => new { Row = new string('x', 10_000) + rows++ }),
            "--memory",
            "600"
        );

        code.ShouldBe(1, said);
        answer.ShouldBeEmpty();
        said.ShouldContain("It keeps more than 600 MB in memory, and was ended.");
        rows.ShouldBeLessThan(100_000);
    }

    [Fact]
    public async Task a_question_that_does_not_come_back_is_ended()
    {
        var thread = await forum.NewThread();
        using var held = new ManualResetEventSlim();

        var said = await asked.RefusedAsync(
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

        var said = await asked.RefusedAsync(
            Question.StartingWith(0).On<ThreadStarted>((n, _) => n / (n - n)),
            "--thread",
            $"{thread.Id}"
        );

        said.ShouldContain($"The question failed at the event at position {thread.Position}:");
        said.ShouldContain(nameof(DivideByZeroException));
        said.ShouldContain(nameof(QuestionRefusalTests));
    }

    [Fact]
    public async Task a_type_that_is_no_event_is_said() =>
        (await asked.RefusedAsync(Question.StartingWith(0).On<QuestionRefusalTests>((n, _) => n))).ShouldStartWith(
            "QuestionRefusalTests is no event of the forum. On<…> takes one of AccountClaimed, AccountMerged, AppealDecided, BatchApplied, BatchUndone, "
        );

    [Fact]
    public async Task the_arguments_are_described()
    {
        var (code, answer, _) = await asked.AskAsync(AskedForum.Written, n => new[] { new { Count = n } }, "--help");

        code.ShouldBe(0);
        answer.ShouldContain("--last SPAN");
    }

    [Fact]
    public async Task a_role_that_may_write_is_refused()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await AskedForum.Written.AnswerAsync(
            [],
            n => new[] { new { Count = n } },
            AskedForum.Host(forum.Database.ConnectionString, output, error)
        );

        code.ShouldBe(1);
        error.ToString().ShouldStartWith("This question would run as a role that may write. Run it with `make ask");
    }
}
