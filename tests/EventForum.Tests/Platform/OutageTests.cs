using System.Net.Sockets;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Tests.Platform;

public sealed class OutageTests
{
    [Fact]
    public void a_database_that_does_not_answer_is_an_outage()
    {
        Outage.Is(new NpgsqlException("Broken", new IOException())).ShouldBeTrue();
        Outage.Is(new IOException("Unable to write", new SocketException())).ShouldBeTrue();
        Outage.Is(new InvalidOperationException("Saving failed", new SocketException())).ShouldBeTrue();
        Outage.Is(new PostgresException("Shutting down", "FATAL", "FATAL", "57P01")).ShouldBeTrue();
    }

    [Fact]
    public void a_file_that_is_not_there_is_no_outage()
    {
        Outage.Is(new FileNotFoundException("site.css")).ShouldBeFalse();
        Outage.Is(new TypeInitializationException("SiteFiles", new IOException("No such file"))).ShouldBeFalse();
    }
}
