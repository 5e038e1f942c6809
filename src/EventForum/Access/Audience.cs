using System.Text.Json.Serialization;
using EventForum.Platform;

namespace EventForum.Access;

/// <summary>
/// Who has a permission: everyone, whoever has one of some roles, some members; or a union of these. With none of them it
/// is nobody but admins.
/// </summary>
/// <param name="Everyone">Guests too, as far as they can do it at all: only members write.</param>
/// <param name="Roles">Roles as tokens name them, case and all; <c>member</c> is everybody who has signed in. Up to 50 of 1-100 characters.</param>
/// <param name="Members">Ids of members, up to 1,000.</param>
public sealed record Audience(
    bool Everyone = false,
    IReadOnlyList<string>? Roles = null,
    IReadOnlyList<Guid>? Members = null
)
{
    public const int MaxRoles = 50;
    public const int MaxMembers = 1_000;

    public static readonly Audience All = new(Everyone: true);

    public IReadOnlyList<string> Roles { get; init; } = Roles ?? [];

    public IReadOnlyList<Guid> Members { get; init; } = Members ?? [];

    [JsonIgnore]
    public bool IsNobody => !Everyone && Roles.Count == 0 && Members.Count == 0;

    public static Audience OfRoles(params string[] roles) => new(Roles: roles);

    public static Audience OfMembers(params Guid[] members) => new(Members: members);

    public bool Includes(Guid? memberId, IReadOnlySet<string> roles) =>
        Everyone || Roles.Any(roles.Contains) || (memberId is { } id && Members.Contains(id));

    /// <summary>The same in one form: each role and member once and in order, and none of them beside everyone.</summary>
    public Audience Normalise() =>
        Everyone
            ? All
            : new Audience(
                Roles:
                [
                    .. Roles.Select(role => role.Trim()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
                ],
                Members: [.. Members.Distinct().Order()]
            );

    public Refusal? RefusalOf(string field)
    {
        if (Roles.Count > MaxRoles || Members.Count > MaxMembers)
        {
            return new Refusal(
                422,
                "audience-too-large",
                "This names more roles or members than a permission can.",
                $"Send at most {MaxRoles} roles and {MaxMembers} members in {field}; give the members a role instead."
            );
        }

        return Roles
            .Select(role => PlainLine.RefusalOf(role, "role", 1, Role.MaxLength))
            .FirstOrDefault(r => r is not null);
    }

    public bool Equals(Audience? other) =>
        other is not null
        && Everyone == other.Everyone
        && Roles.SequenceEqual(other.Roles, StringComparer.Ordinal)
        && Members.SequenceEqual(other.Members);

    public override int GetHashCode() => HashCode.Combine(Everyone, Roles.Count, Members.Count);
}
