namespace Turnpike.Blueprints.Tests;

public class ProblemTests
{
    private const string Period = "write a duration from 1s to 31d, a whole number and one of s, m, h, d, such as 24h.";
    private const string AddPeriod = "add it: a duration from 1s to 31d, a whole number and one of s, m, h, d, such as 24h.";
    private const string Name = "write a name of 2 to 32 lowercase letters, digits and single hyphens that begins with a letter, such as helium-iot.";
    private const string Tokens = "write an amount of tokens above 0 up to 1000000000000 with up to 18 decimals, such as 1000.5.";
    private const string Percent = "a percentage above 0% up to 100%, with up to four decimals, such as 12.5%.";
    private const string Checked = "0x and 40 hexadecimal digits (not zero; mixed case must be a right EIP-55 checksum).";
    private const string Plain = "write the value out where it is used; blueprints have no anchors, aliases or tags.";
    private const string Look = "check the indentation, colons and quotes of this line and the one before it.";

    /// <summary>A piece of the sample, what replaces it, and every problem that follows, to the letter.</summary>
    public static TheoryData<string, string, string[]> Faults => new()
    {
        { "  length: 24h\n", "  lenght: 24h\n",
            ["UnknownKey 29:3: epoch.lenght: there is no key 'lenght'; perhaps 'length' is meant.",
             "MissingKey 29:3: epoch.length: the key is missing; " + AddPeriod] },
        { "  length: 24h\n", "  length: 24h\n  length: 12h\n",
            ["DuplicateKey 30:3: epoch.length: the key was already written in line 29; keep one of the two."] },
        { "  grace: 30m\n", "",
            ["MissingKey 29:3: epoch.grace: the key is missing; " + AddPeriod] },
        { "  grace: 30m\n", "  grace: 30 minutes\n",
            ["WrongType 30:10: epoch.grace: '30 minutes' cannot be read; " + Period] },
        { "  grace: 30m\n", "  grace: 0s\n",
            ["OutOfRange 30:10: epoch.grace: '0s' is not allowed; " + Period] },
        { "  grace: 30m\n", "  grace: [30m]\n",
            ["WrongType 30:10: epoch.grace: this is a list; " + Period] },
        { "  grace: 30m\n", "  grace:\n",
            ["WrongType 30:9: epoch.grace: this is nothing; " + Period] },
        { "  grace: 30m\n", "  grace: 24h\n",
            ["Inconsistent 30:10: epoch.grace: 24h does not fit epoch.length of 24h; the grace must be shorter than the epoch."] },
        { "  activation_delay: 24h\n", "  activation_delay: 25h\n",
            ["Inconsistent 31:21: epoch.activation_delay: 25h does not fit epoch.length of 24h; the activation delay must not exceed the epoch."] },
        { "  empty_after: 7d\n", "  empty_after: 1m\n",
            ["Inconsistent 32:16: epoch.empty_after: 1m does not fit epoch.grace of 30m; an epoch can be declared empty only after its grace."] },
        { "  grace: 30m\n", "  grace: 500ms\n",
            ["WrongType 30:10: epoch.grace: '500ms' cannot be read; " + Period] },
        { "  name: test-net", "  name: Test Net",
            ["WrongType 2:9: network.name: 'Test Net' cannot be read; " + Name] },
        { "  name: test-net", "  name: x",
            ["OutOfRange 2:9: network.name: 'x' is not allowed; " + Name] },
        { "  title: Test network", "  title: \"\"",
            ["OutOfRange 3:10: network.title: '' is not allowed; write one line of 1 to 80 characters."] },
        { "symbol: PCL", "symbol: Pcl",
            ["WrongType 9:11: token.symbol: 'Pcl' cannot be read; write a symbol of 2 to 11 capital letters and digits, such as HNT."] },
        { "  module: parcels", "  module: wireless",
            ["Inconsistent 5:11: network.module: the pack parcels-1 does not belong to the module 'wireless'; write parcels."] },
        { "pack: parcels-1", "pack: parcels-2",
            ["Inconsistent 6:9: network.pack: there is no rule pack 'parcels-2'; write one of parcels-1."] },
        { "amount: 1000.5", "amount: 1e3",
            ["WrongType 12:15: token.genesis[0].amount: '1e3' cannot be read; " + Tokens] },
        { "amount: 1000.5", "amount: 1000.5000000000000000001",
            ["WrongType 12:15: token.genesis[0].amount: '1000.5000000000000000001' cannot be read; " + Tokens] },
        { "amount: 1000.5", "amount: 0",
            ["OutOfRange 12:15: token.genesis[0].amount: '0' is not allowed; " + Tokens] },
        { "amount: 1000.5", "amount: -1",
            ["WrongType 12:15: token.genesis[0].amount: '-1' cannot be read; " + Tokens] },
        { "    - account: holder", "    - account: holdr",
            ["Inconsistent 11:16: token.genesis[0].account: there is no account 'holdr'; perhaps 'holder' is meant."] },
        { "      amount: 1000.5\n", "      amount: 1000.5\n    - { account: holder, amount: 1 }\n",
            ["Inconsistent 13:18: token.genesis[1].account: 'holder' already has an allocation in line 11; add the two amounts up."] },
        { "from_epoch: 11", "from_epoch: 1",
            ["Inconsistent 16:21: emission.steps[1].from_epoch: epoch 1 does not come after epoch 1, where the step before begins; sort the steps by epoch, each epoch once."] },
        { "    - { from_epoch: 1, per_epoch: 100 }\n    - { from_epoch: 11, per_epoch: 50.25 }", "    - { from_epoch: 1, per_epoch: 0 }",
            ["Inconsistent 14:3: emission: no step mints anything; let at least one step mint more than 0."] },
        { "  steps:\n", "  halving: { first_per_epoch: 8, interval_epochs: 10, halvings: 2 }\n  steps:\n",
            ["Inconsistent 14:3: emission: there are both steps and halving; give one of the two."] },
        { "  steps:\n    - { from_epoch: 1, per_epoch: 100 }\n    - { from_epoch: 11, per_epoch: 50.25 }\n", "",
            ["Inconsistent 14:3: emission: there are neither steps nor halving; give one of the two."] },
        { "  steps:\n    - { from_epoch: 1, per_epoch: 100 }\n    - { from_epoch: 11, per_epoch: 50.25 }\n", "  steps: []\n",
            ["OutOfRange 14:10: emission.steps: the list has 0 entries; write a list of 1 to 64 groups with from_epoch, per_epoch."] },
        { "onboarding_fee: 50000", "onboarding_fee: 50_000",
            ["WrongType 21:19: credits.onboarding_fee: '50_000' cannot be read; write a whole number from 0 to 1000000000000."] },
        { "  onboarding_fee: 50000", "  usd_per_credit: 0.001\n  onboarding_fee: 50000",
            ["OutOfRange 21:19: credits.usd_per_credit: '0.001' is not allowed; write 0.00001."] },
        { "initial_usd: 0.25", "initial_usd: 0.123456789",
            ["WrongType 26:16: price.initial_usd: '0.123456789' cannot be read; write a price in USD above 0 up to 1000000 with up to 8 decimals, such as 1.60."] },
        { "max_step_bps: 1000", "max_step_bps: 5001",
            ["OutOfRange 27:17: price.max_step_bps: '5001' is not allowed; write a whole number from 1 to 5000."] },
        { "  length: 24h\n", "  length: 24h\n  start: tomorrow\n",
            ["WrongType 30:10: epoch.start: 'tomorrow' cannot be read; write launch, or a UTC time in whole seconds such as 2025-08-01T00:00:00Z."] },
        { "  count: 4\n", "  count: 33\n",
            ["OutOfRange 34:10: oracles.count: '33' is not allowed; write a whole number from 1 to 32."] },
        { "  count: 4\n", "  count: 3\n",
            ["Inconsistent 34:10: oracles.count: 3 oracles cannot bear 1 that lie; write at least 4, or a smaller faulty."] },
        { "  count: 4\n", "  count: 4\n  members: [{ account: holder, url: https://a.example }]\n",
            ["Inconsistent 34:10: oracles.count: the count is 4 and 1 members are named; name as many members as the count says, or none."] },
        { "  faulty: 1", "  faulty: 1\n  members:\n    - { account: holder, url: https://a.example }\n    - { account: holder, url: ftp://b.example }\n    - { account: admin, url: https://c.example }\n    - { account: guardian, url: https://d.example }",
            ["Inconsistent 38:18: oracles.members[1].account: 'holder' is a member already; name each account once.",
             "WrongType 38:31: oracles.members[1].url: 'ftp://b.example' cannot be read; write an http or https address such as https://oracle-1.example.org."] },
        { "gateways:\n  count: 1\n", "gateways:\n  count: 2\n  members: [{ account: guardian, url: https://a.example }, { account: 0x00000000000000000000000000000000000000aa, url: https://b.example }]\n",
            ["Inconsistent 38:71: gateways.members[1].account: '0x00000000000000000000000000000000000000aa' is a member already; name each account once."] },
        { "veto_max: 3", "veto_max: 30",
            ["Inconsistent 42:13: guardian.veto_max: 30 vetoes in 30 epochs would stop every epoch; let the guardian veto fewer epochs than the window has."] },
        { "share: 62.5%", "share: 62.6%",
            ["Inconsistent 46:3: pools: the shares sum to 100.1%, 0.1% above the whole; let them sum to exactly 100%."] },
        { "share: 62.5%", "share: 62.49999%",
            ["WrongType 47:12: pools[0].share: '62.49999%' cannot be read; write " + Percent] },
        { "share: 62.5%", "share: 0.625",
            ["WrongType 47:12: pools[0].share: '0.625' cannot be read; write " + Percent] },
        { "    share: 62.5%\n", "",
            ["MissingKey 46:5: pools[0]: there is neither share nor share_ppm; give one of the two: " + Percent] },
        { "    share: 62.5%\n", "    share: 62.5%\n    share_ppm: 625000\n",
            ["Inconsistent 46:5: pools[0]: there are both share and share_ppm; give one of the two: " + Percent] },
        { "  - name: fund", "  - name: work",
            ["Inconsistent 50:11: pools[1].name: there is a pool 'work' already; give each pool its own name."] },
        { "shape: pro-rata", "shape: prorata",
            ["Inconsistent 48:12: pools[0].shape: the pack parcels-1 cannot pay the shape 'prorata'; write one of pro-rata, banded, account."] },
        { "    leftovers: holder\n", "    to: holder\n",
            ["Inconsistent 49:9: pools[0].to: a pool of the shape 'pro-rata' pays contributors, not an account; remove the key, or write leftovers for what nobody earns."] },
        { "    to: 0x00000000000000000000000000000000000000fe\n", "",
            ["MissingKey 50:5: pools[1].to: the key is missing; add it: a name from the accounts section, or " + Checked] },
        { "    to: 0x00000000000000000000000000000000000000fe\n", "    to: 0x00000000000000000000000000000000000000fe\n    leftovers: holder\n",
            ["Inconsistent 54:16: pools[1].leftovers: an account pool has no leftovers; remove the key."] },
        { "to: 0x00000000000000000000000000000000000000fe", "to: 0xfe",
            ["WrongType 53:9: pools[1].to: '0xfe' cannot be read; write a name from the accounts section, or " + Checked] },
        { "to: 0x00000000000000000000000000000000000000fe", "to: 0x0000000000000000000000000000000000000000",
            ["WrongType 53:9: pools[1].to: '0x0000000000000000000000000000000000000000' cannot be read; write a name from the accounts section, or " + Checked] },
        { "weight: 7", "weight: 11",
            ["OutOfRange 55:11: parameters.weight: '11' is not allowed; write a whole number from 1 to 10."] },
        { "  weight: 7\n", "",
            ["MissingKey 55:3: parameters.weight: the pack parcels-1 needs this parameter; add it: a whole number from 1 to 10."] },
        { "weight: 7", "weigth: 7",
            ["MissingKey 55:3: parameters.weight: the pack parcels-1 needs this parameter; add it: a whole number from 1 to 10.",
             "UnknownKey 55:3: parameters.weigth: there is no key 'weigth'; perhaps 'weight' is meant."] },
        { "  weight: 7\n", "  weight: 7\n  window: 2m\n",
            ["OutOfRange 56:11: parameters.window: '2m' is not allowed; write a duration from 0s to 1m, a whole number and one of ms, s, m, h, d, such as 24h."] },
        { "mode: strict", "mode: lax",
            ["OutOfRange 56:9: parameters.mode: 'lax' is not allowed; write one of strict, mild."] },
        { "  admin: generated\n", "",
            ["MissingKey 58:3: accounts.admin: the account is missing; add it: generated, or " + Checked] },
        { "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed",
            ["WrongType 60:11: accounts.holder: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed' cannot be read; write generated, or " + Checked] },
        { "  holder: 0x5a", "  Holder: 0x5a",
            ["Inconsistent 11:16: token.genesis[0].account: there is no account 'holder'; perhaps 'Holder' is meant.",
             "Inconsistent 49:16: pools[0].leftovers: there is no account 'holder'; perhaps 'Holder' is meant.",
             "WrongType 60:3: accounts.Holder: 'Holder' is no account name; " + Name] },
        { "length: 10s", "length: 2s",
            ["Inconsistent 62:31: local.epoch.grace: 3s does not fit local.epoch.length of 2s; the grace must be shorter than the epoch."] },
        { "  epoch: {", "  epoch: { grase: 1s,",
            ["UnknownKey 62:12: local.epoch.grase: there is no key 'grase'; perhaps 'grace' is meant."] },
        { "local:\n", "local:\n  network: { title: Mine }\n",
            ["UnknownKey 62:3: local.network: there is no key 'network'; the keys here are token, emission, credits, price, epoch, oracles, gateways, distributor, guardian, parameters, accounts."] },
        { "gateways:\n  count: 1\n", "gateways: 1\n",
            ["WrongType 36:11: gateways: this is a single value; write a group with keys such as count, members."] },
        { "gateways:\n  count: 1\n", "",
            ["MissingKey 1:1: gateways: the key is missing; add it: a group with keys such as count, members."] },
        { "  symbol: PCL", "  symbol: &s PCL",
            ["NotAllowed 9:11: token.symbol: '&s' is an anchor; " + Plain] },
        { "  symbol: PCL", "  symbol: *s",
            ["NotAllowed 9:11: token.symbol: '*s' is an alias; " + Plain,
             "WrongType 9:11: token.symbol: this is nothing; write a symbol of 2 to 11 capital letters and digits, such as HNT."] },
        { "  symbol: PCL", "  symbol: !!str PCL",
            ["NotAllowed 9:11: token.symbol: 'tag:yaml.org,2002:str' is a tag; " + Plain] },
        { "  symbol: PCL", "  symbol: \"PCL",
            ["Syntax 9:11: this is not YAML: While scanning a multi-line double-quoted scalar, found wrong indentation; " + Look] },
        { "  symbol: PCL", "   symbol: PCL",
            ["Syntax 9:10: this is not YAML: While scanning a plain scalar value, found invalid mapping; " + Look] },
        { "price:\n", "---\nprice:\n",
            ["NotAllowed 25:1: a second document begins here; keep one blueprint a file."] },
        { "price:\n", "? [a]\n: b\nprice:\n",
            ["WrongType 25:3: a key is a list, a group or empty; a key is a word."] },
        { "price:\n", "<<: {a: b}\nprice:\n",
            ["UnknownKey 25:1: <<: there is no key '<<'; the keys here are network, token, emission, credits, price, epoch, oracles, gateways, distributor, guardian, pools, parameters, accounts, local."] },
    };

