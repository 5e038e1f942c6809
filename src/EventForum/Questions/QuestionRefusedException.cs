namespace EventForum.Questions;

/// <summary>Why a question is not answered, as a sentence for whoever asked that says what to do.</summary>
public sealed class QuestionRefusedException : Exception
{
    internal const string NoForum = "This database holds no forum yet: start one on it, or import something.";

    public QuestionRefusedException() { }

    public QuestionRefusedException(string message)
        : base(message) { }

    public QuestionRefusedException(string message, Exception innerException)
        : base(message, innerException) { }
}
