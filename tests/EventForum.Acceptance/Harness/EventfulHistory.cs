namespace EventForum.Acceptance.Harness;

/// <summary>Every kind of thing that happens in a forum, by several people, some of it at the same time.</summary>
public static class EventfulHistory
{
    private static readonly string?[] Formats = [null, "bbcode", "mail", "text"];

    public static async Task WriteAsync(ForumHost forum)
    {
        var random = new Random(20260101);
        var admin = forum.Admin();
        var moderator = forum.Moderator();
        var members = Enumerable.Range(0, 6).Select(_ => forum.Member()).ToList();
        var boards = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            boards.Add(
                (await admin.CreateBoard($"Board {i}", i == 0 ? null : $"About {i}.")).ShouldBe(201).Id("boardId")
            );
        }

        (await admin.PublishLog(boards[0])).ShouldBe(200);
        var threads = new List<Guid>();
        var posts = new List<(Guid Id, Guid Thread, TestMember Author)>();
        for (var round = 0; round < 40; round++)
        {
            var tasks = new List<Task<Answer>>();
            for (var i = 0; i < 8; i++)
            {
                var member = members[random.Next(members.Count)];
                var post = posts.Count > 0 ? posts[random.Next(posts.Count)] : default;
                var thread = threads.Count > 0 ? threads[random.Next(threads.Count)] : default;
                var kind = threads.Count < 4 ? 0 : random.Next(24);
                var text = $"Round {round}, command {i}: *words* \U0001F426";
                tasks.Add(
                    kind switch
                    {
                        0 => Remember(
                            member,
                            null,
                            member.StartThread(boards[random.Next(3)], $"Thread {round}.{i}", text)
                        ),
                        <= 8 => Remember(
                            member,
                            thread,
                            member.Reply(
                                thread,
                                text,
                                format: Formats[random.Next(Formats.Length)],
                                parentId: post.Thread == thread && i % 2 == 0 ? post.Id : null
                            )
                        ),
                        <= 11 => Remember(member, post.Thread, member.Quote(post.Id, text, kind == 9 ? "words" : null)),
                        <= 13 => post.Author.Edit(post.Id, text, kind == 12 ? null : "Clearer."),
                        14 => moderator.Edit(post.Id, text, "Rules."),
                        15 => post.Author.Remove(post.Id),
                        16 => RemoveForAWhile(post.Id),
                        17 => moderator.Rename(thread, $"Renamed {round}.{i}", "Clearer."),
                        18 => LockForAWhile(thread, andUnlock: round % 4 > 0),
                        19 => PinForAWhile(thread, andUnpin: round % 4 > 0),
                        20 => ActForAWhile(
                            new
                            {
                                kind = (round % 3) switch
                                {
                                    0 => "remove-posts",
                                    1 => "lock-threads",
                                    _ => "move-threads",
                                },
                                reason = "Rules.",
                                boardId = boards[round % 2],
                                posts = posts.Select(one => one.Id).Skip(posts.Count / 2).Take(5),
                                threads = threads.Take(3),
                            },
                            andUndo: round % 4 > 0
                        ),
                        21 => ActForAWhile(
                            new
                            {
                                kind = "revert-post",
                                reason = "Vandalism.",
                                postId = post.Id,
                                revision = 1,
                            },
                            andUndo: true
                        ),
                        22 => ActForAWhile(
                            new
                            {
                                kind = round % 2 == 0 ? "warn-member" : "suspend-member",
                                reason = "Be kind.",
                                memberId = post.Author is null ? Guid.Empty : await post.Author.Id(),
                                points = 5,
                            },
                            andUndo: round % 2 == 1 || round % 4 == 0
                        ),
                        _ => admin.GrantTitle(
                            post.Author is null ? Guid.Empty : await post.Author.Id(),
                            round % 3 == 0 ? null : $"Title {round}"
                        ),
                    }
                );
            }

            (await Task.WhenAll(tasks)).ShouldAllBe(answer => answer.Status < 500);
        }

        var someone = await members[0].Id();
        foreach (var (kind, andUndo) in ((string, bool)[])[("suspend-member", true), ("warn-member", false)])
        {
            var decided = new
            {
                kind,
                reason = "Be kind.",
                memberId = someone,
                points = 5,
            };
            (await ActForAWhile(decided, andUndo)).ShouldBe(201);
        }

        var moved = (await moderator.Move(boards[2], threads[^1], threads[^2])).ShouldBe(201);
        (await moderator.Undo(moved.Id("batchId"))).ShouldBe(201);
        var quiet = members[1];
        foreach (var andUndo in (bool[])[true, false])
        {
            var silenced = (await moderator.Silence(quiet)).ShouldBe(201);
            var thread = await forum.NewThread();
            foreach (var text in (string[])["One that waits.", "Another."])
            {
                var waits = (await quiet.Reply(thread.Id, text)).ShouldBe(201);
                posts.Add((waits.PostId, thread.Id, quiet));
            }

            (await moderator.Restore(posts[^1].Id, "Fine.")).ShouldBe(200);
            if (andUndo)
            {
                (await moderator.Undo(silenced.Id("batchId"))).ShouldBe(201);
            }
        }

