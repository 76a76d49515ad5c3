namespace Governance.Core.Scans.Records;

/// <summary>What the rows of a chunk are. The numbers are stored: never give one a new meaning.</summary>
public enum ChunkKind : byte
{
    ServicePrincipals = 1,
    Grants = 2,
    Assignments = 3,
    Users = 4,
    ConsentEvents = 5,
    ConsentRequests = 6,
    SignIns = 7,
    TrainedUsers = 8,
    AgentIdentities = 9,
}
