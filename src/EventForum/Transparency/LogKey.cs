using System.Security.Cryptography;
using EventForum.Platform;

namespace EventForum.Transparency;

/// <summary>
/// The key that checkpoints are signed with: made on first use in the data folder, readable by its owner only. All servers of a
/// forum need the same one, and what was published is worth nothing without it.
/// </summary>
internal static class LogKey
{
    private const string FileName = "log.key";

    private const string WitnessFileName = "witness.key";

    /// <summary>The setting that names the log where its key is made: the forum's address without a scheme is a good name.</summary>
    private const string Setting = "Log:Name";

    public static SignerKey Of(IConfiguration configuration) => Of(configuration, FileName, () => Make(configuration));

    /// <summary>The key that checkpoints of other logs are cosigned with, which signs nothing else. Its name begins with the log's.</summary>
    public static SignerKey OfWitness(IConfiguration configuration) =>
        Of(configuration, WitnessFileName, () => SignerKey.Make(Of(configuration).Verifier.Name + "/witness"));

    private static SignerKey Of(IConfiguration configuration, string file, Func<SignerKey> make)
    {
        var path = Path.Combine(configuration["EVENTFORUM_DATA"] ?? ".data", file);
        var text = KeyFile.ReadOrMake(path, () => System.Text.Encoding.UTF8.GetBytes(make().ToSecretText() + "\n"));
        return SignerKey.Parse(System.Text.Encoding.UTF8.GetString(text))
            ?? throw new StartRefusedException(
                $"{path} does not hold the key that it held. Put back the file that it was."
            );
    }

    private static SignerKey Make(IConfiguration configuration)
    {
        var name =
            configuration[Setting] ?? $"eventforum-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        return name.Length is > 0 and <= 100 && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '+')
            ? SignerKey.Make(name)
            : throw new StartRefusedException(
                "Log__Name is 1 to 100 characters without spaces and +, such as forum.example/log."
            );
    }
}
