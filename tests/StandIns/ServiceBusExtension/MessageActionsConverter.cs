using Microsoft.Azure.Functions.Worker.Converters;
using StandIn.ServiceBusExtension;

namespace Microsoft.Azure.Functions.Worker;

internal sealed class MessageActionsConverter(Settlement.SettlementClient host) : IInputConverter
{
    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => new(ConversionResult.Success(new ServiceBusMessageActions(host)));
}
