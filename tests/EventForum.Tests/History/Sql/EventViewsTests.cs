using EventForum.Access;
using EventForum.History.Sql;
using EventForum.Tests.Access;

namespace EventForum.Tests.History.Sql;

public sealed class EventViewsTests
{
    private static readonly IReadOnlyDictionary<string, string> Queries = EventViews
        .Of(DescribedEvents.All)
        .ToDictionary(view => view.Name, view => view.Query, StringComparer.Ordinal);

    [Fact]
    public void each_description_gives_a_view() =>
        Queries.Keys.ShouldBe(
            DescribedEvents
                .All.Where(description => !description.IsForModerators)
                .Select(description => description.Name),
            ignoreOrder: true
        );

    [Fact]
    public void what_is_for_moderators_is_not_even_named()
    {
        var withheld = DescribedEvents
            .All.SelectMany(
                description => description.ForModerators,
                (description, member) => (description.Name, member)
            )
            .ToList();
        withheld.Count.ShouldBeGreaterThan(5);

        foreach (var (name, member) in withheld)
        {
            Queries[name].ShouldNotContain($"e.data ->> '{member}'");
            Queries[name].ShouldNotContain($"e.data -> '{member}'");
        }
    }

    [Fact]
    public void what_one_event_withholds_of_a_removed_post_they_all_do()
    {
        const string removed = "s.removed_at is not null";

        Queries["post_edited"].Split(removed).Length.ShouldBe(4, "body, quotes and reason");
        Queries["post_removed"].Split(removed).Length.ShouldBe(2, "reason");
        Queries["thread_started"].Split(removed).Length.ShouldBe(3, "body and quotes");
        Queries["thread_renamed"].ShouldNotContain(removed);
    }

    [Fact]
    public void a_field_with_the_name_of_a_column_that_every_view_has_is_told_apart()
    {
        var batch = new StreamKind("batch", typeof(object)).Event<BatchNamed>((_, _) => "");

        var query = EventViews.Of([batch]).Single().Query;

        query.ShouldContain("e.stream_id as \"stream_batch\"");
        query.ShouldContain("e.causation_id as \"batch\"");
        query.ShouldContain("e.data ->> 'time' as \"event_time\"");
        query.ShouldContain("e.data ->> 'it''s \"so\"'");
    }

    private sealed record BatchNamed(
        string Time,
        [property: System.Text.Json.Serialization.JsonPropertyName("it's \"so\"")] string Odd
    );
}
