namespace EventForum.Questions;

/// <summary>How much memory a question may take; time is a token that ends it.</summary>
/// <param name="megabytes">What all objects of the program may take.</param>
internal sealed class QuestionBounds(int megabytes)
{
    /// <summary>How many events, or rows of the answer, pass between two looks.</summary>
    private const int Every = 1_000;

    private readonly long bytes = megabytes * 1024L * 1024;
    private int passed;

    /// <summary>An event has been folded, or a row of the answer made.</summary>
    public void Passed()
    {
        if (++passed % Every == 0)
        {
            Check();
        }
    }

    /// <exception cref="QuestionRefusedException">More is kept than is allowed.</exception>
    public void Check()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) <= bytes)
        {
            return;
        }

        // Most of it may be what is not used any more.
        GC.Collect();
        if (GC.GetTotalMemory(forceFullCollection: false) > bytes)
        {
            throw new QuestionRefusedException(
                $"It keeps more than {megabytes:N0} MB in memory, and was ended. Narrow it, as with --last, have it keep less of each event, or allow more with --memory {(megabytes <= 500_000 ? 2 * megabytes : megabytes)}."
            );
        }
    }
}
