using EventForum.Access;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;

namespace EventForum.Exchange;

/// <summary>
/// Whether the events of an export could have happened in their order, one after the other: as strict as the commands
/// that make such events, as far as the events themselves show. It keeps some hundred bytes an event and no text.
/// </summary>
/// <param name="kindOf">The kind of the streams that hold an event of this type.</param>
/// <param name="now">What is later has not happened.</param>
internal sealed class ExportCheck(Func<Type, string> kindOf, DateTimeOffset now)
{
    /// <summary>Beyond it lie a million events a second for eleven days: no forum has come so far.</summary>
    public const long MaxPosition = 1_000_000_000_000;

    /// <summary>The clocks of a forum's servers differ, and its events are ordered by what was stored first.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    private readonly ExportedTexts texts = new();
    private readonly Dictionary<Guid, StreamSoFar> streams = [];
    private readonly Dictionary<Guid, PostSoFar> posts = [];
    private readonly List<(Guid PostId, int Revision, long End, int Line)> unknownQuotes = [];
    private long lastPosition;

    /// <summary>The events by their ids: where they belong, and the line that they are on.</summary>
    public Dictionary<Guid, (Guid StreamId, long Version, int Line)> Events { get; } = [];

    /// <summary>The streams by their ids: their kinds, and the line that begins them.</summary>
    public IEnumerable<(Guid Id, string Kind, int Line)> Streams =>
        streams.Select(stream => (stream.Key, stream.Value.Kind, stream.Value.Line));

    /// <summary>The posts by their ids: where they stand, and the line that they are on.</summary>
    public IEnumerable<(Guid Id, Guid ThreadId, int Number, int Line)> Posts =>
        posts.Select(post => (post.Key, post.Value.ThreadId, post.Value.Number, post.Value.Line));

    /// <summary>Members that did something, and boards that threads were started in, which the file does not hold.</summary>
    public Dictionary<(Guid Id, string Kind), int> Missing { get; } = [];

    /// <exception cref="FormatException">It could not have happened after what came before it.</exception>
    public void Add(PastEvent past, long position)
    {
        var e = past.Event;
        Check(position > lastPosition, "Its position is not after the one before it.");
        Check(position <= MaxPosition, $"Its position is beyond {MaxPosition:N0}.");
        lastPosition = position;
        Check(e.Timestamp <= now, "Its time is still to come.");
        Check(e.Id != Guid.Empty && e.StreamId != Guid.Empty, "An id of zeros is none.");
        Check(past.Kind == kindOf(e.EventType), $"A stream of kind {past.Kind} has no event {e.EventTypeName}.");
        if (!Events.TryAdd(e.Id, (e.StreamId, e.Version, past.Line)))
        {
            throw new FormatException($"Its id is that of line {Events[e.Id].Line}.");
        }

        CheckMetadata(past);
        var isStart = e.Data is ThreadStarted or BoardCreated or MemberRegistered;
        Check(isStart == (e.Version == 1), "A stream begins with its beginning, and has only one.");
        if (!streams.TryGetValue(e.StreamId, out var stream))
        {
            Check(isStart, "The file does not hold the beginning of its stream.");
            streams[e.StreamId] = stream = new StreamSoFar
            {
                Kind = past.Kind,
                Line = past.Line,
                At = e.Timestamp,
            };
            if (e.Data is MemberRegistered)
            {
                // Of events that were stored together, those of a thread may stand before the registration of their actor.
                Missing.Remove((e.StreamId, past.Kind));
            }
        }

        Check(
            e.Version == ++stream.Version,
            $"Its version is {e.Version}, and {stream.Version} comes next in its stream."
        );
        Check(e.Timestamp >= stream.At - ClockSkew, "Its time is before that of the event before it in its stream.");
        stream.At = e.Timestamp > stream.At ? e.Timestamp : stream.At;
        switch (e.Data)
        {
            case MemberRegistered registered:
                texts.Check(registered);
                break;
            case BoardCreated created:
                texts.Check(created, e.StreamId);
                break;
            case BoardRenamed renamed:
                texts.CheckBoard(renamed.Name, e.StreamId);
                break;
            case BoardDescribed described:
                ExportedTexts.CheckDescription(described.Description);
                break;
            case BoardPermissionsChanged changed:
                ExportedTexts.Check(changed);
                break;
            case BoardClosed or BoardReopened:
                Check(stream.IsLocked == e.Data is BoardReopened, "The board is so already.");
                ExportedTexts.CheckReason(
                    (e.Data as BoardClosed)?.Reason ?? (e.Data as BoardReopened)?.Reason,
                    isImported: false
                );
                stream.IsLocked = e.Data is BoardClosed;
                break;
            case TokenRolesChanged met:
                ExportedTexts.CheckRoles(met.Roles, TokenRolesChanged.MaxRoles);
                break;
            case RolesGranted granted:
                ExportedTexts.CheckRoles(granted.Roles, Audience.MaxRoles);
                break;
            case TitleGranted titled:
                ExportedTexts.Check(titled);
                break;
            default:
                AddToThread(stream, past);
                break;
        }
    }

    /// <exception cref="FormatException">A post quotes what another one of the file does not say.</exception>
    public void End()
    {
        foreach (var (postId, revision, end, line) in unknownQuotes)
        {
            if (posts.TryGetValue(postId, out var post) && !post.Says(revision, end))
            {
                throw new FormatException($"Line {line}: {PostSoFar.NotSaid(postId, revision)}");
            }
        }
    }

