using Microsoft.Extensions.Logging;
using Turnpike.Evm.Rpc;

namespace Turnpike.Node;

/// <summary>What an operator should know about an account's transactions, as log messages.</summary>
internal static partial class AlertLog
{
    public static void Write(ILogger logger, SenderAlert alert) => Alert(logger, alert.Account.ToString(), alert.Code, alert.Message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account}: {Code}: {Text}")]
    private static partial void Alert(ILogger logger, string account, SenderAlertCode code, string text);
}
