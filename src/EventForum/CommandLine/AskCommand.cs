using System.Diagnostics;
using System.Runtime.InteropServices;
using EventForum.Platform;
using EventForum.Questions;
using JasperFx.CommandLine;
using Npgsql;

namespace EventForum.CommandLine;

public sealed class AskInput
{
    [Description("The question: a C# file, as those in ops/questions; behind it comes what FILE --help lists")]
    public string File { get; set; } = "";
}

/// <summary>
/// Runs a question as a program of its own, which gets no other connection to the forum than one that only reads.
/// </summary>
[Description("Ask a question, a C# file, of everything that has happened", Name = "ask")]
public sealed class AskCommand : JasperFxAsyncCommand<AskInput>
{
    public AskCommand() => Usage("ask FILE, and what FILE --help lists").Arguments(input => input.File);

    public override async Task<bool> Execute(AskInput input) => await RunAsync(input.File, []) == 0;

    /// <param name="file">The question.</param>
    /// <param name="args">Its arguments, which it reads itself.</param>
    /// <returns>The question's exit code.</returns>
    internal static async Task<int> RunAsync(string file, string[] args)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        try
        {
            if (!File.Exists(file))
            {
                throw new QuestionRefusedException(
                    $"There is no file {file}. Name a question, as those in ops/questions."
                );
            }

            var program = await BuildAsync(file);
            var given = configuration[ReadDatabase.Setting];
            await using var role = string.IsNullOrEmpty(given)
                ? await QuestionRole.CreateAsync(
                    StoreModule.ConnectionString(configuration, serves: false),
                    TimeProvider.System,
                    CancellationToken.None
                )
                : null;
            return await RunAsync(program, args, role, given);
        }
        catch (QuestionRefusedException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }
        catch (PostgresException e)
            when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            await Console.Error.WriteLineAsync(QuestionRefusedException.NoForum);
        }
        catch (Exception e) when (e is StartRefusedException || Outage.Is(e))
        {
            await Console.Error.WriteLineAsync(StartRefusedException.Explain(e));
        }

        return 1;
    }

    /// <summary>Standard output is the answer's: what the compiler says goes to the error output.</summary>
    /// <returns>The program.</returns>
    private static async Task<string> BuildAsync(string file)
    {
        using var build = Start(
            ["build", file, "--nologo", "-v", "quiet", "-t:Build", "-getProperty:TargetPath"],
            start =>
            {
                start.RedirectStandardOutput = true;
                start.RedirectStandardError = true;
            }
        );
        var said = await Task.WhenAll(build.StandardOutput.ReadToEndAsync(), build.StandardError.ReadToEndAsync());
        await build.WaitForExitAsync();
        return build.ExitCode == 0
            ? said[0].Trim()
            : throw new QuestionRefusedException(
                $"The question does not compile:{Environment.NewLine}{(said[1].Length > 0 ? said[1] : said[0]).Trim()}"
            );
    }

    private static async Task<int> RunAsync(string program, string[] args, QuestionRole? role, string? given)
    {
        using var question = Start(
            [program, .. args],
            start =>
            {
                start.Environment.Remove(StoreModule.Setting);
                start.Environment[ReadDatabase.Setting] = role?.ConnectionString ?? given;
                if (role is not null)
                {
                    // Npgsql finds the forum's own password in these.
                    start.Environment.Remove("PGPASSWORD");
                    start.Environment.Remove("PGPASSFILE");
                }
            }
        );
        // A terminal tells the question, too. Its role is dropped when it has ended.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var terminated = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            signal =>
            {
                signal.Cancel = true;
                question.Kill(entireProcessTree: true);
            }
        );
        await question.WaitForExitAsync();
        return question.ExitCode;
    }

    private static Process Start(IEnumerable<string> arguments, Action<ProcessStartInfo> change)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false };
        change(start);
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new QuestionRefusedException(
                "The .NET SDK is not on the PATH, which compiles questions. Install the .NET 10 SDK, then try again.",
                e
            );
        }
    }
}
