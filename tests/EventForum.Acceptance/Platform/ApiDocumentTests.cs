using System.Text.Json;
using EventForum.Acceptance.Golden;
using EventForum.Acceptance.Harness;
using EventForum.Acceptance.Transparency;
using EventForum.History;
using Microsoft.Extensions.DependencyInjection;

namespace EventForum.Acceptance.Platform;

/// <summary>The API's description: that it says enough, and nothing that is not so.</summary>
public sealed class ApiDocumentTests(ForumHost forum)
{
    [Fact]
    public async Task every_parameter_is_described()
    {
        foreach (var operation in await Operations())
        {
            foreach (var parameter in operation.Parameters)
            {
                parameter.TryGetProperty("description", out var description).ShouldBeTrue($"{operation} {parameter}");
                description.GetString().ShouldNotBeNullOrWhiteSpace($"{operation} {parameter}");
            }
        }
    }

    [Fact]
    public async Task every_type_of_event_is_named_where_types_are_asked_for()
    {
        var feed = (await Operations()).Single(operation => operation.Path == "/api/events");
        var types = feed.Parameters.Single(parameter => parameter.GetProperty("name").GetString() == "types");
        var description = types.GetProperty("description").GetString().ShouldNotBeNull();

        foreach (var type in forum.Services.GetRequiredService<KnownEvents>().Names)
        {
            description.ShouldContain(type);
        }
    }

    [Fact]
    public async Task every_refusal_is_a_problem_document()
    {
        foreach (var operation in await Operations())
        {
            var refusals = operation.Answers.Where(answer => answer.Key >= 400).ToList();
            refusals.ShouldNotBeEmpty(operation.ToString());
            foreach (var (status, types) in refusals)
            {
                types.ShouldBe(["application/problem+json"], $"{operation} {status}");
            }
        }
    }

    [Fact]
    public async Task a_token_is_demanded_where_the_routes_demand_one()
    {
        var routes = RouteTests
            .Routes(forum)
            .ToDictionary(route => $"{route.Method} {route.Path}", route => route.For, StringComparer.Ordinal);

        foreach (var operation in await Operations())
        {
            var needsToken = routes[operation.ToString()] != "anyone";
            operation.Json.TryGetProperty("security", out var demands).ShouldBe(needsToken, operation.ToString());
            operation.Answers.ContainsKey(401).ShouldBe(needsToken, operation.ToString());
            if (needsToken)
            {
                demands[0].TryGetProperty("bearer", out _).ShouldBeTrue(operation.ToString());
            }
        }
    }

    [Fact]
    public async Task every_schema_that_is_named_is_there_and_tells_its_shape()
    {
        var document = await Document();
        var schemas = document.GetProperty("components").GetProperty("schemas");

        schemas.TryGetProperty("IResult", out _).ShouldBeFalse();
        foreach (var name in References(document))
        {
            schemas.TryGetProperty(name, out _).ShouldBeTrue(name);
        }

        foreach (var operation in await Operations())
        {
            foreach (var answer in operation.Json.GetProperty("responses").EnumerateObject())
            {
                if (answer.Value.TryGetProperty("content", out var content))
                {
                    content
                        .EnumerateObject()
                        .ShouldAllBe(
                            type => type.Value.GetProperty("schema").EnumerateObject().Any(),
                            $"{operation} {answer}"
                        );
                }
            }
        }
    }

    [Theory]
    [InlineData("/api/events", "application/json", "text/event-stream")]
    [InlineData("/api/threads/{threadId}", "application/json", "text/plain")]
    [InlineData("/api/threads/{threadId}/live", "text/event-stream")]
    [InlineData("/api/threads/{threadId}/replay", "text/event-stream")]
    public async Task a_read_names_each_form_in_which_it_answers(string path, params string[] forms)
    {
        var read = (await Operations()).Single(operation => operation.Method == "GET" && operation.Path == path);

        read.Answers[200].ShouldBe(forms, ignoreOrder: true);
    }

    [Fact]
    public async Task whatever_is_sent_the_answer_is_one_that_is_described()
    {
        var ids = await Ids(forum, await forum.NewThread());
        var admin = forum.Admin();
        foreach (var operation in (await Operations()).Where(operation => !operation.Streams))
        {
            foreach (var path in Addresses(operation, ids))
            {
                foreach (var body in operation.HasBody ? (string?[])["{}", "[1]", """{"body":1,"name":1}"""] : [null])
                {
                    ShouldBeDescribed(operation, path, await Send(admin, operation, path, body));
                }
            }

            if (operation.HasBody)
            {
                var path = operation.At(ids);
                ShouldBeDescribed(operation, path, await Send(forum.Member(), operation, path, "{}"));
                ShouldBeDescribed(operation, path, await Send(forum.Stranger(), operation, path, "{}"));
                ShouldBeDescribed(
                    operation,
                    path,
                    await admin.SendText(new(operation.Method), path, "text", "text/plain")
                );
            }
        }
    }

