using System.Globalization;
using System.Net;
using System.Text.Unicode;
using EventForum.Commands;
using EventForum.Platform;
using Wolverine;

namespace EventForum.Web;

/// <summary>A form that comes back: what was typed, and why it was refused.</summary>
/// <param name="Form">Which of the page's forms it is.</param>
/// <param name="Refusal">Null when the form only asked for something to be put into it.</param>
public sealed record Draft(string Form, Refusal? Refusal, IReadOnlyDictionary<string, string> Fields)
{
    public int Status => Refusal?.Status ?? StatusCodes.Status200OK;

    public string? Of(string form, string field) => Form == form ? Fields.GetValueOrDefault(field) : null;

    public Refusal? RefusalOf(string form) => Form == form ? Refusal : null;
}

/// <summary>What a page's form sent.</summary>
internal sealed class SentForm(IFormCollection fields)
{
    /// <summary>Hidden in each form, so that sending it twice does it once.</summary>
    public const string Key = "key";

    private const string UrlEncoded = "application/x-www-form-urlencoded";

    public static readonly Refusal NotSignedIn = new(
        401,
        "not-signed-in",
        "You are not signed in.",
        "Sign in in another tab, then send this form again."
    );

    public string this[string field] => fields[field].ToString();

    public bool Has(string field) => fields.ContainsKey(field);

    public int Page => int.TryParse(this["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 1;

    public int? Revision =>
        int.TryParse(this["revision"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    public int? Number(string field) =>
        int.TryParse(this[field], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= 10_000 ? n : null;

    /// <summary>Null where the form does not say.</summary>
    public string? Format => this["format"] is { Length: > 0 } format ? format : null;

    public Guid? Id(string field) => Guid.TryParse(this[field], out var id) ? id : null;

    /// <summary>The id in an address that somebody copied, or the id itself; the last where there are several.</summary>
    public Guid? IdIn(string field) =>
        this[field]
            .Split('/', '?', '#', ' ')
            .Select(part => Guid.TryParse(part, out var id) ? id : (Guid?)null)
            .LastOrDefault(id => id is not null);

    /// <summary>The ids that fields of the same name hold, such as those of boxes that are checked.</summary>
    public IReadOnlyList<Guid> Ids(string field) =>
        [.. fields[field].Select(value => Guid.TryParse(value, out var id) ? id : Guid.Empty)];

    public long? Version =>
        long.TryParse(this["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    /// <exception cref="BadHttpRequestException">It is no form, or cannot be read.</exception>
    public static async Task<SentForm> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            throw new BadHttpRequestException("This takes a form.", StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            if (!IsUtf8(http.Request, body.GetBuffer().AsSpan(0, (int)body.Length)))
            {
                throw new BadHttpRequestException("The form is not in UTF-8.");
            }

            body.Position = 0;
            http.Request.Body = body;
            return new(await http.Request.ReadFormAsync(http.RequestAborted));
        }
        catch (Exception e)
            when (e is InvalidDataException or NotSupportedException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The form cannot be read.", e);
        }
    }

    /// <summary>Other encodings would be read all the same, with a replacement character for what is no UTF-8.</summary>
    private static bool IsUtf8(HttpRequest request, ReadOnlySpan<byte> body) =>
        Utf8.IsValid(
            request.ContentType!.StartsWith(UrlEncoded, StringComparison.OrdinalIgnoreCase)
                ? WebUtility.UrlDecodeToBytes(body.ToArray(), 0, body.Length)
                : body
        );

    /// <summary>Sends the very command that the HTTP API would.</summary>
    public Task<CommandResult> RunAsync(IMessageBus bus, HttpContext http, ICommand command) =>
        RunAsync(bus, http, () => Task.FromResult(new CommandPlan(command)));

    /// <param name="plan">Finds out which streams the command is about, or that there are none.</param>
    public async Task<CommandResult> RunAsync(IMessageBus bus, HttpContext http, Func<Task<CommandPlan>> plan)
    {
        CommandResult outcome = http.User.Identity is { IsAuthenticated: true }
            ? await bus.CarryOutAsync(http, plan, fields[Key] is [{ Length: > 0 } key] ? key : null)
            : NotSignedIn;
        outcome.Refusal?.Count(http);
        return outcome;
    }

    public Draft Draft(string form, Refusal? refusal) =>
        new(
            form,
            refusal,
            fields.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal)
        );
}
