using EventForum.Access;

namespace EventForum.Tests.Access;

public sealed class ReaderTests
{
    private static readonly Guid Public = Guid.CreateVersion7();
    private static readonly Guid Private = Guid.CreateVersion7();
    private static readonly Guid MembersOnly = Guid.CreateVersion7();
    private static readonly Guid Named = Guid.CreateVersion7();
    private static readonly Guid Host = Guid.CreateVersion7();

    private static readonly AccessRules Rules = new(
        new Dictionary<Guid, BoardAccess>
        {
            [Private] = new(
                new BoardPermissions(
                    Audience.OfMembers(Named),
                    Audience.OfMembers(Named),
                    new Audience(),
                    Audience.OfMembers(Host)
                ),
                null
            ),
            [MembersOnly] = new(BoardPermissions.Default with { See = Audience.OfRoles(Role.Member) }, "Over."),
        },
        new Dictionary<string, RecordedRoles>(StringComparer.Ordinal)
        {
            ["issuer#mona"] = new(Guid.CreateVersion7(), [Role.Moderator], DateTimeOffset.UnixEpoch, []),
            ["issuer#ada"] = new(Guid.CreateVersion7(), [], null, [Role.Admin]),
        }
    );

    private static readonly Reader Guest = new(null, null, Rules);
    private static readonly Reader Alice = new("issuer#alice", Guid.CreateVersion7(), Rules);
    private static readonly Reader Nina = new("issuer#nina", Named, Rules);
    private static readonly Reader Hal = new("issuer#hal", Host, Rules);
    private static readonly Reader Mona = new("issuer#mona", Guid.CreateVersion7(), Rules);
    private static readonly Reader Ada = new("issuer#ada", Guid.CreateVersion7(), Rules);

    [Fact]
    public void a_board_is_seen_by_whom_its_permissions_name()
    {
        Sees(Guest).ShouldBe([Public]);
        Sees(Alice).ShouldBe([Public, MembersOnly]);
        Sees(Nina).ShouldBe([Public, Private, MembersOnly]);
        Sees(Mona).ShouldBe([Public, MembersOnly]);
    }

    [Fact]
    public void who_moderates_a_board_may_do_everything_there_and_nothing_more_elsewhere()
    {
        Sees(Hal).ShouldBe([Public, Private, MembersOnly]);
        (Hal.Moderates(Private), Hal.MayStart(Private), Hal.MayReply(Private)).ShouldBe((true, true, true));
        (Hal.Moderates(Public), Hal.Moderates(MembersOnly)).ShouldBe((false, false));
    }

    [Fact]
    public void the_role_of_a_moderator_counts_where_a_board_does_not_say_otherwise()
    {
        (Mona.Moderates(Public), Mona.Moderates(MembersOnly), Mona.Moderates(Private)).ShouldBe((true, true, false));
        (Mona.IsModerator, Mona.ModeratesAllBoards).ShouldBe((true, false));
    }

    [Fact]
    public void an_admin_sees_and_may_do_everything_by_a_role_that_was_granted()
    {
        Sees(Ada).ShouldBe([Public, Private, MembersOnly]);
        (Ada.Moderates(Private), Ada.MayReply(Private), Ada.ModeratesAllBoards).ShouldBe((true, true, true));
    }

    [Fact]
    public void to_see_a_board_is_not_to_reply_in_it()
    {
        (Nina.MayStart(Private), Nina.MayReply(Private)).ShouldBe((true, false));
        (Alice.MayStart(Private), Alice.MayReply(Private)).ShouldBe((false, false));
        (Guest.MayReply(Public), Guest.MayReply(MembersOnly)).ShouldBe((true, false));
    }

    [Fact]
    public void readers_of_one_scope_see_the_same()
    {
        var readers = new[]
        {
            Guest,
            Alice,
            Nina,
            Hal,
            Mona,
            Ada,
            new Reader("issuer#bob", Guid.CreateVersion7(), Rules),
        };
        foreach (var alike in readers.GroupBy(reader => reader.Scope, StringComparer.Ordinal))
        {
            alike
                .Select(Sees)
                .Distinct(EqualityComparer<List<Guid>>.Create((a, b) => a!.SequenceEqual(b!), _ => 0))
                .ShouldHaveSingleItem();
        }

        readers.Select(reader => reader.Scope).Distinct(StringComparer.Ordinal).Count().ShouldBe(6);
    }

    [Fact]
    public void without_private_boards_nothing_is_hidden_from_anyone()
    {
        Reader.Anyone.SeesAllBoards.ShouldBeTrue();
        Reader.Anyone.SeesMoreThanGuests.ShouldBeFalse();
        (Guest.SeesAllBoards, Guest.SeesMoreThanGuests).ShouldBe((false, false));
        (Alice.SeesMoreThanGuests, Ada.SeesMoreThanGuests, Mona.SeesMoreThanGuests).ShouldBe((true, true, true));
    }

    private static List<Guid> Sees(Reader reader) => [.. new[] { Public, Private, MembersOnly }.Where(reader.Sees)];
}
