using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.History.Sql;

/// <summary>The queries of ops/grafana-history.json answer, and have something to draw.</summary>
public sealed partial class GrafanaTests
{
    [Fact]
    public async Task every_panel_shows_what_happened()
    {
        await using var forum = await ForumHost.StartAsync(null, ("Sample", "false"));
        await EventfulHistory.WriteAsync(forum);
        await using var reader = new SqlReader(forum.Database);
        var queries = Queries().ToList();
        queries.Count.ShouldBeGreaterThan(15);

        foreach (var (panel, query) in queries)
        {
            var rows = await reader.ColumnAsync($"select to_jsonb(q)::text from ({Expand(query)}) q");

            rows.ShouldNotBeEmpty(panel);
            rows.ShouldAllBe(row => JsonElement.Parse(row!).EnumerateObject().First().Value.ToString() != "0", panel);
        }
    }

    [Fact]
    public void every_query_is_bounded_by_the_time_that_is_shown()
    {
        foreach (var (panel, query) in Queries())
        {
            query.ShouldContain("$__timeFilter(", Case.Sensitive, panel);
            Macro()
                .Matches(query)
                .Select(macro => macro.Value)
                .ShouldBeSubsetOf(["$__timeFilter", "$__timeGroupAlias", "$__interval"], StringComparer.Ordinal, panel);
        }
    }

    /// <summary>As Grafana's data source for PostgreSQL does it.</summary>
    private static string Expand(string query)
    {
        query = query.Replace("$__interval", "1m", StringComparison.Ordinal);
        query = TimeGroup().Replace(query, "floor(extract(epoch from ${column})/60)*60 AS \"time\"");
        return TimeFilter().Replace(query, "${column} BETWEEN now() - interval '1 day' AND now() + interval '1 hour'");
    }

    private static IEnumerable<(string Panel, string Query)> Queries([CallerFilePath] string path = "")
    {
        var board = JsonElement.Parse(
            File.ReadAllText(
                Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "..", "ops", "grafana-history.json")
            )
        );
        return board
            .GetProperty("panels")
            .EnumerateArray()
            .SelectMany(panel =>
                panel
                    .GetProperty("targets")
                    .EnumerateArray()
                    .Select(target =>
                        (panel.GetProperty("title").GetString()!, target.GetProperty("rawSql").GetString()!)
                    )
            );
    }

    [GeneratedRegex(@"\$__timeGroupAlias\((?<column>[^,]+), 1m\)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex TimeGroup();

    [GeneratedRegex(@"\$__timeFilter\((?<column>[^)]+)\)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex TimeFilter();

    [GeneratedRegex(@"\$__\w+", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Macro();
}
