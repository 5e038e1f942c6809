using EventForum.Acceptance.Access;
using EventForum.Acceptance.Harness;
using Npgsql;

namespace EventForum.Acceptance.History.Sql;

/// <summary>Nothing that a guest may not see is in a view, or is told on the way to it.</summary>
[Collection(nameof(QueriedForum))]
public sealed class SqlLeakTests(QueriedForum forum)
{
    [Fact]
    public async Task nothing_of_hidden_boards_and_no_words_of_removed_posts_are_in_any_view()
    {
        var canaries = forum.Guarded.CanariesFor("guest");
        canaries.Count.ShouldBeGreaterThan(20);
        // Who has become a member is no secret.
        var members = forum
            .Guarded.Boards.Values.SelectMany(board => board.Posts)
            .Select(post => post.Author)
            .ToHashSet(StringComparer.Ordinal);
        var views = await forum.Reader.ViewsAsync();
        views.Count.ShouldBeGreaterThan(20);
        foreach (var view in views)
        {
            var all = string.Join('\n', await forum.Reader.RowsAsync(view));
            foreach (var canary in canaries.Where(word => view != "member_registered" || !members.Contains(word)))
            {
                all.Contains(canary, StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"{canary} is in {view}");
            }
        }

        var seen = string.Join('\n', await forum.Reader.RowsAsync("posts"));
        seen.ShouldContain(forum.Guarded.Boards["open"].Words);
        foreach (var canary in canaries.Where(word => word.StartsWith("canary", StringComparison.Ordinal)))
        {
            (
                await forum.Host.Database.ScalarAsync<long>(
                    "select count(*) from forum.mt_events where data::text like '%' || $1 || '%'",
                    canary
                )
            ).ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task a_function_that_tells_what_it_is_asked_is_asked_about_nothing_else()
    {
        // Cheaper than any condition of the views, so that PostgreSQL would rather ask it first.
        await forum.Host.Database.ExecuteAsync(
            """
            create schema if not exists leaks;
            grant usage on schema leaks to public;
            create function leaks.tell(text) returns boolean language plpgsql cost 0.0000001 as
            $$ begin raise notice 'heard: %', $1; return true; end $$;
            """
        );
        var canaries = forum.Guarded.CanariesFor("guest");
        var told = new List<string>();
        await using var connection = await forum.Reader.OpenAsync();
        connection.Notice += (_, notice) => told.Add(notice.Notice.MessageText);

        await SqlReader.ColumnAsync(connection, "select 1 from history.thread_started where leaks.tell(title || body)");
        await SqlReader.ColumnAsync(connection, "select 1 from history.reply_posted where leaks.tell(body)");
        await SqlReader.ColumnAsync(connection, "select 1 from history.posts where leaks.tell(body)");
        await SqlReader.ColumnAsync(connection, "select 1 from history.board_created where leaks.tell(name)");

        told.Count.ShouldBeGreaterThan(200);
        string.Join('\n', told).ShouldContain(forum.Guarded.Boards["open"].Words);
        foreach (var canary in canaries)
        {
            told.ShouldNotContain(line => line.Contains(canary, StringComparison.OrdinalIgnoreCase), canary);
        }
    }

    [Fact]
    public async Task estimates_tell_nothing_of_texts()
    {
        await forum.Host.Database.ExecuteAsync("analyze forum.posts, forum.mt_events, forum.mt_doc_board");

        foreach (
            var (view, column) in ((string, string)[])
                [("posts", "body"), ("posts", "reason"), ("board_created", "name")]
        )
        {
            var estimates = new HashSet<string>(StringComparer.Ordinal);
            foreach (var bound in (string[])["A", "C", "R", "W", "z"])
            {
                estimates.Add(
                    string.Join(
                            '\n',
                            await forum.Reader.ColumnAsync(
                                $"explain select 1 from history.{view} where {column} < '{bound}'"
                            )
                        )
                        .Replace($"'{bound}'", "", StringComparison.Ordinal)
                );
            }

            estimates.ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task an_error_tells_of_nothing_else()
    {
        foreach (var board in forum.Guarded.Boards.Values)
        {
            foreach (var word in (string[])[board.Words, board.RemovedWords])
            {
                var sql =
                    $"select 1 from history.thread_started s, history.reply_posted r where case when s.title || r.body like '%{word}%' then (s.title || r.body)::int = 1 end limit 1";
                if (board.Kind is "open" or "closed" && word == board.Words)
                {
                    (
                        await Should.ThrowAsync<PostgresException>(() => forum.Reader.ColumnAsync(sql))
                    ).MessageText.ShouldContain(word);
                }
                else
                {
                    (await forum.Reader.ColumnAsync(sql)).ShouldBeEmpty();
                }
            }
        }
    }
}
