using EventForum.Questions;
using EventForum.Tests.Access;

namespace EventForum.Tests.Questions;

public sealed class EventKindTests
{
    [Fact]
    public void a_question_can_ask_for_every_event_of_the_forum() =>
        EventKind
            .All.Select(kind => kind.Name)
            .ShouldBe(DescribedEvents.All.Select(described => described.Name), ignoreOrder: true);
}
