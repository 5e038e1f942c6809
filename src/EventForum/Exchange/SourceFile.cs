using System.Security.Cryptography;
using System.Text;
using EventForum.Platform;

namespace EventForum.Exchange;

/// <summary>A file of discussions: a JSON object a line, the lines of a thread together.</summary>
/// <param name="now">What is later has not happened: a thread that goes on here would go back in time.</param>
internal sealed class SourceFile(string path, DateTimeOffset now)
{
    /// <summary>So many lines show what is in a file, though the first ones may be unreadable.</summary>
    private const int Glance = 20;

    /// <summary>Each processor reads so many: enough that handing them over costs nothing, and few in memory.</summary>
    private const int LinesAtOnce = 200;

    public string Path { get; } = path;

    public string Name { get; } = System.IO.Path.GetFileName(path);

    /// <summary>What names this file whatever it is called: a hash of its content.</summary>
    public async Task<Guid> IdAsync(CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(Path);
        return StableId.Of("file", Convert.ToHexString(await SHA256.HashDataAsync(stream, cancellation)));
    }

    /// <summary>Whether a file holds the texts that posts had, and not the posts.</summary>
    public static bool HoldsRevisions(string path) => First(path) is { Revision: not null };

    /// <summary>Whether a file holds what moderators did, and not the posts.</summary>
    public static bool HoldsActs(string path) => First(path) is { Act: not null };

    /// <summary>The first line that can be read.</summary>
    private static SourceLine? First(string path) =>
        TextLines
            .Utf8Of(path)
            .Take(Glance)
            .Select(line => SourceLine.Read(path, 0, line.Utf8, out _))
            .FirstOrDefault(line => line is not null);

    /// <summary>Whether a file is what <c>export</c> wrote.</summary>
    public static bool HoldsEvents(string path) =>
        TextLines.Of(path).Take(Glance).Any(line => ExportedEvent.IsOne(line.Text));

    /// <exception cref="FormatException">A line is no UTF-8, or too long.</exception>
    /// <param name="unreadable">Gets the number, the text and the flaw of each line that is no post.</param>
    public IEnumerable<SourceLine> Lines(Action<int, string, string>? unreadable = null)
    {
        foreach (var (number, utf8, line, flaw) in Read())
        {
            if (line is null)
            {
                unreadable?.Invoke(number, Encoding.UTF8.GetString(utf8), flaw!);
            }
            else if (line.At > now || line.EditedAt > now)
            {
                unreadable?.Invoke(number, line.Raw, "Its time is still to come.");
            }
            else
            {
                yield return line;
            }
        }
    }

    /// <summary>Reading a line costs more than all else that is done to it at once: each processor reads some.</summary>
    private IEnumerable<(int Number, byte[] Utf8, SourceLine? Line, string? Flaw)> Read()
    {
        var begun = new Queue<Task<(int, byte[], SourceLine?, string?)[]>>();
        foreach (var lines in TextLines.Utf8Of(Path).Chunk(LinesAtOnce))
        {
            begun.Enqueue(Task.Run(() => Array.ConvertAll(lines, Read)));
            if (begun.Count > Environment.ProcessorCount)
            {
                foreach (var read in begun.Dequeue().GetAwaiter().GetResult())
                {
                    yield return read;
                }
            }
        }

        foreach (var read in begun.SelectMany(reading => reading.GetAwaiter().GetResult()))
        {
            yield return read;
        }
    }

    private (int Number, byte[] Utf8, SourceLine? Line, string? Flaw) Read((int Number, byte[] Utf8) read)
    {
        var line = SourceLine.Read(Name, read.Number, read.Utf8, out var flaw);
        return (read.Number, read.Utf8, line, flaw);
    }

    public IEnumerable<List<SourceLine>> Threads()
    {
        var thread = new List<SourceLine>();
        foreach (var line in Lines())
        {
            if (thread.Count > 0 && (thread[0].Thread != line.Thread || thread[0].Source != line.Source))
            {
                yield return thread;
                thread = [];
            }

            thread.Add(line);
        }

        if (thread.Count > 0)
        {
            yield return thread;
        }
    }
}
