using EventForum.Access;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using Marten;

namespace EventForum.Web;

/// <summary>Shows a board's settings, also when a form of that page comes back.</summary>
public sealed class BoardSettingsScreen(IDocumentStore store, ReadDatabase reads, MemberNames names, Readers readers)
{
    internal async Task<IResult> ShowAsync(HttpContext http, Guid boardId, Draft? draft = null)
    {
        await using var opened = await reads.OpenSessionAsync(http.RequestAborted);
        var session = opened.Query;
        if (boardId == Guid.Empty || await session.LoadAsync<Board>(boardId, http.RequestAborted) is not { } board)
        {
            return new Refused(BoardRefusals.NoSuchBoard);
        }

        var reader = await readers.OfAsync(http);
        if (!reader.IsSignedIn)
        {
            return new Refused(SentForm.NotSignedIn);
        }

        if (!reader.Moderates(boardId))
        {
            return new Refused(BoardRefusals.ModeratorsOnly);
        }

        var permissions = board.Permissions ?? BoardPermissions.Default;
        var cards = await names.FindAsync(
            new[] { permissions.See, permissions.Start, permissions.Reply, permissions.Moderate }.SelectMany(audience =>
                audience.Members
            ),
            reader,
            http.RequestAborted
        );
        return new HtmlPage<BoardSettings>(
            new
            {
                Board = board,
                reader.IsAdmin,
                MemberNames = cards.ToDictionary(card => card.Key, card => card.Value.Name),
                Draft = draft,
            },
            draft?.Status ?? StatusCodes.Status200OK
        );
    }

    /// <summary>What a form says; a refusal when it names somebody who is no member.</summary>
    internal async Task<(Refusal? Refusal, BoardPermissions? Permissions)> PermissionsAsync(
        SentForm form,
        CancellationToken cancellation
    )
    {
        var audiences = new List<Audience>();
        await using var session = store.QuerySession();
        foreach (var field in (string[])["see", "start", "reply", "moderate"])
        {
            var keys = Parts(form[$"{field}-members"])
                .Select(MemberName.Key)
                .Distinct(StringComparer.Ordinal)
                .ToArray();
            var ids = await session
                .Query<Member>()
                .Where(member => member.NameKey.IsOneOf(keys))
                .Select(member => member.Id)
                .ToListAsync(cancellation);
            if (ids.Count < keys.Length)
            {
                return (BoardRefusals.MembersUnknown, null);
            }

            audiences.Add(new Audience(form[$"{field}-everyone"] == "yes", Parts(form[$"{field}-roles"]), ids));
        }

        return (null, new BoardPermissions(audiences[0], audiences[1], audiences[2], audiences[3]));
    }

    private static string[] Parts(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
