using System.Globalization;

namespace EventForum.Transparency;

/// <summary>What came of looking at another log.</summary>
/// <param name="Cosigned">The checkpoint that was cosigned; null where it was refused, or nothing could be looked at.</param>
/// <param name="What">For people.</param>
/// <param name="IsProof">Whether the log contradicts itself: what it signed before is not what it signs now.</param>
internal sealed record Sighting(Checkpoint? Cosigned, string What, bool IsProof = false);

/// <summary>
/// Cosigns the checkpoints of another log, each only if the log goes on from the one that was cosigned before: nothing in it was
/// changed or taken out since.
/// </summary>
internal sealed class Witness(WitnessedLogs logs, SignerKey key, TimeProvider clock)
{
    /// <summary>A checkpoint has some lines.</summary>
    private const int LongestNote = 64 * 1024;

    /// <param name="log">Where it is served; addresses are below it, as in C2SP tlog-tiles.</param>
    /// <param name="given">The log's verifier key; null where it is known from before.</param>
    /// <exception cref="HttpRequestException">It cannot be asked.</exception>
    public async Task<Sighting> LookAsync(HttpClient log, VerifierKey? given, CancellationToken cancellation)
    {
        var note = await log.GetStringAsync("log/checkpoint", cancellation);
        var origin = note.Split('\n')[0].TrimEnd('\r');
        if (note.Length > LongestNote || origin.Any(char.IsControl) || SignedNote.Parse(note) is not { } signed)
        {
            return new Sighting(null, "What it answers is no checkpoint.");
        }

        using var turn = logs.TryLock(origin);
        if (turn is null)
        {
            return new Sighting(null, $"The log {origin} is just being looked at by another command.");
        }

        var known = logs.KeyOf(origin);
        if ((given ?? known) is not { } verifier)
        {
            return new Sighting(
                null,
                $"The log {origin} has not been watched before: name its verifier key with --key. Who runs it publishes it."
            );
        }

        if (known is not null && given is not null && known.ToString() != given.ToString())
        {
            return new Sighting(null, $"The log {origin} has been watched with the key {known}, which is another.");
        }

        if (Checkpoint.Open(note, verifier) is not { } checkpoint)
        {
            return new Sighting(null, $"The checkpoint is not signed with the key {verifier}.");
        }

        var before = logs.CheckpointOf(WitnessedLogs.HashOf(origin));
        if (before is not null && await ContradictionAsync(log, before, checkpoint, verifier, cancellation) is { } why)
        {
            return new Sighting(
                null,
                $"{why} Keep both checkpoints: they prove it to everybody.\n\nCosigned before:\n{before}\nNow:\n{note}",
                IsProof: true
            );
        }

        if (known is null)
        {
            logs.Keep(verifier);
        }

        logs.Keep(
            verifier,
            $"{signed.Text}\n{signed.LinesBy(verifier).First()}\n{Cosignature.Line(key, signed.Text, clock.GetUtcNow())}\n"
        );
        return new Sighting(
            checkpoint,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Cosigned {origin} at {checkpoint.Size:N0} events{(before is null ? ", for the first time" : "")}."
            )
        );
    }

    /// <summary>Why the log does not go on from the checkpoint before; null where it does.</summary>
    private static async Task<string?> ContradictionAsync(
        HttpClient log,
        string before,
        Checkpoint now,
        VerifierKey verifier,
        CancellationToken cancellation
    )
    {
        var last =
            Checkpoint.Open(before, verifier)
            ?? throw new InvalidDataException(
                "The checkpoint that was cosigned before is not signed with the log's key. Restore the folder witnessed of EVENTFORUM_DATA."
            );
        if (now.Size < last.Size)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The log {now.Origin} has shrunk, from {last.Size} events to {now.Size}."
            );
        }

        var tiles = new RemoteTiles(log, now.Size);
        return MerkleTree.Extends(
            now.Root,
            now.Size,
            last.Root,
            last.Size,
            await MerkleTree.ConsistencyAsync(
                last.Size,
                now.Size,
                (level, index) => tiles.SubtreeAsync(level, index, cancellation)
            )
        )
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The log {now.Origin} is a fork: its first {last.Size} events are others than those that were cosigned, or its tiles do not fit its checkpoint."
            );
    }
}

/// <summary>The tiles of another log, each fetched once.</summary>
internal sealed class RemoteTiles(HttpClient log, long size)
{
    private readonly Dictionary<(int Level, long Index), byte[]> known = [];

    /// <summary>The hash of a perfect subtree, out of what the tiles say; nothing is known of whether they are right.</summary>
    public async Task<byte[]> SubtreeAsync(int level, long index, CancellationToken cancellation)
    {
        var (tileLevel, tileIndex, first, count) = Tile.Holding(level, index);
        if (!known.TryGetValue((tileLevel, tileIndex), out var hashes))
        {
            var width = (int)Math.Min(Tile.Full, (size >> (8 * tileLevel)) - (tileIndex * Tile.Full));
            var path = Tile.IndexPath(tileIndex);
            var partial = width < Tile.Full ? string.Create(CultureInfo.InvariantCulture, $".p/{width}") : "";
            hashes = await log.GetByteArrayAsync(
                string.Create(CultureInfo.InvariantCulture, $"log/tile/{tileLevel}/{path}{partial}"),
                cancellation
            );
            if (hashes.Length != width * Tile.HashBytes)
            {
                throw new HttpRequestException($"The tile {tileLevel}/{path}{partial} is not of {width} hashes.");
            }

            known[(tileLevel, tileIndex)] = hashes;
        }

        return MerkleTree.Perfect([.. hashes.Chunk(Tile.HashBytes).Skip(first).Take(count)]);
    }
}
