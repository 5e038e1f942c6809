using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Extensions.FileProviders;

namespace EventForum.Web;

/// <summary>The addresses of the files in wwwroot: each holds its content's hash, so that a browser may keep it for ever.</summary>
public sealed class SiteFiles(IWebHostEnvironment host)
{
    private readonly FrozenDictionary<string, string> urls = host
        .WebRootFileProvider.GetDirectoryContents("")
        .Where(file => !file.IsDirectory)
        .ToFrozenDictionary(file => file.Name, file => $"/{file.Name}?v={Hash(file)}", StringComparer.Ordinal);

    public string this[string file] => urls[file];

    public static void Serve(WebApplication app) =>
        app.UseStaticFiles(
            new StaticFileOptions
            {
                OnPrepareResponse = context =>
                {
                    var headers = context.Context.Response.Headers;
                    headers.XContentTypeOptions = "nosniff";
                    headers.CacheControl = context.Context.Request.Query.ContainsKey("v")
                        ? "public, max-age=31536000, immutable"
                        : "public, no-cache";
                },
            }
        );

    private static string Hash(IFileInfo file)
    {
        using var content = file.CreateReadStream();
        return Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6));
    }
}
