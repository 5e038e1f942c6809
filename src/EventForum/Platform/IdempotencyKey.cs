namespace EventForum.Platform;

/// <summary>The header that makes a retry get the first answer.</summary>
public static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    public const int MaxLength = 255;

    public static Refusal ReusedForAnother { get; } =
        new(
            422,
            "idempotency-key-reused",
            "This Idempotency-Key came with another command before.",
            "Send a new key with a new command; send the same key only to repeat the very same command."
        );

    public static Refusal? RefusalOf(string? key) =>
        key is null || (key.Length is > 0 and <= MaxLength && key.All(c => c is >= ' ' and <= '~'))
            ? null
            : new Refusal(
                400,
                "idempotency-key-invalid",
                "The Idempotency-Key cannot be used.",
                $"Send 1 to {MaxLength} printable ASCII characters, for example a UUID."
            );
}
