namespace EventForum.Platform;

/// <summary>
/// How much is asked of this process before it says 429, or 503: the section <c>Limits</c> of the configuration, as in
/// <c>Limits__Writes__Member__PerSecond=20</c>. An address is an IPv4 address, or an IPv6 network of 64 bits. The
/// defaults let through what people do, also many behind one address, and what a program does that takes its time.
/// </summary>
public sealed class RequestLimits
{
    /// <summary>Requests that are neither GET nor HEAD. 5 a second and a burst of 100 a member; 50 and 500 an address.</summary>
    public RequestClass Writes { get; set; } = new() { Member = new(5, 100), Address = new(50, 500) };

    /// <summary>Reads that cost little, such as a page. 50 a second and a burst of 500 a member; 500 and 5,000 an address.</summary>
    public RequestClass Reads { get; set; } = new() { Member = new(50, 500), Address = new(500, 5_000) };

    /// <summary>
    /// Reads that look at much, such as a comparison, a history or a what-if. 10 a second and a burst of 100 a member; 30
    /// and 300 an address.
    /// </summary>
    public RequestClass DearReads { get; set; } = new() { Member = new(10, 100), Address = new(30, 300) };

    /// <summary>First writes of people who are no members yet: 1 a second and a burst of 100 an address.</summary>
    public RequestRate Registrations { get; set; } = new(1, 100);

    /// <summary>Dear reads that are worked on at the same time; half the processors without it, and at least one.</summary>
    public int DearReadsAtOnce { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Dear reads that wait for their turn, beyond which more are answered 503: 32.</summary>
    public int DearReadsWaiting { get; set; } = 32;

    /// <summary>Connections that wait for news, replays among them, in this process: 10,000; more are answered 503.</summary>
    public int Listeners { get; set; } = 10_000;

    /// <summary>Of these, how many from one address: 500; more are answered 429.</summary>
    public int ListenersOfAddress { get; set; } = 500;
}

/// <summary>What a member, and what an address, may ask. A request of a member counts for both.</summary>
public sealed class RequestClass
{
    public RequestRate Member { get; set; } = new();

    public RequestRate Address { get; set; } = new();
}

/// <summary>How many requests are let through.</summary>
public sealed class RequestRate
{
    public RequestRate() { }

    public RequestRate(int perSecond, int burst) => (PerSecond, Burst) = (perSecond, burst);

    /// <summary>So many a second for as long as one likes. As many more wait for up to a second before there is a 429.</summary>
    public int PerSecond { get; set; } = 1;

    /// <summary>So many at once after a rest.</summary>
    public int Burst { get; set; } = 1;
}
