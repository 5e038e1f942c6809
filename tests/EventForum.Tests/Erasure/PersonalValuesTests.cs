using System.Reflection;
using System.Text.Json;
using EventForum.Erasure;
using EventForum.Members;
using EventForum.Tests.Access;

namespace EventForum.Tests.Erasure;

public sealed class PersonalValuesTests
{
    private static readonly Guid Person = Guid.CreateVersion7();

    /// <summary>Texts of events that no person's words are, whoever did it: names of things and of kinds.</summary>
    private static readonly string[] NoWords =
    [
        "member_registered.subject",
        "member_registered.name",
        "board_created.name",
        "board_created.description",
        "board_renamed.name",
        "board_described.description",
        "batch_applied.kind",
        "view_paused.name",
        "view_resumed.name",
        "view_event_skipped.name",
    ];

    [Fact]
    public void each_text_of_each_event_is_words_or_said_to_be_none()
    {
        var texts = DescribedEvents
            .All.SelectMany(description =>
                description
                    .EventType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .Where(property => property.PropertyType == typeof(string))
                    .Select(property =>
                        (description.Name, Member: JsonNamingPolicy.CamelCase.ConvertName(property.Name))
                    )
            )
            .ToList();

        texts.Count.ShouldBeGreaterThan(30);
        texts
            .Where(text =>
                !PersonalValues.Words.Contains(text.Member)
                && !NoWords.Contains($"{text.Name}.{text.Member}", StringComparer.Ordinal)
            )
            .ShouldBeEmpty();
    }

    [Fact]
    public void what_others_did_stays_but_for_what_they_repeated_of_it_in_the_same_stream()
    {
        var (thread, person) = (Guid.CreateVersion7(), Values(ErasureScope.NameAndWords));

        Erased(person, thread, "thread_renamed", """{"title": "Mine", "reason": null}""", Person)
            .ShouldBe("""{"title":"Erased title","reason":null}""");
        Erased(person, thread, "thread_renamed", """{"title": "Theirs", "reason": "Better."}""", Guid.CreateVersion7())
            .ShouldBeNull();
        Erased(person, thread, "thread_renamed", """{"title": "Mine", "reason": "Undone."}""", Guid.CreateVersion7())
            .ShouldBe("""{"title":"Erased title","reason":"Undone."}""");
        Erased(
                person,
                Guid.CreateVersion7(),
                "thread_renamed",
                """{"title": "Mine", "reason": null}""",
                Guid.CreateVersion7()
            )
            .ShouldBeNull();
    }

    [Fact]
    public void words_that_others_wrote_into_the_persons_own_post_go_too()
    {
        var (thread, person) = (Guid.CreateVersion7(), Values(ErasureScope.NameAndWords));
        Erased(person, thread, "reply_posted", """{"postId": "p", "body": "Mine"}""", Person)
            .ShouldBe("""{"postId":"p","body":"","mask":{"why":"erased","length":4}}""");

        Erased(person, thread, "post_edited", """{"postId": "p", "body": "Mended"}""", Guid.CreateVersion7())
            .ShouldBe("""{"postId":"p","body":"","mask":{"why":"erased","length":6}}""");
        Erased(person, thread, "post_edited", """{"postId": "q", "body": "Theirs"}""", Guid.CreateVersion7())
            .ShouldBeNull();
    }

    [Fact]
    public void a_post_of_another_that_was_taken_back_to_the_persons_words_loses_them()
    {
        var (thread, other, person) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Values(ErasureScope.NameAndWords));
        Erased(person, thread, "reply_posted", """{"postId": "p", "body": "Theirs"}""", other).ShouldBeNull();
        Erased(person, thread, "post_edited", """{"postId": "p", "body": "Mine"}""", Person)
            .ShouldBe("""{"postId":"p","body":"","mask":{"why":"erased","length":4}}""");
        Erased(person, thread, "post_edited", """{"postId": "p", "body": "Again"}""", other).ShouldBeNull();

        Erased(person, thread, "post_edited", """{"postId": "p", "body": "Theirs", "revertsTo": 1}""", other)
            .ShouldBeNull();
        Erased(person, thread, "post_edited", """{"postId": "p", "body": "Mine", "revertsTo": 2}""", other)
            .ShouldBe("""{"postId":"p","body":"","revertsTo":2,"mask":{"why":"erased","length":4}}""");
        Erased(person, thread, "post_edited", """{"postId": "p", "body": "Mine", "revertsTo": 5}""", other)
            .ShouldBe("""{"postId":"p","body":"","revertsTo":5,"mask":{"why":"erased","length":4}}""");
    }

    [Fact]
    public void whom_an_import_called_an_erased_member_can_be_erased()
    {
        var person = Values(ErasureScope.Name);

        Erased(
                person,
                Person,
                "member_registered",
                """{"subject": "import:s#erased member 3", "name": "erased member 3"}""",
                Person
            )
            .ShouldBe("""{"subject":"erased:7","name":"erased member 7"}""");
    }

    [Fact]
    public void without_words_only_the_name_goes()
    {
        var person = Values(ErasureScope.Name);

        Erased(person, Guid.CreateVersion7(), "reply_posted", """{"postId": "p", "body": "Mine"}""", Person)
            .ShouldBeNull();
        Erased(person, Person, "member_registered", """{"subject": "s", "name": "n"}""", Person)
            .ShouldBe("""{"subject":"erased:7","name":"erased member 7"}""");
        Erased(person, Guid.CreateVersion7(), "member_registered", """{"subject": "s", "name": "n"}""", Person)
            .ShouldBeNull();
    }

    private static PersonalValues Values(ErasureScope scope) => new(Person, scope, 7);

    private static string? Erased(PersonalValues person, Guid stream, string type, string data, Guid actor) =>
        person.Of(new HeldEvent(1, stream, type, data, null, actor.ToString()))?.Data;
}
