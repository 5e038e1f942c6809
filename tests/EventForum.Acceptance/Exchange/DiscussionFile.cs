using System.Globalization;
using System.Text.Json;

namespace EventForum.Acceptance.Exchange;

/// <summary>Files of discussions that never took place, in a folder that is deleted at the end.</summary>
internal sealed class DiscussionFile : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventforum-exchange-");

    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    /// <summary>Threads of some posts by a few people, who quote each other.</summary>
    public string Write(string name, int threads, int posts)
    {
        var path = PathOf(name);
        var start = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.WriteAllLines(
            path,
            Enumerable
                .Range(0, threads)
                .SelectMany(thread =>
                    Enumerable
                        .Range(0, posts)
                        .Select(post =>
                            JsonSerializer.Serialize(
                                new
                                {
                                    source = "made-up",
                                    thread = $"t{thread}",
                                    thread_title = $"Thread {thread}",
                                    post = $"p{thread}-{post}",
                                    author = $"Author {(thread + post) % 7}",
                                    posted_at = start
                                        .AddDays(thread)
                                        .AddMinutes(post)
                                        .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                                    section = $"Section {thread % 3}",
                                    body = post == 0
                                        ? $"What is post {post} of thread {thread}?"
                                        : $"[quote=\"Author {(thread + post - 1) % 7}\"]post {post - 1} of thread {thread}[/quote]\n\nThis is post {post} of thread {thread}.",
                                    likes = post,
                                }
                            )
                        )
                )
        );
        return path;
    }

    public string WriteLines(string name, params string[] lines)
    {
        File.WriteAllLines(PathOf(name), lines);
        return PathOf(name);
    }

    /// <summary>A line: a post by Ann, on the third of February 2001.</summary>
    public static string Post(string id, string body, string time) =>
        $$"""{"source":"source","thread":"t","thread_title":"Title","post":"{{id}}","author":"Ann","posted_at":"2001-02-03T{{time}}Z","body":"{{body}}"}""";

    /// <summary>What is told in a file of defects.</summary>
    public static IReadOnlyList<JsonElement> Defects(string path) =>
        [.. File.ReadLines(path).Select(line => JsonElement.Parse(line))];

    public void Dispose() => folder.Delete(recursive: true);
}