        (
            await moderator.Batch(
                new
                {
                    kind = "lift-silence",
                    reason = "Calm.",
                    memberId = await quiet.Id(),
                }
            )
        ).ShouldBe(201);
        var removed = (await moderator.RemovePosts([.. posts.Take(5).Select(post => post.Id)])).ShouldBe(201);
        (await moderator.Undo(removed.Id("batchId"))).ShouldBe(201);
        await ReportAsync();
        var apart = new
        {
            kind = "split-thread",
            reason = "Another matter.",
            threadId = threads[0],
            posts = posts.Where(post => post.Thread == threads[0]).Select(post => post.Id).Skip(1).Take(2),
            title = "Another matter",
        };
        (await ActForAWhile(apart, andUndo: true)).ShouldBe(201);
        (await moderator.Batch(apart)).ShouldBe(201);
        var one = new
        {
            kind = "merge-threads",
            reason = "They are one.",
            threads = (Guid[])[threads[1], threads[2]],
            into = threads[3],
        };
        (await ActForAWhile(one, andUndo: true)).ShouldBe(201);
        (await moderator.Batch(one)).ShouldBe(201);
        var late = await moderator.Reply(threads[3], "Since then.");
        late.ShouldBe(201);
        (
            await ActForAWhile(
                new
                {
                    kind = "move-posts",
                    reason = "It belongs there.",
                    posts = (Guid[])[late.PostId],
                    threadId = threads[4],
                    order = "end",
                },
                andUndo: false
            )
        ).ShouldBe(201);
        var quoted = (await members[0].Reply(threads[4], "Not for everyone.")).ShouldBe(201).PostId;
        (await members[2].Quote(quoted, "Why?")).ShouldBe(201);
        (await members[0].Edit(quoted, "For everyone.")).ShouldBe(200);
        var redacted = new
        {
            kind = "redact-revision",
            reason = "Private.",
            postId = quoted,
            revision = 1,
        };
        (await admin.Batch(redacted)).ShouldBe(201);
        foreach (
            var kind in (string[])
                [
                    "revision_redacted",
                    "post_edited",
                    "post_removed",
                    "post_restored",
                    "thread_renamed",
                    "thread_locked",
                    "thread_unlocked",
                    "thread_pinned",
                    "thread_unpinned",
                    "title_granted",
                    "batch_applied",
                    "thread_moved",
                    "thread_split_off",
                    "posts_moved_out",
                    "posts_moved_in",
                    "batch_undone",
                    "moderation_log_published",
                    "member_suspended",
                    "member_silenced",
                    "silence_lifted",
                    "post_held",
                    "member_warned",
                    "standing_restored",
                    "post_holds_restored",
                    "post_reported",
                    "case_taken",
                    "case_noted",
                    "case_resolved",
                    "case_dismissed",
                    "decision_appealed",
                    "appeal_decided",
                ]
        )
        {
            (
                await forum.Database.ScalarAsync<long>("select count(*) from forum.mt_events where type = $1", kind)
            ).ShouldBeGreaterThan(0, $"the history has no {kind}");
        }

        async Task ReportAsync()
        {
            var other = forum.Moderator();
            var bad = (await members[1].Reply(threads[1], "Buy this.")).ShouldBe(201).PostId;
            var fine = (await members[1].Reply(threads[1], "Read this.")).ShouldBe(201).PostId;
            (
                await Task.WhenAll(members[2].Report(bad, "spam"), members[3].Report(bad, "illegal", "It is.\nReally."))
            ).ShouldAllBe(answer => answer.Status == 201);
            (await members[1].Edit(bad, "Do not buy this.")).ShouldBe(200);
            (await members[2].Report(fine, "other")).ShouldBe(201);
            var (badCase, fineCase) = (await moderator.CaseOf(bad), await moderator.CaseOf(fine));
            (await moderator.Take(badCase)).ShouldBe(200);
            (await moderator.Note(badCase, "Not the first time.")).ShouldBe(201);
            (await moderator.Resolve(badCase, bad, "It sells something.")).ShouldBe(201);
            (await members[1].Appeal(badCase)).ShouldBe(201);
            (await other.DecideAppeal(badCase, "overturned")).ShouldBe(200);
            (await moderator.Dismiss(fineCase)).ShouldBe(200);
            (await members[4].Report(fine, "other")).ShouldBe(201);
            var again = await moderator.CaseOf(fine);
            (await moderator.Resolve(again, fine)).ShouldBe(201);
            (await members[1].Appeal(again)).ShouldBe(201);
            (await other.DecideAppeal(again, "upheld")).ShouldBe(200);
        }

        async Task<Answer> PinForAWhile(Guid thread, bool andUnpin)
        {
            var answer = await moderator.Pin(thread, "Read this first.");
            return andUnpin ? await moderator.Unpin(thread) : answer;
        }

        async Task<Answer> ActForAWhile(object batch, bool andUndo)
        {
            var answer = await moderator.Batch(batch);
            return andUndo && answer.Status == 201 ? await moderator.Undo(answer.Id("batchId")) : answer;
        }

        async Task<Answer> RemoveForAWhile(Guid post)
        {
            await moderator.Remove(post, "Rude.");
            return await moderator.Restore(post, "Needed.");
        }

        async Task<Answer> LockForAWhile(Guid thread, bool andUnlock)
        {
            var answer = await moderator.Lock(thread);
            return andUnlock ? await moderator.Unlock(thread) : answer;
        }

        async Task<Answer> Remember(TestMember author, Guid? thread, Task<Answer> sending)
        {
            var answer = await sending;
            if (answer.Status == 201)
            {
                lock (posts)
                {
                    posts.Add((answer.PostId, thread ?? answer.ThreadId, author));
                    if (thread is null)
                    {
                        threads.Add(answer.ThreadId);
                    }
                }
            }

            return answer;
        }
    }
}
