using System.Text;
using EventForum.Members;

namespace EventForum.Tests.Members;

public sealed class MemberNameTests
{
    [Theory]
    [InlineData("Alice", "alice")]
    [InlineData(" alice ", "ALICE")]
    [InlineData("\uff21lice", "alice")]
    [InlineData("\ufb01ne", "FINE")]
    [InlineData("e\u0301", "\u00c9")]
    [InlineData("\u0391\u03a3", "\u03b1\u03c2")]
    public void names_that_look_the_same_have_the_same_key(string one, string other) =>
        MemberName.Key(one).ShouldBe(MemberName.Key(other));

    [Theory]
    [InlineData("alice", "alicia")]
    [InlineData("a b", "ab")]
    [InlineData("\u0130", "i")]
    public void other_names_have_other_keys(string one, string other) =>
        MemberName.Key(one).ShouldNotBe(MemberName.Key(other), StringComparer.Ordinal);

    [Theory]
    [InlineData("alice", "\u0430lice")]
    [InlineData("alice", "a1ice")]
    [InlineData("alice", "ALICE")]
    [InlineData("Alice", "AIice")]
    [InlineData("\u0430\u0441\u0435", "ace")]
    [InlineData("bob", "b0b")]
    [InlineData("modern", "modem")]
    [InlineData("O\u2019Neill", "o'neill")]
    [InlineData("Anna Lee", "Anna\u00a0\u3000lee")]
    [InlineData("Jean-Luc", "Jean\u2010Luc")]
    [InlineData("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "\u0639\u0644\u06cc\u0631\u0636\u0627")]
    [InlineData("zoe\u0308", "zo\u00eb")]
    [InlineData("ad\u200bmin", "admin")]
    public void names_that_are_taken_for_each_other_share_a_skeleton(string one, string other) =>
        MemberName.Skeletons(one).Overlaps(MemberName.Skeletons(other)).ShouldBeTrue();

    [Theory]
    [InlineData("Neil", "Nell")]
    [InlineData("Ali", "All")]
    [InlineData("Anna", "Ana")]
    [InlineData("a b", "ab")]
    [InlineData("zo\u00eb", "zoe")]
    [InlineData("\u5c71\u7530", "\u5c71\u672c")]
    public void other_names_share_none(string one, string other) =>
        MemberName.Skeletons(one).Overlaps(MemberName.Skeletons(other)).ShouldBeFalse();

    [Fact]
    public void a_skeleton_is_its_own_skeleton()
    {
        for (var point = 0; point <= 0x10FFFF; point++)
        {
            if (
                Rune.TryCreate(point, out var rune)
                && (point < 0x3000 || UnicodeTable.Instance.PrototypeOf(rune) is not null)
            )
            {
                foreach (var skeleton in MemberName.Skeletons(char.ConvertFromUtf32(point)))
                {
                    Skeleton.Of(skeleton).ShouldBe(skeleton, $"U+{point:X4}");
                }
            }
        }
    }

    [Fact]
    public void a_name_that_is_no_text_has_a_key_all_the_same() => MemberName.Key("a\ud83d").ShouldBe("");

    [Theory]
    [InlineData("Ada")]
    [InlineData("Zo\u00eb")]
    [InlineData("Zoe\u0308")]
    [InlineData("O'Brien-Smith, Jr.")]
    [InlineData("user_42 (2)")]
    [InlineData("Nguy\u1ec5n Th\u1ecb Minh")]
    [InlineData("\u041e\u043b\u044c\u0433\u0430 \u0418\u0432\u0430\u043d\u043e\u0432\u0430")]
    [InlineData("\u0393\u03b9\u03ce\u03c1\u03b3\u03bf\u03c2")]
    [InlineData("\u05d3\u05d5\u05d3 \u05d1\u05df-\u05d2\u05d5\u05e8\u05d9\u05d5\u05df")]
    [InlineData("\u05d3\u05b8\u05bc\u05d5\u05b4\u05d3")]
    [InlineData("\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f \u0663")]
    [InlineData("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627")]
    [InlineData("\u0905\u092e\u093f\u0924\u093e\u092d \u0936\u094d\u0930\u0940\u0935\u093e\u0938\u094d\u0924\u0935")]
    [InlineData("\u0d36\u0d4d\u0d30\u0d40\u0d28\u0d3f\u0d35\u0d3e\u0d38\u0d28\u0d4d\u200d\u0d2e")]
    [InlineData("\u0e2a\u0e21\u0e28\u0e31\u0e01\u0e14\u0e34\u0e4c")]
    [InlineData("\u101c\u103b\u103e\u1031\u102c\u1037")]
    [InlineData("\u0f66\u0f92\u0fb2\u0f74\u0f56\u0f0b\u0f66")]
    [InlineData("\u5c71\u7530\u592a\u90ce")]
    [InlineData("\u5c71\u7530\u30bf\u30ed\u30fc Yamada")]
    [InlineData("\ud64d\uae38\ub3d9 Hong")]
    [InlineData("\u738b\u5c0f\u660e Wang")]
    [InlineData("\u10d2\u10d8\u10dd\u10e0\u10d2\u10d8")]
    [InlineData("\u12a0\u1260\u1260 \u1260\u1242\u120b")]
    [InlineData("Anna \U0001f98a")]
    [InlineData("\u2764\ufe0f Anna \U0001f44d\U0001f3fd")]
    [InlineData("\U0001f1f3\U0001f1f4")]
    [InlineData("?!")]
    [InlineData("x\u00b2")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public void somebody_can_become_a_member_with(string name) => MemberName.RefusalOf(name).ShouldBeNull();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \u3000 ")]
    [InlineData("two\nlines")]
    [InlineData("a\0b")]
    [InlineData("a\u0007b")]
    [InlineData("a\u2028b")]
    [InlineData("a\uffffb")]
    [InlineData("a\ue000b")]
    [InlineData("a\u0378b")]
    [InlineData("ali\u200bce")]
    [InlineData("ali\u200cce")]
    [InlineData("ali\u200dce")]
    [InlineData("alice\u200c")]
    [InlineData("alice\ufe0f")]
    [InlineData("\u0939\u094d\u200d")]
    [InlineData("\u0639\u200d\u0644")]
    [InlineData("ali\u2060ce")]
    [InlineData("\ufeffalice")]
    [InlineData("alice\u00ad")]
    [InlineData("alice\u200e")]
    [InlineData("\u202ealice")]
    [InlineData("\u2067alice\u2069")]
    [InlineData("\u061calice")]
    [InlineData("a\u034fb")]
    [InlineData("\u3164")]
    [InlineData("\u115f")]
    [InlineData("\uffa0")]
    [InlineData("\u2800")]
    [InlineData("\U0001d159")]
    [InlineData("\U000e0061a")]
    [InlineData("Anna\u2003\u2003Lee")]
    [InlineData("\u0301")]
    [InlineData("a \u0301")]
    [InlineData("a\u0301\u0301")]
    [InlineData("a\u0300\u0301\u0302\u0303\u0304")]
    [InlineData("\u0430lice")]
    [InlineData("\u0391lice")]
    [InlineData("\u0441\u03bf")]
    [InlineData("alice \u05d0\u05d1")]
    [InlineData("\u5c71\u7530 \u0430")]
    [InlineData("\uac00\u3042")]
    [InlineData("a\u0661 1")]
    [InlineData("\u0663\u06f3")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public void nobody_can_become_a_member_with(string? name)
    {
        var refusal = MemberName.RefusalOf(name).ShouldNotBeNull();

        refusal.Status.ShouldBe(422);
        refusal.Type.ShouldBe("name-invalid");
    }

    [Fact]
    public void nobody_can_become_a_member_with_what_is_no_text() =>
        MemberName.RefusalOf("a\ud83d").ShouldNotBeNull().Type.ShouldBe("name-invalid");

    [Fact]
    public void characters_are_counted_as_people_count_them()
    {
        MemberName.RefusalOf(string.Concat(Enumerable.Repeat("e\u0301", 50))).ShouldBeNull();
        MemberName.RefusalOf(string.Concat(Enumerable.Repeat("e\u0301", 51))).ShouldNotBeNull();
        MemberName.RefusalOf(string.Concat(Enumerable.Repeat("\u0915\u094d", 100))).ShouldNotBeNull();
    }

    [Fact]
    public void a_refusal_says_what_does_not_show() =>
        MemberName
            .RefusalOf("ali\u200bce")!
            .Detail.ShouldStartWith("It holds a character that does not show (U+200B).");

    [Theory]
    [InlineData("\u0430lice", true)]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", true)]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", false)]
    [InlineData("two\nlines", false)]
    [InlineData("a\ufffeb", false)]
    public void history_holds_names_that_nobody_can_choose_today(string name, bool isHeld) =>
        MemberName.CanBeStored(name).ShouldBe(isHeld);
}
