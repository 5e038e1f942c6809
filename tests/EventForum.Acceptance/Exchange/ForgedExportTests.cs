namespace EventForum.Acceptance.Exchange;

/// <summary>An import is as strict as the commands: what could not have happened does not come in, and nothing with it.</summary>
public sealed class ForgedExportTests(ForgedExport export) : IClassFixture<ForgedExport>
{
    private static readonly Forgery[] Known =
    [
        .. ForgedEnvelopes.All(),
        .. ForgedEnvelopes.Order(),
        .. ForgedData.All(),
    ];

    public static TheoryData<string> Forgeries => new(Known.Select(forgery => forgery.What));

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task a_forged_export_is_refused_with_its_line_and_stores_nothing(string what)
    {
        var forgery = Known.Single(known => known.What == what);
        var lines = export.Copy();
        var index = forgery.Forge(lines);

        var told = await export.RefusalOfAsync([.. lines.Select(ForgedExport.Text)]);

        told.ShouldNotBeNull().ShouldStartWith($"Line {index + 1}: ");
        told.ShouldContain(forgery.Why);
    }

    [Theory]
    [InlineData("{", "}}")]
    [InlineData("\"body\":\"The last line.\"", "\"body\":\"One.\",\"body\":\"Another.\"")]
    [InlineData("The last line.", "Half a \\ud800 pair.")]
    [InlineData("\"data\":{", "\"data\":{\"more\":1e999,")]
    [InlineData("\"data\":{", "\"data\":{\"more\":12345678901234567890123456789012345678901234567890,")]
    [InlineData("\"data\":{", "\"headers\":\"none\",\"data\":{")]
    public async Task a_line_that_no_program_wrote_is_refused(string whole, string broken)
    {
        var lines = export.Lines.ToArray();
        var last = Array.FindLastIndex(lines, line => line.Contains("The last line.", StringComparison.Ordinal));
        var at = lines[last].IndexOf(whole, StringComparison.Ordinal);
        lines[last] = lines[last][..at] + broken + lines[last][(at + whole.Length)..];

        (await export.RefusalOfAsync(lines)).ShouldNotBeNull().ShouldStartWith($"Line {last + 1}: ");
    }
}
