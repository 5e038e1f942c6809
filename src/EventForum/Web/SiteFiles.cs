using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace EventForum.Web;

/// <summary>The addresses of the files in wwwroot: each holds its content's hash, so that a browser may keep it for a year.</summary>
public sealed class SiteFiles(IWebHostEnvironment host)
{
    private readonly FrozenDictionary<string, string> hashes = host
        .WebRootFileProvider.GetDirectoryContents("")
        .Where(file => !file.IsDirectory)
        .ToFrozenDictionary(file => file.Name, Hash, StringComparer.Ordinal);

    public string this[string file] => $"/{file}?v={hashes[file]}";

    public static void Serve(WebApplication app)
    {
        var files = app.Services.GetRequiredService<SiteFiles>();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = context => files.SayHowLong(context) });
    }

    private void SayHowLong(StaticFileResponseContext file)
    {
        var headers = file.Context.Response.Headers;
        // Another server's hash stands for what that one has.
        var isThis = file.Context.Request.Query["v"] == hashes.GetValueOrDefault(file.File.Name);
        headers.CacheControl = isThis ? "public, max-age=31536000" : "public, no-cache";
    }

    private static string Hash(IFileInfo file)
    {
        using var content = file.CreateReadStream();
        return Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6));
    }
}
