using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace EventForum.Transparency;

/// <summary>
/// Makes the records of events, one after the other: its buffers are used again. Not for several threads at once.
/// </summary>
internal sealed class RecordMaker : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> salted = new(4096);
    private readonly ArrayBufferWriter<byte> record = new(4096);
    private readonly List<KeyValuePair<string, object>> members = [];
    private readonly byte[] random = new byte[256 * Leaf.SaltBytes];
    private int used = int.MaxValue;

    /// <summary>Gets the salt of a path; null where there is none.</summary>
    public delegate byte[]? SaltOf(string path);

    /// <summary>The record of an event as UTF-8; empty where a value has no salt. It holds until the next one is made.</summary>
    public ReadOnlySpan<byte> Make(LoggedEvent e, SaltOf saltOf)
    {
        members.Clear();
        members.AddRange(e.Clear());
        using var data = JsonDocument.Parse(e.Data);
        using var headers = e.Headers is null ? null : JsonDocument.Parse(e.Headers);
        foreach (var (path, value) in e.Values(data, headers))
        {
            if (saltOf(path) is not { } salt)
            {
                return [];
            }

            salted.ResetWrittenCount();
            salted.Write(salt);
            CanonicalJson.Write(salted, value);
            members.Add(new(path, Convert.ToBase64String(Hash(salted.WrittenSpan))));
        }

        record.ResetWrittenCount();
        CanonicalJson.Write(record, members);
        return record.WrittenSpan;
    }

    /// <summary>A salt that there has not been: of random bytes that are drawn many at a time.</summary>
    public byte[] NewSalt()
    {
        if (used >= random.Length)
        {
            RandomNumberGenerator.Fill(random);
            used = 0;
        }

        used += Leaf.SaltBytes;
        return random[(used - Leaf.SaltBytes)..used];
    }

    /// <summary>SHA-256 over the salt and then the record.</summary>
    public byte[] Commit(byte[] salt, ReadOnlySpan<byte> made)
    {
        hash.AppendData(salt);
        return Hash(made);
    }

    private byte[] Hash(ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        return hash.GetHashAndReset();
    }

    public void Dispose() => hash.Dispose();
}
