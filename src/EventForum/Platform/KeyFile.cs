namespace EventForum.Platform;

/// <summary>Files of keys in the data folder: made on first use, readable by their owner only.</summary>
internal static class KeyFile
{
    /// <summary>Writing a key takes no time; a lock that is held longer has another reason, which is told.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(10);

    public static byte[] ReadOrMake(string path, Func<byte[]> make)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (!File.Exists(path))
        {
            // Whoever starts at the same time waits: a key that replaces another makes worthless what that one signed.
            using var turn = WaitForTurn(path + ".lock");
            if (!File.Exists(path))
            {
                Make(path, make());
            }
        }

        return File.ReadAllBytes(path);
    }

    /// <summary>A lock that goes with the process, however that ends.</summary>
    private static FileStream WaitForTurn(string path)
    {
        FileStream? turn = null;
        IOException? taken = null;
        if (!SpinWait.SpinUntil(IsMine, LongestTurn))
        {
            throw new IOException($"{path} cannot be locked. Delete it if no forum is starting.", taken);
        }

        return turn!;

        bool IsMine()
        {
            try
            {
                turn = new FileStream(
                    path,
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None,
                    bufferSize: 1,
                    FileOptions.DeleteOnClose
                );
                return true;
            }
            catch (IOException e)
            {
                taken = e;
                return false;
            }
        }
    }

    /// <summary>The key is there whole or not at all.</summary>
    private static void Make(string path, byte[] content)
    {
        var draft = path + ".draft";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(draft, options))
        {
            file.Write(content);
        }

        File.Move(draft, path);
    }
}
