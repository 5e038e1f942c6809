namespace EventForum.Platform;

/// <param name="Position">The position of the last event that the view has taken in.</param>
/// <param name="EventsBehind">How many positions it is behind the newest event.</param>
/// <param name="Behind">How long ago the oldest event was seen that it has not taken in.</param>
/// <param name="Still">How long it has not moved though there is something new.</param>
/// <param name="PerSecond">How many events a second it took in over the last seconds.</param>
public sealed record ViewState(
    string View,
    long Position,
    long EventsBehind,
    TimeSpan Behind,
    TimeSpan Still,
    double PerSecond
);
