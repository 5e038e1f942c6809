using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Members;

public sealed class GetMembersTests(ForumHost forum)
{
    [Fact]
    public async Task a_member_is_found_by_id_and_by_name_whatever_its_case()
    {
        var thread = await forum.NewThread();
        var member = thread.Starter;
        var id = await member.Id();
        (await forum.Admin().GrantTitle(id, "Keeper")).ShouldBe(200);

        var byId = (await forum.Stranger().Get($"/api/members/{id}")).ShouldBe(200).Json;
        var byName = (
            await forum.Stranger().Get($"/api/members?name={Uri.EscapeDataString(member.Name.ToUpperInvariant())}")
        )
            .ShouldBe(200)
            .Json.EnumerateArray()
            .ShouldHaveSingleItem();

        byId.GetProperty("name").GetString().ShouldBe(member.Name);
        byId.GetProperty("title").GetString().ShouldBe("Keeper");
        byName.GetProperty("id").GetGuid().ShouldBe(id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?name=")]
    [InlineData("?name=nobody%20of%20this%20name")]
    public async Task a_name_that_nobody_has_finds_nobody(string query)
    {
        (await forum.Stranger().Get($"/api/members{query}")).ShouldBe(200).Json.GetArrayLength().ShouldBe(0);
    }
}
