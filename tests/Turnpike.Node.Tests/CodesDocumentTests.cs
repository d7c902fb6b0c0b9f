using System.Globalization;
using System.Text;
using Turnpike.Agent;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Networks.Wireless;
using Turnpike.Networks.Wireless.Protocol.Leg;
using Turnpike.Tests;

namespace Turnpike.Node.Tests;

/// <summary>docs/codes.md is the registry of codes, written from the code; TURNPIKE_WRITE_DOCS=1 rewrites it.</summary>
public class CodesDocumentTests
{
    private static readonly string Path = System.IO.Path.Combine(SharedData.RepositoryRoot, "docs", "codes.md");

    [Fact]
    public void Every_code_of_the_program_is_documented_and_none_else()
    {
        var page = Page();
        if (Environment.GetEnvironmentVariable("TURNPIKE_WRITE_DOCS") == "1") File.WriteAllText(Path, page);
        Assert.Equal(page, File.ReadAllText(Path));
    }

    private static string Page()
    {
        var page = new StringBuilder("# Codes\n\nWhat a gateway's door and the rules say of evidence, nodes to each other and to agents, and an agent of what goes wrong beside it. Numbers are stable and never reused; they are stored, published in outcomes and metric labels.\n\n| code | name | meaning |\n|---|---|---|\n");
        foreach (var code in new VerdictRegistry(AdmissionCodes.Module, WirelessModule.Verdicts, Oracle.Peers.PeerCodes.Module, LegCodes.Module, AgentCodes.Module).Codes)
            page.Append(CultureInfo.InvariantCulture, $"| {code.Number} | {code.Name} | {code.Description} |\n");
        return page.ToString();
    }
}
