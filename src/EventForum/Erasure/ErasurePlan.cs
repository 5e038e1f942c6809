using System.ComponentModel;
using EventForum.Members;

namespace EventForum.Erasure;

/// <summary>What erasing a person would take out of the forum.</summary>
/// <param name="Name">What the member is called.</param>
/// <param name="Becomes">What the member will be called.</param>
/// <param name="Counts">How many events of which type lose something; none when there is nothing left to take out.</param>
/// <param name="Mentions">
/// Posts of others whose current text holds the name, the oldest first, 1,000 at most. They stay as they are: whether they mean
/// the person, somebody has to decide.
/// </param>
public sealed record ErasurePlan(
    Guid MemberId,
    string Name,
    string Becomes,
    ErasureScope Scope,
    IReadOnlyList<ErasedCount> Counts,
    IReadOnlyList<Guid> Mentions
);

/// <summary>What an erasure took out.</summary>
/// <param name="Name">What the member is called since.</param>
/// <param name="BatchId">The erasure, as the audit tells it: <c>/api/audit/batches/{id}</c>.</param>
/// <param name="Counts">How many events of which type lost something.</param>
/// <param name="Position">
/// Of the event that says so. Posts, titles and members are without the person at once; lists and views are, some seconds later.
/// </param>
public sealed record ErasureReceipt(
    Guid MemberId,
    string Name,
    Guid BatchId,
    IReadOnlyList<ErasedCount> Counts,
    long Position
);

/// <summary>Erases a person, for good.</summary>
/// <param name="Scope">What is taken out.</param>
/// <param name="Reason">Why, for moderators: 1-500 characters, one line. It stays.</param>
/// <param name="Name">The member's name as it is written: nothing can bring back what is taken out.</param>
public sealed record EraseMemberRequest(
    [property: Description("name or name-and-words.")] string? Scope,
    string? Reason,
    string? Name
)
{
    /// <summary>Null for none that there is.</summary>
    internal static ErasureScope? ScopeOf(string? scope) =>
        scope switch
        {
            "name" => ErasureScope.Name,
            "name-and-words" => ErasureScope.NameAndWords,
            _ => null,
        };
}
