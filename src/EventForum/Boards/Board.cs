using EventForum.Commands;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace EventForum.Boards;

// Facts of one board's stream. The stream's id is the board's id.

/// <summary>A board was opened.</summary>
/// <param name="Name">3-255 characters; no two boards' names differ only in case.</param>
public sealed record BoardCreated(string Name, string? Description);

/// <summary>A board, as commands see it.</summary>
public sealed record Board(
    Guid Id,
    long Version,
    string Name,
    string NameKey,
    string? Description,
    DateTimeOffset OpenedAt
)
{
    private static readonly AggregateKind Kind = AggregateKind.Of<Board>(Fold);

    public static StreamKey Stream(Guid id) => new(Kind, id);

    /// <summary>Two names with the same key are the same name.</summary>
    public static string Key(string name) => name.ToUpperInvariant().ToLowerInvariant();

    public static Board? Fold(Board? board, IEvent e) =>
        e.Data switch
        {
            BoardCreated created => new Board(
                e.StreamId,
                1,
                created.Name,
                Key(created.Name),
                created.Description,
                e.Timestamp
            ),
            _ when board is null => null,
            _ => board with { Version = board.Version + 1 },
        };
}

public sealed partial class BoardProjection : SingleStreamProjection<Board, Guid>
{
    /// <summary>Names its events: a projection that does not is asked about every stream, with a query a save.</summary>
    public BoardProjection() => IncludeType<BoardCreated>();

    public override Board? Evolve(Board? snapshot, Guid id, IEvent e) => Board.Fold(snapshot, e);
}
