using System.Reflection;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using EventForum.Boards;
using EventForum.Cases;
using EventForum.Members;
using EventForum.Moderation;
using EventForum.Threads;
using EventForum.Views;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace EventForum.Tests.Architecture;

/// <summary>Which parts of the program may know of which.</summary>
public sealed class ArchitectureTests
{
    private static readonly System.Reflection.Assembly Product = typeof(Program).Assembly;

    private static readonly ArchUnitNET.Domain.Architecture Parts = new ArchLoader()
        .LoadAssemblies(Product)
        .LoadNamespacesWithinAssembly(Product, "EventForum")
        .Build();

    /// <summary>The folders of the program: each may know of those before it, none of those behind it.</summary>
    private static readonly string[] Folders =
    [
        "Platform",
        "Access",
        "Commands",
        "Members",
        "Boards",
        "Threads",
        "Lists",
        "History",
        "Cases",
        "Moderation",
        "Views",
        "Transparency",
        "Audit",
        "Erasure",
        "Exchange",
        "Questions",
        "CommandLine",
        "Web",
    ];

    public static TheoryData<string> AllFolders => [.. Folders];

    [Theory]
    [MemberData(nameof(AllFolders))]
    public void folders_depend_on_each_other_in_one_direction(string folder)
    {
        var behind = Folders.SkipWhile(other => other != folder).Skip(1).Append("Nowhere");

        Types()
            .That()
            .ResideInNamespaceMatching($@"^EventForum\.{folder}(\.|$)")
            .Should()
            .NotDependOnAnyTypesThat()
            .ResideInNamespaceMatching($@"^EventForum\.({string.Join('|', behind)})(\.|$)")
            .WithoutRequiringPositiveResults()
            .Check(Parts);
    }

    [Fact]
    public void every_folder_has_its_place() =>
        Product
            .GetTypes()
            .Select(type => type.Namespace?.Split('.'))
            .Where(name => name is ["EventForum", ..])
            .Select(name => name![1])
            .Distinct(StringComparer.Ordinal)
            .ShouldBe(Folders, ignoreOrder: true);

    [Fact]
    public void endpoints_are_static() =>
        Classes().That().HaveNameEndingWith("Endpoint").Should().BeAbstract().AndShould().BeSealed().Check(Parts);

    [Fact]
    public void nothing_is_named_for_what_says_nothing() =>
        Types().Should().NotHaveNameMatching("(Service|Manager|Helper|Util|Utils|AggregateHandler)$").Check(Parts);

    [Fact]
    public void events_and_what_is_folded_from_them_know_nothing_of_the_web_or_of_messages()
    {
        var pure = EventTypes().Concat(FoldedTypes()).ToList();
        pure.Count.ShouldBeGreaterThan(10);

        Types()
            .That()
            .Are(pure)
            .Should()
            .NotDependOnAnyTypesThat()
            .ResideInNamespaceMatching(@"^(Microsoft\.AspNetCore|Wolverine|Npgsql)")
            .Check(Parts);
    }

    [Fact]
    public void events_are_sealed_records_in_the_past_tense()
    {
        foreach (var type in EventTypes())
        {
            type.IsSealed.ShouldBeTrue(type.Name);
            type.GetMethod("<Clone>$").ShouldNotBeNull(type.Name);
            type.Name.ShouldMatch("(ed|Taken|Withdrawn|MovedOut|MovedIn|SplitOff|Undone|Held)$");
        }
    }

    [Fact]
    public void what_is_folded_cannot_be_changed()
    {
        foreach (var property in FoldedTypes().SelectMany(type => type.GetProperties()).Where(p => p.CanWrite))
        {
            property
                .SetMethod!.ReturnParameter.GetRequiredCustomModifiers()
                .ShouldContain(
                    typeof(System.Runtime.CompilerServices.IsExternalInit),
                    $"{property.DeclaringType!.Name}.{property.Name} has a setter"
                );
        }
    }

    /// <summary>What the modules register with the store.</summary>
    private static IEnumerable<System.Type> EventTypes()
    {
        var configuration = new ConfigurationBuilder().Build();
        var services = new ServiceCollection()
            .AddBoards()
            .AddMembers(configuration)
            .AddThreads()
            .AddCases(configuration)
            .AddModeration()
            .AddViews(configuration)
            .BuildServiceProvider();
        var options = new StoreOptions();
        foreach (var module in services.GetServices<IConfigureMarten>())
        {
            module.Configure(services, options);
        }

        return ((IReadOnlyStoreOptions)options)
            .Events.AllKnownEventTypes()
            .Select(known => known.EventType)
            .Where(type => type.Assembly == Product);
    }

    private static IEnumerable<System.Type> FoldedTypes() =>
        Product
            .GetTypes()
            .Where(type => type.GetMethod("Fold", BindingFlags.Public | BindingFlags.Static)?.ReturnType == type);
}
