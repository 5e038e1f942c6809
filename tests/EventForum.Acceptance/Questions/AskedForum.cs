using EventForum.Acceptance.Harness;
using EventForum.Platform;
using EventForum.Questions;
using Microsoft.Extensions.Configuration;

namespace EventForum.Acceptance.Questions;

/// <summary>Asks a forum questions in this process, as a role that only reads.</summary>
internal sealed class AskedForum : IAsyncDisposable
{
    private readonly QuestionRole role;

    private AskedForum(QuestionRole role) => this.role = role;

    public string ConnectionString => role.ConnectionString;

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

    public static QuestionHost Host(string connection, TextWriter output, TextWriter error) =>
        new(
            new ConfigurationBuilder().AddInMemoryCollection([new(ReadDatabase.Setting, connection)]).Build(),
            output,
            error,
            TimeProvider.System
        );

    public ValueTask DisposeAsync() => role.DisposeAsync();
}
