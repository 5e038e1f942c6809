using EventForum.Questions;
using EventForum.Threads;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EventForum.Tests.Questions;

/// <summary>A view that is begun from a question.</summary>
public sealed class ViewFileTests
{
    private static readonly string Text = ViewFile.Text(
        "RenamedThreads",
        "// Which threads are \"renamed\" & how often?\nreturn await Question;\n",
        [.. EventKind.Of(typeof(ThreadStarted), typeof(ThreadRenamed))],
        typeof(Row)
    );

    [Fact]
    public void it_has_the_questions_summary_events_and_columns()
    {
        Text.ShouldContain("public sealed class RenamedThreads : IView<RenamedThreads.Row>");
        Text.ShouldContain("public string Name => \"renamed-threads\";");
        Text.ShouldContain("[property: Key] Guid ThreadId,");
        Text.ShouldContain("double? Hours = null");
        Text.ShouldContain("e.Data is ThreadStarted or ThreadRenamed");
        Text.ShouldEndWith("// return await Question;\n");
    }

    [Fact]
    public void the_compiler_asks_for_what_only_a_person_can_say_and_for_nothing_else()
    {
        Errors(Text).ShouldBe(["CS1029", "CS1029"]);
        Errors(Text.Replace("#error", "//", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("renamed")]
    [InlineData("Of")]
    [InlineData("Renamed Threads")]
    [InlineData("../Renamed")]
    public async Task a_name_that_no_class_has_is_refused(string name) =>
        (
            await Should.ThrowAsync<QuestionRefusedException>(() =>
                ViewFile.WriteAsync(name, "/question.cs", [], typeof(Row))
            )
        ).Message.ShouldStartWith($"{name} cannot be a view's name");

    [Fact]
    public async Task a_view_is_begun_above_its_question_and_never_overwritten()
    {
        var project = Directory.CreateTempSubdirectory("eventforum-view-");
        try
        {
            var views = project.CreateSubdirectory("src/EventForum/Views");
            var question = Path.Combine(project.CreateSubdirectory("ops/questions").FullName, "question.cs");
            await File.WriteAllTextAsync(question, "// What for?\n", TestContext.Current.CancellationToken);

            var path = await ViewFile.WriteAsync(
                "Purposes",
                question,
                [.. EventKind.Of(typeof(ThreadStarted))],
                typeof(Row)
            );

            path.ShouldBe(Path.Combine(views.FullName, "Purposes.cs"));
            (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ShouldContain("\"What for?\"");
            (
                await Should.ThrowAsync<QuestionRefusedException>(() =>
                    ViewFile.WriteAsync("Purposes", question, [.. EventKind.Of(typeof(ThreadStarted))], typeof(Row))
                )
            ).Message.ShouldBe($"{path} is there already: choose another name.");
        }
        finally
        {
            project.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task a_question_elsewhere_cannot_be_promoted() =>
        (
            await Should.ThrowAsync<QuestionRefusedException>(() =>
                ViewFile.WriteAsync("Renamed", "/nowhere/question.cs", [], typeof(Row))
            )
        ).Message.ShouldStartWith("There is no folder src/EventForum/Views above /nowhere/question.cs");

    private static IEnumerable<string> Errors(string text) =>
        CSharpCompilation
            .Create(
                "view",
                [
                    CSharpSyntaxTree.ParseText(text),
                    CSharpSyntaxTree.ParseText("global using System; global using System.Collections.Generic;"),
                ],
                ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                    .Split(Path.PathSeparator)
                    .Select(path => MetadataReference.CreateFromFile(path)),
                new CSharpCompilationOptions(
                    OutputKind.DynamicallyLinkedLibrary,
                    nullableContextOptions: NullableContextOptions.Enable
                )
            )
            .GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.Id);

    private sealed record Row(Name Thread, int Renames, double? Hours, string Note);
}
