using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EventForum.Benchmarks;

/// <summary>
/// One keep-alive connection that sends requests made beforehand and reads an answer to its end. The load shares its
/// processors with the server, and HttpClient costs several times as much a request.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[256 * 1024];

    public HttpConnection(int port) => socket.Connect(IPAddress.Loopback, port);

    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

    public static byte[] Post(string path, string token, string json) =>
        Encoding.UTF8.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
                + "Content-Type: application/json\r\n"
                + $"Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}"
        );

    /// <summary>Sends the request, reads the whole answer, and gives its status.</summary>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request)
    {
        await socket.SendAsync(request);
        var length = 0;
        do
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(length));
            length += count > 0 ? count : throw new BenchmarkException("The server hung up.");
        } while (!IsWhole(buffer.AsSpan(0, length)));

        return Utf8Parser.TryParse(buffer.AsSpan(9, 3), out int status, out _) ? status : 0;
    }

    public async ValueTask ExpectAsync(ReadOnlyMemory<byte> request, int status)
    {
        if (await SendAsync(request) is var actual && actual != status)
        {
            throw new BenchmarkException(
                $"{actual} instead of {status}: {Encoding.UTF8.GetString(buffer).TrimEnd('\0')}"
            );
        }
    }

    public void Dispose() => socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = answer[..end];
        var at = head.IndexOf("Content-Length: "u8);
        return at < 0
            ? answer.EndsWith("\r\n0\r\n\r\n"u8)
            : Utf8Parser.TryParse(head[(at + 16)..], out int body, out _) && answer.Length >= end + 4 + body;
    }
}
