using System.Text;
using EventForum.Platform;

namespace EventForum.Tests.Platform;

public sealed class CsvTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain; text", "plain; text")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("-1+cmd", "'-1+cmd")]
    [InlineData("+1", "'+1")]
    [InlineData("@sum(a,b)", "\"'@sum(a,b)\"")]
    public void a_cell_is_no_formula_and_ends_where_it_ends(string text, string cell) => Csv.Cell(text).ShouldBe(cell);

    [Fact]
    public void a_line_ends_as_the_format_has_it()
    {
        var csv = new StringBuilder();
        Csv.AppendLine(csv, ["a", "", "c"]);
        csv.ToString().ShouldBe("a,,c\r\n");
    }
}
