using EventForum.Benchmarks;
using EventForum.Benchmarks.Faults;

if (args is [PageFloor.Verb, var id])
{
    return await PageFloor.ServeAsync(Guid.Parse(id));
}

if (args is [FaultOptions.Verb, .. var rest])
{
    return await FaultRun.RunAsync(rest);
}

if (Options.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(Options.Usage);
    return 2;
}

var report = new Report();
Forum? forum = null;
try
{
    if (options.Wants("start"))
    {
        await StartBenchmark.RunAsync(options, report);
    }

    if (options.Wants("import"))
    {
        await ImportBenchmark.RunAsync(options, report);
    }

    if (options.Wants("views"))
    {
        await ViewsBenchmark.BuildsAsync(options, report);
    }

    if (options.Wants("log"))
    {
        await LogBenchmark.VerifiesAsync(options, report);
    }

    if (options.Only is not ("start" or "import"))
    {
        forum = await Forum.StartAsync(options);
        if (options.Wants("replies"))
        {
            await ReplyBenchmark.RunAsync(options, forum, report);
        }

        if (options.Wants("pages"))
        {
            await PageBenchmark.RunAsync(options, forum, report);
        }

        if (options.Wants("long"))
        {
            await LongThreadBenchmark.RunAsync(options, forum, report);
        }

        if (options.Wants("cold"))
        {
            await ColdBenchmark.RunAsync(options, forum, report);
        }

        if (options.Wants("asof"))
        {
            await AsOfBenchmark.RunAsync(options, forum, report);
        }

        if (options.Wants("lists"))
        {
            await AsOfBenchmark.ListsAsync(options, forum, report);
        }

        if (options.Wants("views"))
        {
            await ViewsBenchmark.LagAsync(options, forum, report);
        }

        if (options.Wants("log"))
        {
            await LogBenchmark.RepliesAsync(options, forum, report);
        }

        if (options.Wants("moderation"))
        {
            await ModerationBenchmark.RunAsync(options, forum, report);
        }

        if (options.Wants("bounds"))
        {
            await BoundsBenchmark.RunAsync(options, forum, report);
        }

        report.Note($"The forum's memory after this load: {forum.Process.MemoryMb} MB.");
    }

    report.Print();
    return 0;
}
catch (BenchmarkException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n{forum?.Process.Log}");
    return 1;
}
finally
{
    if (forum is not null)
    {
        await forum.DisposeAsync();
    }
}
