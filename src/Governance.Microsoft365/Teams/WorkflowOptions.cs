namespace Governance.Microsoft365.Teams;

/// <summary>How a workflow knows that a post is allowed.</summary>
public enum WorkflowAuth
{
    /// <summary>By the signature in its address; no token is sent.</summary>
    Sas,

    /// <summary>By a token of the scanner's identity; the address carries no signature.</summary>
    Entra,
}

/// <summary>The cloud a workflow lives in, which says for whom its token must be.</summary>
public enum WorkflowCloud
{
    Public,
    Gcc,
    GccHigh,
    Dod,
    China,
}

/// <summary>How posts to a workflow are made.</summary>
public sealed record WorkflowOptions
{
    public WorkflowAuth Auth { get; init; } = WorkflowAuth.Sas;

    public WorkflowCloud Cloud { get; init; } = WorkflowCloud.Public;

    /// <summary>Attempts in all, where an answer proves that nothing was posted. Default 4.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Longest wait that an answer may ask for; a longer one ends the post as not made. Default 5 min.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long to wait for an answer; after that the end is unknown. Default 60 s.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(60);

    public CardOptions Card { get; init; } = new();

    /// <summary>OAuth scope of the cloud. The audience ends in a slash, so two slashes are right here.</summary>
    /// <remarks>Source: Microsoft Learn, "Add OAuth authentication for HTTP request triggers", read 2026-11-22.</remarks>
    internal string Scope => Cloud switch
    {
        WorkflowCloud.Public => "https://service.flow.microsoft.com/",
        WorkflowCloud.Gcc => "https://gov.service.flow.microsoft.us/",
        WorkflowCloud.GccHigh => "https://high.service.flow.microsoft.us/",
        WorkflowCloud.Dod => "https://service.flow.appsplatform.us/",
        WorkflowCloud.China => "https://service.powerautomate.cn/",
        _ => throw new InvalidOperationException($"no cloud {Cloud}"),
    } + "/.default";
}
