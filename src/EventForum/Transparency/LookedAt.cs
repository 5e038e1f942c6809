using System.Text.Json;

namespace EventForum.Transparency;

/// <summary>What a leaf is beside its event, as far as nothing else is needed to compare them. Pure.</summary>
/// <param name="Hash">Its entry in the tree.</param>
/// <param name="FitsRecord">Whether its commitment is to its record.</param>
/// <param name="Id">Of the event that its record names.</param>
/// <param name="EventId">Of the event at its position; null where there is none.</param>
/// <param name="Differences">What of the event is not as it was.</param>
internal sealed record LookedAt(
    long Index,
    long Position,
    byte[] Hash,
    bool FitsRecord,
    Guid? Id,
    Guid? EventId,
    IReadOnlyList<string> Differences
)
{
    public static LookedAt Of(StoredLeaf leaf, LoggedEvent? e, RecordMaker maker)
    {
        var hash = Leaf.Hash(leaf.Position, leaf.Commitment);
        if (e is not null && leaf.IsAsMade(e, maker))
        {
            return new LookedAt(leaf.Index, leaf.Position, hash, FitsRecord: true, e.Id, e.Id, []);
        }

        var salts = LoggedLeaf.SaltsIn(leaf.Salts ?? "{}");
        var record = leaf.Parsed();
        return new LookedAt(
            leaf.Index,
            leaf.Position,
            hash,
            salts.TryGetValue(Leaf.Whole, out var salt) && Leaf.IsTo(leaf.Commitment, salt, leaf.Record),
            record is { } known
            && known.TryGetProperty("id", out var text)
            && Guid.TryParse(text.ToString(), out var parsed)
                ? parsed
                : null,
            e?.Id,
            e is not null && record is { } readable ? [.. LeafComparison.Differences(e, readable, salts)] : []
        );
    }
}

/// <summary>A leaf with its salts, whatever has been done to them.</summary>
/// <param name="Record">As UTF-8.</param>
/// <param name="Salts">As JSON; null where there are none.</param>
internal sealed record StoredLeaf(long Index, long Position, byte[] Commitment, byte[] Record, string? Salts)
{
    /// <summary>Whether the leaf made of this event with these salts is this one: nothing is missing then, and nothing altered.</summary>
    public bool IsAsMade(LoggedEvent e, RecordMaker maker)
    {
        using var salts = JsonDocument.Parse(Salts ?? "{}");
        var made = salts.RootElement.ValueKind == JsonValueKind.Object ? maker.Make(e, SaltOf) : [];
        return !made.IsEmpty
            && made.SequenceEqual(Record)
            && SaltOf(Leaf.Whole) is { } whole
            && maker.Commit(whole, made).AsSpan().SequenceEqual(Commitment);

        byte[]? SaltOf(string path) =>
            salts.RootElement.TryGetProperty(path, out var salt) && salt.ValueKind == JsonValueKind.String
                ? Leaf.SaltOf(salt)
                : null;
    }

    public JsonElement? Parsed()
    {
        try
        {
            return JsonElement.Parse(Record) is { ValueKind: JsonValueKind.Object } record ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
