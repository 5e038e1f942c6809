using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace EventForum.Transparency;

/// <summary>A text with signatures under it, as C2SP signed-note has it.</summary>
/// <param name="Text">What is signed: it ends with a line's end.</param>
/// <param name="Lines">The signature lines.</param>
internal sealed record SignedNote(string Text, IReadOnlyList<string> Lines)
{
    /// <summary>Null where it is none.</summary>
    public static SignedNote? Parse(string note)
    {
        note = note.ReplaceLineEndings("\n");
        var end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        return end < 0
            ? null
            : new SignedNote(note[..(end + 1)], note[(end + 2)..].Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The signatures that say that they are by the key, to be verified.</summary>
    public IEnumerable<byte[]> SignaturesBy(VerifierKey key) => Lines.Select(line => By(line, key)).OfType<byte[]>();

    /// <summary>The lines whose signatures of the text, by the key, are right.</summary>
    public IEnumerable<string> LinesBy(VerifierKey key) =>
        Lines.Where(line => By(line, key) is { } signature && key.HasSigned(Text, signature));

    private static byte[]? By(string line, VerifierKey key)
    {
        var bytes = new byte[512];
        return
            line.Split(' ') is ["\u2014", var name, var signature]
            && name == key.Name
            && Convert.TryFromBase64String(signature, bytes, out var length)
            && length > 4
            && BinaryPrimitives.ReadUInt32BigEndian(bytes) == key.Id
            ? bytes[4..length]
            : null;
    }
}

/// <summary>The public half of a log's key, as C2SP signed-note writes it: <c>NAME+HASH+KEY</c>.</summary>
/// <param name="Key">32 bytes of Ed25519.</param>
/// <param name="Type">Of what it signs: 1 for a log's checkpoints, 4 for cosignatures.</param>
internal sealed record VerifierKey(string Name, byte[] Key, byte Type = VerifierKey.SignatureType)
{
    public const byte SignatureType = 1;

    public const byte CosignatureType = 4;

    /// <summary>What tells the key apart in a signature line, from the name and the key.</summary>
    public uint Id =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(Name + "\n"), Type, .. Key]));

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}+{Id:x8}+{Convert.ToBase64String([Type, .. Key])}");

    /// <summary>Null where this is no key of Ed25519.</summary>
    public static VerifierKey? Parse(string text)
    {
        var parts = text.Trim().Split('+', 3);
        var bytes = new byte[Ed25519.PublicKeySize + 1];
        return
            parts.Length == 3
            && Convert.TryFromBase64String(parts[2], bytes, out var length)
            && length == bytes.Length
            && bytes[0] is SignatureType or CosignatureType
            && new VerifierKey(parts[0], bytes[1..], bytes[0]) is var key
            && key.ToString() == text.Trim()
            ? key
            : null;
    }

    public bool HasSigned(string text, byte[] signature) =>
        signature.Length == Ed25519.SignatureSize
        && Ed25519.Verify(signature, 0, Key, 0, Encoding.UTF8.GetBytes(text), 0, Encoding.UTF8.GetByteCount(text));
}

/// <summary>The private half, as Go's <c>sumdb/note</c> writes it: <c>PRIVATE+KEY+NAME+HASH+SEED</c>.</summary>
internal sealed class SignerKey
{
    private const string Beginning = "PRIVATE+KEY+";

    private readonly byte[] seed;

    private SignerKey(string name, byte[] seed)
    {
        this.seed = seed;
        Verifier = new VerifierKey(name, new Ed25519PrivateKeyParameters(seed).GeneratePublicKey().GetEncoded());
    }

    public VerifierKey Verifier { get; }

    public static SignerKey Make(string name) => new(name, RandomNumberGenerator.GetBytes(Ed25519.SecretKeySize));

    /// <summary>Null where this is no such key.</summary>
    public static SignerKey? Parse(string text)
    {
        var parts = text.Trim().Split('+', 5);
        var bytes = new byte[Ed25519.SecretKeySize + 1];
        return
            parts is ["PRIVATE", "KEY", var name, var hash, var key]
            && Convert.TryFromBase64String(key, bytes, out var length)
            && length == bytes.Length
            && bytes[0] == 1
            && new SignerKey(name, bytes[1..]) is var signer
            && signer.Verifier.Id.ToString("x8", CultureInfo.InvariantCulture) == hash
            ? signer
            : null;
    }

    /// <summary>The key itself: to be kept secret.</summary>
    public string ToSecretText() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Beginning}{Verifier.Name}+{Verifier.Id:x8}+{Convert.ToBase64String([1, .. seed])}"
        );

    /// <summary>The signed note of a text that ends with a line's end.</summary>
    public string Sign(string text)
    {
        var id = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(id, Verifier.Id);
        return $"{text}\n\u2014 {Verifier.Name} {Convert.ToBase64String([.. id, .. SignBytes(text)])}\n";
    }

    /// <summary>The signature alone.</summary>
    public byte[] SignBytes(string text)
    {
        var signature = new byte[Ed25519.SignatureSize];
        var bytes = Encoding.UTF8.GetBytes(text);
        Ed25519.Sign(seed, 0, bytes, 0, bytes.Length, signature, 0);
        return signature;
    }
}
