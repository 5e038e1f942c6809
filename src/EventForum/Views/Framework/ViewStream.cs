using System.Security.Cryptography;
using System.Text;

namespace EventForum.Views.Framework;

/// <summary>The stream in which is recorded what was done to a view.</summary>
public static class ViewStream
{
    /// <summary>Its id follows from the view's name (a UUID of version 8, RFC 9562).</summary>
    public static Guid IdOf(string view)
    {
        Span<byte> id = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"view:{view}"), id);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id[..16], bigEndian: true);
    }
}
