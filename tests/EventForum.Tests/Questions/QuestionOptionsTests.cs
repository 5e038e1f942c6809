using EventForum.Questions;

namespace EventForum.Tests.Questions;

public sealed class QuestionOptionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);

    [Fact]
    public void without_arguments_a_question_is_about_everything()
    {
        var options = Parse();

        options.ShouldBe(new QuestionOptions());
        options.Limit.ShouldBe(TimeSpan.FromMinutes(10));
        options.Memory.ShouldBe(1024);
    }

    [Theory]
    [InlineData("2026-01-31", "2026-01-31T00:00:00Z")]
    [InlineData("2026-01-31T12:30", "2026-01-31T12:30:00Z")]
    [InlineData("2026-01-31T12:30Z", "2026-01-31T12:30:00Z")]
    [InlineData("2026-01-31T12:30:15.5+02:00", "2026-01-31T10:30:15.5Z")]
    public void a_time_without_a_zone_is_universal(string text, string time) =>
        Parse("--from", text)
            .From.ShouldBe(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1_800)]
    [InlineData("12h", 43_200)]
    [InlineData("90d", 7_776_000)]
    [InlineData("2w", 1_209_600)]
    public void a_span_is_a_number_and_a_unit(string text, int seconds)
    {
        Parse("--last", text).From.ShouldBe(Now.AddSeconds(-seconds));
        Parse($"--timeout={text}").Timeout.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public void a_very_long_timeout_is_as_long_as_timers_go() =>
        Parse("--timeout", "90w").Limit.ShouldBe(TimeSpan.FromDays(40));

    [Fact]
    public void a_chart_may_name_its_column()
    {
        Parse("--chart").ShouldBe(new QuestionOptions(Form: AnswerForm.Chart));
        Parse("--chart", "Posts", "--member", "Ann")
            .ShouldBe(new QuestionOptions(Form: AnswerForm.Chart, ChartColumn: "Posts", Member: "Ann"));
        Parse("--chart", "--board", "Tea").ShouldBe(new QuestionOptions(Form: AnswerForm.Chart, Board: "Tea"));
    }

    [Theory]
    [InlineData("There is no --form here: --help lists what there is.", "--form", "x")]
    [InlineData("There is no 90d here: --help lists what there is.", "90d")]
    [InlineData("--from needs a value: --help says which.", "--from")]
    [InlineData("--board needs a value: --help says which.", "--board", "--csv")]
    [InlineData("--from yesterday is no time: write it as 2026-01-31 or 2026-01-31T12:00Z.", "--from", "yesterday")]
    [InlineData("--last 90 is no span of time: write a number and s, m, h, d or w, as 90d.", "--last", "90")]
    [InlineData("--last 0d is no span of time: write a number and s, m, h, d or w, as 90d.", "--last", "0d")]
    [InlineData(
        "--last 99999999w is no span of time: write a number and s, m, h, d or w, as 90d.",
        "--last",
        "99999999w"
    )]
    [InlineData("--memory much is no size: write megabytes as a number from 1 to 1,000,000.", "--memory", "much")]
    [InlineData("Say only one of --csv and --json.", "--json", "--csv")]
    [InlineData("Say only one of --from and --last.", "--from", "2026-01-01", "--last", "3d")]
    [InlineData("--csv stands there twice: say it once.", "--csv", "--csv")]
    [InlineData(
        "Nothing lies between these times: --to comes after --from.",
        "--from",
        "2026-01-02",
        "--to",
        "2026-01-02"
    )]
    public void what_cannot_be_read_is_said(string why, params string[] args) =>
        Should.Throw<QuestionRefusedException>(() => Parse(args)).Message.ShouldBe(why);

    private static QuestionOptions Parse(params string[] args) => QuestionOptions.Parse(args, Now);
}
