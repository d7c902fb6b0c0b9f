using Turnpike.Core;

namespace Turnpike.Networks.Tests;

/// <summary>What the source hash of a pack covers, on small packs: a rule that it misses could be changed without anybody noticing.</summary>
public class SourceClosureTests
{
    [Theory]
    [InlineData("named", "object _ = new Other();", "class Other;")]
    [InlineData("static member", "int _ = Other.Value;", "static class Other { public static int Value => 1; }")]
    [InlineData("constant", "const int _ = Other.Value;", "static class Other { public const int Value = 1; }")]
    [InlineData("generic argument", "List<Other> _ = null!;", "class Other;")]
    [InlineData("type of an unnamed value", "string _ => $\"{new Maker().Make()}\";", "class Other; class Maker { public Other Make() => new(); }")]
    [InlineData("element of an unnamed list", "object _ => new Maker().Make().First();", "class Other; class Maker { public List<Other> Make() => []; }")]
    [InlineData("element of an unnamed tuple", "object _ => new Maker().Make();", "class Other; class Maker { public (int A, Other B) Make() => default; }")]
    [InlineData("target-typed new", "void M() => Take(new()); void Take(Middle m) { }", "class Middle : Other; class Other;")]
    [InlineData("base type", "object _ = new Middle();", "class Middle : Other; class Other;")]
    [InlineData("interface", "object _ = new Middle();", "class Middle : Other; interface Other { int Value => 1; }")]
    [InlineData("extension method", "int _ => 1.Twice();", "static class Other { public static int Twice(this int x) => 2 * x; }")]
    [InlineData("attribute", "[Other] int _ = 1;", "class Other : Attribute;")]
    [InlineData("nested type", "object _ = new Other.Inner();", "class Other { public class Inner; }")]
    [InlineData("binary operator", "object M(A a) => a + a;", "struct A { public static Other operator +(A x, A y) => default; } struct Other;")]
    [InlineData("unary operator", "object M(A a) => -a;", "struct A { public static Other operator -(A x) => default; } struct Other;")]
    [InlineData("compound assignment", "void M(A a) => a += 1;", "struct A { public static A operator +(A x, Other y) => x; } struct Other { public static implicit operator Other(int x) => default; }")]
    [InlineData("implicit conversion of an argument", "void M(int a) => Take(a); static void Take(A a) { }", "struct A { public static implicit operator A(int x) { _ = Other.Value; return default; } } static class Other { public static int Value => 1; }")]
    [InlineData("explicit conversion", "object M(int a) => (A)a;", "struct A { public static explicit operator A(int x) { _ = Other.Value; return default; } } static class Other { public static int Value => 1; }")]
    [InlineData("enumerator", "void M(A a) { foreach (var x in a) { } }", "class A; static class Other { public static IEnumerator<int> GetEnumerator(this A a) { yield break; } }")]
    [InlineData("deconstruction", "void M(A a) { var (x, y) = a; }", "class A; static class Other { public static void Deconstruct(this A a, out int x, out int y) => (x, y) = (1, 2); }")]
    [InlineData("deconstruction in a loop", "void M(A[] a) { foreach (var (x, y) in a) { } }", "class A; static class Other { public static void Deconstruct(this A a, out int x, out int y) => (x, y) = (1, 2); }")]
    [InlineData("deconstruction in a pattern", "bool M(A a) => a is (1, 2);", "class A; static class Other { public static void Deconstruct(this A a, out int x, out int y) => (x, y) = (1, 2); }")]
    [InlineData("collection initializer", "object _ = new A { 1 };", "class A : System.Collections.IEnumerable { public System.Collections.IEnumerator GetEnumerator() => null!; } static class Other { public static void Add(this A a, int x) { } }")]
    [InlineData("indexer", "int M(A a) => a[1];", "class A : Base; class Base { public int this[int i] => Other.Value; } static class Other { public static int Value => 1; }")]
    [InlineData("query clause", "object M(A a) => from x in a select x;", "class A; static class Other { public static int Select(this A a, Func<int, int> f) => 1; }")]
    public void Type_reached_without_its_name_or_with_it_is_in_the_hash(string way, string member, string others)
    {
        var closure = Closure(member, others);
        Assert.True(closure.TypesOf("Rules.Pack", "Rules.Source").Contains("Rules.Other"), $"{way}: only {string.Join(", ", closure.TypesOf("Rules.Pack", "Rules.Source"))}");
    }

