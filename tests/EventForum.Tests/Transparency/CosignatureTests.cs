using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EventForum.Transparency;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace EventForum.Tests.Transparency;

/// <summary>As C2SP tlog-cosignature has it.</summary>
public sealed class CosignatureTests
{
    private static readonly SignerKey Log = SignerKey.Make("example.com/behind-the-sofa");
    private static readonly SignerKey Witness = SignerKey.Make("witness.example.com/w1");
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1679315147);

    private const string Text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    private static string Cosigned(string text = Text) => $"{Log.Sign(text)}{Cosignature.Line(Witness, text, Now)}\n";

    [Fact]
    public void a_line_holds_the_name_the_id_of_a_key_of_type_4_the_time_and_a_signature_of_the_text_with_the_time()
    {
        var parts = Cosignature.Line(Witness, Text, Now).Split(' ');
        var bytes = Convert.FromBase64String(parts[2]);
        var key = Witness.Verifier.Key;
        var message = "cosignature/v1\ntime 1679315147\n" + Text;

        parts[..2].ShouldBe(["\u2014", "witness.example.com/w1"]);
        bytes.Length.ShouldBe(4 + 8 + 64);
        bytes[..4].ShouldBe(SHA256.HashData([.. "witness.example.com/w1\n"u8, 4, .. key])[..4]);
        BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(4)).ShouldBe(1679315147);
        Ed25519.Verify(bytes, 12, key, 0, Encoding.UTF8.GetBytes(message), 0, message.Length).ShouldBeTrue();
    }

    [Fact]
    public void a_cosigned_checkpoint_is_still_the_logs_and_says_when_it_was_cosigned()
    {
        Checkpoint.Open(Cosigned(), Log.Verifier).ShouldNotBeNull().Size.ShouldBe(20852163);
        Cosignature.Time(Cosigned(), Cosignature.KeyOf(Witness)).ShouldBe(Now);
    }

    [Fact]
    public void what_is_not_cosigned_with_the_key_has_no_time()
    {
        var key = Cosignature.KeyOf(Witness);
        var parts = Cosigned().Split("\n\n");

        Cosignature.Time(Log.Sign(Text), key).ShouldBeNull();
        Cosignature.Time(Cosigned(), Cosignature.KeyOf(SignerKey.Make("witness.example.com/w1"))).ShouldBeNull();
        Cosignature.Time(Cosigned(), Witness.Verifier).ShouldBeNull();
        Cosignature.Time($"{Text.Replace("163", "164", StringComparison.Ordinal)}\n{parts[1]}", key).ShouldBeNull();
        Cosignature.Time(Text, key).ShouldBeNull();
        // Of another time.
        var bytes = Convert.FromBase64String(Cosignature.Line(Witness, Text, Now).Split(' ')[2]);
        bytes[11]++;
        Cosignature
            .Time($"{Text}\n\u2014 {Witness.Verifier.Name} {Convert.ToBase64String(bytes)}\n", key)
            .ShouldBeNull();
    }

    [Fact]
    public void its_key_is_written_with_its_type_and_read_again()
    {
        var key = VerifierKey.Parse(Cosignature.KeyOf(Witness).ToString()).ShouldNotBeNull();

        key.Type.ShouldBe(VerifierKey.CosignatureType);
        key.Id.ShouldNotBe(Witness.Verifier.Id);
        Cosignature.Time(Cosigned(), key).ShouldBe(Now);
    }
}
