using EventForum.Exchange.Saved;

namespace EventForum.Tests.Exchange.Saved;

public sealed class SavedAddressTests
{
    private const string Id = "0189aaaa-0000-7000-8000-000000000001";

    [Theory]
    [InlineData("/", "index.html")]
    [InlineData($"/boards/{Id}", $"boards/{Id}.html")]
    [InlineData($"/boards/{Id}?after=p12-{Id}", $"boards/{Id}_after-p12-{Id}.html")]
    [InlineData($"/boards/{Id}/moderation-log?before={Id}", $"boards/{Id}/moderation-log_before-{Id}.html")]
    [InlineData($"/threads/{Id}?page=2", $"threads/{Id}_page-2.html")]
    [InlineData($"/threads/{Id}?page=2&order=tree", $"threads/{Id}_page-2-order-tree.html")]
    [InlineData($"/threads/{Id}/timeline", $"threads/{Id}/timeline.html")]
    [InlineData($"/posts/{Id}/history", $"posts/{Id}/history.html")]
    [InlineData($"/posts/{Id}/diff?from=1&to=2", $"posts/{Id}/diff_from-1-to-2.html")]
    [InlineData("/sign-in", null)]
    [InlineData("/views", null)]
    [InlineData($"/threads/{Id}?version=3", null)]
    [InlineData($"/threads/{Id}/timeline?version=3", null)]
    [InlineData($"/threads/{Id}/compare?from=0", null)]
    [InlineData($"/posts/{Id}/report", null)]
    [InlineData($"/boards/{Id}/../../../etc", null)]
    public void a_page_that_is_saved_has_a_file_of_its_own(string address, string? file) =>
        SavedAddress.FileOf(address).ShouldBe(file);

    [Fact]
    public void addresses_that_lead_somewhere_name_a_post_or_a_thread()
    {
        SavedAddress.PostIn($"/posts/{Id}").ShouldBe(Guid.Parse(Id));
        SavedAddress.PostIn($"/posts/{Id}/history").ShouldBeNull();
        SavedAddress.LastOf($"/threads/{Id}/last").ShouldBe(Guid.Parse(Id));
        SavedAddress.LastOf($"/threads/{Id}").ShouldBeNull();
    }

    [Theory]
    [InlineData("index.html", "boards/a.html", "boards/a.html")]
    [InlineData("threads/a.html", "index.html", "../index.html")]
    [InlineData("threads/a/timeline.html", "threads/a.html", "../../threads/a.html")]
    public void a_file_names_another_from_where_it_is(string from, string to, string relative) =>
        SavedAddress.Relative(from, to).ShouldBe(relative);
}
