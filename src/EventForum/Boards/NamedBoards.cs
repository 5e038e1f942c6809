using EventForum.Commands;
using JasperFx.Events;
using Marten;

namespace EventForum.Boards;

/// <summary>A command whose rule looks at a board without writing to it.</summary>
public interface INamesBoards
{
    Guid? BoardId => null;

    string? BoardName => null;
}

/// <summary>The boards that the commands of one batch name, kept up as the batch goes on.</summary>
public sealed class NamedBoards(IEnumerable<Board> boards) : INamedState
{
    private readonly Dictionary<Guid, Board> byId = boards.DistinctBy(board => board.Id).ToDictionary(b => b.Id);

    public static NamedStateSource Source { get; } =
        new(pending => pending.Command is INamesBoards, NeedsStreams: false, LoadAsync);

    public Board? Find(Guid id) => byId.GetValueOrDefault(id);

    /// <summary>The board of that name, whatever its case.</summary>
    public Board? Called(string name)
    {
        var key = Board.Key(name);
        return byId.Values.FirstOrDefault(board => board.NameKey == key);
    }

    public void Evolve(IEvent e, string actorName)
    {
        if (Board.Fold(byId.GetValueOrDefault(e.StreamId), e) is { } board)
        {
            byId[board.Id] = board;
        }
    }

    private static async Task<INamedState> LoadAsync(NamedStateQuery query)
    {
        var naming = query.Commands.Select(command => command.Command).OfType<INamesBoards>().ToList();
        var ids = naming.Select(command => command.BoardId).OfType<Guid>().Distinct().ToArray();
        var keys = naming
            .Select(command => command.BoardName)
            .OfType<string>()
            .Select(Board.Key)
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        var found = ids.Length > 0 ? query.Batch.LoadMany<Board>().ById(ids) : null;
        var called = keys.Length > 0 ? query.Batch.Query<Board>().Where(b => b.NameKey.IsOneOf(keys)).ToList() : null;
        return new NamedBoards([.. found is null ? [] : await found, .. called is null ? [] : await called]);
    }
}
