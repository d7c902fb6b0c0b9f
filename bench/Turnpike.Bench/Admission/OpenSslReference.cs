using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Turnpike.Bench.Admission;

/// <summary>What the machine's own OpenSSL verifies a second: one key, one signature, nothing else. It counts processor time, as we do.</summary>
internal static partial class OpenSslReference
{
    public static async Task<double> VerificationsPerSecondAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("openssl", ["speed", "-seconds", "1", "ecdsap256"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var openssl = Process.Start(start) ?? throw new InvalidOperationException("openssl did not start.");
        var errors = openssl.StandardError.ReadToEndAsync(cancellation);
        var output = await openssl.StandardOutput.ReadToEndAsync(cancellation);
        await openssl.WaitForExitAsync(cancellation);
        var line = VerifyColumn().Match(output);
        return line.Success ? double.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"openssl speed printed no rate: {await errors}");
    }

    /// <summary>The last column of the line of nistp256.</summary>
    [GeneratedRegex(@"nistp256\).*\s([0-9.]+)\s*$", RegexOptions.Multiline)]
    private static partial Regex VerifyColumn();
}
