using Xunit.MicrosoftTestingPlatform;

namespace Turnpike.Evidence.Tests;

/// <summary>The tests' entry point, or a child's when a role is given in the environment.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments) =>
        await Child.TryRunAsync() ? 0 : await TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
