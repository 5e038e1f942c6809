using System.Text.Json;
using EventForum.Access;
using EventForum.Boards;
using EventForum.Cases;
using EventForum.Members;
using EventForum.Moderation;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Reading;

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
    private readonly ExportedThreads threads = new();
    private readonly ExportedCases cases = new();
    private long lastPosition;

    /// <summary>The events by their ids: where they belong, and the line that they are on.</summary>
    public Dictionary<Guid, (Guid StreamId, long Version, int Line)> Events { get; } = [];

    /// <summary>The streams by their ids: their kinds, and the line that begins them.</summary>
    public IEnumerable<(Guid Id, string Kind, int Line)> Streams =>
        streams.Select(stream => (stream.Key, stream.Value.Kind, stream.Value.Line));

    /// <summary>The posts by their ids: where they were written, and the line that they are on.</summary>
    public IEnumerable<(Guid Id, Guid ThreadId, int Number, int Line)> Posts => threads.Posts;

    /// <summary>Members that did something, and boards that threads were started in or moved to, which the file does not hold.</summary>
    public Dictionary<(Guid Id, string Kind), int> Missing { get; } = [];

    /// <summary>The time that it says it came behind, as its text: PostgreSQL reads it.</summary>
    private static string? BehindOf(PastEvent past) =>
        past.Headers is { } headers && JsonElement.Parse(headers).TryGetProperty(MartenTables.Behind, out var behind)
            ? behind.ToString()
            : null;

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
        var isStart =
            e.Data is ThreadStarted or ThreadSplitOff or BoardCreated or MemberRegistered or BatchApplied
            || (e.Data is PostReported && e.Version == 1);
        // What a command did is a batch without a stream of its own, until it is undone.
        isStart |= e.Data is BatchUndone && e.Version == 1;
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
            if (e.Data is MemberRegistered or BatchApplied)
            {
                // Of events that were stored together, those of a thread may stand before the registration of their actor,
                // and that of a case before its batch.
                Missing.Remove((e.StreamId, past.Kind));
            }
        }

        Check(
            e.Version == ++stream.Version,
            $"Its version is {e.Version}, and {stream.Version} comes next in its stream."
        );
        Check(
            BehindOf(past) is { } behind
                ? behind == Moments.Text(stream.At) && e.Timestamp < stream.At && e.Headers!.ContainsKey("import")
                : e.Timestamp >= stream.At - ClockSkew,
            "Its time is before that of the event before it in its stream."
        );
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
            case ModerationLogPublished:
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
            case AccountClaimed or AccountMerged:
                if (((e.Data as AccountClaimed)?.MemberId ?? (e.Data as AccountMerged)?.MemberId) is { } other)
                {
                    Refer(other, kindOf(typeof(MemberRegistered)), past.Line);
                }

                break;
            case TitleGranted titled:
                ExportedTexts.Check(titled);
                break;
            case MemberErased gone:
                Check(gone.Number > 0 && gone.Counts.All(count => count.Events > 0), "Its numbers are none.");
                ExportedTexts.CheckReason(gone.Reason, isImported: false);
                break;
            case RetentionApplied applied:
                Check(applied.Counts.All(count => count.Events > 0), "Its numbers are none.");
                break;
            case SubjectExpired:
                break;
            case MemberSuspended
            or SuspensionLifted
            or MemberSilenced
            or SilenceLifted
            or MemberWarned
            or StandingRestored:
                ExportedTexts.CheckReason(
                    (e.Data as MemberSuspended)?.Reason
                        ?? (e.Data as SuspensionLifted)?.Reason
                        ?? (e.Data as MemberSilenced)?.Reason
                        ?? (e.Data as SilenceLifted)?.Reason
                        ?? (e.Data as MemberWarned)?.Message
                        ?? (e.Data as StandingRestored)?.Reason,
                    isImported: false
                );
                break;
            case BatchUndone:
                break;
            case BatchApplied done:
                Check(done.Kind is { Length: > 0 and <= 50 }, "It does not say what was done.");
                ExportedTexts.CheckReason(done.Reason, isImported: false);
                if (done.CaseId is { } resolved)
                {
                    Refer(resolved, kindOf(typeof(PostReported)), past.Line);
                }

                break;
            case PostReported
            or CaseTaken
            or CaseNoted
            or CaseResolved
            or CaseDismissed
            or DecisionAppealed
            or AppealDecided:
                cases.Add(e, threads);
                if (((e.Data as CaseResolved)?.BatchId ?? (e.Data as AppealDecided)?.BatchId) is { } batch)
                {
                    Refer(batch, kindOf(typeof(BatchApplied)), past.Line);
                }

                break;
            default:
                var (started, split, moved) = (
                    e.Data as ThreadStarted,
                    e.Data as ThreadSplitOff,
                    e.Data as ThreadMoved
                );
                if ((started?.BoardId ?? split?.BoardId ?? moved?.BoardId) is { } board)
                {
                    Refer(board, kindOf(typeof(BoardCreated)), past.Line);
                }

                threads.Add(stream, past);
                break;
        }
    }

    /// <exception cref="FormatException">A post quotes what another one of the file does not say.</exception>
    public void End() => threads.End();

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

    internal static void Check(bool isRight, string otherwise)
    {
        if (!isRight)
        {
            throw new FormatException(otherwise);
        }
    }
}
