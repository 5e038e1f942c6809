using Npgsql;
using NpgsqlTypes;

namespace EventForum.Access;

internal static class ReaderQueries
{
    /// <summary>For a query that leaves out what is in these boards; null where none is hidden, so that it asks nothing.</summary>
    public static NpgsqlParameter HiddenBoardsParameter(this Reader reader) =>
        new()
        {
            Value = reader.SeesAllBoards ? DBNull.Value : reader.HiddenBoards,
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
        };
}
