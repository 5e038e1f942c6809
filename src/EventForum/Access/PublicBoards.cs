using EventForum.Platform;

namespace EventForum.Access;

/// <summary>
/// The boards that everyone sees, for SQL that runs without the program: all but <see cref="AccessRules.PrivateBoards"/>, by
/// the rows that <see cref="CurrentAccessRules"/> reads. What PostgreSQL does not find there is not public.
/// </summary>
internal static class PublicBoards
{
    /// <summary>Their <c>id</c>. It stands for a table and takes an alias.</summary>
    public const string Sql = $"""
        (select id from {MartenTables.Documents}board
          where data ->> 'permissions' is null or data -> 'permissions' -> 'see' ->> 'everyone' = 'true')
        """;
}
