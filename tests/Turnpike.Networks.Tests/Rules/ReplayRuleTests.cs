using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Tests.Rules;

public sealed class ReplayRuleTests
{
    private const long Now = Chain.Start;

    private static readonly EpochNumber Epoch = new(5);

    [Fact]
    public void First_copy_by_receive_time_counts_whatever_the_order_of_the_input()
    {
        var (early, late) = (World.Piece(Now, gateway: 2), World.Piece(Now + 1, gateway: 1, signedAt: Now));
        Assert.Equal(early.Identity, late.Identity);
        foreach (var shard in new[] { new[] { early, late }, [late, early] })
        {
            var (verdicts, clones, seen) = ReplayRule.Judge(shard, CarryOver.Empty, Epoch);
            Assert.Equal([(early.Gateway, VerdictCode.Accepted), (late.Gateway, VerdictCode.Duplicate)], verdicts.Select(verdict => (verdict.Piece.Gateway, verdict.Code)));
            Assert.Empty(clones);
            Assert.Equal(new SeenSequence(early.Device, 0, 1, early.Identity, 5), Assert.Single(seen));
        }
    }

    [Fact]
    public void Two_things_signed_with_one_sequence_are_clones_and_neither_counts()
    {
        var (one, two) = (World.Piece(Now), World.Piece(Now + 1));
        var (verdicts, clones, seen) = ReplayRule.Judge([two, one, one], CarryOver.Empty, Epoch);
        Assert.Equal([VerdictCode.Clone, VerdictCode.Duplicate, VerdictCode.Clone], verdicts.Select(verdict => verdict.Code));
        Assert.Equal(new CloneFault(one.Device, 0, 1, one.Identity, two.Identity), Assert.Single(clones));
        Assert.Equal(one.Identity, Assert.Single(seen).Identity);
    }

    [Fact]
    public void Another_boot_another_sequence_or_another_device_is_no_clone()
    {
        var (verdicts, clones, seen) = ReplayRule.Judge([World.Piece(Now), World.Piece(Now, boot: 1), World.Piece(Now, sequence: 2), World.Piece(Now, device: 2)], CarryOver.Empty, Epoch);
        Assert.All(verdicts, verdict => Assert.Equal(VerdictCode.Accepted, verdict.Code));
        Assert.Empty(clones);
        Assert.Equal(4, seen.Count);
    }

    [Fact]
    public void Piece_settled_in_an_earlier_epoch_is_a_duplicate_and_its_clone_is_refused_and_published()
    {
        var (settled, clone) = (World.Piece(Now), World.Piece(Now + 1));
        var carry = CarryOver.Empty with { Seen = [new SeenSequence(settled.Device, 0, 1, settled.Identity, 4)] };
        foreach (var shard in new[] { new[] { settled, clone }, [clone, settled], [clone] })
        {
            var (verdicts, clones, seen) = ReplayRule.Judge(shard, carry, Epoch);
            Assert.All(verdicts, verdict => Assert.Equal(verdict.Piece.Identity == settled.Identity ? VerdictCode.Duplicate : VerdictCode.Clone, verdict.Code));
            Assert.Equal(new CloneFault(settled.Device, 0, 1, settled.Identity, clone.Identity), Assert.Single(clones));
            Assert.Equal(new SeenSequence(settled.Device, 0, 1, settled.Identity, 5), Assert.Single(seen));
        }
    }

    [Fact]
    public void Memory_keeps_this_epoch_and_the_one_before_it_sorted_and_prefers_what_was_met_now()
    {
        SeenSequence Seen(int device, ulong sequence, ulong epoch) => new(World.Device(device), 0, sequence, World.HashOf($"{device} {sequence}"), epoch);
        var carry = CarryOver.Empty with { Seen = [Seen(1, 1, 3), Seen(1, 2, 4), Seen(2, 1, 4)] };
        var remembered = ReplayRule.Remember(carry, [Seen(3, 1, 5), Seen(1, 2, 5)], Epoch);
        SeenSequence[] expected = [Seen(1, 2, 5), Seen(2, 1, 4), Seen(3, 1, 5)];
        Assert.Equal(expected.OrderBy(seen => seen.Device), remembered);
    }
}
