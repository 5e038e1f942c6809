using EventForum.History;

namespace EventForum.Tests.History;

public sealed class SequenceStateTests
{
    [Fact]
    public void without_an_open_transaction_everything_drawn_is_settled() =>
        SequenceState.From(0).Next(17, []).Settled.ShouldBe(17);

    [Fact]
    public void an_open_transaction_holds_back_what_it_may_have_drawn()
    {
        var state = SequenceState.From(0).Next(10, []).Next(14, ["3/7"]);

        state.Settled.ShouldBe(10);
        state.Next(20, ["3/7", "4/1"]).Settled.ShouldBe(10);
    }

    [Fact]
    public void when_the_oldest_ends_the_next_holds_back_only_what_came_after_it_was_missing()
    {
        var state = SequenceState.From(0).Next(10, []).Next(14, ["3/7"]).Next(20, ["3/7", "4/1"]);

        state.Next(25, ["4/1"]).Settled.ShouldBe(14);
        state.Next(25, ["4/1"]).Next(26, []).Settled.ShouldBe(26);
    }

    [Fact]
    public void transactions_that_follow_each_other_without_a_pause_do_not_stop_it()
    {
        var state = SequenceState.From(0);
        for (var i = 1; i <= 1_000; i++)
        {
            state = state.Next(10 * i, [$"3/{i}", $"4/{i + 1}"]);
            state.Settled.ShouldBeGreaterThanOrEqualTo(10 * (i - 3));
        }
    }

    [Fact]
    public void a_first_look_trusts_only_what_was_known_to_be_settled() =>
        SequenceState.From(5).Next(100, ["3/7"]).Settled.ShouldBe(5);

    [Fact]
    public void a_transaction_that_is_prepared_goes_on_holding_back()
    {
        var state = SequenceState.From(0).Next(10, []).Next(14, ["3/7"]);

        state.Next(30, ["-1/815"]).Settled.ShouldBe(10);
    }

    [Fact]
    public void a_database_that_was_put_back_is_looked_at_anew()
    {
        var state = SequenceState.From(0).Next(100, []);

        state.Next(50, ["3/7"]).Settled.ShouldBe(0);
        state.Next(50, ["3/7"]).Next(60, []).Settled.ShouldBe(60);
    }

    /// <summary>Writers that draw and end at random, and a reader that reads up to what is settled.</summary>
    [Fact]
    public void nothing_is_skipped_whatever_the_order_of_commits()
    {
        var random = new Random(20260101);
        for (var run = 0; run < 300; run++)
        {
            var (drawn, nextId, state) = (0L, 0, SequenceState.From(0));
            var open = new Dictionary<string, List<long>>(StringComparer.Ordinal);
            var committed = new SortedSet<long>();
            var (read, position) = (new List<long>(), 0L);
            for (var step = 0; step < 200; step++)
            {
                switch (random.Next(5))
                {
                    case 0:
                        open[$"{random.Next(8)}/{nextId++}"] = [++drawn];
                        break;
                    case 1 when open.Count > 0:
                        open.ElementAt(random.Next(open.Count)).Value.Add(++drawn);
                        break;
                    case 2 when open.Count > 0:
                        Commit(open.ElementAt(random.Next(open.Count)).Key);
                        break;
                    case 3 when open.Count > 0:
                        open.Remove(open.ElementAt(random.Next(open.Count)).Key);
                        break;
                    default:
                        Look();
                        break;
                }
            }

            foreach (var id in open.Keys.ToList())
            {
                Commit(id);
            }

            Look(isQuiet: true);
            read.ShouldBe(committed);

            void Commit(string id)
            {
                committed.UnionWith(open[id]);
                open.Remove(id);
            }

            void Look(bool isQuiet = false)
            {
                // What happens between reading the number and looking at the locks, and between that and reading events.
                var seen = drawn;
                if (!isQuiet && random.Next(2) == 0)
                {
                    open[$"{random.Next(8)}/{nextId++}"] = [++drawn];
                }

                state = state.Next(seen, open.Keys);
                if (open.Count > 0 && random.Next(2) == 0)
                {
                    Commit(open.ElementAt(random.Next(open.Count)).Key);
                }

                read.AddRange(committed.Where(n => n > position && n <= state.Settled));
                position = read.LastOrDefault();
            }
        }
    }
}
