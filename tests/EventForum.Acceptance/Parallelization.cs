using Xunit.Sdk;
using Xunit.v3;

// Many tests wait for what must come, and leave the processors to others meanwhile.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 3)]
