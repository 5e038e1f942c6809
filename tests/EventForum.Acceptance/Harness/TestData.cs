using EventForum.Acceptance.Harness;

[assembly: AssemblyFixture(typeof(TestData))]

namespace EventForum.Acceptance.Harness;

/// <summary>The folder that every server of this run has as EVENTFORUM_DATA, so that one token is good for all.</summary>
public sealed class TestData : IDisposable
{
    public static string Folder { get; } = Directory.CreateTempSubdirectory("eventforum-test-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
