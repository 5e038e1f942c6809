using System.Text.Json;
using EventForum.Access;

namespace EventForum.Tests.Access;

public sealed class AudienceTests
{
    private static readonly HashSet<string> Nothing = [];

    [Fact]
    public void it_is_a_union_of_roles_and_members()
    {
        var id = Guid.CreateVersion7();
        var audience = new Audience(Roles: ["staff"], Members: [id]);

        audience.Includes(null, new HashSet<string>(StringComparer.Ordinal) { "staff" }).ShouldBeTrue();
        audience.Includes(id, Nothing).ShouldBeTrue();
        audience
            .Includes(Guid.CreateVersion7(), new HashSet<string>(StringComparer.Ordinal) { "Staff" })
            .ShouldBeFalse();
        audience.Includes(null, Nothing).ShouldBeFalse();
    }

    [Fact]
    public void with_nothing_in_it_it_is_nobody_and_everyone_is_a_guest_too()
    {
        new Audience()
            .Includes(Guid.CreateVersion7(), new HashSet<string>(StringComparer.Ordinal) { Role.Member })
            .ShouldBeFalse();
        Audience.All.Includes(null, Nothing).ShouldBeTrue();
    }

    [Fact]
    public void what_means_the_same_is_equal_once_it_is_normal()
    {
        var (a, b) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        new Audience(Roles: ["b", " a", "b"], Members: [b, a, b])
            .Normalise()
            .ShouldBe(new Audience(Roles: ["a", "b"], Members: [.. new[] { a, b }.Order()]));
        new Audience(true, ["a"], [a]).Normalise().ShouldBe(Audience.All);
    }

    [Theory]
    [InlineData("""{"everyone":true}""", true, 0)]
    [InlineData("""{"roles":["a","b"]}""", false, 2)]
    [InlineData("{}", false, 0)]
    public void it_is_read_from_as_little_as_is_said(string json, bool everyone, int roles)
    {
        var read = JsonSerializer.Deserialize<Audience>(json, JsonSerializerOptions.Web)!;

        (read.Everyone, read.Roles.Count, read.Members.Count).ShouldBe((everyone, roles, 0));
        JsonSerializer
            .Deserialize<Audience>(JsonSerializer.Serialize(read, JsonSerializerOptions.Web), JsonSerializerOptions.Web)
            .ShouldBe(read);
    }

    [Fact]
    public void too_many_and_unspeakable_roles_are_refused()
    {
        new Audience(Roles: [.. Enumerable.Range(0, 51).Select(i => $"{i}")]).RefusalOf("see")!.Status.ShouldBe(422);
        new Audience(Roles: ["a\nb"]).RefusalOf("see")!.Type.ShouldBe("role-characters");
        new Audience(Roles: ["ok"]).RefusalOf("see").ShouldBeNull();
    }
}
