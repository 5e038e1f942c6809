using EventForum.Access;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;

namespace EventForum.Audit;

/// <summary>
/// Says by events alone who could read a post: they are folded by what folds them for everything else, and the reader of then is
/// asked by the rules of <see cref="Reader"/>. Pure.
/// </summary>
/// <param name="post">The events that changed the post, up to the moment.</param>
/// <param name="header">Those of the thread that it was in.</param>
/// <param name="board">Those of the board that the thread was in.</param>
internal sealed class VisibilityFold(
    IReadOnlyList<IEvent> post,
    IReadOnlyList<IEvent> header,
    IReadOnlyList<IEvent> board
)
{
    private readonly PostRow? row = post.Aggregate((PostRow?)null, PostRow.Fold);
    private readonly Board? place = board.Aggregate((Board?)null, Board.Fold);

    private BoardPermissions Permissions => place?.Permissions ?? BoardPermissions.Default;

    /// <summary>Null where the post had not been written.</summary>
    public PostRow? Row => row;

    /// <summary>The thread that a post was in after some events; null where it had not been written.</summary>
    public static Guid? ThreadOf(IReadOnlyList<IEvent> post) => post.Aggregate((PostRow?)null, PostRow.Fold)?.ThreadId;

    /// <summary>The board that a thread was in.</summary>
    public static Guid? BoardOf(IReadOnlyList<IEvent> header) =>
        header.Aggregate((ThreadHeader?)null, ThreadHeader.Fold)?.BoardId;

    /// <summary>Whether a reader could read the words.</summary>
    /// <param name="events">Those of the member up to the moment; none for a guest.</param>
    /// <param name="names">Finds the names of members.</param>
    /// <param name="showsRoles">Whether the facts name roles.</param>
    public (bool Visible, IReadOnlyList<VisibilityFact> Facts) For(
        string? name,
        IReadOnlyList<IEvent> events,
        DateTimeOffset at,
        Func<Guid, string> names,
        bool showsRoles
    )
    {
        var facts = Shared(names);
        if (row is null || place is null)
        {
            return (false, facts);
        }

        var who = name is null ? "A guest" : Bidi.Isolate(name);
        var member = events.Aggregate((Member?)null, Member.Fold);
        var reader = ReaderOf(member, at);
        var (sees, moderates) = (reader.Sees(place.Id), reader.Moderates(place.Id));
        if (name is not null)
        {
            facts.Add(
                Fact(
                    "roles",
                    sees,
                    member is null ? $"{who} had not joined, and read as a guest"
                        : showsRoles
                            ? $"{who} had the {(reader.Roles.Count == 1 ? "role" : "roles")} {string.Join(", ", reader.Roles.Order(StringComparer.Ordinal))}"
                        : $"{who} was a member",
                    events.LastOrDefault(e => e.Data is TokenRolesChanged or RolesGranted)
                        ?? (events.Count > 0 ? events[0] : null)
                )
            );
        }

        facts.Insert(
            3,
            Fact(
                "permissions",
                sees,
                $"{who} {(sees ? "saw" : "did not see")} the board, which was for {Audience()}",
                PermissionsEvent
            )
        );
        facts.Add(State(names));
        if (row.RemovedAt is null)
        {
            return (sees, facts);
        }

        facts.Add(
            Fact(
                "moderates",
                moderates,
                $"{who} {(moderates ? "moderated the board, and read what was removed there" : "did not moderate the board")}",
                PermissionsEvent
            )
        );
        var isOwn = row.IsWaiting && row.AuthorId == member?.Id && reader.Silence is not null;
        if (row.IsWaiting && row.AuthorId == member?.Id)
        {
            facts.Add(
                Fact(
                    "silence",
                    isOwn,
                    isOwn
                        ? $"{who} was silenced, and read posts of their own that waited"
                        : $"{who} was not silenced any more",
                    events.LastOrDefault(e => e.Data is MemberSilenced or SilenceLifted or StandingRestored)
                )
            );
        }

        return (sees && (moderates || isOwn), facts);
    }

    /// <summary>The roles and members that could read the words, beside admins.</summary>
    /// <param name="author">The events of the author up to the moment.</param>
    public (bool Everyone, IReadOnlyList<string> Roles, IReadOnlyList<Guid> Members) To(
        IReadOnlyList<IEvent> author,
        DateTimeOffset at
    )
    {
        if (row is null || place is null)
        {
            return (false, [], []);
        }

        var moderating = Permissions.Moderate;
        if (row.RemovedAt is null)
        {
            var seeing = Permissions.See;
            return seeing.Everyone || moderating.Everyone
                ? (true, [], [])
                : (
                    false,
                    [.. seeing.Roles.Union(moderating.Roles, StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                    [.. seeing.Members.Union(moderating.Members)]
                );
        }

        var reader = ReaderOf(author.Aggregate((Member?)null, Member.Fold), at);
        IReadOnlyList<Guid> own =
            row.IsWaiting && reader.Silence is not null && reader.Sees(place.Id) ? [row.AuthorId] : [];
        return (moderating.Everyone, moderating.Roles, [.. moderating.Members.Union(own)]);
    }

    /// <summary>The facts that are the same for everybody.</summary>
    public IReadOnlyList<VisibilityFact> Facts(Func<Guid, string> names) =>
        row is null || place is null
            ? Shared(names)
            :
            [
                .. Shared(names),
                Fact("permissions", true, $"The board was for {Audience()}", PermissionsEvent),
                State(names),
            ];

    private IEvent? PermissionsEvent => board.LastOrDefault(e => e.Data is BoardPermissionsChanged) ?? board[0];

    private List<VisibilityFact> Shared(Func<Guid, string> names)
    {
        if (row is null || place is null)
        {
            return [new VisibilityFact("post", false, "The post had not been written.", null, null)];
        }

        var thread = header.Aggregate((ThreadHeader?)null, ThreadHeader.Fold)!;
        return
        [
            Fact("post", true, $"{Bidi.Isolate(names(row.AuthorId))} had written the post", post[0]),
            Fact(
                "thread",
                true,
                $"It was #{row.Number} in the thread “{Bidi.Isolate(thread.Title)}”",
                post.Last(e => e.Data is IPostWritten || PostEvents.NumberOf(e.Data, row.PostId) is not null)
            ),
            Fact(
                "board",
                true,
                $"The thread was in the board “{Bidi.Isolate(place.Name)}”",
                header.Last(e => e.Data is ThreadStarted or ThreadSplitOff or ThreadMoved)
            ),
        ];
    }

    /// <summary>Whom the board was for.</summary>
    private string Audience()
    {
        var seeing = Permissions.See;
        if (seeing.Everyone)
        {
            return "everybody";
        }

        string[] seen =
        [
            .. seeing.Roles.Select(role => $"the role {Bidi.Isolate(role)}"),
            .. seeing.Members.Count switch
            {
                0 => (string[])[],
                1 => ["a named member"],
                var count => [$"{count} named members"],
            },
        ];
        return seen.Length == 0 ? "its moderators" : string.Join(" and ", seen);
    }

    private VisibilityFact State(Func<Guid, string> names) =>
        row!.RemovedAt is null
            ? Fact(
                "state",
                true,
                "The post was in view",
                post.Last(e => e.Data is IPostWritten or PostRestored or PostHoldsRestored)
            )
            : Fact(
                "state",
                false,
                row.IsWaiting
                    ? "The post waited for a moderator"
                    : $"The post was removed by {Bidi.Isolate(names(row.RemovedBy!.Value))}",
                post.Last(e => e.Data is PostRemoved or PostHeld or PostRestored or PostHoldsRestored)
            );

    private Reader ReaderOf(Member? member, DateTimeOffset at)
    {
        var rules = new AccessRules(
            new Dictionary<Guid, BoardAccess> { [place!.Id] = new(Permissions, place.CloseReason, place.IsLogPublic) },
            member?.Roles is { } roles ? Of(member.Subject, roles) : AccessRules.NoRoles,
            silences: member?.Standing?.Silence is { } silence && silence.HoldsAt(at)
                ? Of(member.Subject, silence)
                : null
        );
        return new Reader(member?.Subject, member?.Id, rules);

        static Dictionary<string, T> Of<T>(string subject, T value) =>
            new(StringComparer.Ordinal) { [subject] = value };
    }

    private static VisibilityFact Fact(string fact, bool holds, string sentence, IEvent? e) =>
        new(fact, holds, sentence, e?.Sequence, e?.Timestamp);
}
