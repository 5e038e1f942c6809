using System.Text;
using EventForum.Access;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;

namespace EventForum.Exchange;

/// <summary>
/// The limits of an export's texts: those that commands have, and where these have become stricter or an import of
/// discussions keeps more, the widest that a forum's events were ever stored with.
/// </summary>
internal sealed class ExportedTexts
{
    private const int MaxName = 60;
    private const int MaxSubject = 2_000;
    private const int MaxCorrelation = 200;

    /// <summary>Its quote blocks, and the post that it answers.</summary>
    private const int MaxQuotes = 101;

    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly HashSet<string> subjects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> boards = new(StringComparer.Ordinal);

    public void Check(MemberRegistered registered)
    {
        CheckLine(registered.Name, "name", 1, MaxName);
        var key = MemberName.Key(registered.Name);
        Check(
            key.Length > 0 && names.Add(key),
            $"The name {Bidi.Isolate(registered.Name)} is no name, or another member's."
        );
        Check(
            registered.Subject.Length > 0
                && Encoding.UTF8.GetByteCount(registered.Subject) <= MaxSubject
                && PlainLine.IsWellFormed(registered.Subject),
            $"A subject has 1 to {MaxSubject:N0} bytes."
        );
        Check(subjects.Add(registered.Subject), $"The subject {Bidi.Isolate(registered.Subject)} is another member's.");
    }

    public void Check(BoardCreated created, Guid boardId)
    {
        CheckBoard(created.Name, boardId);
        CheckDescription(created.Description);
    }

    public void CheckBoard(string name, Guid boardId)
    {
        CheckLine(name, "name", 3, 255);
        foreach (var (old, _) in boards.Where(board => board.Value == boardId).ToList())
        {
            boards.Remove(old);
        }

        Check(boards.TryAdd(Board.Key(name), boardId), $"The name {Bidi.Isolate(name)} is another board's.");
    }

    public static void CheckDescription(string? description) => CheckLine(description ?? "", "description", 0, 1_000);

    public static void Check(BoardPermissionsChanged changed)
    {
        Check(
            changed is { See: not null, Start: not null, Reply: not null, Moderate: not null }
                && new BoardPermissions(changed.See, changed.Start, changed.Reply, changed.Moderate).RefusalOf()
                    is null,
            "It names no audience for one of the permissions, or more than a permission has."
        );
    }

    public static void CheckRoles(IReadOnlyList<string>? roles, int most) =>
        Check(
            roles is not null
                && roles.Count <= most
                && roles.All(role => PlainLine.RefusalOf(role, "role", 1, Role.MaxLength) is null),
            $"Roles are up to {most}, of 1 to {Role.MaxLength} characters each."
        );

    public static void Check(TitleGranted granted)
    {
        if (granted.Title is not null)
        {
            CheckLine(granted.Title, "title", 1, MaxName);
        }
    }

    public static void CheckTitle(string title) => CheckLine(title, "title", 3, 255);

    public static void CheckCorrelation(string? id) =>
        Check(
            id is null || (id.Length <= MaxCorrelation && PlainLine.IsWellFormed(id)),
            $"A correlation and a causation have up to {MaxCorrelation} characters."
        );

    /// <param name="isImported">Sources have reasons of any length.</param>
    public static void CheckReason(string? reason, bool isImported)
    {
        if (reason is null)
        {
            return;
        }

        if (isImported)
        {
            Check(PlainLine.IsWellFormed(reason) && reason.Length <= PostBody.MaxLength, "Its reason is too long.");
        }
        else
        {
            CheckLine(reason, "reason", 1, PostRules.MaxReason);
        }
    }

    public static void CheckBody(string body, IReadOnlyList<Quote> quotes, bool isMasked)
    {
        Check(
            PostBody.Flaw(body) is null || (body.Length == 0 && (isMasked || quotes.Count > 0)),
            $"A post has 1 to {PostBody.MaxLength:N0} characters."
        );
        Check(quotes.Count <= MaxQuotes, $"A post quotes up to {MaxQuotes} times.");
        var at = 0;
        foreach (var quote in quotes)
        {
            Check(quote is not null, "A quote in it is none.");
            Check(
                quote!.PostId != Guid.Empty
                    && quote.Revision >= 1
                    && quote is { Start: >= 0, Length: >= 0 }
                    && quote.At >= at
                    && (isMasked || quote.At <= body.Length),
                "A quote in it stands nowhere, or refers to nothing."
            );
            at = quote.At;
        }
    }

    private static void CheckLine(string text, string what, int min, int max)
    {
        if (PlainLine.RefusalOf(text, what, min, max) is not null)
        {
            throw new FormatException($"A {what} is one line of {min} to {max:N0} characters.");
        }
    }

    private static void Check(bool isRight, string otherwise)
    {
        if (!isRight)
        {
            throw new FormatException(otherwise);
        }
    }
}
