using System.Buffers.Binary;
using System.Globalization;

namespace EventForum.Transparency;

/// <summary>
/// What a witness puts under another log's checkpoint, as C2SP tlog-cosignature has it for Ed25519: that this is the largest
/// checkpoint of the log that it knows of at a time, and that it is consistent with all those before.
/// </summary>
internal static class Cosignature
{
    /// <summary>The signature line of a checkpoint.</summary>
    /// <param name="text">The checkpoint's text, which ends with a line's end.</param>
    public static string Line(SignerKey key, string text, DateTimeOffset now)
    {
        var time = now.ToUnixTimeSeconds();
        var verifier = KeyOf(key);
        var bytes = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, verifier.Id);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(4), time);
        return $"\u2014 {verifier.Name} {Convert.ToBase64String([.. bytes, .. key.SignBytes(Message(time, text))])}";
    }

    /// <summary>The key that others verify it with: one of the type 0x04.</summary>
    public static VerifierKey KeyOf(SignerKey key) => key.Verifier with { Type = VerifierKey.CosignatureType };

    /// <summary>When a note was cosigned with the key; null where it was not.</summary>
    public static DateTimeOffset? Time(string note, VerifierKey key)
    {
        if (SignedNote.Parse(note) is not { } signed)
        {
            return null;
        }

        foreach (var signature in signed.SignaturesBy(key).Where(signature => signature.Length > 8))
        {
            var time = BinaryPrimitives.ReadInt64BigEndian(signature);
            if (
                time >= 0
                && time <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                && key.HasSigned(Message(time, signed.Text), signature[8..])
            )
            {
                return DateTimeOffset.FromUnixTimeSeconds(time);
            }
        }

        return null;
    }

    private static string Message(long time, string text) =>
        string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {time}\n{text}");
}
