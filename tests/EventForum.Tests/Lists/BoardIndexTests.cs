using CsCheck;
using EventForum.Lists;
using EventForum.Tests.Threads;
using EventForum.Threads;
using JasperFx.Events;

namespace EventForum.Tests.Lists;

public sealed class BoardIndexTests
{
    private static readonly Guid Another = Guid.CreateVersion7();

    private static readonly Gen<object> AChange = Gen.Int[0, 8]
        .Select(kind =>
            kind switch
            {
                0 => (object)new ThreadRenamed("Another title", null),
                1 => new ThreadLocked("Enough."),
                2 => new ThreadUnlocked("More."),
                3 => new ThreadPinned(null),
                4 => new ThreadUnpinned(null),
                5 => new ThreadMoved(Another, "There."),
                6 => new ThreadMoved(ThreadStory.Board.Id, "Back."),
                7 => new PostEdited(ThreadStory.First, "Text.", [], null),
                _ => new ReplyPosted(Guid.Empty, 2, "Text.", [], 1),
            }
        );

    /// <summary>A thread's events, whose times mostly follow each other, and after how many of them a page ends.</summary>
    private static readonly Gen<(List<IEvent> Events, int Cut)> AHistory = Gen.Select(
        Gen.Select(AChange, Gen.Int[-30, 100]).List[1, 12],
        Gen.Int[1, 12],
        (changes, cut) => (Tell(changes), Math.Min(cut, changes.Count))
    );

    [Fact]
    public void rows_follow_each_other_without_a_gap_and_the_last_one_holds() =>
        AHistory.Sample(history =>
        {
            var rows = BoardIndex.Fold([], history.Events).Threads.OrderBy(row => row.FromVersion).ToList();

            rows[0].FromAt.ShouldBe(history.Events[0].Timestamp);
            foreach (var (row, next) in rows.Zip(rows.Skip(1)))
            {
                row.ToAt.ShouldBe(next.FromAt);
                next.FromAt.ShouldBeGreaterThanOrEqualTo(row.FromAt);
                next.LastPostAt.ShouldBeGreaterThanOrEqualTo(row.LastPostAt);
            }

            rows[^1].ToAt.ShouldBeNull();
            rows[^1].PostCount.ShouldBe(rows.Sum(row => row.Added));
            var latest = history.Events.Where(e => e.Data is ThreadStarted or ReplyPosted).Max(e => e.Timestamp);
            rows[^1].LastPostAt.ShouldBe(latest);
        });

    [Fact]
    public void events_that_rows_tell_of_already_are_not_told_again() =>
        AHistory.Sample(history =>
        {
            var standing = BoardIndex.Fold([], history.Events).Threads.Where(row => row.ToAt is null).ToList();

            var again = BoardIndex.Fold(standing, history.Events);

            again.Threads.ShouldBeEmpty();
            again.Months.ShouldBeEmpty();
        });

    [Fact]
    public void it_makes_no_difference_where_a_page_of_events_ends() =>
        AHistory.Sample(history =>
        {
            var whole = BoardIndex.Fold([], history.Events);
            var first = BoardIndex.Fold([], history.Events.Take(history.Cut));
            var second = BoardIndex.Fold(
                first.Threads.Where(row => row.ToAt is null),
                history.Events.Skip(history.Cut)
            );

            var stored = first.Threads.ToDictionary(row => row.FromVersion);
            foreach (var row in second.Threads)
            {
                stored[row.FromVersion] = row;
            }

            stored.Values.OrderBy(row => row.FromVersion).ShouldBe(whole.Threads.OrderBy(row => row.FromVersion));
            first.Months.Concat(second.Months).Sum(month => month.Posts).ShouldBe(whole.Months.Sum(m => m.Posts));
            whole.Months.Sum(month => month.Threads).ShouldBe(1);
            first.Moves.Concat(second.Moves).ShouldBe(whole.Moves);
        });

    [Fact]
    public void the_board_that_a_thread_is_in_counts_all_its_posts_and_no_other_does() =>
        AHistory.Sample(history =>
        {
            var (threads, months, _) = BoardIndex.Fold([], history.Events);
            var now = threads.Single(row => row.ToAt is null);

            foreach (var board in (Guid[])[Another, ThreadStory.Board.Id])
            {
                var counted = months.Where(month => month.BoardId == board).ToList();
                (counted.Sum(month => month.Threads), counted.Sum(month => month.Posts)).ShouldBe(
                    board == now.BoardId ? (1, now.PostCount) : (0, 0)
                );
            }
        });

    private static List<IEvent> Tell(List<(object Data, int Days)> changes)
    {
        var at = DateTimeOffset.UnixEpoch;
        var events = new List<IEvent>
        {
            ThreadStory.Told(
                new ThreadStarted(ThreadStory.Board.Id, "A title", ThreadStory.First, "Text.", []),
                Person.Ann.Id,
                1
            ),
        };
        foreach (var (data, days) in changes)
        {
            var e = ThreadStory.Told(data, days % 2 == 0 ? Person.Ann.Id : Person.Ben.Id, events.Count + 1);
            e.Timestamp = at = at.AddDays(days);
            events.Add(e);
        }

        return events;
    }
}
