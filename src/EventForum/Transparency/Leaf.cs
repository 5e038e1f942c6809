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

    private const int SaltBytes = 16;

    public static Leaf Of(LoggedEvent e)
    {
        var salts = new Dictionary<string, string>(StringComparer.Ordinal);
        var members = new List<KeyValuePair<string, object>>(e.Clear());
        foreach (var (path, value) in e.Values())
        {
            members.Add(new(path, Convert.ToBase64String(Commit(Salt(path), CanonicalJson.Of(value)))));
        }

        var record = CanonicalJson.Of(members);
        return new Leaf(record, Commit(Salt(Whole), record), salts);

        byte[] Salt(string path)
        {
            var salt = RandomNumberGenerator.GetBytes(SaltBytes);
            salts.Add(path, Convert.ToBase64String(salt));
            return salt;
        }
    }

    /// <summary>SHA-256 over the salt and then the value, as canonical JSON.</summary>
    public static byte[] Commit(byte[] salt, string canonical) =>
        SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(canonical)]);

    /// <summary>Whether a commitment, as a record holds it, is to this value.</summary>
    public static bool IsTo(string commitment, string salt, JsonElement value)
    {
        Span<byte> bytes = stackalloc byte[SaltBytes];
        return Convert.TryFromBase64String(salt, bytes, out var length)
            && length == SaltBytes
            && Convert.ToBase64String(Commit(bytes.ToArray(), CanonicalJson.Of(value))) == commitment;
    }

    /// <summary>The same of the record.</summary>
    public static bool IsTo(byte[] commitment, string salt, string record)
    {
        Span<byte> bytes = stackalloc byte[SaltBytes];
        return Convert.TryFromBase64String(salt, bytes, out var length)
            && length == SaltBytes
            && Commit(bytes.ToArray(), record).AsSpan().SequenceEqual(commitment);
    }

    /// <summary>The entry of the tree.</summary>
    public static string Entry(long position, byte[] commitment) =>
        CanonicalJson.Of([new("commitment", Convert.ToBase64String(commitment)), new("position", position)]);

    public static byte[] Hash(long position, byte[] commitment) =>
        MerkleTree.Leaf(Encoding.UTF8.GetBytes(Entry(position, commitment)));
}
