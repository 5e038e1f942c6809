namespace EventForum.Members;

// Facts of one member's stream. The stream's id is the member's id.

/// <summary>Someone wrote here for the first time.</summary>
/// <param name="Subject">Issuer and subject of the token that the member signs in with.</param>
/// <param name="Name">1-60 characters, 1-50 today; no two members' names differ only in case.</param>
public sealed record MemberRegistered(string Subject, string Name);

/// <summary>An admin gave the member a title of its own, which wins over the ladder.</summary>
/// <param name="Title">1-60 characters; null takes a granted title back.</param>
public sealed record TitleGranted(string? Title);
