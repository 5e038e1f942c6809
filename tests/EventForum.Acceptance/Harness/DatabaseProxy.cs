using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace EventForum.Acceptance.Harness;

/// <summary>
/// Stands between a server and its database, over TCP. It can freeze, as a database whose processes are stopped or whose
/// disk does not answer: connections stay and are taken, and nothing comes back. And it can be gone.
/// </summary>
public sealed class DatabaseProxy : IAsyncDisposable
{
    private readonly EndPoint database;
    private readonly HashSet<Socket> sockets = [];
    private readonly Lock gate = new();
    private readonly int port;
    private Socket listener;
    private TaskCompletionSource questions = Open();
    private TaskCompletionSource answers = Open();

    /// <param name="database">The database that it leads to, by a Unix socket or over TCP.</param>
    public DatabaseProxy(TestDatabase database)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        this.database = settings.Host!.StartsWith('/')
            ? new UnixDomainSocketEndPoint(Path.Combine(settings.Host, $".s.PGSQL.{settings.Port}"))
            : new DnsEndPoint(settings.Host, settings.Port);
        listener = Listen(0);
        port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        (settings.Host, settings.Port) = ("127.0.0.1", port);
        Setting = ("EVENTFORUM_DB", settings.ConnectionString);
    }

    /// <summary>Leads a server through the proxy.</summary>
    public (string Key, string Value) Setting { get; }

    /// <summary>Nothing passes any more; what is sent meanwhile arrives afterwards, as it does at a stopped process.</summary>
    public void Freeze() => questions = answers = Closed();

    /// <summary>What is sent arrives and is carried out, but no answer comes.</summary>
    public void FreezeAnswers() => answers = Closed();

    public void Thaw()
    {
        questions.TrySetResult();
        answers.TrySetResult();
    }

    /// <summary>Connections break, and new ones are refused.</summary>
    public void Cut()
    {
        lock (gate)
        {
            listener.Dispose();
            foreach (var socket in sockets)
            {
                // Resets the connection instead of ending it in good order.
                socket.Close(0);
            }

            sockets.Clear();
        }
    }

    /// <summary>It is there again, where it was.</summary>
    public void Restore() => listener = Listen(port);

    public ValueTask DisposeAsync()
    {
        Thaw();
        Cut();
        return ValueTask.CompletedTask;
    }

    private static TaskCompletionSource Closed() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Open()
    {
        var open = Closed();
        open.SetResult();
        return open;
    }

    private Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen(512);
        _ = Task.Run(() => AcceptAsync(socket));
        return socket;
    }

    private async Task AcceptAsync(Socket from)
    {
        try
        {
            while (true)
            {
                _ = LinkAsync(await from.AcceptAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is cut.
        }
    }

    private async Task LinkAsync(Socket client)
    {
        using var server = new Socket(
            database.AddressFamily,
            SocketType.Stream,
            database is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp
        );
        try
        {
            Add(client);
            await questions.Task;
            await server.ConnectAsync(database);
            Add(server);
            await Task.WhenAny(
                PassAsync(client, server, () => questions.Task),
                PassAsync(server, client, () => answers.Task)
            );
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One of the two has gone; so does the other.
        }
        finally
        {
            lock (gate)
            {
                sockets.Remove(client);
                sockets.Remove(server);
            }

            client.Dispose();
        }
    }

    private void Add(Socket socket)
    {
        lock (gate)
        {
            sockets.Add(socket);
        }
    }

    private static async Task PassAsync(Socket from, Socket to, Func<Task> mayPass)
    {
        var buffer = new byte[16_384];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count && count > 0)
            {
                await mayPass();
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One of the two has gone; so does the other.
        }
    }
}
