namespace EventForum.History.Sql;

/// <summary>A view of the schema that people query by SQL.</summary>
/// <param name="Name">Its name in the schema.</param>
/// <param name="About">What it is, for who lists the views.</param>
/// <param name="Query">What it selects.</param>
internal sealed record SqlView(string Name, string About, string Query)
{
    public string QuotedName => $"{SqlSchema.Name}.{Quote(Name)}";

    public static string Quote(string identifier) =>
        $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
