using System.Text.RegularExpressions;

namespace EventForum.Exchange.Saved;

/// <summary>Which of the forum's pages are saved, and in which file each stands. Pure.</summary>
internal static partial class SavedAddress
{
    /// <summary>The file of a page, with <c>/</c> between folders; null for one that is not saved.</summary>
    /// <param name="address">As the forum's pages name it: path and query.</param>
    public static string? FileOf(string address)
    {
        var (path, query) = address.Split('?', 2) is [var one, var two] ? (one, two) : (address, "");
        return path switch
        {
            "/" when query.Length == 0 => "index.html",
            _ when Boards().IsMatch(path) && BoardQueries().IsMatch(query) => File(path),
            _ when Threads().IsMatch(path) && ThreadQueries().IsMatch(query) => File(path),
            _ when Timelines().IsMatch(path) && query.Length == 0 => File(path),
            _ when Histories().IsMatch(path) && HistoryQueries().IsMatch(query) => File(path),
            _ => null,
        };

        string File(string of) => $"{of[1..]}{(query.Length == 0 ? "" : "_" + NoNames().Replace(query, "-"))}.html";
    }

    /// <summary>The post that an address leads to, wherever it stands; null for another address.</summary>
    public static Guid? PostIn(string address) =>
        Posts().Match(address) is { Success: true } match ? Guid.Parse(match.Groups["id"].ValueSpan) : null;

    /// <summary>The thread to whose newest post an address leads; null for another address.</summary>
    public static Guid? LastOf(string address) =>
        LastPosts().Match(address) is { Success: true } match ? Guid.Parse(match.Groups["id"].ValueSpan) : null;

    /// <summary>How one file names another.</summary>
    public static string Relative(string from, string to) =>
        string.Concat(Enumerable.Repeat("../", from.Count(c => c == '/'))) + to;

    private const string Id = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private const RegexOptions Plain = RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    [GeneratedRegex($"^/boards/{Id}(/moderation-log)?$", Plain)]
    private static partial Regex Boards();

    [GeneratedRegex("^((after|before)=[^&]{1,100})?$", Plain)]
    private static partial Regex BoardQueries();

    [GeneratedRegex($"^/threads/{Id}$", Plain)]
    private static partial Regex Threads();

    [GeneratedRegex("^(order=tree)?(&?page=[0-9]{1,9})?(&order=tree)?$", Plain)]
    private static partial Regex ThreadQueries();

    [GeneratedRegex($"^/threads/{Id}/timeline$", Plain)]
    private static partial Regex Timelines();

    [GeneratedRegex($"^/posts/{Id}/(history|diff)$", Plain)]
    private static partial Regex Histories();

    [GeneratedRegex("^(from=[0-9]{1,9}&to=[0-9]{1,9})?$", Plain)]
    private static partial Regex HistoryQueries();

    [GeneratedRegex($"^/posts/(?<id>{Id})$", Plain)]
    private static partial Regex Posts();

    [GeneratedRegex($"^/threads/(?<id>{Id})/last$", Plain)]
    private static partial Regex LastPosts();

    [GeneratedRegex("[^A-Za-z0-9]+", Plain)]
    private static partial Regex NoNames();
}
