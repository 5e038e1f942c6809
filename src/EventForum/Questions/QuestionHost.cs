namespace EventForum.Questions;

/// <summary>What a question runs in: where the forum is, where the answer goes, and everything else that is said.</summary>
internal sealed record QuestionHost(
    IConfiguration Configuration,
    TextWriter Output,
    TextWriter Error,
    TimeProvider Clock
)
{
    /// <summary>The question's file; empty where it has none of its own.</summary>
    public string File { get; init; } = "";

    /// <summary>A program of its own.</summary>
    public static QuestionHost Process() =>
        new(
            new ConfigurationBuilder().AddEnvironmentVariables().Build(),
            Console.Out,
            Console.Error,
            TimeProvider.System
        );
}
