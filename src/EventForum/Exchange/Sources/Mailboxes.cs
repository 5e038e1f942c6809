namespace EventForum.Exchange.Sources;

/// <summary>
/// Mails as threads: each mail is a post, and answers the one that its headers refer to. Nothing is kept of anybody's
/// address but a hash, by which mails of one person are known.
/// </summary>
internal static class Mailboxes
{
    private static readonly string[] Columns = ["id", "author", "author_id", "at", "title", "body", "list"];

    public static async Task ReadAsync(SourceReading reading)
    {
        var (tables, cancellation) = (reading.Tables, reading.Cancellation);
        var threads = new MailThreads();
        await tables.CreateAsync("mails", Columns, cancellation);
        await tables.FillAsync("mails", Columns, Rows(reading, threads), cancellation);
        await tables.CreateAsync("mail_threads", ["id", "thread", "parent", "missing"], cancellation);
        await tables.FillAsync(
            "mail_threads",
            ["id", "thread", "parent", "missing"],
            threads
                .All()
                .Select(mail =>
                    (string?[])
                        [
                            Text(mail.Mail),
                            Text(mail.Thread),
                            mail.Parent is { } parent ? Text(parent) : null,
                            mail.IsParentMissing ? "true" : null,
                        ]
                ),
            cancellation
        );
        await tables.RunAsync(
            """
            analyze mails; analyze mail_threads;
            -- A thread is called what its first mail is about; somebody, what any mail says.
            create temp table mail_titles as
            select distinct on (thread) thread, title from mails join mail_threads using (id) order by thread, at, id;
            create temp table mail_names as
            select distinct on (author_id) author_id, author from mails where author is not null order by author_id, at, id;
            """,
            [],
            cancellation
        );
        await tables.RunAsync(
            """
            insert into lines (thread, kind, at, line)
            select thread, 0, m.at::timestamptz, json_strip_nulls(json_build_object(
                'source', $1, 'thread', thread, 'thread_title', t.title, 'post', m.id, 'parent', h.parent,
                'missing_parent', h.missing::bool, 'section', coalesce(m.list, $2),
                'author', coalesce(m.author, n.author, 'member-' || left(m.author_id, 8)), 'author_id', m.author_id,
                'posted_at', pg_temp.iso(m.at::timestamptz), 'subject', nullif(m.title, t.title),
                'format', 'mail', 'body', m.body))
            from mails m join mail_threads h using (id) join mail_titles t using (thread)
                left join mail_names n using (author_id)
            order by m.at::timestamptz, m.id
            """,
            [reading.Source, Path.GetFileNameWithoutExtension(reading.Name)],
            cancellation
        );
    }

    private static IEnumerable<string?[]> Rows(SourceReading reading, MailThreads threads)
    {
        var files = new MailFiles(
            (file, why) => reading.Defects.Add(new Defect(Path.GetFileName(file), 0, "no-mail", why, reading.Source)),
            reading.Progress
        );
        foreach (var (file, number, isMbox, mail) in files.Of(reading.Path))
        {
            var flaws = new List<(string Kind, string Detail)>();
            var body = MailBody.Of(mail, isMbox, (kind, detail) => flaws.Add((kind, detail)));
            var id = MailHeaders.IdOf(mail, body);
            var time = MailHeaders.Time(mail, reading.Now, out var isDoubtful);
            if (time is null)
            {
                flaws.Add(("no-time", "No header says a time that can be; the mail is not stored."));
            }
            else if (isDoubtful)
            {
                flaws.Add(("time", "It has no date that can be; it stands where it was received."));
            }

            if (time is not null && !threads.Add(id, MailHeaders.Ancestors(mail)))
            {
                flaws = [("post-twice", "A mail of this id is there already; this one is not stored.")];
                time = null;
            }

            var (name, key) = MailHeaders.Author(mail);
            foreach (var (kind, detail) in flaws)
            {
                reading.Defects.Add(
                    new Defect(Path.GetFileName(file), number, kind, detail, reading.Source, Post: Text(id))
                );
            }

            if (time is { } at)
            {
                var list = MailHeaders.List(mail);
                yield return [Text(id), name, key, at.ToString("O"), MailHeaders.Subject(mail, list), body, list];
            }
        }
    }

    private static string Text(Guid id) => id.ToString("N");
}
