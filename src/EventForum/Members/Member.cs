using System.Text.Json.Serialization;
using EventForum.Access;
using EventForum.Commands;
using EventForum.Platform;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace EventForum.Members;

/// <summary>Who a member is: what commands need to know of their sender.</summary>
/// <param name="NameKey">The name as it is compared: compatibility-folded, lower case.</param>
/// <param name="Roles">Null for who has never had any but to be a member.</param>
/// <param name="Standing">Null for a member of good standing.</param>
/// <param name="ClaimedBy">As whom the person signs in that an import brought; null where nobody does.</param>
/// <param name="MergedInto">The imported member that the person is who signs in as this one; null for nobody else.</param>
public sealed record Member(
    Guid Id,
    long Version,
    string Subject,
    string Name,
    string NameKey,
    string? GrantedTitle,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RecordedRoles? Roles = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Standing? Standing = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ClaimedBy = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? MergedInto = null
)
{
    /// <summary>What the subjects of imported members begin with.</summary>
    internal const string ImportedSubject = "import:";

    internal static readonly AggregateKind Kind = AggregateKind.Of<Member>(Fold);

    public static StreamKey Stream(Guid id) => new(Kind, id);

    public static Member? Fold(Member? member, IEvent e) =>
        e.Data switch
        {
            MemberRegistered registered => new Member(
                e.StreamId,
                1,
                registered.Subject,
                registered.Name,
                MemberName.Key(registered.Name),
                null
            ),
            _ when member is null => null,
            TitleGranted granted => member with { Version = member.Version + 1, GrantedTitle = granted.Title },
            TokenRolesChanged met => member with
            {
                Version = member.Version + 1,
                Roles = member.KnownRoles with { TokenRoles = met.Roles, TokenIssuedAt = met.IssuedAt },
            },
            AccountClaimed claimed => member with { Version = member.Version + 1, ClaimedBy = claimed.MemberId },
            AccountMerged merged => member with { Version = member.Version + 1, MergedInto = merged.MemberId },
            // Nobody can be who has been erased.
            MemberErased => member with { Version = member.Version + 1, ClaimedBy = null },
            RolesGranted granted => member with
            {
                Version = member.Version + 1,
                Roles = member.KnownRoles with { GrantedRoles = granted.Roles },
            },
            _ => member with
            {
                Version = member.Version + 1,
                Standing = StandingFold.After(member.Standing ?? Standing.Good, e) is { IsGood: false } standing
                    ? standing
                    : null,
            },
        };

    /// <summary>Whether an import brought the person, and not only a source's name for those who are not known.</summary>
    internal bool IsImported => Subject.StartsWith(ImportedSubject, StringComparison.Ordinal) && Subject.Contains('#');

    /// <summary>Whether a token may have this subject.</summary>
    internal bool CanSignIn =>
        !Subject.StartsWith(ImportedSubject, StringComparison.Ordinal)
        && !Subject.StartsWith(EventSalts.ErasedSubject, StringComparison.Ordinal)
        && !Subject.StartsWith(EventSalts.ExpiredSubject, StringComparison.Ordinal);

    private RecordedRoles KnownRoles => Roles ?? new RecordedRoles(Id, [], null, []);
}

/// <summary>Keeps <see cref="Member"/> beside its stream; its unique indexes are what makes names unique.</summary>
public sealed partial class MemberProjection : SingleStreamProjection<Member, Guid>
{
    /// <summary>Names its events: a projection that does not is asked about every stream, with a query a save.</summary>
    public MemberProjection()
    {
        foreach (var description in MemberEventDescriptions.All)
        {
            IncludeType(description.EventType);
        }
    }

    public override Member? Evolve(Member? snapshot, Guid id, IEvent e) => Member.Fold(snapshot, e);
}
