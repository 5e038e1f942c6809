using EventForum.Members;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Questions;

/// <summary>Finds the board, the member and the thread that a question is limited to: by their ids, or by names that only one has.</summary>
internal sealed class FilterNames(NpgsqlDataSource database)
{
    /// <summary>How many of one name are listed.</summary>
    private const int Listed = 5;

    private const string Boards = $"""
        select id from {MartenTables.Documents}board
         where id::text = $1 or lower(data ->> 'name') = lower($2) order by id limit $3
        """;

    private const string Members = $"""
        select id from {MartenTables.Documents}member where id::text = $1 or name_key = $2 order by id limit $3
        """;

    private const string Threads = $"""
        select id from {MartenTables.Documents}forumthread
         where id::text = $1 or lower(data ->> 'title') = lower($2) order by id limit $3
        """;

    public async Task<EventFilter> FindAsync(QuestionOptions options, CancellationToken cancellation) =>
        new(
            options.From,
            options.To,
            await IdAsync("board", Boards, options.Board, options.Board, cancellation),
            await IdAsync("member", Members, options.Member, MemberName.Key(options.Member ?? ""), cancellation),
            await IdAsync("thread", Threads, options.Thread, options.Thread, cancellation)
        );

    private async Task<Guid?> IdAsync(
        string what,
        string sql,
        string? given,
        string? name,
        CancellationToken cancellation
    )
    {
        if (given is null)
        {
            return null;
        }

        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(Guid.TryParse(given, out var id) ? id.ToString() : "");
        command.Parameters.AddWithValue(name!.Trim());
        command.Parameters.AddWithValue(Listed + 1);
        var found = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(reader.GetGuid(0));
        }

        return found switch
        {
            [var one] => one,
            [] => throw new QuestionRefusedException(
                $"There is no {what} “{OneLine.Of(given)}”. Name it with --{what} as its page does, or by the id in its address."
            ),
            _ => throw new QuestionRefusedException(
                $"Several have the name “{OneLine.Of(given)}”. Name one by its id: --{what} {string.Join(", ", found.Take(Listed))}{(found.Count > Listed ? " …" : "")}."
            ),
        };
    }
}
