using System.Text.Json.Serialization;

namespace EventForum.Access;

/// <summary>What moderators hold against a member.</summary>
/// <param name="Suspension">Null for who may write.</param>
/// <param name="Warnings">In their order, those that have expired among them.</param>
/// <param name="Silence">Null for whose posts are there at once.</param>
public sealed record Standing(
    Sanction? Suspension,
    IReadOnlyList<Warning> Warnings,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Sanction? Silence = null
)
{
    public static readonly Standing Good = new(null, []);

    [JsonIgnore]
    public bool IsGood => Suspension is null && Silence is null && Warnings.Count == 0;

    public bool Equals(Standing? other) =>
        other is not null
        && Suspension == other.Suspension
        && Silence == other.Silence
        && Warnings.SequenceEqual(other.Warnings);

    public override int GetHashCode() => HashCode.Combine(Suspension, Silence, Warnings.Count);
}

/// <param name="By">The moderator.</param>
/// <param name="Until">Null until it is lifted.</param>
/// <param name="BatchId">Of a silence: the batch whose undo brings back the posts that wait because of it.</param>
/// <param name="IsAutomatic">True where it came with the warning that brought the points to a threshold; else null.</param>
public sealed record Sanction(
    Guid By,
    DateTimeOffset At,
    DateTimeOffset? Until,
    string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? BatchId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsAutomatic = null
)
{
    public bool HoldsAt(DateTimeOffset now) => Until is null || Until > now;
}

/// <param name="By">The moderator.</param>
/// <param name="Points">0-100.</param>
/// <param name="ExpiresAt">When the points stop counting; null for never.</param>
public sealed record Warning(Guid By, DateTimeOffset At, int Points, DateTimeOffset? ExpiresAt, string Message)
{
    public bool CountsAt(DateTimeOffset now) => ExpiresAt is null || ExpiresAt > now;
}
