using JasperFx.CommandLine;

namespace EventForum.CommandLine;

public sealed class ImportInput : HostInput
{
    [Description(
        "Files of discussions, a JSON object a post; or of the revisions that their posts had, or of what moderators did there; or exports"
    )]
    public IEnumerable<string> Files { get; set; } = [];

    [Description("The board for all threads; without it, each goes to the board of its section")]
    public string? BoardFlag { get; set; }

    [Description(
        "How the texts are written whose lines name no format: markdown, bbcode, mail or text; without it, markdown"
    )]
    public string? FormatFlag { get; set; }

    [Description("A file of the revisions that the posts had")]
    public string? RevisionsFlag { get; set; }

    [Description(
        "What the files are, where they are no lines of JSON: mbox, stackexchange, discourse, phpbb or nodebb. A folder will do"
    )]
    [FlagAlias("from", longAliasOnly: true)]
    public string? FromFlag { get; set; }

    [Description(
        "With --from, what names the site; without it, the kind of source. Two sites of one kind need two names"
    )]
    [FlagAlias("source", longAliasOnly: true)]
    public string? SourceFlag { get; set; }

    [Description("With --from, the folder to keep the lines in that were made of the source")]
    [FlagAlias("keep-lines", longAliasOnly: true)]
    public string? KeepLinesFlag { get; set; }

    [Description("Store nothing: say what would come in, and what could not as it stands")]
    [FlagAlias("dry-run", longAliasOnly: true)]
    public bool DryRunFlag { get; set; }

    [Description("Where to list what could not come in as it stands; beside each file without it")]
    public string? DefectsFlag { get; set; }
}
