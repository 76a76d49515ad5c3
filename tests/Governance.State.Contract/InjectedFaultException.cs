namespace Governance.State.Contract;

/// <summary>What a test throws from inside a store.</summary>
public sealed class InjectedFaultException() : Exception("a test broke this write");
