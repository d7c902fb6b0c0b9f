using System.Text;
using Turnpike.Blueprints.Schema;
using Turnpike.Blueprints.Yaml;
using Turnpike.Core.Parameters;

namespace Turnpike.Blueprints;

/// <summary>What reading a blueprint gave: both profiles, or every problem at once.</summary>
public sealed record BlueprintReading
{
    /// <summary>The network as published; null when there are problems.</summary>
    public required Blueprint? Blueprint { get; init; }

    /// <summary>The network on one machine: <see cref="Blueprint"/> with its local section laid over it, the same object where there is none; null when there are problems.</summary>
    public required Blueprint? Local { get; init; }

    /// <summary>In the order of the file; empty when the blueprint is right.</summary>
    public required IReadOnlyList<BlueprintProblem> Problems { get; init; }
}

/// <summary>
/// YAML to <see cref="Blueprint"/>. Untrusted text is safe: size, depth and count are bounded, there are no anchors, and whatever is wrong comes back as a
/// <see cref="BlueprintProblem"/>, never as an exception. The local profile is read and checked as a whole network of its own.
/// </summary>
public static class BlueprintReader
{
    /// <summary>Largest blueprint, in bytes.</summary>
    public const int MaximumBytes = 256 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file. A file that cannot be opened is a problem too.</summary>
    /// <param name="path">The file; problems name it as given here.</param>
    /// <param name="packs">The rule packs that this program knows.</param>
    public static BlueprintReading Read(string path, IReadOnlyList<PackDescription> packs)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaximumBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return Parse(bytes.AsSpan(0, length), path, packs);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Refused(path, BlueprintFault.Unreadable, "the file cannot be opened", fault is FileNotFoundException or DirectoryNotFoundException ? "check the path: nothing is there" : "check that it is a file that you may read");
        }
    }

    /// <summary>Reads the bytes of a file.</summary>
    public static BlueprintReading Parse(ReadOnlySpan<byte> utf8, string file, IReadOnlyList<PackDescription> packs)
    {
        if (utf8.Length > MaximumBytes) return Refused(file, BlueprintFault.TooLarge, $"the file is larger than {MaximumBytes} bytes", "move bulk data out of the blueprint");
        try
        {
            return Parse(StrictUtf8.GetString(utf8).TrimStart('\uFEFF'), file, packs);
        }
        catch (DecoderFallbackException)
        {
            return Refused(file, BlueprintFault.Unreadable, "the file is not UTF-8 text", "save it as UTF-8");
        }
    }

    /// <summary>Reads text.</summary>
    public static BlueprintReading Parse(string text, string file, IReadOnlyList<PackDescription> packs)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(packs);
        if (text.Length > MaximumBytes) return Refused(file, BlueprintFault.TooLarge, $"the file is larger than {MaximumBytes} bytes", "move bulk data out of the blueprint");
        var problems = new ProblemList(file);
        var root = YamlTreeReader.Read(text, problems);
        if (root is null) return new BlueprintReading { Blueprint = null, Local = null, Problems = problems.InFileOrder() };

        var published = ReadNetwork(root, packs, problems);
        var local = LocalSection(root, problems) is { } section ? ReadNetwork(root.OverlaidBy(section), packs, problems) : published;
        var right = problems.Reported == 0;
        return new BlueprintReading { Blueprint = right ? published : null, Local = right ? local : null, Problems = problems.InFileOrder() };
    }

    private static YamlMapping? LocalSection(YamlMapping root, ProblemList problems)
    {
        var node = root[BlueprintSchema.LocalSection.Name];
        if (node is not null and not YamlMapping) problems.Add(BlueprintFault.WrongType, node, $"this is {node.Noun}", $"write {BlueprintSchema.LocalSection.Expected}");
        if (node is not YamlMapping section) return null;
        var allowed = BlueprintSchema.Local.Select(key => key.Name).ToArray();
        foreach (var entry in section.Entries.Where(entry => !allowed.Contains(entry.Key, StringComparer.Ordinal)))
            SectionReader.ReportUnknown(entry, allowed, problems);
        return section with { Entries = [.. section.Entries.Where(entry => allowed.Contains(entry.Key, StringComparer.Ordinal))] };
    }

    /// <summary>Every section in order. The result is whole only if no problem was added.</summary>
    private static Blueprint ReadNetwork(YamlMapping node, IReadOnlyList<PackDescription> packs, ProblemList problems)
    {
        var root = new SectionReader(node, BlueprintSchema.Root, problems);
        var accounts = new AccountBook(root, problems);
        var network = root.Group(NetworkKeys.Section);
        var pack = FindPack(network, packs);
        return new Blueprint
        {
            Network = NetworkKeys.Read(network)!,
            Token = TokenKeys.Read(root.Group(TokenKeys.Section), accounts)!,
            Emission = EmissionKeys.Read(root.Group(EmissionKeys.Section))!,
            Credits = CreditsKeys.Read(root.Group(CreditsKeys.Section))!,
            Price = PriceKeys.Read(root.Group(PriceKeys.Section))!,
            Epoch = EpochKeys.Read(root.Group(EpochKeys.Section))!,
            Oracles = NodeKeys.ReadOracles(root.Group(NodeKeys.Oracles), accounts)!,
            Gateways = NodeKeys.ReadGateways(root.Group(NodeKeys.Gateways), accounts)!,
            Distributor = SafetyKeys.ReadDistributor(root.Group(SafetyKeys.Distributor))!,
            Guardian = SafetyKeys.ReadGuardian(root.Group(SafetyKeys.Guardian))!,
            Pools = PoolKeys.Read(root, pack, accounts),
            Parameters = ParametersKeys.Read(root, pack)!,
            Accounts = accounts.Accounts,
        };
    }

    private static PackDescription? FindPack(SectionReader? network, IReadOnlyList<PackDescription> packs)
    {
        if (network is null || !network.Has(NetworkKeys.Pack)) return null;
        var (id, module) = (network.Read(NetworkKeys.Pack), network.Read(NetworkKeys.Module));
        if (!id.Given) return null;
        var pack = packs.FirstOrDefault(pack => pack.Id == id.Value);
        if (pack is null)
            network.Problems.Add(BlueprintFault.Inconsistent, id.Node, $"there is no rule pack '{id.Value}'", $"write one of {string.Join(", ", packs.Select(known => known.Id))}");
        else if (module.Given && module.Value != pack.Module)
            network.Problems.Add(BlueprintFault.Inconsistent, module.Node, $"the pack {pack.Id} does not belong to the module '{module.Value}'", $"write {pack.Module}");
        return pack;
    }

    private static BlueprintReading Refused(string file, BlueprintFault fault, string wrong, string right) =>
        new() { Blueprint = null, Local = null, Problems = [new BlueprintProblem(fault, file, 0, 0, "", wrong, right)] };
}
