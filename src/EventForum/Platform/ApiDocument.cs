using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EventForum.Platform;

/// <summary>
/// The API's description. Endpoints say what is theirs by doc comments and attributes; what holds for all that are
/// alike is derived here from what they are.
/// </summary>
public static class ApiDocument
{
    private const string Bearer = "bearer";

    private const string EventStream = "text/event-stream";

    internal const string MinPosition = "min-position";

    public static void AddApiDocument(this IServiceCollection services)
    {
        services.AddSingleton<IApiDescriptionProvider, DeclaredAnswers>();
        services.AddOpenApi(
            "v1",
            options =>
            {
                options.AddSchemaTransformer(SayNumbers);
                options.AddOperationTransformer(DescribeOperation);
                options.AddDocumentTransformer(DescribeApi);
            }
        );
    }

    private static Task DescribeApi(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellation
    )
    {
        document.Info.Title = "EventForum";
        document.Info.Description =
            "A forum that never forgets. Writes need a bearer token and take an Idempotency-Key; refusals are problem documents (RFC 9457).";
        document.AddComponent(ApiRefusals.Schema, ApiRefusals.Problem());
        document.AddComponent<IOpenApiSecurityScheme>(
            Bearer,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Bearer,
                BearerFormat = "JWT",
                Description =
                    "Who writes, and by the claim roles as what: member, moderator or admin. Reads need none; a moderator's shows what has been removed.",
            }
        );
        return Task.CompletedTask;
    }

    /// <summary>Numbers may come as strings too, but whoever reads the description need not know.</summary>
    private static Task SayNumbers(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellation
    )
    {
        if ((schema.Type & (JsonSchemaType.Integer | JsonSchemaType.Number)) > 0)
        {
            schema.Type &= ~JsonSchemaType.String;
            schema.Pattern = null;
        }

        return Task.CompletedTask;
    }

    private static Task DescribeOperation(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellation
    )
    {
        var api = context.Description;
        var metadata = api.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
        operation.Responses ??= [];
        NameAsPeopleDo(operation, context.Document);
        foreach (var answer in metadata.OfType<ProducesResponseTypeAttribute>())
        {
            Answer(operation.Responses, answer, context.Document);
        }

        foreach (var (status, description) in ApiRefusals.Refusals(operation, metadata))
        {
            ApiRefusals.Refuse(operation.Responses, status, description, context.Document);
        }

        var headers = metadata.OfType<ReadsHeaderAttribute>().ToList();
        if (!HttpMethods.IsGet(api.HttpMethod!))
        {
            headers.Add(
                new(
                    IdempotencyKey.Header,
                    $"1 to {IdempotencyKey.MaxLength} printable ASCII characters: the same command again gets the first answer."
                )
            );
        }
        else if (
            operation.Responses.GetValueOrDefault("200") is OpenApiResponse { Content: { } content } read
            && content.ContainsKey("application/json")
        )
        {
            headers.Add(new("If-None-Match", "The ETag of what the reader has: 304 comes if that is what there is."));
            operation.Responses["304"] = new OpenApiResponse { Description = "It is what If-None-Match names." };
            read.Headers = Header("ETag", "Names this content, for If-None-Match.");
        }

        foreach (var header in headers)
        {
            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = header.Name,
                    In = ParameterLocation.Header,
                    Description = header.Description,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                }
            );
        }

        var inOrder = new OpenApiResponses();
        foreach (var (status, answer) in operation.Responses.OrderBy(answer => answer.Key, StringComparer.Ordinal))
        {
            inOrder[status] = answer;
        }

        operation.Responses = inOrder;
        if (ApiRefusals.Demands(metadata).Count > 0)
        {
            operation.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] },
            ];
        }

        return Task.CompletedTask;
    }

    /// <summary>Groups operations by the folder of their code, and says what parameters are that are the same everywhere.</summary>
    private static void NameAsPeopleDo(OpenApiOperation operation, OpenApiDocument? document)
    {
        // Wolverine's tag is the full name of the endpoint's class, its description the operation's id.
        var tags = (operation.Tags ?? new HashSet<OpenApiTagReference>()).Select(tag => tag.Name?.Split('.') ?? []);
        operation.Tags = tags.Where(name => name.Length > 1)
            .Select(name => new OpenApiTagReference(name[1], document))
            .ToHashSet();
        if (operation.Description == operation.OperationId)
        {
            operation.Description = null;
        }

        foreach (var parameter in operation.Parameters!.OfType<OpenApiParameter>())
        {
            parameter.Description ??=
                parameter.In == ParameterLocation.Path
                    ? $"The {parameter.Name!.Replace("Id", "", StringComparison.Ordinal)}'s id."
                : parameter.Name == MinPosition
                    ? $"The position of a receipt: the answer waits up to {ViewFreshness.Patience.TotalSeconds} seconds until it shows what that receipt is for, and is 503 if it does not by then. Without it, nothing is waited for."
                : null;
        }
    }

    /// <summary>An answer that the endpoint declares. Answers with one status may have several media types.</summary>
    private static void Answer(
        OpenApiResponses responses,
        ProducesResponseTypeAttribute answer,
        OpenApiDocument? document
    )
    {
        var status = answer.StatusCode.ToString(CultureInfo.InvariantCulture);
        if (answer.StatusCode >= 400)
        {
            ApiRefusals.Refuse(responses, answer.StatusCode, answer.Description, document);
            return;
        }

        if (!responses.TryGetValue(status, out var known) || known is not OpenApiResponse response)
        {
            responses[status] = response = new OpenApiResponse();
        }

        response.Description = answer.Description ?? response.Description;
        var mediaTypes = new MediaTypeCollection();
        ((IApiResponseMetadataProvider)answer).SetContentTypes(mediaTypes);
        foreach (var mediaType in mediaTypes)
        {
            (response.Content ??= new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal))[mediaType] =
                new OpenApiMediaType
                {
                    Schema =
                        answer.Type == typeof(string)
                            ? new OpenApiSchema { Type = JsonSchemaType.String }
                            : new OpenApiSchemaReference(answer.Type!.Name, document)
                            {
                                Description =
                                    mediaType == EventStream ? "The data of each server-sent event, as JSON." : null,
                            },
                };
        }
    }

    internal static Dictionary<string, IOpenApiHeader> Header(string name, string description) =>
        new(StringComparer.Ordinal)
        {
            [name] = new OpenApiHeader
            {
                Description = description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            },
        };

    /// <summary>
    /// Keeps the answers that endpoints declare. Wolverine adds those that it infers from what a method returns: with
    /// an <see cref="IResult"/> it cannot know any.
    /// </summary>
    private sealed class DeclaredAnswers : IApiDescriptionProvider
    {
        public int Order => 0;

        public void OnProvidersExecuting(ApiDescriptionProviderContext context) { }

        public void OnProvidersExecuted(ApiDescriptionProviderContext context)
        {
            foreach (var api in context.Results)
            {
                var declared = api
                    .ActionDescriptor.EndpointMetadata.OfType<ProducesResponseTypeAttribute>()
                    .Select(answer => answer.StatusCode)
                    .ToHashSet();
                foreach (
                    var inferred in api.SupportedResponseTypes.Where(a => !declared.Contains(a.StatusCode)).ToList()
                )
                {
                    api.SupportedResponseTypes.Remove(inferred);
                }
            }
        }
    }
}
