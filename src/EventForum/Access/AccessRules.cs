using System.Text.Json.Serialization;

namespace EventForum.Access;

/// <summary>A board, as far as it decides who may do what there.</summary>
/// <param name="CloseReason">Why it takes neither threads nor posts; null while it does.</param>
/// <param name="IsLogPublic">Whether everybody who sees it reads what moderators did in it.</param>
public sealed record BoardAccess(BoardPermissions Permissions, string? CloseReason, bool IsLogPublic = false)
{
    /// <summary>A board that nobody has changed.</summary>
    public static readonly BoardAccess Default = new(BoardPermissions.Default, CloseReason: null);
}

/// <summary>The roles that a member has: those of its newest token, and those that an admin granted.</summary>
/// <param name="TokenIssuedAt">When the token was issued whose roles these are.</param>
public sealed record RecordedRoles(
    Guid MemberId,
    IReadOnlyList<string> TokenRoles,
    DateTimeOffset? TokenIssuedAt,
    IReadOnlyList<string> GrantedRoles
)
{
    /// <summary>Whether the member decides about others.</summary>
    [JsonIgnore]
    public bool Decide => TokenRoles.Concat(GrantedRoles).Any(role => role is Role.Moderator or Role.Admin);

    /// <summary>Whether a token says something else than is recorded, and is not older than what did.</summary>
    /// <param name="known">Null for who has never had any role but to be a member.</param>
    public static bool AreChangedBy(RecordedRoles? known, IReadOnlyList<string> tokenRoles, DateTimeOffset issuedAt) =>
        !tokenRoles.SequenceEqual(known?.TokenRoles ?? [], StringComparer.Ordinal)
        && issuedAt >= (known?.TokenIssuedAt ?? DateTimeOffset.MinValue);
}

/// <summary>What boards permit and which roles members have, at one moment. Boards and members with roles are few.</summary>
public sealed class AccessRules(
    IReadOnlyDictionary<Guid, BoardAccess> boards,
    IReadOnlyDictionary<string, RecordedRoles> roles,
    IReadOnlyDictionary<string, Sanction>? suspensions = null,
    IReadOnlyDictionary<string, Sanction>? silences = null
)
{
    /// <summary>Nobody has a role but to be a member.</summary>
    internal static readonly IReadOnlyDictionary<string, RecordedRoles> NoRoles = new Dictionary<string, RecordedRoles>(
        StringComparer.Ordinal
    );

    public static readonly AccessRules None = new(new Dictionary<Guid, BoardAccess>(), NoRoles);

    /// <summary>Boards whose permissions or state have been changed; all others are as <see cref="BoardAccess.Default"/>.</summary>
    public IReadOnlyDictionary<Guid, BoardAccess> Boards => boards;

    /// <summary>Boards that not everyone sees.</summary>
    public IReadOnlyList<Guid> PrivateBoards { get; } =
    [.. boards.Where(board => !board.Value.Permissions.See.Everyone).Select(board => board.Key).Order()];

    /// <summary>The position of the last erasure that had been carried out; zero before the first one.</summary>
    public long LastErasure { get; init; }

    public BoardAccess Of(Guid boardId) => boards.GetValueOrDefault(boardId, BoardAccess.Default);

    /// <summary>Null for who may write.</summary>
    public Sanction? SuspensionOf(string subject) => suspensions?.GetValueOrDefault(subject);

    /// <summary>Null for whose posts are there at once.</summary>
    public Sanction? SilenceOf(string subject) => silences?.GetValueOrDefault(subject);

    /// <summary>Null for who has no role but to be a member.</summary>
    public RecordedRoles? RolesOf(string subject) => roles.GetValueOrDefault(subject);
}
