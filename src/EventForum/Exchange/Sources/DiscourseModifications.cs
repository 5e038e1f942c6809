using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EventForum.Exchange.Sources;

/// <summary>What a revision of a Discourse changed, before and after, as its column <c>modifications</c> says it in YAML.</summary>
internal sealed record DiscourseModifications(
    string? RawBefore,
    string? Raw,
    string? TitleBefore,
    string? Title,
    string? Reason
)
{
    /// <exception cref="FormatException">It is not what Ruby writes.</exception>
    public static DiscourseModifications Of(string yaml)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new FormatException($"What the revision changed cannot be read: {e.Message}", e);
        }

        if (stream.Documents is not [{ RootNode: YamlMappingNode all }])
        {
            return new(null, null, null, null, null);
        }

        var (rawBefore, raw) = Change(all, "raw");
        var (titleBefore, title) = Change(all, "title");
        return new(rawBefore, raw, titleBefore, title, Change(all, "edit_reason").After);
    }

    private static (string? Before, string? After) Change(YamlMappingNode all, string name)
    {
        // Old versions wrote symbols for names.
        var change = all.Children.FirstOrDefault(child =>
            child.Key is YamlScalarNode key && key.Value?.TrimStart(':') == name
        );
        return change.Value is YamlSequenceNode { Children: [var before, var after] }
            ? (Text(before), Text(after))
            : (null, null);
    }

    private static string? Text(YamlNode node) =>
        node is not YamlScalarNode scalar ? null
        : scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" } ? null
        : !scalar.Tag.IsEmpty && scalar.Tag.Value.EndsWith("binary", StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(scalar.Value ?? ""))
        : scalar.Value;
}
