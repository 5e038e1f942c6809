using EventForum.Access;

namespace EventForum.Boards;

// Facts of one board's stream. The stream's id is the board's id.

/// <summary>A board was opened.</summary>
/// <param name="Name">3-255 characters; no two boards' names differ only in case.</param>
public sealed record BoardCreated(string Name, string? Description);

/// <summary>A board got another name.</summary>
/// <param name="Name">3-255 characters; no two boards' names differ only in case.</param>
public sealed record BoardRenamed(string Name);

/// <summary>A board got another description.</summary>
/// <param name="Description">Up to 1,000 characters; null for none.</param>
public sealed record BoardDescribed(string? Description);

/// <summary>It was said anew who may do what on a board.</summary>
public sealed record BoardPermissionsChanged(Audience See, Audience Start, Audience Reply, Audience Moderate);

/// <summary>It was said whether everybody who sees the board reads what moderators did in it.</summary>
public sealed record ModerationLogPublished(bool IsPublic);

/// <summary>A board was closed: it is read as before, and takes neither threads nor posts.</summary>
/// <param name="Reason">1-500 characters, for everyone who sees the board.</param>
public sealed record BoardClosed(string Reason);

/// <summary>A closed board takes threads and posts again.</summary>
/// <param name="Reason">1-500 characters, for everyone who sees the board.</param>
public sealed record BoardReopened(string Reason);
