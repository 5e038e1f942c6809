using System.Text.Json.Serialization;
using EventForum.Access;
using EventForum.Commands;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace EventForum.Members;

/// <summary>Who a member is: what commands need to know of their sender.</summary>
/// <param name="NameKey">The name as it is compared: compatibility-folded, lower case.</param>
/// <param name="Roles">Null for who has never had any but to be a member.</param>
/// <param name="Standing">Null for a member of good standing.</param>
public sealed record Member(
    Guid Id,
    long Version,
    string Subject,
    string Name,
    string NameKey,
    string? GrantedTitle,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RecordedRoles? Roles = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Standing? Standing = null
)
{
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
