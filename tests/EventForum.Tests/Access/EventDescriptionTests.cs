using System.Text.Json;
using EventForum.Members;
using EventForum.Tests.Threads;
using EventForum.Threads;
using EventForum.Threads.Quoting;

namespace EventForum.Tests.Access;

public sealed class EventDescriptionTests
{
    public static TheoryData<Type> EventTypes =>
        [
            .. typeof(Program)
                .Assembly.GetTypes()
                .Where(type => type.IsPublic && type.IsSealed && type.GetMethod("<Clone>$") is not null)
                .Where(type => type.Name.EndsWith("ed", StringComparison.Ordinal)),
        ];

    [Theory]
    [MemberData(nameof(EventTypes))]
    public void every_event_is_described(Type type) =>
        DescribedEvents.All.ShouldContain(
            description => description.EventType == type,
            $"{type.Name} needs a description beside it; a record that is no event is not named in the past tense"
        );

    [Fact]
    public void an_event_is_described_once() =>
        DescribedEvents.All.Select(description => description.Name).ShouldBeUnique(StringComparer.Ordinal);

    [Fact]
    public void what_is_withheld_are_members_of_the_event()
    {
        foreach (var description in DescribedEvents.All)
        {
            var members = description
                .EventType.GetProperties()
                .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))
                .ToList();

            description
                .ForModerators.Concat(description.ForModeratorsWhenRemoved)
                .ShouldBeSubsetOf(members, StringComparer.Ordinal, description.Name);
        }
    }

    [Fact]
    public void an_event_with_a_posts_words_withholds_them_when_the_post_is_removed()
    {
        foreach (
            var description in DescribedEvents.All.Where(description =>
                description.EventType.GetProperty("PostId") is not null
            )
        )
        {
            var words = description.EventType.GetProperties().Where(property => property.Name is "Body" or "Quotes");

            words
                .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))
                .ShouldBeSubsetOf(description.ForModeratorsWhenRemoved, StringComparer.Ordinal, description.Name);
        }
    }

    [Fact]
    public void the_member_that_names_an_events_post_is_known()
    {
        foreach (var description in DescribedEvents.All)
        {
            var member = description
                .EventType.GetProperties()
                .SingleOrDefault(property =>
                    JsonNamingPolicy.CamelCase.ConvertName(property.Name) == description.PostMember
                );
            var data = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(description.EventType);
            member?.SetValue(data, ThreadStory.First);

            description.PostOf(data).ShouldBe(member is null ? null : ThreadStory.First, description.Name);
        }

        DescribedEvents.All.Count(description => description.PostMember is not null).ShouldBe(9);
    }

    [Fact]
    public void an_event_says_which_post_it_is_about_and_what_it_quotes()
    {
        var source = Person.Ben.Id;
        Quote[] quotes = [new(0, source, 1, 0, 4), null!];

        About(new ThreadStarted(default, "", ThreadStory.First, "", quotes)).ShouldBe((ThreadStory.First, source));
        About(new ReplyPosted(ThreadStory.First, 2, "", quotes, 1)).ShouldBe((ThreadStory.First, source));
        About(new PostEdited(ThreadStory.First, "", null!, null)).ShouldBe((ThreadStory.First, null));
        About(new PostRemoved(ThreadStory.First, null)).ShouldBe((ThreadStory.First, null));
        About(new PostRestored(ThreadStory.First, null)).ShouldBe((ThreadStory.First, null));
        About(new ThreadLocked("")).ShouldBe((null, null));
        About(new TitleGranted(null)).ShouldBe((null, null));

        static (Guid?, Guid?) About(object data)
        {
            var description = DescribedEvents.All.Single(known => known.EventType == data.GetType());
            return (
                description.PostOf(data),
                description.QuotedPostsOf(data).Select(quoted => (Guid?)quoted).SingleOrDefault()
            );
        }
    }
}
