using System.Collections.Concurrent;
using System.Globalization;

namespace EventForum.Exchange.Saved;

/// <summary>
/// Saves what guests see of a running forum as files that need no server: boards, threads by number and as trees, timelines, the history of
/// posts. Pages are read first, and lead to each other when all of them are known.
/// </summary>
internal sealed class SavedSite(ForumReader forum, string folder)
{
    private readonly ConcurrentDictionary<string, bool> pages = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, string> posts = new();
    private readonly ConcurrentDictionary<Guid, string> lastPosts = new();

    /// <returns>How many pages were saved.</returns>
    public async Task<int> RunAsync(DateTimeOffset now, Action<long, long> progress, CancellationToken cancellation)
    {
        var saved = string.Create(
            CultureInfo.InvariantCulture,
            $"Saved on {now.UtcDateTime:d MMMM yyyy}, as guests saw it."
        );
        var done = 0;
        for (IReadOnlyCollection<string> some = ["/"]; some.Count > 0; )
        {
            var found = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
            foreach (var address in some)
            {
                pages[address] = true;
            }

            await ForumReader.ForEachAsync(
                some,
                async address =>
                {
                    if (await forum.PageAsync(address, cancellation) is { } html)
                    {
                        await ReadAsync(address, html, found, cancellation);
                    }
                    else
                    {
                        pages.TryRemove(address, out _);
                    }

                    // Each is read, and then written.
                    progress(Interlocked.Increment(ref done), 2 * pages.Count);
                },
                cancellation
            );
            some = [.. found.Keys.Where(address => !pages.ContainsKey(address))];
        }

        foreach (var file in files.Keys)
        {
            await forum.SaveAsync(file, PathOf(FileOf(file)), cancellation);
        }

        foreach (var address in pages.Keys)
        {
            var file = SavedAddress.FileOf(address)!;
            var html = await File.ReadAllTextAsync(PathOf(file), cancellation);
            var page = SavedPage.Rewrite(
                html,
                address,
                to => TargetOf(to) is { } target ? SavedAddress.Relative(file, target) : null,
                from => SavedAddress.Relative(file, FileOf(from)),
                saved
            );
            await File.WriteAllTextAsync(PathOf(file), page, cancellation);
            progress(Interlocked.Increment(ref done), 2 * pages.Count);
        }

        return pages.Count;
    }

    private async Task ReadAsync(
        string address,
        string html,
        ConcurrentDictionary<string, bool> found,
        CancellationToken cancellation
    )
    {
        var path = PathOf(SavedAddress.FileOf(address)!);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, html, cancellation);
        foreach (var link in SavedPage.LinksOf(html, address).Where(link => SavedAddress.FileOf(link) is not null))
        {
            found[link] = true;
        }

        foreach (var file in SavedPage.FilesOf(html))
        {
            files[file] = true;
        }

        if (address.Contains("order=", StringComparison.Ordinal))
        {
            return;
        }

        var (here, thread) = SavedPage.PlacesOf(html);
        foreach (var (id, number) in here)
        {
            posts[id] = Post(address, number);
        }

        if (thread is var (id1, pageCount, last))
        {
            lastPosts[id1] = Post(
                pageCount == 1
                    ? $"/threads/{id1}"
                    : string.Create(CultureInfo.InvariantCulture, $"/threads/{id1}?page={pageCount}"),
                last
            );
        }
    }

    private static string Post(string address, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{SavedAddress.FileOf(address)}#p{number}");

    private string? TargetOf(string address) =>
        SavedAddress.PostIn(address) is { } post ? posts.GetValueOrDefault(post)
        : SavedAddress.LastOf(address) is { } thread ? lastPosts.GetValueOrDefault(thread)
        : pages.ContainsKey(address) ? SavedAddress.FileOf(address)
        : null;

    private static string FileOf(string file) => "files/" + Path.GetFileName(file.Split('?')[0]);

    private string PathOf(string file) => Path.Combine([folder, .. file.Split('/')]);
}
