using System.Text.Json.Serialization;
using EventForum.Access;
using EventForum.Platform;
using JasperFx.Events;

namespace EventForum.Members;

// Facts of one member's stream: what moderators decided about the member.

/// <summary>A moderator took the right to write from the member.</summary>
/// <param name="Until">Null until it is lifted.</param>
/// <param name="Reason">1-500 characters; the member reads it.</param>
/// <param name="Automatic">True where it came with the warning that brought the points to a threshold; else null.</param>
public sealed record MemberSuspended(
    DateTimeOffset? Until,
    string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Automatic = null
);

/// <summary>The member may write again.</summary>
public sealed record SuspensionLifted(string Reason);

/// <summary>A moderator had the member's posts wait until a moderator restores them.</summary>
/// <param name="Until">Null until it is lifted.</param>
/// <param name="Reason">1-500 characters; the member reads it.</param>
public sealed record MemberSilenced(DateTimeOffset? Until, string Reason);

/// <summary>What the member writes is there at once again. What waits goes on waiting.</summary>
public sealed record SilenceLifted(string Reason);

/// <summary>A moderator told the member what not to do again.</summary>
/// <param name="Points">0-100.</param>
/// <param name="ExpiresAt">When the points stop counting; null for never.</param>
/// <param name="Message">1-500 characters; the member reads it.</param>
public sealed record MemberWarned(int Points, DateTimeOffset? ExpiresAt, string Message);

/// <summary>A moderators' decision was undone: the member stands as if it had never been made.</summary>
public sealed record StandingRestored(
    Sanction? Suspension,
    IReadOnlyList<Warning> Warnings,
    string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Sanction? Silence = null
);

internal static class StandingFold
{
    /// <summary>The standing after one more event; the same instance where the event says nothing about it. Pure.</summary>
    public static Standing After(Standing standing, IEvent e) =>
        e.Data switch
        {
            MemberSuspended suspended => standing with
            {
                Suspension = new Sanction(
                    e.ActorId(),
                    e.Timestamp,
                    suspended.Until,
                    suspended.Reason,
                    IsAutomatic: suspended.Automatic
                ),
            },
            SuspensionLifted => standing with { Suspension = null },
            MemberSilenced silenced => standing with
            {
                Silence = new Sanction(e.ActorId(), e.Timestamp, silenced.Until, silenced.Reason, e.BatchId()),
            },
            SilenceLifted => standing with { Silence = null },
            MemberWarned warned => standing with
            {
                Warnings =
                [
                    .. standing.Warnings,
                    new Warning(e.ActorId(), e.Timestamp, warned.Points, warned.ExpiresAt, warned.Message),
                ],
            },
            StandingRestored restored => new Standing(restored.Suspension, restored.Warnings, restored.Silence),
            _ => standing,
        };
}
