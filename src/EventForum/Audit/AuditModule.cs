namespace EventForum.Audit;

public static class AuditModule
{
    public static IServiceCollection AddAudit(this IServiceCollection services) =>
        services
            .AddSingleton<StorySubjects>()
            .AddSingleton<Stories>()
            .AddSingleton<StoryAnswers>()
            .AddSingleton<Visibilities>()
            .AddSingleton<VisibilityAnswers>()
            .AddSingleton<MemberData>();
}
