using Governance.Core.Text;
using Governance.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

NameFormCheck.Run();
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddGovernanceHead();
await builder.Build().RunAsync().ConfigureAwait(false);
