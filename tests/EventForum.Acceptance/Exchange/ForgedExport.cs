using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventForum.Acceptance.Harness;
using EventForum.Access;
using EventForum.Exchange;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EventForum.Acceptance.Exchange;

/// <summary>An export of a forum in which everything happened once, to be forged; and an empty forum to import it into.</summary>
public sealed class ForgedExport : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly DiscussionFile files = new();
    private TestDatabase original = null!;
    private TestDatabase other = null!;
    private ForumHost target = null!;

    /// <summary>The export's lines, as they were written.</summary>
    public IReadOnlyList<string> Lines { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        original = await TestDatabase.CreateAsync();
        other = await TestDatabase.CreateAsync();
        await using (var forum = await ForumHost.StartAsync(original, ("Sample", "false")))
        {
            await HappenAsync(forum);
        }

        var path = files.PathOf("good.jsonl");
        await ForumProcess.CommandAsync(original, "export", path);
        Lines = await File.ReadAllLinesAsync(path);
        target = await ForumHost.StartAsync(other, ("Sample", "false"));
    }

    /// <summary>The lines as JSON, to be changed.</summary>
    public List<JsonObject> Copy() => [.. Lines.Select(line => JsonNode.Parse(line)!.AsObject())];

    public static string Text(JsonObject line) => line.ToJsonString(Relaxed);

    /// <summary>Imports lines into the empty forum; what refused them, or null. Nothing may be stored then.</summary>
    internal async Task<string?> RefusalOfAsync(IReadOnlyList<string> lines)
    {
        var path = files.PathOf($"{Guid.CreateVersion7()}.jsonl");
        await File.WriteAllLinesAsync(path, lines);
        var database = target.Services.GetRequiredService<NpgsqlDataSource>();
        var past = new PastEvents(
            target.Services.GetRequiredService<IDocumentStore>(),
            database,
            [.. target.Services.GetServices<EventDescription>()]
        );
        using var defects = new Defects(path + ".defects", append: false);
        try
        {
            await new EventsImport(database, past, defects, TimeProvider.System.GetUtcNow()).RunAsync(
                path,
                (_, _) => { },
                CancellationToken.None
            );
            return null;
        }
        catch (FormatException e)
        {
            (await other.ScalarAsync<long>("select count(*) from forum.mt_events")).ShouldBe(0);
            return e.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        await other.DisposeAsync();
        await original.DisposeAsync();
        files.Dispose();
    }

    /// <summary>Two threads; in the first one everything happens, some of it twice.</summary>
    private static async Task HappenAsync(ForumHost forum)
    {
        var first = await forum.NewThread("The words that others quote.");
        var second = await forum.NewThread("Elsewhere.");
        var member = forum.Member();
        var moderator = forum.Moderator();
        (await forum.Admin().GrantTitle(await first.Starter.Id(), "Keeper")).ShouldBe(200);
        (await member.Reply(first.Id, "A reply.")).ShouldBe(201);
        var quoting = (await member.Quote(first.FirstPostId, "Indeed.", "words that others")).ShouldBe(201).PostId;
        (await member.Edit(quoting, "Indeed so.")).ShouldBe(200);
        (await moderator.Edit(first.FirstPostId, "The words.", "Shorter.")).ShouldBe(200);
        (await member.Remove(quoting, "Oops.")).ShouldBe(200);
        (await moderator.Remove(quoting, "Rude.")).ShouldBe(200);
        (await moderator.Restore(quoting, "Not rude.")).ShouldBe(200);
        (await member.Restore(quoting)).ShouldBe(200);
        (await moderator.Rename(first.Id, "Another title", "Clearer.")).ShouldBe(200);
        (await moderator.Pin(first.Id)).ShouldBe(200);
        (await moderator.Unpin(first.Id)).ShouldBe(200);
        (await member.Report(first.FirstPostId, "spam", "Look at it.")).ShouldBe(201);
        var known = await moderator.CaseOf(first.FirstPostId);
        (await moderator.Take(known)).ShouldBe(200);
        (await moderator.Note(known, "Indeed.")).ShouldBe(201);
        var warning = new
        {
            kind = "warn-member",
            reason = "No.",
            memberId = await first.Starter.Id(),
            points = 1,
            caseId = known,
        };
        (await moderator.Batch(warning)).ShouldBe(201);
        (await first.Starter.Appeal(known)).ShouldBe(201);
        (await forum.Moderator().DecideAppeal(known, "upheld")).ShouldBe(200);
        (await moderator.Lock(first.Id)).ShouldBe(200);
        (await moderator.Unlock(first.Id)).ShouldBe(200);
        (await member.Quote(second.FirstPostId, "And here.")).ShouldBe(201);
        (await member.Reply(first.Id, "The last line.")).ShouldBe(201);
    }
}

/// <summary>What a forger does to an export: the line that gives it away, and the words that say why.</summary>
/// <param name="Forge">Changes the lines, and gives the index of the one that is refused.</param>
public sealed record Forgery(string What, string Why, Func<List<JsonObject>, int> Forge)
{
    public override string ToString() => What;

    /// <summary>One line of a type is changed.</summary>
    public static Forgery Of(string type, string what, string why, Action<JsonObject, List<JsonObject>> change) =>
        new(
            $"{type}: {what}",
            why,
            lines =>
            {
                var index = IndexOf(lines, type);
                change(lines[index], lines);
                return index;
            }
        );

    public static Forgery OfData(string type, string member, JsonNode? value, string why) =>
        Of(
            type,
            $"{member} is {Short(value)}",
            why,
            (line, _) =>
            {
                if (value is JsonValue text && text.TryGetValue<string>(out var missing) && missing == "(missing)")
                {
                    line["data"]!.AsObject().Remove(member);
                }
                else
                {
                    line["data"]![member] = value?.DeepClone();
                }
            }
        );

    /// <summary>Of several of a type, the last: there is something before it.</summary>
    public static int IndexOf(List<JsonObject> lines, string type) =>
        lines.FindLastIndex(line => (string?)line["type"] == type);

    private static string Short(JsonNode? value)
    {
        var text = value?.ToJsonString() ?? "null";
        return text.Length <= 120
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text[..20]}… ({text.Length})");
    }
}
