namespace EventForum.Transparency;

/// <summary>A leaf beside its event, as far as nothing else is needed to compare them. Pure.</summary>
/// <param name="Event">Null where there is none at its position.</param>
/// <param name="Hash">Its entry in the tree.</param>
/// <param name="FitsRecord">Whether its commitment is to its record.</param>
/// <param name="Id">Of the event that its record names.</param>
/// <param name="Differences">What of the event is not as it was.</param>
internal sealed record LookedAt(
    StoredLeaf Leaf,
    LoggedEvent? Event,
    byte[] Hash,
    bool FitsRecord,
    Guid? Id,
    IReadOnlyList<string> Differences
)
{
    public static LookedAt Of(StoredLeaf leaf, LoggedEvent? e)
    {
        var salts = LoggedLeaf.SaltsIn(leaf.Salts ?? "{}");
        var record = leaf.Parsed();
        return new LookedAt(
            leaf,
            e,
            Transparency.Leaf.Hash(leaf.Position, leaf.Commitment),
            salts.TryGetValue(Transparency.Leaf.Whole, out var salt)
                && Transparency.Leaf.IsTo(leaf.Commitment, salt, leaf.Record),
            record is { } known
            && known.TryGetProperty("id", out var text)
            && Guid.TryParse(text.ToString(), out var parsed)
                ? parsed
                : null,
            e is not null && record is { } readable ? [.. LeafComparison.Differences(e, readable, salts)] : []
        );
    }
}
