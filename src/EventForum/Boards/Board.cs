using System.Text.Json.Serialization;
using EventForum.Access;
using EventForum.Commands;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace EventForum.Boards;

/// <summary>A board, as commands see it.</summary>
/// <param name="Permissions">Null for <see cref="BoardPermissions.Default"/>.</param>
/// <param name="CloseReason">Null while the board is open.</param>
/// <param name="IsLogPublic">Whether everybody who sees it reads what moderators did in it.</param>
public sealed record Board(
    Guid Id,
    long Version,
    string Name,
    string NameKey,
    string? Description,
    DateTimeOffset OpenedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BoardPermissions? Permissions = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CloseReason = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsLogPublic = false
)
{
    private static readonly AggregateKind Kind = AggregateKind.Of<Board>(Fold);

    public static StreamKey Stream(Guid id) => new(Kind, id);

    /// <summary>Two names with the same key are the same name.</summary>
    public static string Key(string name) => name.ToUpperInvariant().ToLowerInvariant();

    public static Board? Fold(Board? board, IEvent e) =>
        (board, e.Data) switch
        {
            (_, BoardCreated created) => new Board(
                e.StreamId,
                1,
                created.Name,
                Key(created.Name),
                created.Description,
                e.Timestamp
            ),
            (null, _) => null,
            ({ } known, var data) => known.With(data) with { Version = known.Version + 1 },
        };

    private Board With(object data) =>
        data switch
        {
            BoardRenamed renamed => this with { Name = renamed.Name, NameKey = Key(renamed.Name) },
            BoardDescribed described => this with { Description = described.Description },
            BoardPermissionsChanged changed => this with
            {
                Permissions = new BoardPermissions(changed.See, changed.Start, changed.Reply, changed.Moderate),
            },
            ModerationLogPublished published => this with { IsLogPublic = published.IsPublic },
            BoardClosed closed => this with { CloseReason = closed.Reason },
            BoardReopened => this with { CloseReason = null },
            _ => this,
        };
}

public sealed partial class BoardProjection : SingleStreamProjection<Board, Guid>
{
    /// <summary>Names its events: a projection that does not is asked about every stream, with a query a save.</summary>
    public BoardProjection()
    {
        foreach (var description in BoardEventDescriptions.All)
        {
            IncludeType(description.EventType);
        }
    }

    public override Board? Evolve(Board? snapshot, Guid id, IEvent e) => Board.Fold(snapshot, e);
}
