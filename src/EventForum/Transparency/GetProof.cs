using System.Text.Json;
using System.Text.Json.Nodes;
using EventForum.History;
using EventForum.Members;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Transparency;

/// <summary>
/// That an event is in the log: SHA-256 over 0x00 and the leaf leads by the hashes to the root that the checkpoint signs. What a
/// leaf commits to is shown to who sees the event: SHA-256 over the salt and the record is the leaf's commitment, and over the salt of
/// a value and the value, as canonical JSON (RFC 8785), the record's.
/// </summary>
/// <param name="Position">The event's position.</param>
/// <param name="Index">The leaf's place in the tree, from 0.</param>
/// <param name="Size">How many leaves the tree of the checkpoint has.</param>
/// <param name="Leaf">The leaf, byte by byte: the position, and the commitment to the record.</param>
/// <param name="Hashes">What leads from the leaf to the root, in base64, as RFC 6962 has it.</param>
/// <param name="Checkpoint">The checkpoint, as C2SP tlog-checkpoint and signed-note have it.</param>
/// <param name="Record">The event, with a commitment in base64 in the place of each value; null where this reader sees no such event.</param>
/// <param name="Salt">The record's, in base64; null with it.</param>
/// <param name="Values">The values of the event that this reader sees, with their salts.</param>
public sealed record EventProof(
    long Position,
    long Index,
    long Size,
    string Leaf,
    IReadOnlyList<string> Hashes,
    string Checkpoint,
    string? Record,
    string? Salt,
    IReadOnlyList<ProvenValue> Values
);

/// <summary>A value of an event, with what proves it.</summary>
/// <param name="Path">Its name in the record, such as data.body.</param>
/// <param name="Salt">In base64.</param>
/// <param name="Value">As canonical JSON.</param>
public sealed record ProvenValue(string Path, string Salt, string Value);

public static class GetProofEndpoint
{
    private static readonly Refusal NotLogged = new(
        404,
        "event-not-in-log",
        "The log has no event at this position.",
        "Events come to the log a second after they are stored. Positions stand at events in /api/events; some are left out."
    );

    private static readonly Refusal NoPosition = new(
        400,
        "position-missing",
        "It is not said of which event.",
        "Send position=, the position of an event."
    );

    /// <summary>That an event is in the transparency log, as a proof that others can verify: <c>ops/verify-proof</c> does.</summary>
    /// <param name="position">The event's position.</param>
    [WolverineGet("/api/audit/proof"), AllowAnonymous, DearRead(TakesTurnsItself = true)]
    [ProducesResponseType(typeof(EventProof), 200)]
    [ProducesResponseType(400, Description = "The position is missing, or is no number.")]
    [ProducesResponseType(404, Description = "The log has no event at this position.")]
    public static async Task<IResult> Get(long? position, AuditProofs proofs, Readers readers, HttpContext http)
    {
        if (position is not { } wanted)
        {
            return new Problem(NoPosition);
        }

        var reader = await readers.OfAsync(http);
        var (refusal, proof) = await proofs.FindAsync(wanted, reader, http.RequestAborted);
        return proof is not null ? new Tagged<EventProof>(proof) : new Problem(refusal ?? NotLogged);
    }
}

/// <summary>Makes proofs out of the log's tiles.</summary>
public sealed class AuditProofs
{
    private readonly LogReads log;
    private readonly Feed feed;

    internal AuditProofs(LogReads log, Feed feed)
    {
        this.log = log;
        this.feed = feed;
    }

    internal Task<LogHead?> HeadAsync(CancellationToken cancellation) => log.HeadAsync(cancellation);

    internal Task<IReadOnlyList<byte[]>> ConsistencyAsync(long from, long to, CancellationToken cancellation) =>
        MerkleTree.ConsistencyAsync(from, to, log.Subtrees(cancellation));

    internal async Task<(Refusal? Refusal, EventProof? Proof)> FindAsync(
        long position,
        Access.Reader reader,
        CancellationToken cancellation
    )
    {
        if (
            await log.HeadAsync(cancellation) is not { } head
            || await log.FindAsync(position, cancellation) is not { } leaf
            || leaf.Index >= head.Size
        )
        {
            return (null, null);
        }

        var (busy, page) = await feed.ReadAsync(position - 1, position, 1, null, reader, cancellation);
        if (busy is not null)
        {
            return (busy, null);
        }

        var entry = page!.Events.SingleOrDefault();
        var hashes = await MerkleTree.InclusionAsync(leaf.Index, head.Size, log.Subtrees(cancellation));
        return (
            null,
            new EventProof(
                position,
                leaf.Index,
                head.Size,
                Leaf.Entry(position, leaf.Commitment),
                [.. hashes.Select(Convert.ToBase64String)],
                head.Note,
                entry is null ? null : leaf.Record,
                entry is null ? null : leaf.Salts.GetValueOrDefault(Leaf.Whole),
                entry is null ? [] : [.. Shown(entry, leaf)]
            )
        );
    }

    /// <summary>
    /// What the reader sees of the event anyway. A value that is withheld, or shown otherwise than it is stored, does not fit its
    /// commitment, and so its salt stays here.
    /// </summary>
    private static IEnumerable<ProvenValue> Shown(HistoryEntry entry, LoggedLeaf leaf)
    {
        var record = JsonElement.Parse(leaf.Record);
        var shown = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        Add("actor", entry.Actor is { } actor ? JsonValue.Create(actor.Id.ToString()) : null);
        Add("causation", entry.CausationId);
        Add("correlation", entry.CorrelationId);
        foreach (
            var (path, value) in entry.Data is null
                ? []
                : LoggedEvent.Flat("data", JsonSerializer.SerializeToElement(entry.Data))
        )
        {
            shown[path] = value;
        }

        foreach (var (path, value) in shown)
        {
            // Null may stand for what is withheld.
            if (
                (value.ValueKind != JsonValueKind.Null || !entry.Withheld)
                && leaf.Salts.TryGetValue(path, out var salt)
                && record.TryGetProperty(path, out var commitment)
                && Leaf.IsTo(commitment.GetString()!, salt, value)
            )
            {
                yield return new ProvenValue(path, salt, CanonicalJson.Of(value));
            }
        }

        void Add(string path, JsonNode? value)
        {
            if (value is not null)
            {
                shown[path] = JsonSerializer.SerializeToElement(value);
            }
        }
    }
}
