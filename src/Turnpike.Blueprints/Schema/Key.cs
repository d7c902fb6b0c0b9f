namespace Turnpike.Blueprints.Schema;

/// <summary>A key of the schema: what it is called, what it takes, what it means. The one source of reading and of the documentation.</summary>
internal abstract record Key(string Name, string Meaning)
{
    /// <summary>Whether a blueprint without it is wrong.</summary>
    internal bool Required { get; init; } = true;

    /// <summary>What a right value looks like.</summary>
    internal abstract string Expected { get; }

    /// <summary>What the documentation says of its absence.</summary>
    internal virtual string WhenAbsent => Required ? "required" : "optional";

    /// <summary>The schemas of what is inside.</summary>
    internal virtual Schema? Inner => null;
}

/// <summary>A key with a single value. A default is written as a blueprint would write it.</summary>
internal sealed record ScalarKey<T>(string Name, ScalarType<T> Type, string Meaning) : Key(Name, Meaning)
{
    internal string? Default
    {
        get;
        init
        {
            field = value;
            Required = false;
        }
    }

    internal override string Expected => Type.Expected;

    internal override string WhenAbsent => Default is null ? base.WhenAbsent : $"`{Default}`";
}

/// <summary>A key with a group of keys below it.</summary>
internal sealed record GroupKey(Schema Schema) : Key(Schema.Name, Schema.Meaning)
{
    internal override string Expected => $"a group with {(Schema.Keys.Count == 1 ? "the key" : "keys such as")} {string.Join(", ", Schema.Keys.Take(3).Select(key => key.Name))}";

    internal override Schema Inner => Schema;
}

/// <summary>A key with a list of groups.</summary>
internal sealed record ListKey(Schema Item, int Minimum, int Maximum) : Key(Item.Name, Item.Meaning)
{
    internal override string Expected => $"a list of {Minimum} to {Maximum} groups with {string.Join(", ", Item.Keys.Select(key => key.Name))}";

    internal override Schema Inner => Item;
}

/// <summary>A key with a group whose keys the founder or the pack names.</summary>
internal sealed record NamesKey(string Name, string Expects, string Meaning) : Key(Name, Meaning)
{
    internal override string Expected => Expects;
}

/// <summary>The keys of one group.</summary>
internal sealed record Schema(string Name, string Meaning, IReadOnlyList<Key> Keys);
