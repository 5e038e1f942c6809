using System.Text.Json;

namespace EventForum.Exchange;

/// <summary>Brings an export into a forum: the same events with the same ids, versions, times and actors, in the same order.</summary>
internal sealed class EventsImport(PastEvents past, Defects defects)
{
    private const int BatchEvents = 2_000;

    /// <exception cref="FormatException">The file is no export that this program can read; nothing is stored.</exception>
    public async Task<ImportResult> RunAsync(string path, Action<long, long> progress, CancellationToken cancellation)
    {
        var result = new ImportResult();
        var file = Path.GetFileName(path);
        var total = Check(path, file);
        long done = 0;
        foreach (var lines in Lines(path).Chunk(BatchEvents))
        {
            var stored = await past.StoreAsync(
                [.. lines.Select(line => past.Read(ExportedEvent.Read(line.Text), file, line.Number))],
                keepPositions: true,
                cancellation
            );
            result.Added += stored.Added;
            result.Known += stored.Known;
            foreach (var defect in stored.Defects)
            {
                defects.Add(defect);
            }

            progress(done += lines.Length, total);
        }

        return result;
    }

    private long Check(string path, string file)
    {
        long last = 0;
        long count = 0;
        foreach (var (number, text) in Lines(path))
        {
            try
            {
                var e = ExportedEvent.Read(text);
                last =
                    past.TypeOf(e.Type) is null ? throw new FormatException($"No event {e.Type} is known here.")
                    : !past.KnowsKind(e.StreamKind)
                        ? throw new FormatException($"No stream of kind {e.StreamKind} is known here.")
                    : !Guid.TryParse(e.Actor, out _) ? throw new FormatException("It names no actor.")
                    : e.Data.ValueKind != JsonValueKind.Object ? throw new FormatException("Its data is no object.")
                    : e.Position <= last || e.Position == long.MaxValue
                        ? throw new FormatException("Its position is not after the one before it.")
                    : e.Position;
                past.Read(e, file, number);
                count++;
            }
            catch (FormatException e)
            {
                throw new FormatException($"Line {number}: {e.Message}", e);
            }
        }

        return count;
    }

    private static IEnumerable<(int Number, string Text)> Lines(string path) =>
        File.ReadLines(path).Select((text, i) => (i + 1, text)).Where(line => !string.IsNullOrWhiteSpace(line.text));
}