    private void CheckMetadata(PastEvent past)
    {
        var e = past.Event;
        Check(
            Guid.TryParseExact(e.UserName, "D", out var actor) && actor != Guid.Empty && actor.ToString() == e.UserName,
            "It names no actor."
        );
        Refer(actor, kindOf(typeof(MemberRegistered)), past.Line);
        ExportedTexts.CheckCorrelation(e.CorrelationId);
        ExportedTexts.CheckCorrelation(e.CausationId);
    }

    private void AddToThread(StreamSoFar thread, PastEvent past)
    {
        var e = past.Event;
        var isImported = e.Headers?.ContainsKey("import") == true;
        switch (e.Data)
        {
            case ThreadStarted started:
                ExportedTexts.CheckTitle(started.Title);
                Refer(started.BoardId, kindOf(typeof(BoardCreated)), past.Line);
                AddPost(thread, past, started.PostId, 1, started.Body, started.Quotes);
                break;
            case ReplyPosted posted:
                Check(!thread.IsLocked, "The thread is locked.");
                Check(
                    posted.AnsweredVersion >= 1 && posted.AnsweredVersion < e.Version,
                    "It answers a version that the thread had not come to."
                );
                AddPost(thread, past, posted.PostId, posted.Number, posted.Body, posted.Quotes);
                break;
            case PostEdited edited:
                var changed = PostOf(edited.PostId);
                Check(changed.Holds.Shown is null, "The post that it edits is removed.");
                ExportedTexts.CheckReason(edited.Reason, isImported);
                CheckText(past, edited.Body, edited.Quotes);
                changed.Lengths.Add(edited.Body.Length);
                break;
            case PostRemoved removed:
                var hidden = PostOf(removed.PostId);
                Check(!hidden.Holds.HasThatOf(e.ActorId(), hidden.AuthorId), "The post is removed already.");
                ExportedTexts.CheckReason(removed.Reason, isImported);
                hidden.Holds = hidden.Holds.With(new Hold(e.ActorId(), e.Timestamp, null), hidden.AuthorId);
                break;
            case PostRestored restored:
                var shown = PostOf(restored.PostId);
                Check(shown.Holds.Shown is not null, "The post is not removed.");
                ExportedTexts.CheckReason(restored.Reason, isImported);
                shown.Holds = shown.Holds.LiftedBy(e.ActorId(), shown.AuthorId);
                break;
            case ThreadRenamed renamed:
                ExportedTexts.CheckTitle(renamed.Title);
                ExportedTexts.CheckReason(renamed.Reason, isImported);
                break;
            case ThreadLocked or ThreadUnlocked:
                Check(thread.IsLocked == e.Data is ThreadUnlocked, "The thread is so already.");
                ExportedTexts.CheckReason(
                    (e.Data as ThreadLocked)?.Reason ?? (e.Data as ThreadUnlocked)?.Reason,
                    false
                );
                thread.IsLocked = e.Data is ThreadLocked;
                break;
            case ThreadPinned or ThreadUnpinned:
                Check(thread.IsPinned == e.Data is ThreadUnpinned, "The thread is so already.");
                ExportedTexts.CheckReason(
                    (e.Data as ThreadPinned)?.Reason ?? (e.Data as ThreadUnpinned)?.Reason,
                    false
                );
                thread.IsPinned = e.Data is ThreadPinned;
                break;
            default:
                throw new FormatException($"Nothing says what {e.EventTypeName} may follow.");
        }

        PostSoFar PostOf(Guid id) =>
            posts.TryGetValue(id, out var post) && post.ThreadId == e.StreamId
                ? post
                : throw new FormatException($"Its thread has no post {id} before it.");
    }

    private void AddPost(
        StreamSoFar thread,
        PastEvent past,
        Guid id,
        int number,
        string body,
        IReadOnlyList<Quote> quotes
    )
    {
        var e = past.Event;
        Check(number == ++thread.LastNumber, $"Its number is {number}, and {thread.LastNumber} comes next.");
        Check(id != Guid.Empty, "An id of zeros is none.");
        CheckText(past, body, quotes);
        if (!posts.TryAdd(id, new PostSoFar(e.StreamId, number, e.ActorId(), past.Line) { Lengths = { body.Length } }))
        {
            throw new FormatException($"Its post is that of line {posts[id].Line}.");
        }
    }

    private void CheckText(PastEvent past, string body, IReadOnlyList<Quote> quotes)
    {
        ExportedTexts.CheckBody(body, quotes);
        foreach (var quote in quotes)
        {
            var end = (long)quote.Start + quote.Length;
            if (!posts.TryGetValue(quote.PostId, out var post) || quote.Revision > post.Lengths.Count)
            {
                // Events that were stored together stand in the order of their streams.
                unknownQuotes.Add((quote.PostId, quote.Revision, end, past.Line));
            }
            else
            {
                Check(post.Says(quote.Revision, end), PostSoFar.NotSaid(quote.PostId, quote.Revision));
            }
        }
    }

    private void Refer(Guid id, string kind, int line)
    {
        Check(id != Guid.Empty, "An id of zeros is none.");
        if (!streams.TryGetValue(id, out var stream))
        {
            Missing.TryAdd((id, kind), line);
        }
        else
        {
            Check(stream.Kind == kind, $"{id} is no {kind}.");
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
