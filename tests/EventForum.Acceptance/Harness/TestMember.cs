using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventForum.Platform;

namespace EventForum.Acceptance.Harness;

/// <summary>Someone who uses the forum over HTTP.</summary>
public sealed partial class TestMember(ForumServer server, string name, string? token)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly HttpClient client = server.Client(token);

    public string Name { get; } = name;

    /// <summary>What a browser's cookie holds; null for someone who has none.</summary>
    public string? Token { get; } = token;

    public ForumServer Server => server;

    /// <summary>The same person at another server.</summary>
    public TestMember At(ForumServer other) => new(other, Name, Token);

    public Task<Answer> StartThread(Guid boardId, string title, string body, string? key = null) =>
        Send(
            HttpMethod.Post,
            "/api/threads",
            new
            {
                boardId,
                title,
                body,
            },
            key
        );

    public Task<Answer> Reply(
        Guid threadId,
        string body,
        string? key = null,
        string? format = null,
        Guid? parentId = null
    ) =>
        Send(
            HttpMethod.Post,
            $"/api/threads/{threadId}/replies",
            new
            {
                body,
                format,
                parentId,
            },
            key
        );

    /// <summary>Sends a reply and closes the connection as soon as it may have arrived; false when an answer came first.</summary>
    public async Task<bool> ReplyAndHangUp(Guid threadId, string body)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(5));
        using var content = new StringContent(
            JsonSerializer.Serialize(new { body }, Json),
            Encoding.UTF8,
            "application/json"
        );
        try
        {
            using var response = await client.PostAsync(
                new Uri($"/api/threads/{threadId}/replies", UriKind.Relative),
                content,
                patience.Token
            );
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    public async Task<Answer> ReplyCorrelated(Guid threadId, string correlation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/threads/{threadId}/replies")
        {
            Content = new StringContent("""{"body":"Text."}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("X-Correlation-ID", correlation);
        using var response = await client.SendAsync(request);
        return await Answer.Of(response);
    }

    public Task<Answer> Edit(Guid postId, string body, string? reason = null, string? ifMatch = null) =>
        Send(HttpMethod.Put, $"/api/posts/{postId}", new { body, reason }, ifMatch: ifMatch);

    public Task<Answer> Quote(Guid postId, string body, string? excerpt = null) =>
        Send(HttpMethod.Post, $"/api/posts/{postId}/quotes", new { body, excerpt });

    public Task<Answer> Get(string path) => Patiently(() => Send(HttpMethod.Get, path));

    /// <summary>Reads in a form.</summary>
    public Task<Answer> GetAs(string path, string accept) =>
        Patiently(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd(accept);
            using var response = await client.SendAsync(request);
            return await Answer.Of(response);
        });

    /// <summary>Reads unless it is still what the tag stands for.</summary>
    public async Task<Answer> GetUnless(string path, EntityTagHeaderValue tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(tag);
        using var response = await client.SendAsync(request);
        return await Answer.Of(response);
    }

    /// <summary>The data of server-sent events as they come.</summary>
    public async IAsyncEnumerable<string> Listen(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = await client.GetStreamAsync(new Uri(path, UriKind.Relative), cancellation);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation))
        {
            yield return item.Data;
        }
    }

    public Task<Answer> GetText(string path) => GetAs(path, "text/plain");

    /// <summary>
    /// Asks again as long as a view has not caught up, as the refusal says: behind a write that was undone, the views
    /// wait for some seconds, and each attempt waits for the view. One that is being built answers at once.
    /// </summary>
    private static async Task<Answer> Patiently(Func<Task<Answer>> ask)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var patience = Patience.Begin();
        var answer = await ask();
        while (answer.IsBehind || answer.IsBeingBuilt)
        {
            await timer.WaitForNextTickAsync(patience.Token);
            answer = await ask();
        }

        return answer;
    }

    public Task<Answer> Send(
        HttpMethod method,
        string path,
        object? body = null,
        string? key = null,
        string? ifMatch = null
    ) =>
        SendContent(
            method,
            path,
            body is null
                ? null
                : new StringContent(
                    EscapedPair().Replace(JsonSerializer.Serialize(body, Json), pair => Regex.Unescape(pair.Value)),
                    Encoding.UTF8,
                    "application/json"
                ),
            key,
            ifMatch
        );

    /// <summary>Sends a body as it stands, for what no serialiser writes.</summary>
    public Task<Answer> SendText(HttpMethod method, string path, string text, string mediaType = "application/json") =>
        SendContent(method, path, new StringContent(text, Encoding.UTF8, mediaType));

    public async Task<Answer> SendContent(
        HttpMethod method,
        string path,
        HttpContent? content,
        string? key = null,
        string? ifMatch = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        // A server that refuses so much answers before it is sent, instead of hanging up on it.
        request.Headers.ExpectContinue = content?.Headers.ContentLength > HttpProblems.MaxRequestBytes;
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var response = await client.SendAsync(request);
        return await Answer.Of(response);
    }

    /// <summary>The member's id; it exists once the member has written something.</summary>
    public async Task<Guid> Id() =>
        (
            await server.Database.ColumnAsync<Guid>("select id from forum.mt_doc_member where subject = $1", Subject)
        ).ShouldHaveSingleItem($"{Name} is not registered");

    /// <summary>How often this person is registered: once at most.</summary>
    public Task<long> Registrations() =>
        server.Database.ScalarAsync<long>(
            "select count(*) from forum.mt_events where type = 'member_registered' and data ->> 'subject' = $1",
            Subject
        );

    /// <summary>How many events this person is the actor of, but for becoming a member and for the roles of a token.</summary>
    public Task<long> Acts() =>
        server.Database.ScalarAsync<long>(
            """
            select count(*) from forum.mt_events e join forum.mt_doc_member m on e.user_name = m.id::text
             where m.subject = $1 and e.type not in ('member_registered', 'token_roles_changed')
            """,
            Subject
        );

    /// <summary>Sends a command that must be refused, and looks whether it changed anything all the same.</summary>
    /// <param name="streamId">The stream that the command would have changed.</param>
    public async Task<Answer> IsRefused(
        Guid streamId,
        Func<TestMember, Task<Answer>> send,
        int status,
        string? type = null
    )
    {
        // The roles of a token are recorded when it is met first, whatever it is used for.
        await Send(HttpMethod.Get, "/api/members");
        var before = await Stored();
        var answer = await send(this);
        answer.ShouldBeProblem(status, type);
        (await Stored()).ShouldBe(before, "a refusal changes nothing");
        return answer;

        async Task<(long, long)> Stored() => (await server.Database.CountEventsAsync(streamId), await Registrations());
    }

    private string Subject => "eventforum#" + Name.ToLowerInvariant();

    // System.Text.Json escapes these whatever its encoder: three times their size.
    [GeneratedRegex(@"\\uD[89AB][0-9A-F]{2}\\uD[C-F][0-9A-F]{2}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex EscapedPair();
}
