using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.OpenApi;
using Npgsql;
using Scalar.AspNetCore;

namespace EventForum.Platform;

/// <summary>What operators and developers look at: health, and the API's description with a page to try it.</summary>
public static class OperationsModule
{
    public static void AddOperations(this WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"]);
        builder.Services.AddOpenApi(
            "v1",
            options =>
            {
                options.AddDocumentTransformer(
                    (document, _, _) =>
                    {
                        document.Info.Title = "EventForum";
                        document.Info.Description =
                            "A forum that never forgets. Writes need a bearer token and take an Idempotency-Key; refusals are problem documents (RFC 9457).";
                        return Task.CompletedTask;
                    }
                );
                options.AddOperationTransformer(DescribeOperation);
            }
        );
    }

    /// <summary>Groups operations by the folder of their code, and names the headers that they read.</summary>
    private static Task DescribeOperation(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellation
    )
    {
        // Wolverine's tag is the full name of the endpoint's class.
        var tags = (operation.Tags ?? new HashSet<OpenApiTagReference>()).Select(tag => tag.Name?.Split('.') ?? []);
        operation.Tags = tags.Where(name => name.Length > 1)
            .Select(name => new OpenApiTagReference(name[1], context.Document))
            .ToHashSet();
        if (!HttpMethods.IsGet(context.Description.HttpMethod!))
        {
            AddHeader(
                IdempotencyKey.Header,
                $"1 to {IdempotencyKey.MaxLength} printable ASCII characters: the same command again gets the first answer."
            );
        }

        if (context.Description is { HttpMethod: "PUT", RelativePath: "api/posts/{postId}" })
        {
            AddHeader("If-Match", "The revision that was changed, in quotes: \"3\".");
        }

        return Task.CompletedTask;

        void AddHeader(string name, string description) =>
            (operation.Parameters ??= []).Add(
                new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Header,
                    Description = description,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                }
            );
    }

    public static void MapOperations(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks(
            "/health/ready",
            new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") }
        );
        app.MapOpenApi();
        app.MapScalarApiReference("/docs", options => options.WithTitle("EventForum API").DisableDefaultFonts());
    }
}

/// <summary>Ready while the database answers.</summary>
internal sealed class DatabaseHealth(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException e)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", e);
        }
    }
}
