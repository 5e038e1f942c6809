using EventForum.CommandLine;
using JasperFx.CommandLine;
using JasperFx.CommandLine.Parsing;

namespace EventForum.Tests.CommandLine;

public sealed class CommandOptionsTests
{
    public static TheoryData<Type> Inputs =>
        [
            .. typeof(AuditCommand)
                .Assembly.GetTypes()
                .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IJasperFxCommand)))
                .Select(type => Activator.CreateInstance(type).ShouldBeAssignableTo<IJasperFxCommand>()!.InputType),
        ];

    [Theory]
    [MemberData(nameof(Inputs))]
    public void no_option_of_a_command_reads_like_another(Type input)
    {
        var names = InputParser
            .GetHandlers(input)
            .OfType<TokenHandlerBase>()
            .Where(handler => InputParser.IsFlag(handler.MemberName))
            .SelectMany(handler =>
            {
                var aliases = InputParser.ToFlagAliases(input.GetProperty(handler.MemberName)!);
                return new[] { aliases.ShortForm, aliases.LongForm };
            })
            .Where(name => !string.IsNullOrEmpty(name))
            .ToList();

        names.ShouldBeUnique(StringComparer.Ordinal);
    }
}
