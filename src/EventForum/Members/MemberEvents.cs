namespace EventForum.Members;

// Facts of one member's stream. The stream's id is the member's id.

/// <summary>Someone wrote here for the first time.</summary>
/// <param name="Subject">Issuer and subject of the token that the member signs in with.</param>
/// <param name="Name">1-60 characters, 1-50 today; no two members' names differ only in case.</param>
public sealed record MemberRegistered(string Subject, string Name);

/// <summary>An admin gave the member a title of its own, which wins over the ladder.</summary>
/// <param name="Title">1-60 characters; null takes a granted title back.</param>
public sealed record TitleGranted(string? Title);

/// <summary>A member signed in with a token that names other roles than the one before.</summary>
/// <param name="Roles">All that the token names but <c>member</c>; at most 100, of 1-100 characters, in order.</param>
/// <param name="IssuedAt">When the token was issued: the newest token's roles are the ones that count.</param>
public sealed record TokenRolesChanged(IReadOnlyList<string> Roles, DateTimeOffset IssuedAt)
{
    public const int MaxRoles = 100;
}

/// <summary>An admin said who the person is that an import brought. It stands in the stream of the imported member.</summary>
/// <param name="MemberId">Whoever signs in as that member writes as this one; null for nobody any more.</param>
public sealed record AccountClaimed(Guid? MemberId);

/// <summary>An admin said that the member is one that an import brought. It stands in the stream of who signs in.</summary>
/// <param name="MemberId">Whoever signs in as this member writes as that one; null for this one again.</param>
public sealed record AccountMerged(Guid? MemberId);

/// <summary>An admin granted the member roles, beside those of its token.</summary>
/// <param name="Roles">All that are granted from now on; up to 50 of 1-100 characters, in order.</param>
public sealed record RolesGranted(IReadOnlyList<string> Roles);
