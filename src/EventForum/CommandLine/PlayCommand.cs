using JasperFx.CommandLine;

namespace EventForum.CommandLine;

public sealed class PlayInput
{
    [Description("A file of commands, a JSON object a line")]
    public string File { get; set; } = "";

    [Description("The forum to send them to; EVENTFORUM_URL, or the one that make run starts")]
    public string? UrlFlag { get; set; }
}

/// <summary>Sends a file of commands to a running forum and reports each answer.</summary>
[Description("Send a file of commands to a running forum", Name = "play")]
public sealed class PlayCommand : JasperFxAsyncCommand<PlayInput>
{
    public PlayCommand() => Usage("play FILE").Arguments(input => input.File);

    public override async Task<bool> Execute(PlayInput input)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var url = input.UrlFlag ?? configuration["EVENTFORUM_URL"] ?? "http://127.0.0.1:5080";
        if (!File.Exists(input.File))
        {
            Console.Error.WriteLine($"There is no file {input.File}.");
            return false;
        }

        using var forum = new HttpClient { BaseAddress = new Uri(url) };
        var player = new ScriptPlayer(forum, configuration, TimeProvider.System);
        Guid? threadId = null;
        try
        {
            await foreach (var answer in player.PlayAsync(File.ReadLines(input.File), CancellationToken.None))
            {
                Console.WriteLine(
                    $"{answer.Line, 4}  {answer.Author} {answer.Command}  {answer.Status}  {answer.Answer?.ToJsonString()}"
                );
                threadId ??= answer.Answer?["threadId"]?.GetValue<Guid>();
                if (answer.IsRefused)
                {
                    return false;
                }
            }
        }
        catch (HttpRequestException e)
        {
            Console.Error.WriteLine($"No forum answers at {url}: {e.Message} Start it with make run.");
            return false;
        }

        Console.WriteLine($"Read it at {url}/threads/{threadId}");
        return true;
    }
}
