using EventForum.Questions;
using EventForum.Questions.Policies;

namespace EventForum.Tests.Questions.Policies;

public sealed class PolicyFileTests
{
    [Fact]
    public void a_policy_has_the_rules_that_are_written()
    {
        var policy = PolicyFile.Parse(
            """
            {
              // spam
              "words": ["casino"],
              "rate": { "posts": 5, "minutes": 10, "edits": false },
              "links": { "fewerPostsThan": 3 },
            }
            """,
            "policy.json"
        );

        policy.Words.ShouldNotBeNull();
        policy.Rate.ShouldBe(new RateRule(5, 10, false));
        policy.LinksBefore.ShouldBe(3);
    }

    [Theory]
    [InlineData("{\n\"words\": [\"a\",,]\n}", "Line 2 of policy.json is not JSON, at character 15: ")]
    [InlineData("", "Line 1 of policy.json is not JSON, at character 1: ")]
    [InlineData(
        "[]",
        "policy.json is no policy: the file must be an object with \"words\", \"patterns\", \"rate\", \"links\"."
    )]
    [InlineData(
        "{}",
        "policy.json is no policy: it has no rule: give it \"words\", \"patterns\", \"rate\" or \"links\"."
    )]
    [InlineData("""{"word":["a"]}""", "there is no \"word\" in the file; there are \"words\", ")]
    [InlineData("""{"words":[]}""", "\"words\" must be a list of 1 to 1,000 texts, as [\"casino\"].")]
    [InlineData("""{"words":["a",1]}""", "\"words\" must be a list of 1 to 1,000 texts")]
    [InlineData("""{"words":["a"," "]}""", "\"words[1]\" is empty: take it out, or write the word.")]
    [InlineData("""{"patterns":["a","("]}""", "\"patterns[1]\" is no regular expression: ")]
    [InlineData("""{"patterns":["(?=a)b"]}""", "\"patterns[0]\" is too large, or has what takes time without bound")]
    [InlineData("""{"patterns":["a*"]}""", "\"patterns[0]\" matches a text without a character")]
    [InlineData("""{"rate":5}""", "\"rate\" must be an object with \"posts\", \"minutes\", \"edits\".")]
    [InlineData("""{"rate":{"posts":5}}""", "\"rate.minutes\" must be there, as a number above 0 and up to 527,040.")]
    [InlineData("""{"rate":{"posts":0,"minutes":1}}""", "\"rate.posts\" must be there, as a number above 0")]
    [InlineData("""{"rate":{"posts":1.5,"minutes":1}}""", "\"rate.posts\" must be a whole number.")]
    [InlineData("""{"rate":{"posts":1,"minutes":1,"edits":1}}""", "\"rate.edits\" must be true or false.")]
    [InlineData(
        """{"links":{"fewerThan":1}}""",
        "there is no \"fewerThan\" in \"links\"; there are \"fewerPostsThan\"."
    )]
    public void what_is_wrong_is_said_with_where_it_stands(string json, string why) =>
        Should.Throw<QuestionRefusedException>(() => PolicyFile.Parse(json, "policy.json")).Message.ShouldContain(why);

    [Fact]
    public async Task a_file_that_is_not_there_is_named() =>
        (
            await Should.ThrowAsync<QuestionRefusedException>(() =>
                PolicyFile.ReadAsync("/nowhere/policy.json", TestContext.Current.CancellationToken)
            )
        ).Message.ShouldContain("/nowhere/policy.json");
}
