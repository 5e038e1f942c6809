namespace EventForum.Platform;

public static class Store
{
    /// <summary>The PostgreSQL schema that everything lives in.</summary>
    public const string Schema = "forum";
}
