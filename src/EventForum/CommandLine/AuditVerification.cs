using System.Globalization;
using EventForum.Access;
using EventForum.Platform;
using EventForum.Transparency;
using Marten;
using Npgsql;

namespace EventForum.CommandLine;

/// <summary>Compares all that is stored with the transparency log, and what people are shown with the events, as of one moment.</summary>
internal static class AuditVerification
{
    /// <summary>In bytes: with the cosignatures of many witnesses.</summary>
    private const int MaxCheckpoint = 65_536;

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
            if (file.Length == 0)
            {
                return [];
            }

            if (
                new FileInfo(file).Length <= MaxCheckpoint
                && await File.ReadAllTextAsync(file) is var note
                && SignedNote.Parse(note) is not null
            )
            {
                return [note];
            }

            AuditCommand.Refuse($"{file} is no checkpoint. Give a file with what GET /log/checkpoint answered.");
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            AuditCommand.Refuse($"{file} cannot be read: {e.Message}");
            return null;
        }
    }

    private static async Task<bool> VerifyAsync(AuditInput input, IReadOnlyList<string> kept)
    {
        var configuration = input.Services.GetRequiredService<IConfiguration>();
        await using var connection = await DatabaseLock.OpenAsync(configuration, CancellationToken.None);
        if (input.LogOnlyFlag)
        {
            return await VerifyLogAsync(connection, input.Services, kept);
        }

        AsideDatabase aside;
        try
        {
            aside = await AsideDatabase.CreateAsync(
                StoreModule.ConnectionString(configuration, serves: false),
                input.Services.GetRequiredService<IDocumentStore>(),
                CancellationToken.None
            );
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return AuditCommand.Refuse(
                "What the events make is compared in a database of its own, and the role of EVENTFORUM_DB may not create one: `alter role NAME createdb`, or compare the log alone with --log-only."
            );
        }

        await using (aside)
        {
            return await VerifyAllAsync(connection, aside, input.Services, kept);
        }
    }

    private static async Task<bool> VerifyAllAsync(
        NpgsqlConnection connection,
        AsideDatabase aside,
        IServiceProvider services,
        IReadOnlyList<string> kept
    )
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var store = services.GetRequiredService<IDocumentStore>();
        EventDescription[] events = [.. services.GetServices<EventDescription>()];
        var copy = new AsideCopy(aside, connection);
        bool isLogSound;
        await using (
            var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead)
        )
        {
            await PatientAsync(connection);
            await ShowAsync(
                "Copying events",
                progress => copy.EventsAsync(events, ((DocumentStore)store).Events.AggregateAliasFor, progress, default)
            );
            await ShowAsync("Copying rows", progress => copy.RowsAsync(progress, default));
            isLogSound = await CompareLogAsync(connection, services, kept);
            await transaction.RollbackAsync();
        }

        try
        {
            await ShowAsync(
                "Making all rows again",
                progress => new ReadModelBuild(store, events, aside).RunAsync(progress, default)
            );
        }
        catch (Exception e)
        {
            // Events that were changed may make no sense to a projection; the log says which were.
            return AuditCommand.Refuse(
                $"What the events make cannot be compared, since they make nothing: {e.GetBaseException().Message}"
            );
        }

        var report = await Platform.Progress.ShowAsync(
            "Comparing rows",
            clock,
            progress => new ReadModelComparison(aside).RunAsync(progress, CancellationToken.None)
        );
        foreach (var flaw in report.Flaws)
        {
            Console.WriteLine(flaw);
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{aside.Tables.Count} tables are made of the events: {report.Count:N0} rows are not what the events make."
            )
        );
        foreach (
            var tables in copy.NotCompared.GroupBy(table => table.Why, table => table.Table, StringComparer.Ordinal)
        )
        {
            Console.WriteLine($"Not compared: {string.Join(", ", tables)} ({tables.Key}).");
        }

        return isLogSound && report.Count == 0;

        Task ShowAsync(string what, Func<Action<long, long>, Task> work) =>
            Platform.Progress.ShowAsync(
                what,
                clock,
                async progress =>
                {
                    await work(progress);
                    return true;
                }
            );
    }

    private static async Task<bool> VerifyLogAsync(
        NpgsqlConnection connection,
        IServiceProvider services,
        IReadOnlyList<string> kept
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await PatientAsync(connection);
        return await CompareLogAsync(connection, services, kept);
    }

    private static async Task PatientAsync(NpgsqlConnection connection)
    {
        await using var patient = new NpgsqlCommand("set local idle_in_transaction_session_timeout = 0", connection);
        await patient.ExecuteNonQueryAsync();
    }

    private static async Task<bool> CompareLogAsync(
        NpgsqlConnection connection,
        IServiceProvider services,
        IReadOnlyList<string> kept
    )
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var key = LogKey.Of(services.GetRequiredService<IConfiguration>()).Verifier;
        var (started, verified) = (clock.GetTimestamp(), 0L);
        await using var snapshot = await SharedSnapshot.OfAsync(connection, CancellationToken.None);
        var report = await Platform.Progress.ShowAsync(
            "Comparing events with the log",
            clock,
            progress =>
                new LogVerification(connection, snapshot.Connections, key).RunAsync(
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
        return report.Flaws.Count == 0;

        double Rate() => verified / Math.Max(clock.GetElapsedTime(started).TotalSeconds, 0.001);
    }
}
