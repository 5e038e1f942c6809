using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

/// <summary>Each state of the timeline, and what it leads to, without an accessibility flaw.</summary>
public sealed class TimelineLooksTests(OldThread thread, Chromium chromium) : IClassFixture<OldThread>
{
    [Fact]
    public Task the_timeline_is_accessible() => Look("timeline", thread.Address);

    [Fact]
    public Task an_edit_in_the_timeline_is_accessible() =>
        Look("timeline-edit", $"{thread.Address}?version={thread.EditVersion}");

    [Fact]
    public Task a_removal_in_the_timeline_is_accessible() =>
        Look("timeline-removal", $"{thread.Address}?version={thread.RemovalVersion}");

    [Fact]
    public Task a_new_title_in_the_timeline_is_accessible() =>
        Look("timeline-rename", $"{thread.Address}?version={thread.RenameVersion}");

    [Fact]
    public Task the_thread_as_it_was_is_accessible() =>
        Look("thread-past", $"/threads/{thread.Id}?version={thread.RenameVersion}&page=2");

    [Fact]
    public Task a_comparison_is_accessible() =>
        Look("compare", $"/threads/{thread.Id}/compare?from={thread.EditVersion - 2}&to={thread.RenameVersion}");

    private async Task Look(string name, string path)
    {
        await using var tab = await thread.VisitAsync(chromium, path);
        await tab.ShouldBeAccessibleAsync(name);
    }
}
