using System;
using System.Text;

namespace Turnpike.Evm.Generators.Emit;

/// <summary>Lines of C# with indentation.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private int _locals;

    public void Line(string text = "") => _text.Append(text.Length == 0 ? "" : new string(' ', _depth * 4)).Append(text).Append('\n');

    public void Summary(string text) => Line("/// <summary>" + text + "</summary>");

    /// <summary>A header and a brace; disposing closes it.</summary>
    public IDisposable Block(string header)
    {
        Line(header);
        Line("{");
        _depth++;
        return new Closing(this);
    }

    /// <summary>A local's name that nothing else in the file has.</summary>
    public string Local() => "v" + Solidity.Naming.Number(++_locals);

    public override string ToString() => _text.ToString();

    private sealed class Closing : IDisposable
    {
        private readonly CodeWriter _writer;

        public Closing(CodeWriter writer) => _writer = writer;

        public void Dispose()
        {
            _writer._depth--;
            _writer.Line("}");
        }
    }
}
