namespace EventForum.Cases;

// Facts of one case: what members reported of a post, and what became of it. The stream's id is the case's id.

/// <summary>A member reported the post. The first report begins the case; others come to it until it is decided.</summary>
/// <param name="AuthorId">Who wrote the post.</param>
/// <param name="Revision">The post's revision that was current then.</param>
/// <param name="Reason">The key of one of the reasons that the forum was configured with then.</param>
/// <param name="Text">Up to 1,000 characters; null for none.</param>
public sealed record PostReported(Guid PostId, Guid AuthorId, int Revision, string Reason, string? Text);

/// <summary>A moderator works on the case from now on, in place of whoever did before.</summary>
public sealed record CaseTaken;

/// <summary>A moderator wrote something down that only moderators read.</summary>
/// <param name="Text">1-1,000 characters.</param>
public sealed record CaseNoted(string Text);

/// <summary>A moderator resolved the case by a batch, which is stored in the same transaction.</summary>
/// <param name="Reason">The key of the reason that the moderator found to be right.</param>
/// <param name="Explanation">Up to 1,000 characters, for the post's author; null where the batch's own reason says it.</param>
public sealed record CaseResolved(Guid BatchId, string Reason, string? Explanation);

/// <summary>A moderator closed the case without doing anything to the post or its author.</summary>
/// <param name="Explanation">1-1,000 characters; who reported the post reads it.</param>
public sealed record CaseDismissed(string Explanation);

/// <summary>The post's author asked for another decision than the one that resolved the case.</summary>
/// <param name="Text">1-1,000 characters.</param>
public sealed record DecisionAppealed(string Text);

/// <summary>A moderator, not the one who had resolved the case, decided about the appeal.</summary>
/// <param name="IsOverturned">Whether the decision does not hold any more.</param>
/// <param name="Explanation">1-1,000 characters; the author reads it.</param>
/// <param name="BatchId">The batch that undid the first one; null where nothing was left to undo.</param>
public sealed record AppealDecided(bool IsOverturned, string Explanation, Guid? BatchId);