    [Fact]
    public void Type_that_is_only_mentioned_in_a_comment_or_uses_the_pack_is_not_in_the_hash() =>
        Assert.Equal(["Rules.Pack"], Closure("/// <summary><see cref=\"Other\"/></summary>\n int M() => 1; // Other", "class Other { object _ = new Pack(); }").TypesOf("Rules.Pack", "Rules.Source"));

    [Theory]
    [InlineData("int M() => 1;", "int M()\r\n{\r\n    return 1;\r\n}", false)]
    [InlineData("int M() => 1;", "int  M ( )  // why\n    =>  1 ;", true)]
    [InlineData("int M() => 1;", "/* a */ int M() =>\r\n\t1;", true)]
    [InlineData("int M() => 1;", "int M() => 2;", false)]
    [InlineData("int M() => 1;", "int M() => 01;", false)]
    [InlineData("string M() => \"a b\";", "string M() => \"a  b\";", false)]
    [InlineData("int M() => 1;", "private int M() => 1;", false)]
    public void Hash_changes_with_tokens_and_not_with_their_layout(string before, string after, bool same) => Assert.Equal(same, Hash(before) == Hash(after));

    [Fact]
    public void Hash_does_not_change_with_order_of_files_the_constant_or_code_apart()
    {
        string[] files = [Pack("object _ = new Other();"), "namespace Rules; class Other;", "namespace Rules; class Apart { int _ = 1; }"];
        var hash = new SourceClosure(files).HashOf("Rules.Pack", "Rules.Source");
        Assert.Equal(hash, new SourceClosure(files.Reverse()).HashOf("Rules.Pack", "Rules.Source"));
        Assert.Equal(hash, new SourceClosure([files[0], files[1], "namespace Rules; class Apart { int _ = 2; }"]).HashOf("Rules.Pack", "Rules.Source"));
        Assert.NotEqual(hash, new SourceClosure([files[0], "namespace Rules; class Other { int _ = 1; }", files[2]]).HashOf("Rules.Pack", "Rules.Source"));
        string Constant(int value) => $"namespace Rules; static class Source {{ public const int Value = {value}; }}";
        Bytes32 With(int value) => new SourceClosure([Pack("int _ = Source.Value;"), Constant(value)]).HashOf("Rules.Pack", "Rules.Source");
        Assert.Equal(With(1), With(2));
    }

    [Fact]
    public void Hash_changes_with_what_an_alias_means() =>
        Assert.NotEqual(
            new SourceClosure(["using Number = System.Int32; " + Pack("Number _ = 1;")]).HashOf("Rules.Pack", "Rules.Source"),
            new SourceClosure(["using Number = System.Int64; " + Pack("Number _ = 1;")]).HashOf("Rules.Pack", "Rules.Source"));

    [Theory]
    [InlineData("Missing _ = null;")]
    [InlineData("#if DEBUG\nint _ = 1;\n#endif\n")]
    [InlineData("string M() => @\"a\nb\";")]
    [InlineData("string M() => \"\"\"\n    a\n    \"\"\";")]
    public void Source_whose_meaning_tokens_do_not_fix_is_refused(string member) => Assert.Throws<InvalidOperationException>(() => Hash(member));

    private static Bytes32 Hash(string member) => Closure(member, string.Empty).HashOf("Rules.Pack", "Rules.Source");

    private static SourceClosure Closure(string member, string others) => new([Pack(member), "namespace Rules; " + others]);

    private static string Pack(string member) => "namespace Rules; class Pack { " + member + "\n}";
}
