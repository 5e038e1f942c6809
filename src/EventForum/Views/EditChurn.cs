using System.ComponentModel.DataAnnotations;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Views.Framework;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Views;

/// <summary>Which posts are rewritten, how much, and how late.</summary>
public sealed class EditChurn : IView<EditChurn.Edited>, IViewPage
{
    private const int MaxLimit = 100;

    public string Name => "edit-churn";

    public int Version => 1;

    public string Summary => "Posts by how often, how much and how late they are edited.";

    public IReadOnlyList<string[]> Indexes =>
        [
            ["edits", "post_id"],
            ["characters", "post_id"],
            ["late_seconds", "post_id"],
        ];

    /// <param name="Length">Characters of the post's newest text.</param>
    /// <param name="Characters">By how many characters the lengths of its revisions differ, added up.</param>
    /// <param name="LateSeconds">From when it was posted to its last edit.</param>
    /// <param name="Editors">How many edits each member made.</param>
    public sealed record Edited(
        [property: Key] Guid PostId,
        int Edits = 0,
        int Length = 0,
        long Characters = 0,
        long LateSeconds = 0,
        DateTimeOffset? LastEditedAt = null,
        IReadOnlyList<Editor>? Editors = null
    );

    public sealed record Editor(Guid MemberId, int Edits);

    public IEnumerable<Edited> RowsOf(ViewEvent e) =>
        e is { Data: PostEdited, Post: { } post } ? [new Edited(post.Id)] : [];

    public Edited Evolve(Edited row, ViewEvent e)
    {
        var post = e.Post!;
        var before = row.Edits == 0 ? post.Length : row.Length;
        var editors = row.Editors ?? [];
        var edits = editors.FirstOrDefault(editor => editor.MemberId == e.ActorId)?.Edits ?? 0;
        return row with
        {
            Edits = row.Edits + 1,
            Length = e.BodyLength,
            Characters = row.Characters + Math.Abs(e.BodyLength - before),
            LateSeconds = Math.Max(0, (long)(e.At - post.PostedAt).TotalSeconds),
            LastEditedAt = e.At,
            Editors = [.. editors.Where(editor => editor.MemberId != e.ActorId), new Editor(e.ActorId, edits + 1)],
        };
    }

    /// <summary>A post that was edited.</summary>
    /// <param name="Characters">By how many characters the lengths of its revisions differ, added up.</param>
    /// <param name="LateSeconds">From when it was posted to its last edit.</param>
    /// <param name="Editors">Who edited it, who did so last at the end.</param>
    public sealed record EditedPost(
        Guid PostId,
        Guid ThreadId,
        string Title,
        int Number,
        Guid AuthorId,
        string Author,
        int Edits,
        long Characters,
        long LateSeconds,
        DateTimeOffset LastEditedAt,
        IReadOnlyList<PostEditor> Editors
    );

    public sealed record PostEditor(Guid MemberId, string Name, int Edits);

    /// <summary>The posts in view that were rewritten most.</summary>
    /// <param name="by">edits, characters or late: what most is; edits without it.</param>
    /// <param name="limit">How many posts, from 1 to 100; 20 without it. What lies beyond is taken for the nearest.</param>
    [WolverineGet("/api/views/edit-churn"), AllowAnonymous, ProducesResponseType(typeof(ViewAnswer<EditedPost>), 200)]
    public static async Task<IResult> Get(
        string? by,
        int? limit,
        [FromQuery(Name = "min-position")] long? minPosition,
        ViewQueries views,
        HttpContext http
    ) =>
        ColumnOf(by) is { } column
            ? await views.AnswerAsync<EditChurn, EditedPost>(
                http,
                minPosition,
                table => Sql(table, column),
                ("limit", Math.Clamp(limit ?? 20, 1, MaxLimit))
            )
            : new Problem(ViewRefusals.UnknownOrder("edits, characters or late"));

    public async Task<(Refusal? Refusal, ViewPage? Page)> DrawAsync(ViewQueries views, HttpContext http)
    {
        var by = http.Request.Query["by"].ToString() is { Length: > 0 } given ? given : "edits";
        if (ColumnOf(by) is not { } column)
        {
            return (ViewRefusals.UnknownOrder("edits, characters or late"), null);
        }

        var (refusal, answer) = await views.ReadAsync<EditChurn, EditedPost>(
            http,
            null,
            table => Sql(table, column),
            ("limit", 50)
        );
        return answer is null
            ? (refusal, null)
            : (
                null,
                new ViewPage(
                    "Edit churn",
                    answer.Version,
                    answer.Position,
                    new ViewGrid(
                        $"Posts by {(by == "late" ? "how late they were edited last" : by)}",
                        ["Post", "Author", "Edits", "Characters", "Last edit after", "Editors"],
                        [
                            .. answer.Rows.Select(post =>
                                (IReadOnlyList<ViewCell>)
                                    [
                                        new ViewCell($"#{post.Number} {post.Title}", $"/posts/{post.PostId}/history"),
                                        post.Author,
                                        post.Edits,
                                        ViewCell.Number(post.Characters),
                                        ViewCell.Duration(post.LateSeconds),
                                        string.Join(", ", post.Editors.Select(e => $"{e.Name} ({e.Edits})")),
                                    ]
                            ),
                        ]
                    )
                )
                {
                    Query = by == "edits" ? "" : "?by=" + by,
                }
            );
    }

    private static string? ColumnOf(string? by) =>
        by switch
        {
            null or "edits" => "edits",
            "characters" => "characters",
            "late" => "late_seconds",
            _ => null,
        };

    private static string Sql(string table, string column) =>
        $"""
            select e.post_id, p.thread_id, {ViewSql.Title("p.thread_id")} as title, p.number, p.author_id,
                   {ViewSql.MemberName(
                "p.author_id"
            )} as author, e.edits, e.characters, e.late_seconds, e.last_edited_at,
                   (select jsonb_agg(jsonb_build_object('member_id', x.member_id, 'edits', x.edits,
                                                        'name', {ViewSql.MemberName("x.member_id")}) order by i)
                      from rows from (jsonb_to_recordset(e.editors) as (member_id uuid, edits int)) with ordinality x(member_id, edits, i))
                       as editors
              from {table} e cross join {ViewSql.VisiblePost("e.post_id", "p")}
             order by e.{column} desc, e.post_id limit @limit
            """;
}
