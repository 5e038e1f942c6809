using EventForum.Exchange;
using EventForum.Threads.Quoting;

namespace EventForum.CommandLine;

/// <summary>Says what would come of an import of files of lines, and stores nothing.</summary>
internal static class ImportTrial
{
    public static async Task<bool> RunAsync(
        ImportInput input,
        List<string> files,
        PostFormat format,
        DateTimeOffset now,
        List<SourceFile> revisions,
        List<SourceFile> acts
    )
    {
        if (files.Find(SourceFile.HoldsEvents) is { } export)
        {
            return ImportCommand.Refuse(
                $"{export} is an export, which is checked whole before anything of it is stored: leave out --dry-run."
            );
        }

        var met = new HashSet<(string, string)>();
        foreach (var file in files)
        {
            using var defects = ImportCommand.Defects(input, file, append: file != files[0]);
            var trial = new SourceTrial(defects, input.BoardFlag, format);
            await trial.AddAsync(
                new SourceFile(file, now),
                revisions,
                acts,
                input.Services.GetRequiredService<TimeProvider>()
            );
            trial.Print(file);
            met.UnionWith(trial.Met);
        }

        ImportCommand.ReportUnused(input, revisions, acts, met);

        return true;
    }
}
