using System.Diagnostics.CodeAnalysis;

[assembly: SuppressMessage(
    "Security",
    "MA0009",
    Justification = "The patterns are linear, tests feed them hostile texts; a time-out would make pure code depend on the clock.",
    Scope = "namespaceanddescendants",
    Target = "~N:EventForum.Threads.Quoting"
)]
[assembly: SuppressMessage(
    "Design",
    "MA0008",
    Justification = "No struct here is passed to native code.",
    Scope = "namespaceanddescendants",
    Target = "~N:EventForum.Threads.Quoting"
)]
