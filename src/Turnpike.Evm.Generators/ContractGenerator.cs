using System;
using System.IO;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Turnpike.Evm.Generators.Emit;
using Turnpike.Evm.Generators.Solidity;

namespace Turnpike.Evm.Generators;

/// <summary>
/// Typed bindings for every AdditionalFile of the shape {"contractName", "abi", "bytecode"}. The namespace is the MSBuild property TurnpikeContractsNamespace
/// (make it visible with CompilerVisibleProperty), else RootNamespace + ".Contracts".
/// </summary>
[Generator]
public sealed class ContractGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor CannotBind = new(
        "TPABI001",
        "A contract artifact cannot be bound",
        "{0}",
        "Turnpike.Evm",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var targetNamespace = context.AnalyzerConfigOptionsProvider.Select((options, _) =>
        {
            if (options.GlobalOptions.TryGetValue("build_property.TurnpikeContractsNamespace", out var chosen) && chosen.Length > 0) return chosen;
            return options.GlobalOptions.TryGetValue("build_property.RootNamespace", out var root) && root.Length > 0 ? root + ".Contracts" : "Contracts";
        });
        var bindings = context.AdditionalTextsProvider
            .Where(file => file.Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            .Combine(targetNamespace)
            .Select((pair, cancellation) => Bind(pair.Left, pair.Right, cancellation));
        context.RegisterSourceOutput(bindings, Add);
    }

    // Tuples of strings compare by value: an unchanged contract is not emitted again.
    private static (string Name, string Source, string Error, string Path) Bind(AdditionalText file, string targetNamespace, CancellationToken cancellation)
    {
        try
        {
            var contract = ArtifactReader.Read(file.GetText(cancellation)?.ToString() ?? "", targetNamespace);
            return contract is null ? ("", "", "", "") : (contract.Name, ContractEmitter.Emit(contract), "", "");
        }
        catch (FormatException e)
        {
            return ("", "", Path.GetFileName(file.Path) + ": " + e.Message, file.Path);
        }
    }

    private static void Add(SourceProductionContext context, (string Name, string Source, string Error, string Path) binding)
    {
        if (binding.Error.Length > 0) context.ReportDiagnostic(Diagnostic.Create(CannotBind, Location.Create(binding.Path, default, default), binding.Error));
        if (binding.Source.Length > 0) context.AddSource(binding.Name + ".g.cs", SourceText.From(binding.Source, System.Text.Encoding.UTF8));
    }
}
