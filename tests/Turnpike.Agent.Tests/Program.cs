using Xunit.MicrosoftTestingPlatform;

namespace Turnpike.Agent.Tests;

/// <summary>The tests' entry point, or an agent's when a folder is given in the environment.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments) =>
        await ChildAgent.TryRunAsync() ? 0 : await TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
