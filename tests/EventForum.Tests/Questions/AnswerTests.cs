using EventForum.Questions;

namespace EventForum.Tests.Questions;

/// <summary>Rows as they are printed.</summary>
public sealed class AnswerTests
{
    private static readonly AnswerTable Answer = AnswerTable.Of([
        new Row("Tea, “or” \"coffee\"", 1_234, 2.5, new(2026, 1, 31, 12, 30, 15, TimeSpan.Zero), true),
        new Row("Two\nlines\u001b[31m", 5, null, null, false),
    ]);

    [Fact]
    public void columns_are_the_properties() =>
        Answer.Columns.ShouldBe(["Board", "Threads", "MedianHours", "LastAt", "IsOpen"]);

    [Fact]
    public void csv_is_what_programs_read() =>
        AnswerWriter
            .Csv(Answer)
            .ShouldBe(
                """"
                board,threads,medianHours,lastAt,isOpen
                "Tea, “or” ""coffee""",1234,2.5,2026-01-31T12:30:15Z,true
                Two lines[31m,5,,,false

                """"
            );

    [Fact]
    public void json_is_an_array_of_rows() =>
        AnswerWriter
            .Json(Answer)
            .ShouldBe(
                """
                [
                {"board":"Tea, “or” \"coffee\"","threads":1234,"medianHours":2.5,"lastAt":"2026-01-31T12:30:15Z","isOpen":true},
                {"board":"Two\nlines\u001B[31m","threads":5,"medianHours":null,"lastAt":null,"isOpen":false}
                ]

                """
            );

    [Fact]
    public void no_rows_are_an_empty_array() => AnswerWriter.Json(Answer with { Rows = [] }).ShouldBe("[]\n");

    [Fact]
    public void a_table_is_what_people_read()
    {
        var lines = Printed(new QuestionOptions()).Split('\n').Select(line => line.TrimEnd()).ToList();

        lines.ShouldContain(line =>
            line.Contains("Board") && line.Contains("Median hours") && line.Contains("Is open")
        );
        lines.ShouldContain(line =>
            line.Contains("Tea, “or” \"coffee\"") && line.Contains("1,234") && line.Contains("2026-01-31 12:30")
        );
        lines.ShouldContain(line => line.Contains("Two lines[31m"));
        lines.ShouldAllBe(line => !line.Contains('\u001b'));
    }

    [Fact]
    public void a_chart_shows_a_column_of_numbers()
    {
        Printed(new QuestionOptions(Form: AnswerForm.Chart)).ShouldContain("1234");
        Printed(new QuestionOptions(Form: AnswerForm.Chart, ChartColumn: "median hours")).ShouldContain("2.5");
        Should
            .Throw<QuestionRefusedException>(() =>
                Printed(new QuestionOptions(Form: AnswerForm.Chart, ChartColumn: "Board"))
            )
            .Message.ShouldBe(
                "The column Board holds numbers that a chart could show. There are Board, Threads, MedianHours, LastAt, IsOpen."
            );
    }

    [Fact]
    public void rows_without_properties_are_refused() =>
        Should.Throw<QuestionRefusedException>(() => AnswerTable.Of(["text"])).Message.ShouldContain("String has none");

    [Theory]
    [InlineData("NinetiethPercentileHours", "Ninetieth percentile hours")]
    [InlineData("Within30Days", "Within 30 days")]
    public void a_columns_title_is_its_name_in_words(string column, string title) =>
        AnswerTable.Title(column).ShouldBe(title);

    private static string Printed(QuestionOptions options)
    {
        using var to = new StringWriter();
        AnswerWriter.Write(Answer, options, to);
        return to.ToString();
    }

    private sealed record Row(string Board, int Threads, double? MedianHours, DateTimeOffset? LastAt, bool IsOpen);
}
