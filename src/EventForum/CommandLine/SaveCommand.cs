using EventForum.Exchange.Saved;

namespace EventForum.CommandLine;

/// <summary>Saves what guests see of the running forum, for people who read it without one.</summary>
internal static class SaveCommand
{
    public static async Task<bool> RunAsync(ExportInput input)
    {
        if (
            input is not { File: "", ThreadFlag: null, BoardFlag: null, MemberFlag: null }
            || (input.HtmlFlag is not null && input.MboxFlag is not null)
        )
        {
            return Refuse("--html and --mbox save all that guests see: name only one of them, and nothing else.");
        }

        if (
            input.HtmlFlag is { } folder
            && Directory.Exists(folder)
            && Directory.EnumerateFileSystemEntries(folder).Any()
        )
        {
            return Refuse($"{folder} is not empty: name a folder that there is not yet.");
        }

        try
        {
            return await RunningForum.AskAsync(
                input.UrlFlag,
                isGuest: true,
                forum =>
                {
                    var reader = new ForumReader(forum, TimeProvider.System);
                    return input.HtmlFlag is { } to
                        ? SavePagesAsync(reader, to)
                        : SaveMailsAsync(reader, input.MboxFlag!);
                }
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse($"Not everything is saved: {e.Message}");
        }
    }

    private static async Task<bool> SavePagesAsync(ForumReader forum, string folder)
    {
        var pages = await Platform.Progress.ShowAsync(
            "Saving pages",
            TimeProvider.System,
            progress =>
                new SavedSite(forum, folder).RunAsync(TimeProvider.System.GetUtcNow(), progress, CancellationToken.None)
        );
        Console.WriteLine($"{pages:N0} pages saved. Open {Path.Combine(folder, "index.html")} in a browser.");
        return true;
    }

    private static async Task<bool> SaveMailsAsync(ForumReader forum, string path)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        var (written, leftOut) = await Platform.Progress.ShowAsync(
            "Saving mails",
            TimeProvider.System,
            progress => new SavedMail(forum).WriteAsync(file, progress, CancellationToken.None)
        );
        Console.WriteLine($"{written:N0} posts saved as mails in {path}; {leftOut:N0} have no text that guests see.");
        return true;
    }

    private static bool Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return false;
    }
}
