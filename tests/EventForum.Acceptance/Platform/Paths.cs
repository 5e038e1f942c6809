using System.Text.RegularExpressions;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

/// <summary>Addresses that routes take.</summary>
internal static partial class Paths
{
    /// <summary>The route's address for a thread, its board and its first post; of other things, for one that is not there.</summary>
    public static string Of(string route, TestThread thread) =>
        Parameter()
            .Replace(
                route,
                parameter =>
                    parameter.Groups["name"].Value switch
                    {
                        "threadId" => thread.Id.ToString(),
                        "boardId" => thread.BoardId.ToString(),
                        "postId" => thread.FirstPostId.ToString(),
                        "documentName" => "v1",
                        _ => Guid.CreateVersion7().ToString(),
                    }
            );

    [GeneratedRegex(@"\{(?<name>\w+)[^}]*\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Parameter();
}
