using EventForum.Platform;

namespace EventForum.Erasure;

internal static class ErasureRefusals
{
    public static readonly Refusal NobodyErasesThemselves = new(
        403,
        "erases-oneself",
        "Who erases a member is another one.",
        "Ask another admin to erase you."
    );

    public static readonly Refusal AdminsOnly = new(403, "admins-only", "Only admins erase members.", "Ask an admin.");

    public static readonly Refusal ErasedAlready = new(
        409,
        "already-erased",
        "Nothing of this person is left that this scope would take out.",
        "Nothing is to be done. What else the person wrote goes with the scope name-and-words."
    );

    public static readonly Refusal UnknownScope = new(
        422,
        "erasure-scope-unknown",
        "There is no such scope of an erasure.",
        "Send name, or name-and-words."
    );

    public static Refusal NotTheName(string name) =>
        new(
            422,
            "name-not-confirmed",
            "The name that confirms an erasure is not the member's.",
            $"Nothing can bring back what an erasure takes out. Send the member's name, {name}, as it is written."
        );
}
