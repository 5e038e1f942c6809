using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Exchange.Sources;

/// <summary>What an import has brought.</summary>
internal static class Imported
{
    /// <summary>Every event but those of members and boards, by time: its type, and what was said.</summary>
    public static Task<IReadOnlyList<string>> SaidAsync(this TestDatabase database) =>
        database.ColumnAsync<string>(
            "select type || ': ' || concat_ws('; ', data ->> 'title', data ->> 'body', data ->> 'reason') from forum.mt_events where type not in ('member_registered', 'board_created') order by timestamp, version"
        );

    public static async Task HoldsNoneOfAsync(this TestDatabase database, params string[] words)
    {
        foreach (var word in words)
        {
            (await database.TablesWithAsync(word)).ShouldBeEmpty(word);
        }
    }
}
