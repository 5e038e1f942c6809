using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads.Reading;

public sealed class WatchThreadTests(ForumHost forum)
{
    [Fact]
    public async Task an_open_page_hears_of_every_change_and_of_who_looks_on()
    {
        var thread = await forum.NewThread();
        var reader = forum.Member();
        (await reader.Reply((await forum.NewThread()).Id, "Elsewhere.")).ShouldBe(201);
        using var patience = Patience.Begin();
        await using var news = reader
            .Listen($"/api/threads/{thread.Id}/live", patience.Token)
            .GetAsyncEnumerator(patience.Token);

        (await NextAsync()).GetProperty("version").GetInt64().ShouldBe(1);
        (await forum.Member().Reply(thread.Id, "News.")).ShouldBe(201);
        var heard = await NextAsync();
        while (heard.GetProperty("version").GetInt64() < 2)
        {
            heard = await NextAsync();
        }

        heard.GetProperty("lastNumber").GetInt32().ShouldBe(2);
        heard
            .GetProperty("viewers")
            .GetProperty("members")
            .EnumerateArray()
            .Select(name => name.GetString())
            .ShouldContain(name => name == reader.Name);

        async Task<JsonElement> NextAsync()
        {
            (await news.MoveNextAsync()).ShouldBeTrue();
            return JsonElement.Parse(news.Current);
        }
    }

    [Fact]
    public async Task a_name_in_a_token_is_nobodys_until_its_bearer_writes()
    {
        var thread = await forum.NewThread();
        var reader = forum.Member();
        using var patience = Patience.Begin();
        await using var news = reader
            .Listen($"/api/threads/{thread.Id}/live", patience.Token)
            .GetAsyncEnumerator(patience.Token);

        (await ViewersAsync()).ShouldBe(("", 1));
        (await reader.Reply(thread.Id, "Here I am.")).ShouldBe(201);
        var viewers = await ViewersAsync();
        while (viewers.Guests > 0)
        {
            viewers = await ViewersAsync();
        }

        viewers.ShouldBe((reader.Name, 0));

        async Task<(string Members, int Guests)> ViewersAsync()
        {
            (await news.MoveNextAsync()).ShouldBeTrue();
            var told = JsonElement.Parse(news.Current).GetProperty("viewers");
            return (
                string.Join(", ", told.GetProperty("members").EnumerateArray().Select(name => name.GetString())),
                told.GetProperty("guests").GetInt32()
            );
        }
    }

    [Fact]
    public async Task an_open_page_is_let_go_when_its_server_stops()
    {
        await using var stopping = await ForumProcess.StartAsync(forum.Database);
        var thread = await forum.NewThread();
        using var patience = Patience.Begin();
        await using var news = stopping
            .Stranger()
            .Listen($"/api/threads/{thread.Id}/live", patience.Token)
            .GetAsyncEnumerator(patience.Token);
        (await news.MoveNextAsync()).ShouldBeTrue();

        var stop = stopping.StopAsync();

        // A connection that is torn out of the server's hands throws here.
        while (await news.MoveNextAsync()) { }

        (await stop).ShouldBe(0);
    }
}
