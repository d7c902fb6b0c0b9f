using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Turnpike.Networks.Tests;

/// <summary>
/// The types of our sources that syntax refers to: those it names, those its expressions have or are converted to, those whose members it calls, and the members that
/// it calls without naming them (operators, conversions, enumerators, deconstruction, collection initializers, query clauses).
/// </summary>
internal sealed class SourceReferences(SemanticModel model)
{
    private readonly HashSet<INamedTypeSymbol> _types = new(SymbolEqualityComparer.Default);

    /// <summary>Outermost types, as declared.</summary>
    public IReadOnlyCollection<INamedTypeSymbol> Types => _types;

    public void Add(SyntaxNode node)
    {
        var symbol = model.GetSymbolInfo(node);
        AddSymbol(symbol.Symbol);
        foreach (var candidate in symbol.CandidateSymbols) AddSymbol(candidate);
        var type = model.GetTypeInfo(node);
        AddType(type.Type);
        AddType(type.ConvertedType);
        if (node is ExpressionSyntax expression) AddExpression(expression);
        if (node is CommonForEachStatementSyntax loop) AddLoop(loop);
        if (node is RecursivePatternSyntax) AddSymbol((model.GetOperation(node) as IRecursivePatternOperation)?.DeconstructSymbol);
        if (node is QueryClauseSyntax clause) AddClause(model.GetQueryClauseInfo(clause));
    }

    private void AddExpression(ExpressionSyntax expression)
    {
        AddSymbol(model.GetConversion(expression).MethodSymbol);
        AddSymbol(model.GetCollectionInitializerSymbolInfo(expression).Symbol);
        if (expression is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment) AddDeconstruction(model.GetDeconstructionInfo(assignment));
        if (expression is AwaitExpressionSyntax awaited) AddSymbol(model.GetAwaitExpressionInfo(awaited).GetAwaiterMethod);
    }

    private void AddLoop(CommonForEachStatementSyntax loop)
    {
        var info = model.GetForEachStatementInfo(loop);
        AddSymbol(info.GetEnumeratorMethod);
        AddSymbol(info.MoveNextMethod);
        AddSymbol(info.CurrentProperty);
        AddSymbol(info.DisposeMethod);
        AddSymbol(info.ElementConversion.MethodSymbol);
        AddSymbol(info.CurrentConversion.MethodSymbol);
        if (loop is ForEachVariableStatementSyntax variables) AddDeconstruction(model.GetDeconstructionInfo(variables));
    }

    private void AddDeconstruction(DeconstructionInfo info)
    {
        AddSymbol(info.Method);
        AddSymbol(info.Conversion?.MethodSymbol);
        foreach (var nested in info.Nested) AddDeconstruction(nested);
    }

    private void AddClause(QueryClauseInfo info)
    {
        AddSymbol(info.OperationInfo.Symbol);
        AddSymbol(info.CastInfo.Symbol);
    }

    private void AddSymbol(ISymbol? symbol)
    {
        if (symbol is null) return;
        AddType(symbol as ITypeSymbol ?? symbol.ContainingType);
        switch (symbol)
        {
            case IMethodSymbol method:
                AddType(method.ReturnType);
                foreach (var parameter in method.Parameters) AddType(parameter.Type);
                foreach (var argument in method.TypeArguments) AddType(argument);
                break;
            case IPropertySymbol property: AddType(property.Type); break;
            case IFieldSymbol field: AddType(field.Type); break;
            case ILocalSymbol local: AddType(local.Type); break;
            case IParameterSymbol parameter: AddType(parameter.Type); break;
        }
    }

    private void AddType(ITypeSymbol? type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array: AddType(array.ElementType); break;
            case IPointerTypeSymbol pointer: AddType(pointer.PointedAtType); break;
            case INamedTypeSymbol named: AddNamed(named); break;
        }
    }

    private void AddNamed(INamedTypeSymbol named)
    {
        foreach (var argument in named.TypeArguments) AddType(argument);
        if (named.IsTupleType) return;
        var outermost = named.OriginalDefinition;
        while (outermost.ContainingType is { } outer)
        {
            foreach (var argument in outer.TypeArguments) AddType(argument);
            outermost = outer.OriginalDefinition;
        }
        if (outermost.DeclaringSyntaxReferences.Length > 0) _types.Add(outermost);
    }
}