    [Theory, MemberData(nameof(Faults))]
    public void Faulty_blueprint_is_answered_with_every_problem_in_place(string piece, string replacement, string[] expected)
    {
        var reading = Sample.Read(Sample.With(piece, replacement));

        Assert.Equal(expected, reading.Problems.Select(problem => $"{problem.Fault} {problem.ToString()[(Sample.File.Length + 1)..]}"));
        Assert.Null(reading.Blueprint);
        Assert.Null(reading.Local);
    }

    [Fact]
    public void Every_kind_of_fault_is_covered_by_a_row_or_a_limit_test()
    {
        var covered = Faults.SelectMany(row => row.Data.Item3).Select(problem => problem.Split(' ')[0])
            .Concat([nameof(BlueprintFault.Unreadable), nameof(BlueprintFault.TooLarge)]).ToHashSet();

        Assert.Equal(Enum.GetNames<BlueprintFault>().Order(), covered.Order());
    }

    [Fact]
    public void Many_faults_are_all_reported_in_file_order()
    {
        var yaml = Sample.Yaml.Replace("symbol: PCL", "symbol: pcl", StringComparison.Ordinal).Replace("count: 4", "count: four", StringComparison.Ordinal)
            .Replace("share: 62.5%", "share: 62.5", StringComparison.Ordinal).Replace("weight: 7", "weight: 0", StringComparison.Ordinal).Replace("length: 10s", "lenght: 10s", StringComparison.Ordinal);

        Assert.Equal(["token.symbol", "oracles.count", "pools[0].share", "parameters.weight", "local.epoch.lenght"], Sample.Read(yaml).Problems.Select(problem => problem.Path));
    }
}
