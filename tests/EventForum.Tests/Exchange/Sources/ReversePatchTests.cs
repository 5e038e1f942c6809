using EventForum.Exchange.Sources;

namespace EventForum.Tests.Exchange.Sources;

public sealed class ReversePatchTests
{
    [Theory]
    [InlineData(
        "Index: \n===\n--- \n+++ \n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n",
        "one\ntwo\nthree",
        "one\n2\nthree"
    )]
    [InlineData(
        "@@ -1,1 +1,2 @@\n-one\n\\ No newline at end of file\n+1\n+2\n\\ No newline at end of file\n",
        "one",
        "1\n2"
    )]
    [InlineData("@@ -2,0 +3,1 @@\n+three\n", "one\ntwo\nfour", "one\ntwo\nthree\nfour")]
    [InlineData("@@ -1,2 +1,1 @@\n-one\n two\n@@ -4,1 +3,1 @@\n-four\n+4\n", "one\ntwo\nthree\nfour", "two\nthree\n4")]
    public void a_difference_leads_from_one_text_to_the_other(string patch, string from, string to) =>
        ReversePatch.Apply(from, patch).ShouldBe(to);

    [Fact]
    public void a_difference_of_another_text_is_refused() =>
        Should.Throw<FormatException>(() => ReversePatch.Apply("three", "@@ -1,1 +1,1 @@\n-one\n+two\n"));
}
