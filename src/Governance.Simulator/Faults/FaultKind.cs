namespace Governance.Simulator.Faults;

/// <summary>What can go wrong between a client and Graph.</summary>
public enum FaultKind
{
    /// <summary>An error status instead of the answer; with <c>Retry-After</c> when the argument says so.</summary>
    Status,

    /// <summary>The connection is reset before any header.</summary>
    Reset,

    /// <summary>Half of the body under status 200, then the connection breaks; no Content-Length.</summary>
    Cut,

    /// <summary>Half of the body under a Content-Length for all of it, then the connection breaks.</summary>
    CutLength,

    /// <summary>Half of the body, ended as if it were whole.</summary>
    CutClean,

    /// <summary>Headers, then nothing until the client gives up.</summary>
    Silence,

    /// <summary>The body in fifty pieces with a wait before each; the argument is the wait in milliseconds (100).</summary>
    Drip,

    /// <summary>A page without rows whose link leads to the rows.</summary>
    Empty,

    /// <summary>From this page on, pages without rows whose links never end.</summary>
    Endless,

    /// <summary>The next link is the page's own.</summary>
    SelfLink,

    /// <summary>The next link leads back to the first page.</summary>
    Loop,

    /// <summary>The next link leads to another host; the argument is its root.</summary>
    ForeignLink,

    /// <summary>The next link leads to the same path over http on another host.</summary>
    HttpLink,

    /// <summary>JSON without <c>value</c>.</summary>
    NoValue,

    /// <summary>The last row of the page before is sent again (on a first page, its own first row).</summary>
    Duplicate,

    /// <summary>The last rows of the page are left out, as many as the argument says (1); the count is not lowered.</summary>
    Missing,

    /// <summary>A first page without <c>@odata.count</c>, although it was asked for.</summary>
    NoCount,

    /// <summary>400 <c>DirectoryPageTokenNotFoundException</c>.</summary>
    PageToken,

    /// <summary>400 <c>Directory_ExpiredPageToken</c>.</summary>
    ExpiredToken,

    /// <summary>410 with Location: start the delta anew.</summary>
    DeltaReset,

    /// <summary>400 <c>syncStateNotFound</c>.</summary>
    DeltaExpired,

    /// <summary>A delta round sends all changes since the start again.</summary>
    Replay,

    /// <summary>
    /// Items of a delta round hold only what changed beside their id, as with <c>Prefer: return=minimal</c>; new ones leave out what was
    /// never set (user-delta reference).
    /// </summary>
    Minimal,

    /// <summary>403 for want of a premium licence.</summary>
    Licence,

    /// <summary>A well-formed page with one value of as many megabytes as the argument says (64).</summary>
    Huge,

    /// <summary>A body that is not JSON.</summary>
    Malformed,
}
