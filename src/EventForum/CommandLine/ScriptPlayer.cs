using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventForum.Platform;

namespace EventForum.CommandLine;

/// <summary>The answer to a line of a script.</summary>
/// <param name="Address">What was asked, such as <c>POST /api/threads</c>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Answer">The receipt or the problem.</param>
public sealed record ScriptAnswer(int Line, string Author, string Command, string Address, int Status, JsonNode? Answer)
{
    public bool IsRefused => Status >= 400;
}

/// <summary>Sends a script to a running forum as the HTTP requests that any client would send.</summary>
public sealed class ScriptPlayer(HttpClient forum, IConfiguration configuration, TimeProvider clock)
{
    private readonly Dictionary<int, Guid> posts = [];
    private Guid threadId;

    /// <summary>Answers come one by one; the first refusal ends the script, because what follows depends on it.</summary>
    public async IAsyncEnumerable<ScriptAnswer> PlayAsync(
        IEnumerable<string> lines,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var number = 0;
        foreach (var text in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            var line =
                JsonSerializer.Deserialize<ScriptLine>(text, JsonSerializerOptions.Web)
                ?? throw new JsonException($"Line {number} is not a command.");
            var answer = await SendAsync(number, line, cancellation);
            yield return answer;
            if (answer.IsRefused)
            {
                yield break;
            }

            if (line.AuthorTitle is not null)
            {
                await GrantAsync(line, cancellation);
            }
        }
    }

    private async Task<ScriptAnswer> SendAsync(int number, ScriptLine line, CancellationToken cancellation)
    {
        var (method, path, body) = line.Command switch
        {
            "StartThread" => (
                HttpMethod.Post,
                "/api/threads",
                (object)
                    new
                    {
                        boardId = await BoardAsync(line, cancellation),
                        line.Title,
                        line.Body,
                        line.Format,
                    }
            ),
            "PostReply" => (HttpMethod.Post, $"/api/threads/{threadId}/replies", new { line.Body, line.Format }),
            "QuotePost" => (
                HttpMethod.Post,
                $"/api/posts/{PostId(line.Quotes)}/quotes",
                new
                {
                    line.Body,
                    line.Excerpt,
                    line.Format,
                }
            ),
            "EditPost" => (
                HttpMethod.Put,
                $"/api/posts/{PostId(line.Post)}",
                new
                {
                    line.Body,
                    line.Reason,
                    line.Format,
                }
            ),
            "RemovePost" => (HttpMethod.Post, $"/api/posts/{PostId(line.Post)}/remove", new { line.Reason }),
            "RestorePost" => (HttpMethod.Post, $"/api/posts/{PostId(line.Post)}/restore", new { line.Reason }),
            "RenameThread" => (HttpMethod.Put, $"/api/threads/{threadId}/title", new { line.Title, line.Reason }),
            "LockThread" => (HttpMethod.Post, $"/api/threads/{threadId}/lock", new { line.Reason }),
            "UnlockThread" => (HttpMethod.Post, $"/api/threads/{threadId}/unlock", new { line.Reason }),
            "PinThread" => (HttpMethod.Post, $"/api/threads/{threadId}/pin", new { line.Reason }),
            "UnpinThread" => (HttpMethod.Post, $"/api/threads/{threadId}/unpin", new { line.Reason }),
            _ => throw new JsonException($"Line {number}: there is no command {line.Command}."),
        };
        var (status, answer) = await RequestAsync(method, path, body, line.Author, line.Role, cancellation);
        threadId = answer?["threadId"]?.GetValue<Guid>() ?? threadId;
        if (answer?["number"]?.GetValue<int>() is { } post && answer["postId"]?.GetValue<Guid>() is { } id)
        {
            posts[post] = id;
        }

        return new ScriptAnswer(number, line.Author, line.Command, $"{method} {path}", status, answer);
    }

    private Guid PostId(int? number) =>
        number is { } post && posts.TryGetValue(post, out var id)
            ? id
            : throw new JsonException($"The script has no post {number} yet.");

    private async Task<Guid?> BoardAsync(ScriptLine line, CancellationToken cancellation)
    {
        var name = line.Board ?? throw new JsonException("StartThread names a board.");
        if (await FindBoardAsync(name, cancellation) is { } known)
        {
            return known;
        }

        var (_, created) = await RequestAsync(
            HttpMethod.Post,
            "/api/boards",
            new { name, description = line.BoardDescription },
            "Admin",
            "admin",
            cancellation
        );
        return created?["boardId"]?.GetValue<Guid>() ?? await FindBoardAsync(name, cancellation);
    }

    private async Task<Guid?> FindBoardAsync(string name, CancellationToken cancellation)
    {
        var boards = await forum.GetFromJsonAsync<JsonArray>("/api/boards", cancellation);
        return boards
            ?.FirstOrDefault(board =>
                string.Equals(board?["name"]?.GetValue<string>(), name, StringComparison.OrdinalIgnoreCase)
            )
            ?["id"]?.GetValue<Guid>();
    }

    private async Task GrantAsync(ScriptLine line, CancellationToken cancellation)
    {
        var found = await forum.GetFromJsonAsync<JsonArray>(
            $"/api/members?name={Uri.EscapeDataString(line.Author)}",
            cancellation
        );
        if (found is [{ } member] && member["title"]?.GetValue<string>() != line.AuthorTitle)
        {
            await RequestAsync(
                HttpMethod.Put,
                $"/api/members/{member["id"]}/title",
                new { title = line.AuthorTitle },
                "Admin",
                "admin",
                cancellation
            );
        }
    }

    private async Task<(int Status, JsonNode? Answer)> RequestAsync(
        HttpMethod method,
        string path,
        object body,
        string author,
        string role,
        CancellationToken cancellation
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            AuthenticationModule.LocalToken(configuration, author, [role], clock)
        );
        request.Headers.Add(IdempotencyKey.Header, Guid.CreateVersion7().ToString());
        using var response = await forum.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }
}
