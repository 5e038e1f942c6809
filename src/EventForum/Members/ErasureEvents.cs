using System.Text.Json.Serialization;

namespace EventForum.Members;

/// <summary>What of a person is taken out of the forum.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ErasureScope>))]
public enum ErasureScope
{
    /// <summary>The name, and by whom the identity provider knows the person.</summary>
    [JsonStringEnumMemberName("name")]
    Name,

    /// <summary>Also all that the person wrote: posts in all their revisions, titles, reasons, reports, notes, appeals.</summary>
    [JsonStringEnumMemberName("name-and-words")]
    NameAndWords,
}

/// <summary>
/// A person was erased: the name, and what else the scope says, were taken out of the events, for good. It stands in the stream
/// of the member, who is called by a number since.
/// </summary>
/// <param name="Number">The member is "erased member" and this number; each has one of its own.</param>
/// <param name="Counts">How many events of which type lost something.</param>
/// <param name="Reason">1-500 characters, one line. Moderators read it.</param>
public sealed record MemberErased(int Number, ErasureScope Scope, IReadOnlyList<ErasedCount> Counts, string Reason)
{
    /// <summary>What an erased member is called, before the number; nobody else takes such a name.</summary>
    internal const string Called = "erased member ";
}

/// <summary>
/// By whom the identity provider knows the member was taken out of the events, because the member had done nothing since a time: who
/// signs in with it is a new member. It stands in the stream of the member.
/// </summary>
public sealed record SubjectExpired(DateTimeOffset Before);

/// <summary>
/// Values that are not to be kept for longer were taken out of the events, for good. It stands in the stream of the member who had it
/// done.
/// </summary>
/// <param name="ReasonsBefore">Reasons given before that time; left out where none were to go.</param>
/// <param name="SubjectsBefore">Subjects of members who had done nothing since; left out where none were to go.</param>
/// <param name="Counts">How many events of which type lost something.</param>
public sealed record RetentionApplied(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ReasonsBefore,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? SubjectsBefore,
    IReadOnlyList<ErasedCount> Counts
);

/// <param name="Type">The type of the events.</param>
public sealed record ErasedCount(string Type, int Events);
