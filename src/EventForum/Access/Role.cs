namespace EventForum.Access;

/// <summary>The site roles that the forum itself knows; a token may name others, for boards to refer to.</summary>
public static class Role
{
    public const int MaxLength = 100;

    /// <summary>Everybody who has signed in.</summary>
    public const string Member = "member";

    /// <summary>Moderates every board whose permissions do not say otherwise.</summary>
    public const string Moderator = "moderator";

    /// <summary>Sees and may do everything.</summary>
    public const string Admin = "admin";
}
