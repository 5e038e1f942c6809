using EventForum.Transparency;

namespace EventForum.Tests.Transparency;

public sealed class SignedNoteTests
{
    /// <summary>The keys and the note of Go's <c>sumdb/note</c> documentation.</summary>
    private const string Private = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    private const string Public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    private const string Text = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        """;

    [Fact]
    public void a_note_is_signed_as_go_signs_it()
    {
        var signer = SignerKey.Parse(Private).ShouldNotBeNull();

        signer.Verifier.ToString().ShouldBe(Public);
        signer
            .Sign(Text)
            .ShouldBe(
                Text
                    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
            );
        signer.ToSecretText().ShouldBe(Private);
        SignerKey.Parse(SignerKey.Make("forum.example/log").ToSecretText()).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+c74f20a3")]
    [InlineData("")]
    public void what_is_no_key_is_none(string text)
    {
        VerifierKey.Parse(Public)!.ToString().ShouldBe(Public);
        VerifierKey.Parse(text).ShouldBeNull();
        SignerKey.Parse(text).ShouldBeNull();
    }

    [Fact]
    public void a_checkpoint_is_believed_by_its_key_alone()
    {
        var signer = SignerKey.Make("forum.example/log");
        var checkpoint = new Checkpoint("forum.example/log", 7, MerkleTree.EmptyRoot);
        var note = signer.Sign(checkpoint.ToString());

        Checkpoint.Open(note, signer.Verifier).ShouldNotBeNull().ToString().ShouldBe(checkpoint.ToString());
        // Witnesses add lines of their own.
        Checkpoint.Open(note + "— witness.example AAAA\n", signer.Verifier).ShouldNotBeNull();
        Checkpoint.Open(note.ReplaceLineEndings("\r\n"), signer.Verifier).ShouldNotBeNull();
        Checkpoint.Open(note, SignerKey.Make("forum.example/log").Verifier).ShouldBeNull();
        Checkpoint.Open(note.Replace("\n7\n", "\n8\n"), signer.Verifier).ShouldBeNull();
        Checkpoint.Open(checkpoint + "\n", signer.Verifier).ShouldBeNull();
        Checkpoint.Open("", signer.Verifier).ShouldBeNull();
        foreach (
            var text in (string[])
                [
                    "forum.example/log\n07\nAAAA\n",
                    "forum.example/log\n-1\nAAAA\n",
                    "another\n7\n" + Convert.ToBase64String(MerkleTree.EmptyRoot) + "\n",
                ]
        )
        {
            Checkpoint.Open(signer.Sign(text), signer.Verifier).ShouldBeNull();
        }
    }
}
