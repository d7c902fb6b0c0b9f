using Turnpike.Core.Parameters;

namespace Turnpike.Blueprints.Tests;

/// <summary>A small right blueprint, and a pack with one parameter of each kind.</summary>
internal static class Sample
{
    internal const string File = "net.yaml";

    internal const string Yaml = """
        network:
          name: test-net
          title: Test network
          description: Pays for parcels.
          module: parcels
          pack: parcels-1
        token:
          name: Parcel
          symbol: PCL
          genesis:
            - account: holder
              amount: 1000.5
        emission:
          steps:
            - { from_epoch: 1, per_epoch: 100 }
            - { from_epoch: 11, per_epoch: 50.25 }
          reemission:
            cap_per_epoch: 8
            smoothing_epochs: 7
        credits:
          onboarding_fee: 50000
          location_fee: 0
          max_price_age: 10m
          max_confidence_bps: 500
        price:
          initial_usd: 0.25
          max_step_bps: 1000
        epoch:
          length: 24h
          grace: 30m
          activation_delay: 24h
          empty_after: 7d
        oracles:
          count: 4
          faulty: 1
        gateways:
          count: 1
        distributor:
          breaker_window: 24h
          breaker_multiple: 5
        guardian:
          veto_max: 3
          veto_window: 30
          pause_max: 7d
        pools:
          - name: work
            share: 62.5%
            shape: pro-rata
            leftovers: holder
          - name: fund
            share_ppm: 375000
            shape: account
            to: 0x00000000000000000000000000000000000000fe
        parameters:
          weight: 7
          mode: strict
        accounts:
          admin: generated
          guardian: 0x00000000000000000000000000000000000000aa
          holder: 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed
        local:
          epoch: { length: 10s, grace: 3s, activation_delay: 2s }
          accounts:
            holder: generated

        """;

    internal static PackDescription Pack { get; } = new()
    {
        Id = "parcels-1",
        Module = "parcels",
        Shapes = ["pro-rata", "banded"],
        Parameters =
        [
            new() { Name = "weight", Kind = ParameterKind.Integer, Meaning = "Weight.", Minimum = 1, Maximum = 10 },
            new() { Name = "window", Kind = ParameterKind.Duration, Meaning = "Window.", Maximum = 60_000, Default = "1500" },
            new() { Name = "mode", Kind = ParameterKind.Text, Meaning = "Mode.", Choices = ["strict", "mild"] },
        ],
    };

    internal static BlueprintReading Read(string yaml) => BlueprintReader.Parse(yaml, File, [Pack]);

    internal static Blueprint Blueprint(string yaml)
    {
        var reading = Read(yaml);
        Assert.Empty(reading.Problems);
        return reading.Blueprint!;
    }

    /// <summary>The sample with one piece of text replaced; the piece must be there exactly once.</summary>
    internal static string With(string piece, string replacement)
    {
        Assert.Equal(2, Yaml.Split(piece).Length);
        return Yaml.Replace(piece, replacement, StringComparison.Ordinal);
    }
}
