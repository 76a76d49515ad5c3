using Xunit.Abstractions;
using Xunit.Sdk;

namespace Governance.Azure.Tests;

/// <summary>Skips the tests of a collection, whose stand-ins run on Node, where Node or npm is not on this machine; each says why.</summary>
/// <remarks>An attribute cannot do it: the contract of a port is tested here by facts that another assembly declares.</remarks>
public sealed class NodeTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) =>
        new Discoverer(assemblyInfo, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Discoverer(IAssemblyInfo assembly, ISourceInformationProvider source, IMessageSink diagnostics)
        : XunitTestFrameworkDiscoverer(assembly, source, diagnostics)
    {
        protected override bool FindTestsForMethod(
            ITestMethod testMethod, bool includeSourceInformation, IMessageBus messageBus, ITestFrameworkDiscoveryOptions discoveryOptions)
        {
            var needsNode = testMethod.TestClass.Class.GetCustomAttributes(typeof(CollectionAttribute)).Any();
            if (!needsNode || NodeProcess.Missing is null || !testMethod.Method.GetCustomAttributes(typeof(FactAttribute)).Any())
            {
                return base.FindTestsForMethod(testMethod, includeSourceInformation, messageBus, discoveryOptions);
            }

            var skipped = new WithoutNode(
                DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
            return ReportDiscoveredTestCase(skipped, includeSourceInformation, messageBus);
        }
    }

    private sealed class WithoutNode : XunitTestCase
    {
        [Obsolete("For deserialisation alone.", error: true)]
        public WithoutNode()
        {
        }

        public WithoutNode(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
            : base(diagnostics, display, options, method)
        {
        }

        protected override string GetSkipReason(IAttributeInfo factAttribute) => NodeProcess.Missing ?? base.GetSkipReason(factAttribute);
    }
}
