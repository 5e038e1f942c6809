using System.Globalization;
using System.Runtime.InteropServices;
using EventForum.Transparency;

namespace EventForum.CommandLine;

/// <summary>Cosigns the checkpoints of another forum's log, once or again and again.</summary>
internal static class AuditWitness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>False where the log contradicts itself, or could not be looked at.</returns>
    public static async Task<bool> RunAsync(AuditInput input)
    {
        if (
            !Uri.TryCreate(input.Id.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
        )
        {
            return AuditCommand.Refuse("Name the address of the forum, such as https://forum.example.");
        }

        var key = input.KeyFlag.Length == 0 ? null : VerifierKey.Parse(input.KeyFlag);
        if (input.KeyFlag.Length > 0 && key is not { Type: VerifierKey.SignatureType })
        {
            return AuditCommand.Refuse(
                "--key is no verifier key of a log, as its `audit key` prints it: NAME+HASH+KEY."
            );
        }

        var every = input.EveryFlag.Length == 0 ? TimeSpan.Zero : Interval(input.EveryFlag);
        if (every is not { } interval)
        {
            return AuditCommand.Refuse("--every is a time such as 30s, 1m or 2h.");
        }

        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var witness = new Witness(
            new WitnessedLogs(configuration),
            LogKey.OfWitness(configuration),
            TimeProvider.System
        );
        using var log = new HttpClient
        {
            BaseAddress = address,
            Timeout = Patience,
            MaxResponseContentBufferSize = 1 << 20,
        };
        return interval == TimeSpan.Zero
            ? (await LookAsync(witness, log, key)).Cosigned is not null
            : await WatchAsync(witness, log, key, interval);
    }

    /// <summary>Until the command is ended, or the log contradicts itself. What cannot be looked at now may be later.</summary>
    private static async Task<bool> WatchAsync(Witness witness, HttpClient log, VerifierKey? key, TimeSpan interval)
    {
        using var ending = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var timer = new PeriodicTimer(interval, TimeProvider.System);
        try
        {
            do
            {
                if ((await LookAsync(witness, log, key)).IsProof)
                {
                    return false;
                }
            } while (await timer.WaitForNextTickAsync(ending.Token));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested) { }

        return true;

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ending.Cancel();
        }
    }

    private static async Task<Sighting> LookAsync(Witness witness, HttpClient log, VerifierKey? key)
    {
        Sighting seen;
        try
        {
            seen = await witness.LookAsync(log, key, CancellationToken.None);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or InvalidDataException)
        {
            seen = new Sighting(null, $"{log.BaseAddress} cannot be looked at: {e.Message}");
        }

        await (seen.Cosigned is null ? Console.Error : Console.Out).WriteLineAsync(
            seen.IsProof ? $"THE LOG CONTRADICTS ITSELF. {seen.What}" : seen.What
        );
        return seen;
    }

    /// <summary>Null where it is none.</summary>
    private static TimeSpan? Interval(string text) =>
        text is [.. var digits, 's' or 'm' or 'h']
        && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count is > 0 and <= 10_000
            ? text[^1] switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                _ => TimeSpan.FromHours(count),
            }
            : null;
}
