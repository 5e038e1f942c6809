using System.Text.Json.Serialization;

namespace EventForum.Moderation;

// Facts of what moderators did at once. The stream's id is the batch's id, which all its events carry as their causation.

/// <summary>
/// A moderator's act was carried out, over all that it touched. What it did to each thread and post stands in their
/// streams, stored in the same transaction.
/// </summary>
/// <param name="Kind">What was done: remove-posts, lock-threads, undo and so on.</param>
/// <param name="Reason">1-500 characters.</param>
/// <param name="PostIds">The posts that it changed.</param>
/// <param name="ThreadIds">The threads that it changed, or whose posts it changed.</param>
/// <param name="BoardIds">The boards that these are in, and those that they were moved to.</param>
/// <param name="MemberIds">Whose posts and threads they are.</param>
/// <param name="UndoneBatchId">The batch that it undoes; null for another kind than undo.</param>
/// <param name="CaseId">The case that it resolved; null for none.</param>
public sealed record BatchApplied(
    string Kind,
    string Reason,
    IReadOnlyList<Guid> PostIds,
    IReadOnlyList<Guid> ThreadIds,
    IReadOnlyList<Guid> BoardIds,
    IReadOnlyList<Guid> MemberIds,
    Guid? UndoneBatchId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? CaseId = null
);

/// <summary>
/// The batch was undone. It stands beside the events that undo it, so that of two who undo the same batch at the same
/// moment one comes too late.
/// </summary>
/// <param name="By">The batch that undid it.</param>
public sealed record BatchUndone(Guid By);