    [Fact]
    public async Task a_read_answers_304_to_its_own_tag_where_that_is_described()
    {
        // Lists of the whole forum change between two reads where others write, and how fast views go at any time.
        await using var database = await TestDatabase.CreateAsync();
        await using var own = await ForumHost.StartAsync(database, ("Sample", "false"));
        var thread = await own.NewThread();
        var ids = await Ids(own, thread);
        var admin = own.Admin();
        // Whose roles are recorded with the first request.
        (await admin.Get("/api/boards")).ShouldBe(200);
        await ReadModels.CatchUpAsync(own);
        await database.LogsEverythingAsync();
        foreach (
            var operation in (await Operations()).Where(o => o.Method == "GET" && !o.Streams && o.Path != "/api/views")
        )
        {
            var query =
                operation.Path.EndsWith("/compare", StringComparison.Ordinal) ? "?from=0"
                : operation.Path.EndsWith("/proof", StringComparison.Ordinal) ? $"?position={thread.Position}"
                : operation.Path.EndsWith("/visibility", StringComparison.Ordinal)
                    ? $"?post={thread.FirstPostId}&guest=true"
                : "";
            var (first, second) =
                operation.Answers.ContainsKey(401) || operation.Answers.ContainsKey(403)
                    ? (admin, admin)
                    : (thread.Starter, own.Stranger());
            var tag = (await first.Get(operation.At(ids) + query)).ShouldBe(200).Headers.ETag;

            operation.Answers.ContainsKey(304).ShouldBe(tag is not null, operation.ToString());
            if (tag is not null)
            {
                (await second.GetUnless(operation.At(ids) + query, tag)).Status.ShouldBe(304, operation.ToString());
            }
        }
    }

    private static Task<Answer> Send(TestMember who, Operation operation, string path, string? body) =>
        body is null ? who.Send(new(operation.Method), path) : who.SendText(new(operation.Method), path, body);

    private static void ShouldBeDescribed(Operation operation, string path, Answer answer)
    {
        operation
            .Answers.TryGetValue(answer.Status, out var types)
            .ShouldBeTrue($"{operation.Method} {path}: {answer}");
        types!
            .Contains(answer.ContentType, StringComparer.Ordinal)
            .ShouldBeTrue($"{operation.Method} {path}: {answer}");
    }

    /// <summary>What is there, what is not, what cannot be; and each parameter with nonsense in it.</summary>
    private static IEnumerable<string> Addresses(Operation operation, IReadOnlyDictionary<string, string> ids)
    {
        yield return operation.At(ids);
        yield return operation.At(
            ids.Keys.ToDictionary(name => name, _ => Guid.CreateVersion7().ToString(), StringComparer.Ordinal)
        );
        yield return operation.At(ids.Keys.ToDictionary(name => name, _ => "nonsense", StringComparer.Ordinal));
        foreach (var parameter in operation.Parameters.Where(p => p.GetProperty("in").GetString() == "query"))
        {
            foreach (var value in (string[])["nonsense", "-1", "999999999", "2001-01-01"])
            {
                yield return $"{operation.At(ids)}?{parameter.GetProperty("name").GetString()}={value}";
            }
        }
    }

    private static IEnumerable<string> References(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Array => json.EnumerateArray().SelectMany(References),
            JsonValueKind.Object => json.EnumerateObject()
                .SelectMany(member =>
                    member.NameEquals("$ref")
                    && member.Value.GetString()!.Split("#/components/schemas/") is [_, var name]
                        ? [name]
                        : References(member.Value)
                ),
            _ => [],
        };

    /// <summary>Something that is there, for each name that a path has.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> Ids(ForumHost forum, TestThread thread)
    {
        var post = (await thread.Starter.Reply(thread.Id, "To be removed.")).ShouldBe(201).PostId;
        var (known, batch) = await forum.ResolvedCase(post);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["threadId"] = thread.Id.ToString(),
            ["postId"] = thread.FirstPostId.ToString(),
            ["boardId"] = thread.BoardId.ToString(),
            ["memberId"] = (await thread.Starter.Id()).ToString(),
            ["batchId"] = batch.ToString(),
            ["caseId"] = known.ToString(),
        };
    }

    private async Task<JsonElement> Document() => (await forum.Stranger().Get("/openapi/v1.json")).ShouldBe(200).Json;

    private async Task<IReadOnlyList<Operation>> Operations() =>
        [
            .. (await Document())
                .GetProperty("paths")
                .EnumerateObject()
                .SelectMany(path =>
                    path.Value.EnumerateObject()
                        .Select(operation => new Operation(
                            operation.Name.ToUpperInvariant(),
                            path.Name,
                            operation.Value
                        ))
                ),
        ];

    private sealed record Operation(string Method, string Path, JsonElement Json)
    {
        public IReadOnlyList<JsonElement> Parameters =>
            Json.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray()] : [];

        public bool HasBody => Json.TryGetProperty("requestBody", out _);

        /// <summary>It answers with nothing but server-sent events.</summary>
        public bool Streams =>
            Answers.TryGetValue(200, out var types) && types.All(type => type == "text/event-stream");

        /// <summary>The media types of each answer, by status.</summary>
        public Dictionary<int, List<string>> Answers =>
            Json.GetProperty("responses")
                .EnumerateObject()
                .ToDictionary(
                    answer => int.Parse(answer.Name, null),
                    answer =>
                        (List<string>)(
                            answer.Value.TryGetProperty("content", out var content)
                                ? [.. content.EnumerateObject().Select(type => type.Name)]
                                : []
                        )
                );

        public string At(IReadOnlyDictionary<string, string> ids) =>
            ids.Aggregate(Path, (path, id) => path.Replace($"{{{id.Key}}}", id.Value, StringComparison.Ordinal));

        public override string ToString() => $"{Method} {Path}";
    }
}
