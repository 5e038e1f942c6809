using System.Text.Json.Serialization;

namespace EventForum.Access;

/// <summary>What moderators hold against a member.</summary>
/// <param name="Suspension">Null for who may write.</param>
/// <param name="Warnings">In their order, those that have expired among them.</param>
public sealed record Standing(Sanction? Suspension, IReadOnlyList<Warning> Warnings)
{
    public static readonly Standing Good = new(null, []);

    [JsonIgnore]
    public bool IsGood => Suspension is null && Warnings.Count == 0;

    public bool Equals(Standing? other) =>
        other is not null && Suspension == other.Suspension && Warnings.SequenceEqual(other.Warnings);

    public override int GetHashCode() => HashCode.Combine(Suspension, Warnings.Count);
}

/// <param name="By">The moderator.</param>
/// <param name="Until">Null until it is lifted.</param>
public sealed record Sanction(Guid By, DateTimeOffset At, DateTimeOffset? Until, string Reason)
{
    public bool HoldsAt(DateTimeOffset now) => Until is null || Until > now;
}

/// <param name="By">The moderator.</param>
/// <param name="Points">0-100.</param>
/// <param name="ExpiresAt">When the points stop counting; null for never.</param>
public sealed record Warning(Guid By, DateTimeOffset At, int Points, DateTimeOffset? ExpiresAt, string Message);
