namespace EventForum.Erasure;

/// <summary>
/// How long values are kept that are of no use for ever: section <c>Retention</c>, times such as <c>365.00:00:00</c>. Nothing goes
/// unless it is set here and <c>audit retain</c> is run. The forum keeps no addresses.
/// </summary>
public sealed class RetentionOptions
{
    /// <summary>Reasons that people gave for what they did: edits, removals, locks, sanctions. Null keeps them.</summary>
    public TimeSpan? Reasons { get; set; }

    /// <summary>
    /// By whom the identity provider knows members who have done nothing for so long. Who signs in afterwards is a new member. Null
    /// keeps them; those of members who came with an import are kept anyway.
    /// </summary>
    public TimeSpan? Subjects { get; set; }

    /// <summary>As of when values go.</summary>
    internal Expiry At(DateTimeOffset now) => new(now - Reasons, now - Subjects);
}

/// <summary>Before when something was said that is not to be kept any more; null for what is kept.</summary>
internal sealed record Expiry(DateTimeOffset? Reasons, DateTimeOffset? Subjects);
