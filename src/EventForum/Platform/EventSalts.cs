using System.Text.Json;
using System.Text.RegularExpressions;
using Marten;
using Npgsql;
using Weasel.Postgresql.Tables;

namespace EventForum.Platform;

/// <summary>
/// The salts of the transparency log. What an event says stands in the log as commitments, each a hash over a salt and a value:
/// while there is the salt, the value can be compared with the log; without it, nothing can be learnt of the value.
/// </summary>
/// <remarks>
/// A path names a value: <c>actor</c>, <c>causation</c>, <c>correlation</c>, <c>headers.NAME</c>, and <c>data.</c> with the names
/// of the event's members as they are stored, such as <c>data.body</c> or <c>data.moderators.reason</c>. An array is one value:
/// <c>data.quotes</c>.
/// </remarks>
public static partial class EventSalts
{
    public const string Table = Store.Schema + ".log_salts";

    /// <summary>The one row that says how far the log is. Whoever has locked its table keeps the log as it is.</summary>
    public const string Head = Store.Schema + ".log_head";

    private const string Lock = $"lock table {Head} in exclusive mode";

    private const string Delete = $"update {Table} set salts = salts - $1 where position = $2";

    public static Table Schema()
    {
        var table = new Table(Table);
        table.AddColumn<long>("position").AsPrimaryKey();
        table.AddColumn("salts", "jsonb").NotNull();
        return table;
    }

    /// <summary>
    /// Deletes the salts of an event's values, for good. To be called in the transaction that masks the values in the event,
    /// before or after that: until it ends, no event comes to the log.
    /// </summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="position">The event's position. One that is not in the log yet comes to it as it is by then.</param>
    /// <param name="paths">The values; those without a salt are passed over.</param>
    public static async Task ForgetAsync(
        NpgsqlConnection connection,
        long position,
        IEnumerable<string> paths,
        CancellationToken cancellation = default
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Lock));
        var delete = new NpgsqlBatchCommand(Delete);
        delete.Parameters.AddWithValue(paths.ToArray());
        delete.Parameters.AddWithValue(position);
        batch.BatchCommands.Add(delete);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The same in the transaction in which a session saves its changes.</summary>
    public static void Forget(IDocumentOperations session, long position, IEnumerable<string> paths)
    {
        session.QueueSqlCommand(Lock);
        session.QueueSqlCommand(
            Delete.Replace("$1", "?", StringComparison.Ordinal).Replace("$2", "?", StringComparison.Ordinal),
            paths.ToArray(),
            position
        );
    }

    /// <summary>What stands where an erased person gave a reason.</summary>
    public const string ErasedText = "erased";

    /// <summary>What stands where somebody gave a reason that is not to be kept for longer.</summary>
    public const string ExpiredText = "expired";

    /// <summary>Begins what stands for the subject of a member who was erased; the member's number follows.</summary>
    public const string ErasedSubject = "erased:";

    /// <summary>Begins what stands for the subject of a member whose own is not to be kept for longer; the member's id follows.</summary>
    public const string ExpiredSubject = "expired:";

    /// <summary>What stands where an erased person gave a thread a title.</summary>
    public const string ErasedTitle = "Erased title";

    /// <summary>
    /// Whether this may stand in an event where a value was that has no salt any more: nothing at all, null, an empty text or
    /// list, or what erasing a person puts there. Anything else there was put there by somebody.
    /// </summary>
    public static bool IsMask(JsonElement? value) =>
        value is not { } there
        || there.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => true,
            JsonValueKind.String => Placeholder.IsMatch(there.GetString()!),
            JsonValueKind.Array => there.GetArrayLength() == 0,
            _ => false,
        };

    [GeneratedRegex(
        $@"\A({ErasedText}|{ExpiredText}|{ErasedTitle}|erased member [1-9][0-9]*|{ErasedSubject}[1-9][0-9]*|{ExpiredSubject}[0-9a-f-]{{36}})?\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Placeholder { get; }

    /// <summary>Whether an event of which values were forgotten may have this beside what it had: why, and how long they were.</summary>
    public static bool IsMark(string path) => path is "data.mask.why" or "data.mask.length";
}
