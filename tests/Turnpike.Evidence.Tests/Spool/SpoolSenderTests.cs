using Turnpike.Core;

namespace Turnpike.Evidence.Tests.Spool;

public sealed class SpoolSenderTests : IAsyncDisposable
{
    private const long EpochSeconds = 60;

    private readonly Samples.Folder _folder = new();
    private readonly ManualTime _time = new();
    private readonly EpochClock _clock = new(Samples.Now / 1000, EpochSeconds);
    private readonly P256DeviceKey _key = P256DeviceKey.Generate();
    private readonly FakeGateway _first;
    private readonly FakeGateway _second;
    private readonly EvidenceSpool _spool;
    private readonly List<SignedReceipt> _broken = [];
    private readonly List<DoorAnswer> _refused = [];
    private readonly List<SpooledPiece> _clones = [];

    public SpoolSenderTests()
    {
        var chain = new FakeCommits();
        (_first, _second) = (new FakeGateway(_clock, _time, chain), new FakeGateway(_clock, _time, chain));
        _spool = EvidenceSpool.Open(_folder.Path, Samples.Network, new SpoolOptions());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _spool.Dispose();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Piece_is_kept_until_the_certified_commit_has_lasted()
    {
        var sender = Sender();
        Add(1);
        Assert.Equal(1, await sender.StepAsync(Cancel));
        Assert.Single(_spool.Pieces[0].Receipts);
        Assert.Equal(1, await sender.StepAsync(Cancel));
        _time.Advance(TimeSpan.FromSeconds(EpochSeconds));
        await _first.CertifyAsync(1);
        Assert.Equal(1, await sender.StepAsync(Cancel));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(0, await sender.StepAsync(Cancel));
        Assert.Equal((1, 0, 0), (_first.Submitted, _second.Submitted, _broken.Count));
    }

    [Fact]
    public async Task Second_gateway_gets_what_the_first_cannot_take()
    {
        _first.IsAway = true;
        Add(1);
        await Sender().StepAsync(Cancel);
        Assert.Equal(_second.Gateway, Assert.Single(_spool.Pieces[0].Receipts).Receipt.Gateway);
        await _second.CertifyAsync(1);
        await LastAsync(Sender());
        // The second gateway's own word is not enough: another one must have seen the commit.
        Assert.Single(_spool.Pieces);
        _first.IsAway = false;
        await LastAsync(Sender());
        Assert.Empty(_spool.Pieces);
    }

    [Fact]
    public async Task Late_piece_goes_to_the_other_gateway_while_it_is_fresh_and_the_broken_promise_is_proved()
    {
        _first.Censors = true;
        var sender = Sender();
        Add(1);
        await sender.StepAsync(Cancel);
        await _first.CertifyAsync(1);
        // Received in epoch 1, whose commits may come until ten seconds after its end.
        _time.Advance(TimeSpan.FromSeconds(EpochSeconds + 9));
        await sender.StepAsync(Cancel);
        Assert.Equal((1, 0), (_first.Submitted, _second.Submitted));
        _time.Advance(TimeSpan.FromSeconds(1));
        await sender.StepAsync(Cancel);
        Assert.Equal((1, 1), (_first.Submitted, _second.Submitted));
        // Promised for epoch 2.
        _time.Advance(TimeSpan.FromSeconds(EpochSeconds - 1));
        await sender.StepAsync(Cancel);
        Assert.Empty(_broken);
        _time.Advance(TimeSpan.FromSeconds(1));
        await sender.StepAsync(Cancel);
        await sender.StepAsync(Cancel);
        var proof = Assert.Single(_broken);
        Assert.True(proof.Verify() && proof.Receipt.Gateway == _first.Gateway && proof.Receipt.Identity == _spool.Pieces[0].Identity);
        Assert.Equal((1, 1), (_first.Submitted, _second.Submitted));
        await _second.CertifyAsync(2);
        await LastAsync(sender);
        Assert.Empty(_spool.Pieces);
    }

    [Fact]
    public async Task Proof_that_does_not_hold_lets_no_piece_go()
    {
        _first.Lies = true;
        Add(1);
        await Sender().StepAsync(Cancel);
        await _first.CertifyAsync(1);
        await LastAsync(Sender());
        Assert.Single(_spool.Pieces);
    }

    [Theory]
    [InlineData(AdmissionCode.BadSignature, 0)]
    [InlineData(AdmissionCode.TooOld, 0)]
    [InlineData(AdmissionCode.UnknownDevice, 1)]
    [InlineData(AdmissionCode.LogUnavailable, 1)]
    [InlineData(AdmissionCode.FromFuture, 1)]
    public async Task Piece_refused_for_good_by_all_is_let_go_and_told_and_any_other_stays(AdmissionCode code, int left)
    {
        (_first.Refuses, _second.Refuses) = (code, code);
        Add(1);
        Assert.Equal(left, await Sender().StepAsync(Cancel));
        Assert.Equal(1 - left, _refused.Count);
    }

    [Fact]
    public async Task Piece_that_one_gateway_refuses_and_another_cannot_answer_for_stays()
    {
        (_first.Refuses, _second.IsAway) = (AdmissionCode.BadSignature, true);
        Add(1);
        Assert.Equal(1, await Sender().StepAsync(Cancel));
    }

    [Fact]
    public async Task Clone_is_told_to_its_device()
    {
        _first.SeesClones = true;
        Add(1);
        await Sender().StepAsync(Cancel);
        await _first.CertifyAsync(1);
        await Sender().StepAsync(Cancel);
        Assert.Equal(_spool.Pieces[0].Identity, Assert.Single(_clones).Identity);
    }

    private static async Task LastAsync(SpoolSender sender, ManualTime time)
    {
        await sender.StepAsync(Cancel);
        time.Advance(TimeSpan.FromSeconds(30));
        await sender.StepAsync(Cancel);
    }

    private Task LastAsync(SpoolSender sender) => LastAsync(sender, _time);

    private void Add(ulong sequence) => Assert.True(_spool.TryAdd(new EnvelopeSigner(_key, Samples.Network).Sign(Samples.Content(sequence))));

    private SpoolSender Sender() => new(_spool, [_first, _second], _clock, new SpoolSenderOptions
    {
        CommitWindow = TimeSpan.FromSeconds(10),
        Lasting = TimeSpan.FromSeconds(30),
        OnBroken = _broken.Add,
        OnRefused = (_, answer) => _refused.Add(answer),
        OnClone = _clones.Add,
    }, _time);
}
