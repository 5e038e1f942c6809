using EventForum.Platform;
using Weasel.Postgresql.Tables;

namespace EventForum.Access;

/// <summary>
/// Erasures that were carried out in this database, and what is left to do of each: <c>completed_at</c> is null until views
/// are without the person, too. The last one tells every server that what it remembers of members may be of the past.
/// </summary>
internal static class ErasureTable
{
    public const string Table = Store.Schema + ".erasures";

    /// <summary>The position of the last one; zero before the first.</summary>
    public const string Last = $"select coalesce(max(position), 0) from {Table}";

    public static Table Schema()
    {
        var table = new Table(Table);
        table.AddColumn<long>("position").AsPrimaryKey();
        table.AddColumn<Guid>("member_id").NotNull();
        table.AddColumn("thread_ids", "uuid[]").NotNull();
        table.AddColumn<DateTimeOffset>("completed_at");
        return table;
    }
}
