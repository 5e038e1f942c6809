using System.Security.Cryptography;
using System.Text;

namespace EventForum.Transparency;

/// <summary>
/// The checkpoints of other logs that this forum cosigned last, in files of the data folder: a folder a log, named by the
/// SHA-256 of the log's name.
/// </summary>
internal sealed class WitnessedLogs(IConfiguration configuration)
{
    private const string CheckpointFile = "checkpoint";

    private const string KeyFile = "key";

    private readonly string folder = Path.Combine(configuration["EVENTFORUM_DATA"] ?? ".data", "witnessed");

    public static string HashOf(string origin) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)));

    public static bool IsHash(string text) =>
        text.Length == SHA256.HashSizeInBytes * 2 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The log's verifier key, as it was given first; null where it was never watched.</summary>
    public VerifierKey? KeyOf(string origin) =>
        Read(HashOf(origin), KeyFile) is not { } text ? null
        : VerifierKey.Parse(text) is { } key ? key
        : throw new InvalidDataException($"{PathOf(HashOf(origin), KeyFile)} does not hold a verifier key.");

    /// <summary>The checkpoint as a signed note, the cosignature among its signatures; null where there is none.</summary>
    public string? CheckpointOf(string hash) => Read(hash, CheckpointFile);

    /// <summary>Nobody else watches the log until this is disposed; null where somebody does.</summary>
    public FileStream? TryLock(string origin)
    {
        Directory.CreateDirectory(Path.Combine(folder, HashOf(origin)));
        try
        {
            return new FileStream(
                PathOf(HashOf(origin), "lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Keep(VerifierKey key) => Write(HashOf(key.Name), KeyFile, key + "\n");

    public void Keep(VerifierKey key, string note) => Write(HashOf(key.Name), CheckpointFile, note);

    private string PathOf(string hash, string file) => Path.Combine(folder, hash, file);

    private string? Read(string hash, string file) =>
        File.Exists(PathOf(hash, file)) ? File.ReadAllText(PathOf(hash, file)) : null;

    /// <summary>Killed at any time, the file is as it was or as it is to be, on the disk.</summary>
    private void Write(string hash, string name, string text)
    {
        var path = PathOf(hash, name);
        using (var draft = new FileStream(path + ".draft", FileMode.Create, FileAccess.Write))
        {
            draft.Write(Encoding.UTF8.GetBytes(text));
            draft.Flush(flushToDisk: true);
        }

        File.Move(path + ".draft", path, overwrite: true);
    }
}
