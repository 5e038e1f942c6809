using System.Security.Cryptography;
using System.Text;

namespace EventForum.Platform;

/// <summary>
/// Ids that are a function of what they stand for: importing a thing again finds it instead of making it twice, and two
/// who begin the same case at the same time begin one.
/// </summary>
internal static class StableId
{
    private const int Version = 8;

    /// <summary>A UUID of version 8 from a hash of the parts.</summary>
    public static Guid Of(params ReadOnlySpan<string> parts)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes("eventforum\0" + string.Join('\0', parts)), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | (Version << 4));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
