using System.Text.Json.Serialization;
using EventForum.Commands;
using EventForum.Platform;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace EventForum.Cases;

/// <summary>What has become of a case.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CaseState>))]
public enum CaseState
{
    /// <summary>Nothing is decided.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>A batch was carried out because of it.</summary>
    [JsonStringEnumMemberName("resolved")]
    Resolved,

    /// <summary>Nothing was done.</summary>
    [JsonStringEnumMemberName("dismissed")]
    Dismissed,

    /// <summary>It was resolved, and the post's author asks for another decision.</summary>
    [JsonStringEnumMemberName("appealed")]
    Appealed,

    /// <summary>The appeal changed nothing.</summary>
    [JsonStringEnumMemberName("upheld")]
    Upheld,

    /// <summary>The appeal was right.</summary>
    [JsonStringEnumMemberName("overturned")]
    Overturned,
}

/// <summary>A case, as commands and lists see it: without texts.</summary>
/// <param name="AuthorId">Who wrote the post.</param>
/// <param name="Revision">The post's revision when it was reported first.</param>
/// <param name="ReporterIds">Who reported the post, in their order.</param>
/// <param name="Reasons">The keys of the reasons that they gave, each once.</param>
/// <param name="TakenBy">Who works on it; null for nobody.</param>
/// <param name="DecidedBy">Who resolved or dismissed it.</param>
/// <param name="BatchId">The batch that resolved it.</param>
/// <param name="ClosedAt">When it was decided, or the appeal was; null while it waits for a moderator.</param>
public sealed record Case(
    Guid Id,
    long Version,
    Guid PostId,
    Guid AuthorId,
    int Revision,
    DateTimeOffset OpenedAt,
    IReadOnlyList<Guid> ReporterIds,
    IReadOnlyList<string> Reasons,
    CaseState State,
    Guid? TakenBy,
    Guid? DecidedBy,
    Guid? BatchId,
    DateTimeOffset? ClosedAt
)
{
    private static readonly AggregateKind Kind = AggregateKind.Of<Case>(Fold);

    /// <summary>Whether it waits for a moderator.</summary>
    public bool IsOpen => State is CaseState.Open or CaseState.Appealed;

    public static StreamKey Stream(Guid id) => new(Kind, id);

    /// <summary>The id of a post's first, second, third case: whoever reports the post at the same time comes to the same one.</summary>
    public static Guid IdOf(Guid postId, long number) => StableId.Of("case", $"{postId}", $"{number}");

    /// <summary>Why this member may not report the post to this case.</summary>
    public Refusal? RefusalToReport(Guid actorId) =>
        ReporterIds.Contains(actorId) ? CaseRefusals.AlreadyReported : null;

    public Refusal? RefusalToTake(Guid actorId) =>
        !IsOpen ? CaseRefusals.Closed
        : TakenBy == actorId ? CaseRefusals.AlreadyTaken
        : State == CaseState.Appealed && DecidedBy == actorId ? CaseRefusals.AnotherDecides
        : null;

    /// <summary>Why this moderator may not resolve or dismiss it.</summary>
    public Refusal? RefusalToDecide(Guid actorId) =>
        State != CaseState.Open ? CaseRefusals.Closed
        : TakenBy is { } other && other != actorId ? CaseRefusals.TakenByAnother
        : null;

    public Refusal? RefusalToAppeal() =>
        State switch
        {
            CaseState.Resolved => null,
            CaseState.Appealed or CaseState.Upheld or CaseState.Overturned => CaseRefusals.AlreadyAppealed,
            _ => CaseRefusals.NoSuchDecision,
        };

    public Refusal? RefusalToDecideAppeal(Guid actorId) =>
        State != CaseState.Appealed ? CaseRefusals.NotAppealed
        : DecidedBy == actorId ? CaseRefusals.AnotherDecides
        : TakenBy is { } other && other != actorId ? CaseRefusals.TakenByAnother
        : null;

    /// <summary>The state after one more event. Pure: everything comes from the event and its metadata.</summary>
    public static Case? Fold(Case? known, IEvent e) =>
        (known, e.Data) switch
        {
            (null, PostReported first) => new Case(
                e.StreamId,
                1,
                first.PostId,
                first.AuthorId,
                first.Revision,
                e.Timestamp,
                [e.ActorId()],
                [first.Reason],
                CaseState.Open,
                null,
                null,
                null,
                null
            ),
            (null, _) => null,
            ({ } there, var data) => there.With(data, e) with { Version = there.Version + 1 },
        };

    private Case With(object data, IEvent e) =>
        data switch
        {
            PostReported report => this with
            {
                ReporterIds = [.. ReporterIds, e.ActorId()],
                Reasons = Reasons.Contains(report.Reason, StringComparer.Ordinal)
                    ? Reasons
                    : [.. Reasons, report.Reason],
            },
            CaseTaken => this with { TakenBy = e.ActorId() },
            CaseResolved resolved => Decided(CaseState.Resolved, e) with { BatchId = resolved.BatchId },
            CaseDismissed => Decided(CaseState.Dismissed, e),
            DecisionAppealed => this with { State = CaseState.Appealed, TakenBy = null, ClosedAt = null },
            AppealDecided decided => this with
            {
                State = decided.IsOverturned ? CaseState.Overturned : CaseState.Upheld,
                ClosedAt = e.Timestamp,
            },
            _ => this,
        };

    private Case Decided(CaseState state, IEvent e) =>
        this with
        {
            State = state,
            DecidedBy = e.ActorId(),
            ClosedAt = e.Timestamp,
        };
}

/// <summary>Keeps <see cref="Case"/> beside its stream.</summary>
public sealed partial class CaseProjection : SingleStreamProjection<Case, Guid>
{
    public CaseProjection()
    {
        foreach (var description in CaseEventDescriptions.All)
        {
            IncludeType(description.EventType);
        }
    }

    public override Case? Evolve(Case? snapshot, Guid id, IEvent e) => Case.Fold(snapshot, e);
}
