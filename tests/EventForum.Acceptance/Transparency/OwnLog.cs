using EventForum.Acceptance.Harness;
using EventForum.Transparency;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EventForum.Acceptance.Transparency;

/// <summary>What tests of the log ask of a server and its database.</summary>
internal static class OwnLog
{
    /// <summary>Waits until the log holds everything that is stored.</summary>
    public static async Task LogsEverythingAsync(this TestDatabase database)
    {
        await Patience.UntilAsync(async () =>
            await database.ScalarAsync<long>(
                """
                select count(*) from forum.mt_events e
                 where type <> 'tombstone' and not exists (select from forum.log_leaves l where l.position = e.seq_id)
                """
            ) == 0
            && await database.ScalarAsync<long>("select count(*) from forum.log_head") > 0
        );
    }

    public static SignerKey Key(this ForumHost forum) => LogKey.Of(forum.Services.GetRequiredService<IConfiguration>());

    /// <summary>Verifies on a connection, in its transaction.</summary>
    public static Task<LogReport> VerifyAsync(NpgsqlConnection connection, VerifierKey key, params string[] kept) =>
        new LogVerification(connection, [connection], key).RunAsync(kept, (_, _) => { }, CancellationToken.None);

    public static async Task<LogReport> VerifyAsync(this TestDatabase database, VerifierKey key, params string[] kept)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        return await VerifyAsync(connection, key, kept);
    }
}
