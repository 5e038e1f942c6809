using System.Net.Sockets;
using System.Text;

namespace EventForum.Acceptance.Harness;

/// <summary>Sends bytes that no HTTP client would send.</summary>
public static class RawHttp
{
    /// <summary>Sends a request on a connection of its own, and gives the whole answer.</summary>
    /// <param name="head">Its lines without Host and Connection.</param>
    public static Task<RawAnswer> SendAsync(ForumServer server, string head, string body = "") =>
        SendWithoutHostAsync(server, $"{head.TrimEnd()}\nHost: {server.Address.Authority}", body);

    /// <param name="head">Its lines without Connection.</param>
    public static async Task<RawAnswer> SendWithoutHostAsync(ForumServer server, string head, string body = "")
    {
        using var patience = Patience.Begin();
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port, patience.Token);
        await using var stream = socket.GetStream();
        var lines = head.ReplaceLineEndings("\r\n").TrimEnd();
        var request = $"{lines}\r\nConnection: close\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), patience.Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(patience.Token);
        return new RawAnswer(text);
    }
}

public sealed record RawAnswer(string Text)
{
    /// <summary>Zero when the connection was closed without an answer.</summary>
    public int Status =>
        Text.Length < 12 ? 0 : int.Parse(Text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);

    public string? Header(string name) =>
        Text.Split("\r\n\r\n", 2)[0]
            .Split("\r\n")
            .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim())
            .FirstOrDefault();
}
