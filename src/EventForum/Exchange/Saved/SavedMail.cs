using System.Globalization;
using System.Text;
using System.Text.Json;
using EventForum.Exchange.Sources;
using MimeKit;
using MimeKit.IO;
using MimeKit.IO.Filters;

namespace EventForum.Exchange.Saved;

/// <summary>
/// Saves what guests see of a running forum as mails in an mbox file: a mail a post, threads by their references. Addresses are made of ids
/// in a domain that there is not.
/// </summary>
internal sealed class SavedMail(ForumReader forum)
{
    private const string Domain = "eventforum.invalid";

    private static readonly FormatOptions Format = FormatOptions.Default.Clone();

    static SavedMail() => Format.NewLineFormat = NewLineFormat.Unix;

    /// <returns>How many posts were written, and how many have no text that guests see.</returns>
    public async Task<(int Written, int LeftOut)> WriteAsync(
        Stream to,
        Action<long, long> progress,
        CancellationToken cancellation
    )
    {
        var (written, leftOut) = (0, 0);
        var boards = (await forum.JsonAsync("/api/boards", cancellation))!.Value.EnumerateArray().ToList();
        var total = boards.Sum(board => (long)board.GetProperty("postCount").GetInt32());
        foreach (var board in boards)
        {
            await foreach (var thread in ThreadsAsync(board.GetProperty("id").GetGuid(), cancellation))
            {
                Guid? first = null;
                for (var (page, pages) = (1, 1); page <= pages; page++)
                {
                    var address = string.Create(CultureInfo.InvariantCulture, $"/api/threads/{thread}?page={page}");
                    if (await forum.JsonAsync(address, cancellation) is not { } answer)
                    {
                        break;
                    }

                    pages = answer.GetProperty("pageCount").GetInt32();
                    foreach (var post in answer.GetProperty("posts").EnumerateArray())
                    {
                        first ??= post.GetProperty("id").GetGuid();
                        if (MailOf(post, answer, board, first.Value) is { } mail)
                        {
                            await AppendAsync(to, mail, cancellation);
                            written++;
                        }
                        else
                        {
                            leftOut++;
                        }

                        progress(written + leftOut, total);
                    }
                }
            }
        }

        return (written, leftOut);
    }

    private async IAsyncEnumerable<Guid> ThreadsAsync(
        Guid board,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        for (string? next = ""; next is not null; )
        {
            var address =
                $"/api/boards/{board}/threads?limit=100{(next.Length == 0 ? "" : "&after=" + Uri.EscapeDataString(next))}";
            if (await forum.JsonAsync(address, cancellation) is not { } page)
            {
                yield break;
            }

            foreach (var thread in page.GetProperty("threads").EnumerateArray())
            {
                yield return thread.GetProperty("id").GetGuid();
            }

            next = page.GetProperty("next").GetString();
        }
    }

    /// <summary>Null for a post without a text.</summary>
    internal static MimeMessage? MailOf(JsonElement post, JsonElement thread, JsonElement board, Guid first)
    {
        if (
            post.GetProperty("html").GetString() is not { } html
            || post.GetProperty("state").GetString() != "visible"
            || post.TryGetProperty("redacted", out _)
        )
        {
            return null;
        }

        var id = post.GetProperty("id").GetGuid();
        var author = post.GetProperty("author");
        var title = thread.GetProperty("title").GetString()!;
        var mail = new MimeMessage
        {
            MessageId = AddressOf(id),
            Date = post.GetProperty("postedAt").GetDateTimeOffset(),
            Subject = id == first ? title : "Re: " + title,
            Body = new TextPart("plain") { ContentTransferEncoding = ContentEncoding.QuotedPrintable },
        };
        ((TextPart)mail.Body).SetText(Encoding.UTF8, HtmlText.Of(html) + "\n");
        mail.From.Add(
            new MailboxAddress(
                Encoding.UTF8,
                author.GetProperty("name").GetString(),
                AddressOf(author.GetProperty("id").GetGuid())
            )
        );
        mail.Headers.Add(
            HeaderId.ListId,
            Encoding.UTF8,
            $"{board.GetProperty("name").GetString()} <{board.GetProperty("id").GetGuid()}.{Domain}>"
        );
        if (id != first)
        {
            var answered = post.GetProperty("parentId") is { ValueKind: JsonValueKind.String } parent
                ? parent.GetGuid()
                : first;
            mail.InReplyTo = AddressOf(answered);
            mail.References.Add(AddressOf(first));
            if (answered != first)
            {
                mail.References.Add(AddressOf(answered));
            }
        }

        return mail;
    }

    private static async Task AppendAsync(Stream to, MimeMessage mail, CancellationToken cancellation)
    {
        var from = string.Create(
            CultureInfo.InvariantCulture,
            $"From {mail.From.Mailboxes.Single().Address} {mail.Date.UtcDateTime:ddd MMM dd HH:mm:ss yyyy}\n"
        );
        await to.WriteAsync(Encoding.ASCII.GetBytes(from), cancellation);
        // A line that begins with "From " would begin another mail.
        var written = new MemoryStream();
        using (var filtered = new FilteredStream(written))
        {
            filtered.Add(new MboxFromFilter());
            await mail.WriteToAsync(Format, filtered, cancellation);
            await filtered.FlushAsync(cancellation);
        }

        await to.WriteAsync(written.ToArray(), cancellation);
        await to.WriteAsync("\n"u8.ToArray(), cancellation);
    }

    private static string AddressOf(Guid id) => $"{id}@{Domain}";
}
