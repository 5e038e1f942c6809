using EventForum.Exchange.Sources;

namespace EventForum.Tests.Exchange.Sources;

public sealed class DiscourseModificationsTests
{
    [Theory]
    [InlineData("---\nraw:\n- |-\n  Two\n  lines.\n- One line.\nedit_reason:\n- \n- Shorter.\n")]
    [InlineData(
        "--- !ruby/hash:ActiveSupport::HashWithIndifferentAccess\nraw:\n- \"Two\\nlines.\"\n- 'One line.'\nedit_reason:\n- \n- Shorter.\n"
    )]
    [InlineData("---\n:raw:\n- !binary |-\n  VHdvCmxpbmVzLg==\n- One line.\n:edit_reason:\n- ''\n- Shorter.\n")]
    public void the_texts_before_and_after_are_read_as_ruby_writes_them(string yaml) =>
        DiscourseModifications.Of(yaml).ShouldBe(new("Two\nlines.", "One line.", null, null, "Shorter."));

    [Fact]
    public void other_changes_are_passed_over() =>
        DiscourseModifications
            .Of("---\ncategory_id:\n- 1\n- 2\ntitle:\n- Old\n- New\n")
            .ShouldBe(new(null, null, "Old", "New", null));

    [Fact]
    public void what_is_no_yaml_is_refused() =>
        Should.Throw<FormatException>(() => DiscourseModifications.Of("---\nraw: [a, 'b\n"));
}
