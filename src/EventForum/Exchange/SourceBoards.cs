using EventForum.Boards;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Exchange;

/// <summary>A board that a file's threads go to.</summary>
internal sealed record SourceBoard(string Name, string Source, string? Section, DateTimeOffset Since, SourceLine Line)
{
    public string Stored { get; init; } = "";

    public Guid Id { get; init; }

    public bool IsNew { get; init; }

    /// <summary>The name within a board's limits.</summary>
    public static string Fit(string name, string source)
    {
        var line = SourceText.OneLine(name);
        line = PlainLine.Length(line) < 3 ? $"{line} ({source})".Trim() : line;
        return PlainLine.Length(line) > 255 ? SourceText.Cut(line, 255) : line;
    }
}

/// <summary>Finds the boards of a source by their names, or ids for those that are still to be opened.</summary>
internal static class SourceBoards
{
    public static async Task<Dictionary<string, SourceBoard>> FindAsync(
        NpgsqlDataSource database,
        IEnumerable<SourceBoard> boards,
        CancellationToken cancellation
    )
    {
        var fitting = boards
            .Select(board => board with { Stored = SourceBoard.Fit(board.Name, board.Source) })
            .ToList();
        var known = new Dictionary<string, Guid>(StringComparer.Ordinal);
        await using var command = database.CreateCommand(
            $"select name_key, id from {MartenTables.Documents}board where name_key = any($1)"
        );
        command.Parameters.AddWithValue(
            fitting.Select(board => Board.Key(board.Stored)).Distinct(StringComparer.Ordinal).ToArray()
        );
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            known[reader.GetString(0)] = reader.GetGuid(1);
        }

        return fitting.ToDictionary(board => board.Name, Found, StringComparer.Ordinal);

        SourceBoard Found(SourceBoard board)
        {
            var key = Board.Key(board.Stored);
            return board with
            {
                Id = known.GetValueOrDefault(key, StableId.Of("board", key)),
                IsNew = !known.ContainsKey(key),
            };
        }
    }
}
