using System.Diagnostics.CodeAnalysis;
using System.Runtime.Loader;

/// <summary>The runtime calls it, by this name, before the program begins.</summary>
[SuppressMessage("Design", "MA0047", Justification = "The runtime looks for this name.")]
internal static class StartupHook
{
    public static void Initialize()
    {
        var folder = Path.GetDirectoryName(typeof(StartupHook).Assembly.Location)!;
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Path.Combine(folder, name.Name + ".dll") is var file && File.Exists(file)
                ? context.LoadFromAssemblyPath(file)
                : null;
    }
}
