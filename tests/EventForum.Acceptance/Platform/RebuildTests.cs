using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

/// <summary>What the events say is all that there is: every read model made anew from them has the same bytes.</summary>
public sealed class RebuildTests
{
    [Fact]
    public async Task a_rebuild_of_every_projection_equals_what_is_live()
    {
        await using var database = await TestDatabase.CreateAsync();
        IReadOnlyList<string> projections;
        await using (var forum = await ForumHost.StartAsync(database))
        {
            await EventfulHistory.WriteAsync(forum);
            await ReadModels.LeaveOutAsync(forum, "activity");
            projections = await ReadModels.CatchUpAsync(forum);
        }

        foreach (var (table, rows) in await ReadModels.DumpAsync(database))
        {
            ReadModels.ShouldHoldSomething(table, rows);
        }

        await ReadModels.ShouldEqualTheirRebuildAsync(database, projections);
    }
}
