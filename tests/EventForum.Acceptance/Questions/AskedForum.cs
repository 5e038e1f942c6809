using System.Text.Json;
using EventForum.Acceptance.Harness;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Questions;
using Microsoft.Extensions.Configuration;

namespace EventForum.Acceptance.Questions;

/// <summary>Asks a forum questions in this process, as a role that only reads.</summary>
internal sealed class AskedForum : IAsyncDisposable
{
    private readonly QuestionRole role;

    private AskedForum(QuestionRole role) => this.role = role;

    /// <summary>How many posts were written.</summary>
    public static Question<int> Written => Question.StartingWith(0).On<IPostWritten>((n, _) => n + 1);

    public static async Task<AskedForum> OfAsync(ForumServer forum) =>
        new(await QuestionRole.CreateAsync(forum.Database.ConnectionString, TimeProvider.System, default));

    /// <summary>The answer, and what stands on the error output.</summary>
    public async Task<(int Code, string Answer, string Said)> AskAsync<TState, TRow>(
        Question<TState> question,
        Func<TState, IEnumerable<TRow>> rows,
        params string[] args
    )
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await question.AnswerAsync(args, rows, Host(role.ConnectionString, output, error));
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>The rows of an answer.</summary>
    public async Task<IReadOnlyList<JsonElement>> JsonAsync<TState, TRow>(
        Question<TState> question,
        Func<TState, IEnumerable<TRow>> rows,
        params string[] args
    )
    {
        // What other tests of the process keep counts, too.
        var (code, answer, said) = await AskAsync(question, rows, [.. args, "--json", "--memory", "16000"]);
        code.ShouldBe(0, said);
        return [.. JsonElement.Parse(answer).EnumerateArray()];
    }

    /// <summary>The answer of a question that counts.</summary>
    public async Task<int> CountAsync(Question<int> question, params string[] args) =>
        (await JsonAsync(question, n => new[] { new { Count = n } }, args))[0].GetProperty("count").GetInt32();

    /// <summary>Why there is no answer.</summary>
    public async Task<string> RefusedAsync(Question<int> question, params string[] args)
    {
        var (code, answer, said) = await AskAsync(question, n => new[] { new { Count = n } }, args);
        code.ShouldBe(1, said);
        answer.ShouldBeEmpty();
        return said.Trim();
    }

    public static QuestionHost Host(string connection, TextWriter output, TextWriter error) =>
        new(
            new ConfigurationBuilder().AddInMemoryCollection([new(ReadDatabase.Setting, connection)]).Build(),
            output,
            error,
            TimeProvider.System
        );

    public ValueTask DisposeAsync() => role.DisposeAsync();
}
