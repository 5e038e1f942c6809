using System.Runtime.CompilerServices;
using DiffPlex.Renderer;

namespace EventForum.Acceptance.Golden;

/// <summary>What others rely on, kept as a file beside this one: it changes on purpose only.</summary>
public static class GoldenFile
{
    private static readonly string Folder = FolderOf();

    public static string Read(string name)
    {
        var path = Path.Combine(Folder, name);
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }

    /// <summary>Fails with the differences; with UPDATE_GOLDEN=1 the file becomes what it is compared to.</summary>
    public static void ShouldBe(string name, string actual)
    {
        var expected = Read(name);
        if (actual == expected)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Path.Combine(Folder, name), actual);
            return;
        }

        var differences = UnidiffRenderer.GenerateUnidiff(expected, actual, "golden/" + name, "now/" + name);
        Assert.Fail(
            $"Golden/{name} differs. If that is meant, rewrite it with `make golden` and commit it.\n\n{differences}"
        );
    }

    private static string FolderOf([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
