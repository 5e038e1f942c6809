using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventForum.Access;
using EventForum.Threads;
using EventForum.Threads.Quoting;

namespace EventForum.History.Sql;

/// <summary>A column of an event's view.</summary>
/// <param name="Sql">Its value, out of the event's row <c>e</c>.</param>
internal sealed record EventColumn(string Name, string Sql);

/// <summary>
/// The fields of an event as columns with types. A value that is not what the type of the event says is null: one event that
/// cannot be read must not hide all others.
/// </summary>
internal static class EventColumns
{
    /// <summary>The fields that a guest may see, but for what is withheld as long as the event's post is removed or hidden.</summary>
    /// <param name="withPosts">What events about posts withhold then, as JSON names it.</param>
    public static IEnumerable<EventColumn> Of(EventDescription description, IReadOnlySet<string> withPosts) =>
        description
            .EventType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property =>
                property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition is not JsonIgnoreCondition.Always
            )
            .Select(property => (Member: MemberName(property), Type: property.PropertyType))
            .Where(field => !description.ForModerators.Contains(field.Member, StringComparer.Ordinal))
            .Select(field => new EventColumn(
                JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Member),
                description.PostMember is { } post && withPosts.Contains(field.Member)
                    ? UnlessGone(Text(post), Value(field.Member, field.Type))
                    : Value(field.Member, field.Type)
            ));

    /// <summary>Who did it; null too where it is about a post that stands in a board that is hidden from guests.</summary>
    public static string Actor(EventDescription description) =>
        description.PostMember is { } post
            ? $"case when {IsUuid(Text(post))} then case when not {PublicThreads.IsHidden($"({Text(post)})::uuid")} then {Uuid("e.user_name")} end end"
            : Uuid("e.user_name");

    /// <summary>A text as a uuid; null where it is none.</summary>
    public static string Uuid(string text) => $"case when {IsUuid(text)} then ({text})::uuid end";

    /// <summary>Quotes as a guest sees them: of what stands in a board that is hidden, only its place is left.</summary>
    public static string Quotes(string json) =>
        $"""
            case when {json} = '[]' then {json} when jsonb_typeof({json}) = 'array' then
              (select jsonb_agg(case when {PublicThreads.IsHidden($"({Uuid("q ->> 'postId'")})")}
                                              then jsonb_build_object('at', q -> 'at', 'state', 'hidden') else q end order by i)
                 from jsonb_array_elements({json}) with ordinality quotes(q, i)) end
            """;

    /// <summary>A post's id; null where the post stands in a board that is hidden from guests.</summary>
    public static string SeenPost(string id) => $"case when not {PublicThreads.IsHidden($"({id})")} then {id} end";

    /// <summary>Those of an event's posts that stand where a guest sees them.</summary>
    private static string SeenPosts(string json) =>
        $"""
            case when jsonb_typeof({json}) = 'array' then
              (select coalesce(jsonb_agg(p order by i), '[]') from jsonb_array_elements({json}) with ordinality posts(p, i)
                where not {PublicThreads.IsHidden($"({Uuid("p ->> 'postId'")})")}) end
            """;

    private static string MemberName(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
        ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>A pattern that counts, such as [0-9]{8}, would take PostgreSQL five times as long.</summary>
    private static string IsUuid(string text) =>
        $"{text} like '________-____-____-____-____________' and length(replace({text}, '-', '')) = 32 and {text} !~ '[^0-9a-fA-F-]'";

    /// <summary>Null too where it is not known which post the event is about.</summary>
    private static string UnlessGone(string post, string value) =>
        $"case when {IsUuid(post)} then case when not {PublicThreads.IsGone($"({post})::uuid")} then {value} end end";

    private static string Value(string member, Type type)
    {
        var (json, text) = ($"e.data -> {SqlView.Literal(member)}", Text(member));
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(string) || type.IsEnum => text,
            _ when type == typeof(Guid) && member is "fromThreadId" or "toThreadId" =>
                $"case when exists (select from {PublicThreads.Sql} t where t.id::text = {text}) then {Uuid(text)} end",
            _ when type.IsAssignableTo(typeof(IEnumerable<NumberedPost>))
                    || type.IsAssignableTo(typeof(IEnumerable<MovedPost>)) => SeenPosts(json),
            _ when type == typeof(Guid) && member == "boardId" =>
                $"case when exists (select from {PublicBoards.Sql} b where b.id::text = {text}) then {Uuid(text)} end",
            _ when type == typeof(Guid) && member == "parentId" => SeenPost(Uuid(text)),
            _ when type == typeof(Guid) => Uuid(text),
            _ when type == typeof(bool) => $"case {text} when 'true' then true when 'false' then false end",
            _ when type == typeof(int) || type == typeof(short) || type == typeof(byte) => Whole(text, "int"),
            _ when type == typeof(long) => Whole(text, "bigint"),
            _ when type == typeof(decimal) => Number(json, text, "numeric"),
            _ when type == typeof(double) || type == typeof(float) => Number(json, text, "double precision"),
            _ when type == typeof(DateTimeOffset) || type == typeof(DateTime) =>
                $"case when {text} like '____-__-__T__:__%' and {text} !~ '[^0-9TZ:.+-]' then ({text})::timestamptz end",
            _ when type == typeof(DateOnly) =>
                $"case when {text} like '____-__-__' and {text} !~ '[^0-9-]' then ({text})::date end",
            _ when type.IsAssignableTo(typeof(IEnumerable<Quote>)) => Quotes(json),
            _ => $"nullif({json}, 'null')",
        };
    }

    private static string Text(string member) => $"e.data ->> {SqlView.Literal(member)}";

    private static string Whole(string text, string type)
    {
        var (least, most) = type == "int" ? ((long)int.MinValue, (long)int.MaxValue) : (long.MinValue, long.MaxValue);
        return $"""
            case when {text} ~ '^-?[0-9]+$' and length({text}) < 20 then
              case when ({text})::numeric between {least} and {most} then ({text})::{type} end end
            """;
    }

    private static string Number(string json, string text, string type) =>
        $"case jsonb_typeof({json}) when 'number' then ({text})::{type} end";
}
