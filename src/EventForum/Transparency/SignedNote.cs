using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace EventForum.Transparency;

/// <summary>The public half of a log's key, as C2SP signed-note writes it: <c>NAME+HASH+KEY</c>.</summary>
/// <param name="Key">32 bytes of Ed25519.</param>
internal sealed record VerifierKey(string Name, byte[] Key)
{
    private const byte Ed25519Algorithm = 1;

    /// <summary>What tells the key apart in a signature line, from the name and the key.</summary>
    public uint Id { get; } =
        BinaryPrimitives.ReadUInt32BigEndian(
            SHA256.HashData([.. Encoding.UTF8.GetBytes(Name + "\n"), Ed25519Algorithm, .. Key])
        );

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}+{Id:x8}+{Convert.ToBase64String([Ed25519Algorithm, .. Key])}"
        );

    /// <summary>Null where this is no key of Ed25519.</summary>
    public static VerifierKey? Parse(string text)
    {
        var parts = text.Trim().Split('+', 3);
        var bytes = new byte[Ed25519.PublicKeySize + 1];
        return
            parts.Length == 3
            && Convert.TryFromBase64String(parts[2], bytes, out var length)
            && length == bytes.Length
            && bytes[0] == Ed25519Algorithm
            && new VerifierKey(parts[0], bytes[1..]) is var key
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
        var signature = new byte[4 + Ed25519.SignatureSize];
        var bytes = Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteUInt32BigEndian(signature, Verifier.Id);
        Ed25519.Sign(seed, 0, bytes, 0, bytes.Length, signature, 4);
        return $"{text}\n\u2014 {Verifier.Name} {Convert.ToBase64String(signature)}\n";
    }
}
