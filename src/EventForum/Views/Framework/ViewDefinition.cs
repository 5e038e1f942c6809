using EventForum.Platform;
using JasperFx.Events.Projections;
using Marten;
using Weasel.Postgresql.Tables;

namespace EventForum.Views.Framework;

/// <summary>A version of a view as the program runs it: under which name, in which table, with which columns.</summary>
/// <param name="Columns">Of its table.</param>
/// <param name="Schema">Its table, or one like it under another name.</param>
/// <param name="FoldInto">What folds events into a table of that name.</param>
public sealed record ViewDefinition(
    IView View,
    IReadOnlyList<string> Columns,
    Func<string, Table> Schema,
    Func<string, FoldPage> FoldInto
)
{
    public string Name => View.Name;

    public int Version => View.Version;

    /// <summary>What its progress is kept under.</summary>
    public string Id { get; } = ViewRegistry.IdOf(View.Name, View.Version);

    public string Table { get; } = TableOf(View.Name, View.Version);

    /// <summary>The table of any version, also of one that the program does not have any more.</summary>
    public static string TableOf(string name, int version) =>
        $"{Store.Schema}.view_{name.Replace('-', '_')}_v{version}";

    public static ViewDefinition Of<TRow>(IView<TRow> view)
        where TRow : class
    {
        if (!ViewRegistry.IsName(view.Name) || view.Version < 1)
        {
            throw new InvalidOperationException(
                $"{view.GetType()} is named {view.Name}, version {view.Version}. A name has 3-40 lower-case letters, digits and hyphens, beginning with a letter; versions begin at 1."
            );
        }

        return new ViewDefinition(
            view,
            ViewTable<TRow>.Columns,
            table => new ViewTable<TRow>(table).Schema(view.Indexes),
            table => new ViewFold<TRow>(view, new ViewTable<TRow>(table)).ApplyAsync
        );
    }

    /// <summary>A view of any type of rows.</summary>
    public static ViewDefinition Of(IView view)
    {
        var rows = view.GetType()
            .GetInterfaces()
            .Single(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IView<>))
            .GetGenericArguments();
        return (ViewDefinition)
            typeof(ViewDefinition)
                .GetMethods()
                .Single(method => method.Name == nameof(Of) && method.IsGenericMethod)
                .MakeGenericMethod(rows)
                .Invoke(null, [view])!;
    }

    public void Configure(StoreOptions options)
    {
        options.Projections.Add(
            new View(Id, new ViewProjection(View, FoldInto(Table))),
            ProjectionLifecycle.Async,
            shard => shard.DeleteDataInTableOnTeardown(Table)
        );
        options.Storage.ExtendedSchemaObjects.Add(Schema(Table));
    }
}

/// <summary>Folds a page of events into a table.</summary>
public delegate Task FoldPage(
    IDocumentOperations operations,
    IReadOnlyList<ViewEvent> events,
    CancellationToken cancellation
);
