using System.Text.Json;
using EventForum.Erasure;
using EventForum.Platform;

namespace EventForum.Tests.Erasure;

public sealed class ExpiredValuesTests
{
    private static readonly Guid Stream = Guid.CreateVersion7();

    [Theory]
    [InlineData("post_removed", """{"postId": "p", "reason": "Rude."}""", """{"postId":"p","reason":"expired"}""")]
    [InlineData(
        "post_holds_restored",
        """{"moderators": {"by": "m", "reason": "Rude."}, "authors": null}""",
        """{"moderators":{"by":"m","reason":"expired"},"authors":null}"""
    )]
    [InlineData("post_removed", """{"postId": "p", "reason": null}""", null)]
    [InlineData("post_removed", """{"postId": "p", "reason": "erased"}""", null)]
    [InlineData("post_removed", """{"postId": "p", "reason": "expired"}""", null)]
    [InlineData("post_reported", """{"reason": "spam"}""", null)]
    [InlineData("reply_posted", """{"body": "The reason."}""", null)]
    public void reasons_go_and_nothing_else(string type, string was, string? now)
    {
        var expired = ExpiredValues.Reasons(Event(type, was));

        expired?.Data.ShouldBe(now);
        (expired is null).ShouldBe(now is null);
        expired?.Forgotten.ShouldAllBe(path => path.EndsWith(".reason", StringComparison.Ordinal));
    }

    [Fact]
    public void a_subject_gives_way_to_one_that_no_provider_knows_and_that_no_other_member_has()
    {
        var expired = ExpiredValues.Subject(Event("member_registered", """{"subject": "a#b", "name": "ann"}"""));

        expired.Data.ShouldBe($$"""{"subject":"expired:{{Stream}}","name":"ann"}""");
        EventSalts.IsMask(JsonElement.Parse(expired.Data).GetProperty("subject")).ShouldBeTrue();
        EventSalts.IsMask(JsonElement.Parse("\"expired:a#b\"")).ShouldBeFalse();
    }

    [Fact]
    public void nothing_goes_that_is_not_said_to()
    {
        var now = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

        new RetentionOptions().At(now).ShouldBe(new Expiry(null, null));
        new RetentionOptions { Reasons = TimeSpan.FromDays(1) }
            .At(now)
            .ShouldBe(new Expiry(now.AddDays(-1), null));
    }

    private static HeldEvent Event(string type, string data) => new(7, Stream, type, data, null, null);
}
