using System.Text.Json;
using EventForum.Transparency;

namespace EventForum.Tests.Transparency;

public sealed class ReadModelComparisonTests
{
    private static readonly ReadModelTable Table = new("mt_doc_board", ["id"], ["id", "data", "mt_version"]);

    private static string Difference(string? stored, string? made) =>
        ReadModelComparison
            .Difference(
                Table,
                stored is null ? null : JsonElement.Parse(stored),
                made is null ? null : JsonElement.Parse(made)
            )
            .ToString();

    [Fact]
    public void a_row_is_named_by_its_table_and_key() =>
        Difference("""{"id": 7}""", null).ShouldBe("row: forum.mt_doc_board id 7: the events make no such row");

    [Fact]
    public void a_row_that_is_missing_is_named_by_what_the_events_make() =>
        Difference(null, """{"id": 7}""").ShouldBe("row: forum.mt_doc_board id 7: the row is missing");

    [Theory]
    [InlineData("""{"id": 7, "mt_version": 2}""", """{"id": 7, "mt_version": 3}""", "mt_version")]
    [InlineData("""{"id": 7, "data": {"a": 1, "b": 1}}""", """{"id": 7, "data": {"a": 2, "b": 1}}""", "data.a")]
    [InlineData("""{"id": 7, "data": {"a": 1}}""", """{"id": 7, "data": {"b": 1}}""", "data.a, data.b")]
    [InlineData("""{"id": 7, "data": {"a": {"b": 1}}}""", """{"id": 7, "data": {"a": {"b": 2}}}""", "data.a.b")]
    [InlineData("""{"id": 7, "data": [1]}""", """{"id": 7, "data": [2]}""", "data")]
    public void what_differs_is_named_by_its_column_and_in_an_object_by_its_member(
        string stored,
        string made,
        string what
    ) => Difference(stored, made).ShouldEndWith($": {what} is not what the events say");
}
