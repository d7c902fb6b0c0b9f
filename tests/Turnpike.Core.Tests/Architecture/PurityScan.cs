using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Turnpike.Core.Tests.Architecture;

/// <summary>
/// Reads a compiled assembly, not its source, so that nothing hides behind an alias, a using or a generator. Every type that the filter admits is searched: signatures
/// of fields and methods, local variables, every instruction and every member that an instruction names.
/// </summary>
internal sealed class PurityScan : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly TypeNames _names;
    private readonly List<string> _faults = [];
    private bool _isPhysics;

    public PurityScan(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _metadata = _file.GetMetadataReader();
        _names = new TypeNames(_metadata);
    }

    public IEnumerable<string> References => _metadata.AssemblyReferences.Select(handle => _metadata.GetString(_metadata.GetAssemblyReference(handle).Name));

    /// <summary>The faults of all types whose full name the filter admits, as "type.method: kind: what".</summary>
    public IReadOnlyList<string> Faults(Func<string, bool> types) => Scan(types, isPhysics: false);

    /// <summary>The same where doubles are allowed, made of IEEE 754's basic operations only.</summary>
    public IReadOnlyList<string> PhysicsFaults(Func<string, bool> types) => Scan(types, isPhysics: true);

    public void Dispose() => _file.Dispose();

    private List<string> Scan(Func<string, bool> types, bool isPhysics)
    {
        _faults.Clear();
        _isPhysics = isPhysics;
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var name = _names.Of(handle);
            if (!types(name)) continue;
            var type = _metadata.GetTypeDefinition(handle);
            foreach (var field in type.GetFields()) ScanField(name, _metadata.GetFieldDefinition(field));
            foreach (var method in type.GetMethods()) ScanMethod(name, _metadata.GetMethodDefinition(method));
        }
        return _faults;
    }

    private void ScanField(string type, FieldDefinition field)
    {
        if (IsForbidden(field.DecodeSignature(_names, null))) _faults.Add($"{type}.{_metadata.GetString(field.Name)}: binary float: field");
    }

    private void ScanMethod(string type, MethodDefinition method)
    {
        var place = type + "." + _metadata.GetString(method.Name);
        // The compiler's text of a record is for debuggers; what matters is written by name.
        if (_metadata.GetString(method.Name) == "PrintMembers" || (_metadata.GetString(method.Name) == "ToString" && IsCompilerGenerated(method))) return;
        var signature = method.DecodeSignature(_names, null);
        if (signature.ParameterTypes.Append(signature.ReturnType).Any(IsForbidden)) _faults.Add(place + ": binary float: signature");
        if (method.RelativeVirtualAddress == 0) return;
        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil && _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null).Any(IsForbidden))
            _faults.Add(place + ": binary float: local variable");
        ScanBody(place, body.GetILBytes()!);
    }

    private void ScanBody(string place, byte[] il)
    {
        string? constrained = null;
        foreach (var (code, token) in Instructions.Of(il))
        {
            if (_isPhysics ? PurityRules.IsShortFloatInstruction(code.Name!) : PurityRules.IsBinaryFloatInstruction(code.Name!))
                _faults.Add($"{place}: {(_isPhysics ? "machine's own" : "binary float")}: {code.Name}");
            if (!token.IsNil && Named(token) is { } member && (_isPhysics ? PurityRules.PhysicsFault(member, constrained) : PurityRules.Fault(member, constrained)) is { } fault)
                _faults.Add(place + ": " + fault);
            constrained = code.Name == "constrained." ? _names.Of(token) : null;
        }
    }

    private bool IsForbidden(string type) => _isPhysics ? PurityRules.IsShortFloat(type) : PurityRules.IsBinaryFloat(type);

    // Parameters begin with the return type.
    private Member? Named(EntityHandle token)
    {
        switch (token.Kind)
        {
            case HandleKind.MemberReference:
                var reference = _metadata.GetMemberReference((MemberReferenceHandle)token);
                return new Member(_names.Of(reference.Parent), _metadata.GetString(reference.Name), [], reference.GetKind() == MemberReferenceKind.Field
                    ? [reference.DecodeFieldSignature(_names, null)]
                    : Signature(reference.DecodeMethodSignature(_names, null)));
            case HandleKind.MethodSpecification:
                var generic = _metadata.GetMethodSpecification((MethodSpecificationHandle)token);
                return Named(generic.Method)! with { GenericArguments = generic.DecodeSignature(_names, null) };
            case HandleKind.MethodDefinition:
                var method = _metadata.GetMethodDefinition((MethodDefinitionHandle)token);
                // The doors are judged where they are declared; to call one is allowed.
                return new Member(_names.Of(method.GetDeclaringType()), _metadata.GetString(method.Name), [], []);
            case HandleKind.TypeReference or HandleKind.TypeSpecification:
                return new Member(_names.Of(token), "type", [], []);
            default:
                return null;
        }
    }

    private static string[] Signature(MethodSignature<string> signature) => [signature.ReturnType, .. signature.ParameterTypes];

    private bool IsCompilerGenerated(MethodDefinition method) => method.GetCustomAttributes().Any(handle =>
        _metadata.GetCustomAttribute(handle).Constructor is { Kind: HandleKind.MemberReference } constructor
        && _names.Of(_metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent) == "System.Runtime.CompilerServices.CompilerGeneratedAttribute");
}
