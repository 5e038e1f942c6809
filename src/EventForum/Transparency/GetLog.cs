using System.Globalization;
using EventForum.Platform;

namespace EventForum.Transparency;

/// <summary>The log for programs that others wrote: a read-only log of C2SP tlog-tiles at <c>/log</c>.</summary>
internal static class GetLog
{
    /// <summary>A full tile never changes, and holds hashes only: there is nothing in it that a removal would have to reach.</summary>
    private const string Forever = "public, max-age=31536000, immutable";

    /// <summary>It grows: a moment later there is more.</summary>
    private const string Briefly = "public, max-age=1";

    private static readonly Refusal NotThere = new(
        404,
        "not-in-log",
        "The log has no such part.",
        "Take /log/checkpoint for how many leaves there are, and C2SP tlog-tiles for how parts are named."
    );

    private static readonly Refusal NotWitnessed = new(
        404,
        "not-witnessed",
        "This forum has not cosigned this log.",
        "A log is named by the SHA-256 of its name, the first line of its checkpoint, in 64 lower-case hexadecimal digits."
    );

    public static void Map(WebApplication app)
    {
        var log = app.MapGroup("/log").AllowAnonymous().ExcludeFromDescription();
        log.MapGet("/checkpoint", CheckpointAsync);
        log.MapGet("/key", KeyAsync);
        log.MapGet("/witnessed/{hash}/checkpoint", Witnessed);
        log.MapGet("/witnessed/key", WitnessKey);
        log.MapGet("/tile/{level}/{**index}", TileAsync);
    }

    private static async Task<IResult> CheckpointAsync(LogReads log, HttpContext http)
    {
        if (await log.HeadAsync(http.RequestAborted) is not { } head)
        {
            return new Problem(NotThere);
        }

        http.Response.Headers.CacheControl = Briefly;
        return Results.Text(head.Note, "text/plain", System.Text.Encoding.UTF8);
    }

    private static async Task<IResult> KeyAsync(LogReads log, HttpContext http) =>
        await log.HeadAsync(http.RequestAborted) is { } head
            ? Results.Text(head.Key + "\n", "text/plain", System.Text.Encoding.UTF8)
            : new Problem(NotThere);

    /// <summary>The checkpoint of another log that this forum cosigned last.</summary>
    private static IResult Witnessed(string hash, WitnessedLogs logs, HttpContext http)
    {
        if (!WitnessedLogs.IsHash(hash) || logs.CheckpointOf(hash) is not { } note)
        {
            return new Problem(NotWitnessed);
        }

        http.Response.Headers.CacheControl = Briefly;
        return Results.Text(note, "text/plain", System.Text.Encoding.UTF8);
    }

    private static IResult WitnessKey(IConfiguration configuration) =>
        Results.Text(
            Cosignature.KeyOf(LogKey.OfWitness(configuration)) + "\n",
            "text/plain",
            System.Text.Encoding.UTF8
        );

    private static async Task<IResult> TileAsync(string level, string index, LogReads log, HttpContext http)
    {
        var isEntries = level == "entries";
        if (
            (!isEntries && !(level is [>= '0' and <= '9'] or [>= '1' and <= '6', >= '0' and <= '9']))
            || Tile.Parse(isEntries ? 0 : int.Parse(level, CultureInfo.InvariantCulture), index) is not { } tile
            || await (
                isEntries ? log.EntriesAsync(tile, http.RequestAborted) : log.HashesAsync(tile, http.RequestAborted)
            )
                is not { } bytes
        )
        {
            return new Problem(NotThere);
        }

        http.Response.Headers.CacheControl = tile.Width == Tile.Full ? Forever : Briefly;
        return Results.Bytes(bytes, "application/octet-stream");
    }
}
