using System.Globalization;
using EventForum.Platform;
using EventForum.Transparency;
using EventForum.Views.Framework;
using Npgsql;

namespace EventForum.CommandLine;

/// <summary>Compares all that is stored with the transparency log, and what people are shown with the events.</summary>
internal static class AuditVerification
{
    /// <returns>Whether everything is as it should be.</returns>
    public static async Task<bool> RunAsync(AuditInput input)
    {
        var kept = await KeptAsync(input.CheckpointFlag);
        return kept is not null && await VerifyAsync(input, kept);
    }

    private static async Task<IReadOnlyList<string>?> KeptAsync(string file)
    {
        try
        {
            return file.Length == 0 ? [] : [await File.ReadAllTextAsync(file)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            AuditCommand.Refuse($"{file} cannot be read: {e.Message}");
            return null;
        }
    }

    private static async Task<bool> VerifyAsync(AuditInput input, IReadOnlyList<string> kept)
    {
        var clock = input.Services.GetRequiredService<TimeProvider>();
        var configuration = input.Services.GetRequiredService<IConfiguration>();
        await using var connection = await DatabaseLock.OpenAsync(configuration, CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using var patient = new NpgsqlCommand("set local idle_in_transaction_session_timeout = 0", connection);
        await patient.ExecuteNonQueryAsync();
        var (started, verified) = (clock.GetTimestamp(), 0L);
        var report = await Platform.Progress.ShowAsync(
            "Comparing events with the log",
            clock,
            progress =>
                new LogVerification(connection, LogKey.Of(configuration).Verifier).RunAsync(
                    kept,
                    (done, total) =>
                    {
                        verified = done;
                        progress(done, total);
                    },
                    CancellationToken.None
                ),
            () => $", {Rate():N0} events/s"
        );
        await transaction.RollbackAsync();
        foreach (var flaw in report.Flaws)
        {
            Console.WriteLine(flaw);
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Size:N0} events in the log, {report.Behind:N0} not yet, {Rate():N0} events/s: {report.Flaws.Count:N0} flaws."
            )
        );
        var rows = input.LogOnlyFlag ? 0 : await VerifyViewsAsync(input.Services, clock);
        return report.Flaws.Count == 0 && rows == 0;

        double Rate() => verified / Math.Max(clock.GetElapsedTime(started).TotalSeconds, 0.001);
    }

    /// <summary>Compares what people are shown with a fold of the events; the answer is how many rows differ.</summary>
    private static async Task<int> VerifyViewsAsync(IServiceProvider services, TimeProvider clock)
    {
        var rebuild = services.GetRequiredService<ViewRebuild>();
        var different = 0;
        foreach (var view in services.GetServices<ViewDefinition>())
        {
            foreach (
                var row in await Platform.Progress.ShowAsync(
                    $"Building {view.Name} aside",
                    clock,
                    progress => rebuild.VerifyAsync(view, progress, CancellationToken.None)
                )
            )
            {
                Console.WriteLine($"view: {view.Name}: {row}");
                different++;
            }
        }

        Console.WriteLine($"{different} rows of views are not what the events give.");
        return different;
    }
}
