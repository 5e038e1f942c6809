using System.ComponentModel.DataAnnotations;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Views.Framework;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Views;

/// <summary>What was done to posts by others than their authors, and to threads: how soon, and whether it was undone.</summary>
public sealed class ModeratorsWork : IView<ModeratorsWork.Target>, IViewPage
{
    public string Name => "moderators";

    public int Version => 3;

    public string Summary => "Moderators' acts: how many, how soon after the post, how many were undone.";

    public IReadOnlyList<string[]> Indexes =>
        [
            ["last_act_at"],
        ];

    /// <param name="TargetId">The post or the thread.</param>
    public sealed record Target(
        [property: Key] Guid TargetId,
        Guid BoardId = default,
        DateTimeOffset LastActAt = default,
        IReadOnlyList<Act>? Acts = null
    );

    /// <param name="Kind">edit, removal, restoration, undo, lock, unlock, pin, unpin, rename or move.</param>
    /// <param name="Seconds">How long after the post, or the thread, was written.</param>
    /// <param name="UndoneBy">Who undid it; null while it stands.</param>
    public sealed record Act(Guid MemberId, string Kind, DateTimeOffset At, long Seconds, Guid? UndoneBy = null);

    public IEnumerable<Target> RowsOf(ViewEvent e) =>
        e.Thread is not { } thread || KindOf(e) is null ? []
        : e.Post is { } post
            ? e.ActorId == post.AuthorId ? []
                : [new Target(post.Id)]
        : e.Data is ThreadRenamed && e.ActorId == thread.StarterId ? []
        : [new Target(thread.Id)];

    public Target Evolve(Target row, ViewEvent e)
    {
        var kind = KindOf(e)!;
        var undone = kind switch
        {
            "restoration" => "removal",
            "unlock" => "lock",
            "unpin" => "pin",
            "undo" => e.Data is PostHoldsRestored { Moderators: null } ? "removal" : "restoration",
            _ => null,
        };
        var since = e.Post?.PostedAt ?? e.Thread!.StartedAt;
        var act = new Act(e.ActorId, kind, e.At, Math.Max(0, (long)(e.At - since).TotalSeconds));
        return row with
        {
            BoardId = e.Thread!.BoardId,
            LastActAt = e.At,
            Acts =
            [
                .. (row.Acts ?? []).Select(earlier =>
                    earlier.Kind == undone && earlier.UndoneBy is null ? earlier with { UndoneBy = e.ActorId } : earlier
                ),
                act,
            ],
        };
    }

    private static string? KindOf(ViewEvent e) =>
        e.Data switch
        {
            PostEdited => "edit",
            PostRemoved => "removal",
            PostRestored => "restoration",
            PostHoldsRestored => "undo",
            ThreadLocked => "lock",
            ThreadUnlocked => "unlock",
            ThreadPinned => "pin",
            ThreadUnpinned => "unpin",
            ThreadRenamed => "rename",
            ThreadMoved => "move",
            _ => null,
        };

    /// <summary>What a moderator did, of a kind.</summary>
    /// <param name="Kind">edit, removal, restoration, undo, lock, unlock, pin, unpin, rename or move.</param>
    /// <param name="MedianSeconds">Half of the acts came no later after the post, or the thread, was written.</param>
    /// <param name="Undone">How many were undone since, by whomever.</param>
    public sealed record ModeratorActs(
        Guid MemberId,
        string Name,
        string Kind,
        int Acts,
        double MedianSeconds,
        int Undone
    );

    /// <summary>What moderators did in a period of days, UTC. For moderators.</summary>
    /// <param name="from">The first day; from the forum's beginning without it.</param>
    /// <param name="to">The last day; today without it.</param>
    [WolverineGet("/api/views/moderators"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(ViewAnswer<ModeratorActs>), 200)]
    [ProducesResponseType(403, Description = "Only moderators see what moderators did.")]
    public static async Task<IResult> Get(
        DateOnly? from,
        DateOnly? to,
        [FromQuery(Name = "min-position")] long? minPosition,
        Readers readers,
        ViewQueries views,
        HttpContext http
    ) =>
        (await readers.OfAsync(http)).IsModerator
            ? await views.AnswerAsync<ModeratorsWork, ModeratorActs>(http, minPosition, Sql, ("from", from), ("to", to))
            : new Problem(ModeratorsOnly);

    public async Task<(Refusal? Refusal, ViewPage? Page)> DrawAsync(ViewQueries views, HttpContext http)
    {
        if (!(await http.RequestServices.GetRequiredService<Readers>().OfAsync(http)).IsModerator)
        {
            return (ModeratorsOnly, null);
        }

        var (refusal, answer) = await views.ReadAsync<ModeratorsWork, ModeratorActs>(
            http,
            null,
            Sql,
            ("from", null),
            ("to", null)
        );
        return answer is null
            ? (refusal, null)
            : (
                null,
                new ViewPage(
                    "Moderators' work",
                    answer.Version,
                    answer.Position,
                    new BarChart(
                        "Acts by moderator",
                        [
                            .. answer
                                .Rows.GroupBy(row => row.Name, StringComparer.Ordinal)
                                .Select(moderator => (moderator.Key, Acts: moderator.Sum(row => row.Acts)))
                                .OrderByDescending(moderator => moderator.Acts)
                                .Select(moderator =>
                                    (new ViewCell(moderator.Key), (double)moderator.Acts, $"{moderator.Acts:N0}")
                                ),
                        ]
                    ),
                    new ViewGrid(
                        "By kind",
                        ["Moderator", "Kind", "Acts", "Half come after", "Undone"],
                        [
                            .. answer.Rows.Select(row =>
                                (IReadOnlyList<ViewCell>)
                                    [row.Name, row.Kind, row.Acts, ViewCell.Duration(row.MedianSeconds), row.Undone]
                            ),
                        ]
                    )
                )
            );
    }

    private static Refusal ModeratorsOnly { get; } =
        new(403, "moderators-only", "Only moderators see what moderators did.", "Sign in as a moderator.");

    private static string Sql(string table) =>
        $"""
            select a.member_id, {ViewSql.MemberName("a.member_id")} as name, a.kind, a.acts, a.median_seconds, a.undone
              from (select x.member_id, x.kind, count(*)::int as acts, count(x.undone_by)::int as undone,
                           percentile_cont(0.5) within group (order by x.seconds)::float8 as median_seconds
                      from {table} t
                     cross join jsonb_to_recordset(t.acts)
                                x(member_id uuid, kind text, at timestamptz, seconds bigint, undone_by uuid)
                     where {ViewSql.Seen("t.board_id")}
                       and (@from::date is null or x.at >= @from::date::timestamp at time zone 'UTC')
                       and (@to::date is null or x.at < (@to::date + 1)::timestamp at time zone 'UTC')
                     group by x.member_id, x.kind) a
             order by name, a.acts desc, a.kind
            """;
}
