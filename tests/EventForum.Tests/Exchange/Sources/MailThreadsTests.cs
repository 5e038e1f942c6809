using EventForum.Exchange.Sources;

namespace EventForum.Tests.Exchange.Sources;

public sealed class MailThreadsTests
{
    private static readonly string[] Names = ["a", "b", "c", "d", "missing", "gone"];

    private readonly MailThreads threads = new();

    [Fact]
    public void a_mail_answers_the_one_that_it_refers_to_last()
    {
        Add("a");
        Add("b", "a");
        Add("c", "a", "b");

        Threads().ShouldBe([("a", "a", null, false), ("b", "a", "a", false), ("c", "a", "b", false)]);
    }

    [Fact]
    public void mails_that_come_before_what_they_answer_are_in_its_thread()
    {
        Add("c", "b");
        Add("b", "a");
        Add("a");

        Threads().ShouldBe([("c", "a", "b", false), ("b", "a", "a", false), ("a", "a", null, false)]);
    }

    [Fact]
    public void mails_that_refer_to_a_missing_one_are_one_thread_that_is_named_by_it()
    {
        Add("b", "a", "missing");
        Add("c", "missing");
        Add("d", "gone");

        Threads().ShouldBe([("b", "a", null, true), ("c", "a", null, true), ("d", "gone", null, true)]);
    }

    [Fact]
    public void an_answer_to_a_missing_mail_hangs_below_the_nearest_that_is_here()
    {
        Add("a");
        Add("c", "a", "missing");

        Threads()[1].ShouldBe(("c", "a", "a", true));
    }

    [Fact]
    public void mails_that_refer_to_each_other_in_a_circle_are_still_read()
    {
        Add("a", "b");
        Add("b", "a");
        Add("c", "c", "c");

        Threads().Select(mail => mail.Thread).ShouldBe(["b", "b", "c"]);
    }

    [Fact]
    public void the_same_mail_is_taken_once()
    {
        threads.Add(Id("a"), []).ShouldBeTrue();
        threads.Add(Id("a"), [Id("b")]).ShouldBeFalse();
        threads.Add(Id("b"), []).ShouldBeTrue();
    }

    [Fact]
    public void a_thread_of_a_hundred_thousand_mails_takes_no_time_to_speak_of()
    {
        Guid before = Guid.Empty;
        for (var i = 0; i < 100_000; i++)
        {
            var id = Id($"{i}");
            threads.Add(id, i == 0 ? [] : [before]);
            before = id;
        }

        threads.All().Last().Thread.ShouldBe(Id("0"));
    }

    private void Add(string id, params string[] ancestors) =>
        threads.Add(Id(id), [.. ancestors.Select(Id)]).ShouldBeTrue();

    private List<(string Mail, string Thread, string? Parent, bool IsMissing)> Threads()
    {
        var names = Names.ToDictionary(Id);
        return
        [
            .. threads
                .All()
                .Select(mail =>
                    (
                        names[mail.Mail],
                        names[mail.Thread],
                        mail.Parent is { } parent ? names[parent] : null,
                        mail.IsParentMissing
                    )
                ),
        ];
    }

    private static Guid Id(string name) => MailHeaders.Id(name);
}
