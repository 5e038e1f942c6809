namespace EventForum.Platform;

/// <summary>Tells readers of the API's description of a header that an endpoint reads from the request itself.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ReadsHeaderAttribute(string name, string description) : Attribute
{
    public string Name { get; } = name;

    public string Description { get; } = description;
}
