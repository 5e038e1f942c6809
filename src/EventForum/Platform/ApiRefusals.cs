using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;

namespace EventForum.Platform;

/// <summary>How the API's description tells of refusals: their one shape, and which ones an operation's shape leads to.</summary>
internal static class ApiRefusals
{
    /// <summary>The name of the shape among the description's components.</summary>
    public const string Schema = "Problem";

    public static OpenApiSchema Problem()
    {
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description =
                "Why a request was refused (RFC 9457). Some types have further members, such as currentRevision.",
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["type"] = Text(
                    "Which problem it is, as /problems/NAME, for example /problems/thread-locked. It never changes: programs tell problems apart by it.",
                    "uri-reference"
                ),
                ["title"] = Text("The same in words."),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
                ["detail"] = Text("What a person can do about this one."),
                ["traceId"] = Text("What the operator finds the request by in the logs; not every problem has it."),
            },
            Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "detail" },
        };

        static OpenApiSchema Text(string description, string? format = null) =>
            new()
            {
                Type = JsonSchemaType.String,
                Format = format,
                Description = description,
            };
    }

    public static void Refuse(OpenApiResponses responses, int status, string? description, OpenApiDocument? document) =>
        responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
        {
            Description = description ?? HttpProblems.TitleOf(status),
            Headers = status is 429 or 503
                ? ApiDocument.Header("Retry-After", "In how many seconds to try again.")
                : null,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/problem+json"] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchemaReference(Schema, document),
                },
            },
        };

    /// <summary>How operations of this shape can be refused, besides what an endpoint's own rules say.</summary>
    public static IEnumerable<(int Status, string? Description)> Refusals(
        OpenApiOperation operation,
        IList<object> metadata
    )
    {
        var declared = metadata.OfType<ProducesResponseTypeAttribute>().Select(answer => answer.StatusCode).ToHashSet();
        return Derived().Where(refusal => !declared.Contains(refusal.Status)).DistinctBy(refusal => refusal.Status);

        IEnumerable<(int Status, string? Description)> Derived()
        {
            var query = operation.Parameters!.Where(parameter => parameter.In == ParameterLocation.Query).ToList();
            if (query.Count > 0)
            {
                yield return (400, "A parameter is not what it must be.");
            }

            if (query.Any(parameter => parameter.Name == ApiDocument.MinPosition))
            {
                yield return (422, $"{ApiDocument.MinPosition} lies beyond what has happened.");
            }

            var demands = Demands(metadata);
            if (demands.Count > 0)
            {
                yield return (401, null);
            }

            foreach (var roles in demands.Select(demand => demand.Roles).OfType<string>())
            {
                yield return (403, $"The token lacks the role: {roles}.");
            }

            if (operation.Parameters!.Any(parameter => parameter.In == ParameterLocation.Path))
            {
                yield return (404, "There is none with this id.");
            }

            if (operation.RequestBody is not null)
            {
                yield return (400, "The body, or a header, cannot be read.");
                yield return (403, "The member is suspended.");
                yield return (409, "It does not fit what there is now; or another member has the name in the token.");
                yield return (413, null);
                yield return (415, null);
                yield return (422, "It breaks a rule; or its Idempotency-Key came with another command before.");
            }

            yield return (429, "Too many requests, of this member or from this address.");
            yield return (503, "The database, or a view, is not ready; or too much is waiting. Nothing has happened.");
        }
    }

    public static IReadOnlyList<IAuthorizeData> Demands(IList<object> metadata) =>
        metadata.OfType<IAllowAnonymous>().Any() ? [] : [.. metadata.OfType<IAuthorizeData>()];
}
