using System.Globalization;
using System.Text.Json;

namespace EventForum.Acceptance.Harness;

/// <summary>
/// Reads of the feed that come as far as a position. The feed ends before what may still be in the making, also
/// in another test's thread, so that it is asked again until it comes that far.
/// </summary>
public static class Feed
{
    public static async Task<Answer> Settled(this TestMember reader, string path, long position)
    {
        using var patience = Patience.Begin();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var page = (await reader.Get(path)).ShouldBe(200);
            if (page.Json.GetProperty("next").GetInt64() >= position)
            {
                return page;
            }

            await tick.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>The event at a position, as this reader may see it.</summary>
    public static async Task<JsonElement> EventAt(this TestMember reader, long position)
    {
        var after = (position - 1).ToString(CultureInfo.InvariantCulture);
        var page = await reader.Settled($"/api/events?after={after}&limit=1", position);
        var found = page.Json.GetProperty("events")[0];
        found.GetProperty("position").GetInt64().ShouldBe(position);
        return found;
    }
}
