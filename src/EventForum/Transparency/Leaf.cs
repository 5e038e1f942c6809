using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EventForum.Transparency;

/// <summary>
/// An event as the log has it. Its record is canonical JSON: what identifies the event in the clear, and a commitment for each
/// value, by path. Its leaf holds nothing but its position and a commitment to the record, and is the same size for every event.
/// </summary>
/// <param name="Record">Shown to who sees the event; it tells nothing of the values.</param>
/// <param name="Commitment">To the record.</param>
/// <param name="Salts">Of the values by path; of the record without one.</param>
internal sealed record Leaf(string Record, byte[] Commitment, IReadOnlyDictionary<string, string> Salts)
{
    /// <summary>The path of the record itself.</summary>
    public const string Whole = "";

    public const int SaltBytes = 16;

    public static Leaf Of(LoggedEvent e)
    {
        using var maker = new RecordMaker();
        return Of(e, maker);
    }

    public static Leaf Of(LoggedEvent e, RecordMaker maker)
    {
        var salts = new Dictionary<string, string>(StringComparer.Ordinal);
        var record = maker.Make(e, Salt);
        return new Leaf(Encoding.UTF8.GetString(record), maker.Commit(Salt(Whole), record), salts);

        byte[] Salt(string path)
        {
            var salt = maker.NewSalt();
            salts.Add(path, Convert.ToBase64String(salt));
            return salt;
        }
    }

    /// <summary>A salt as it is stored; null for what is none.</summary>
    public static byte[]? SaltOf(string text)
    {
        var salt = new byte[SaltBytes];
        return Convert.TryFromBase64String(text, salt, out var length) && length == SaltBytes ? salt : null;
    }

    public static byte[]? SaltOf(JsonElement text) =>
        text.TryGetBytesFromBase64(out var salt) && salt.Length == SaltBytes ? salt : null;

    /// <summary>Whether a commitment, as a record holds it, is to this value.</summary>
    public static bool IsTo(string commitment, string salt, JsonElement value)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(commitment, bytes, out var length)
            && length == SHA256.HashSizeInBytes
            && IsTo(bytes, salt, Encoding.UTF8.GetBytes(CanonicalJson.Of(value)));
    }

    /// <summary>The same of the record, or of a value as canonical JSON.</summary>
    public static bool IsTo(ReadOnlySpan<byte> commitment, string salt, ReadOnlySpan<byte> value) =>
        SaltOf(salt) is { } bytes && SHA256.HashData([.. bytes, .. value]).AsSpan().SequenceEqual(commitment);

    /// <summary>The entry of the tree, as canonical JSON.</summary>
    public static string Entry(long position, byte[] commitment) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"commitment":"{{Convert.ToBase64String(commitment)}}","position":{{position}}}"""
        );

    public static byte[] Hash(long position, byte[] commitment) =>
        MerkleTree.Leaf(Encoding.UTF8.GetBytes(Entry(position, commitment)));
}
