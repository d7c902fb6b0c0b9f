using System.Diagnostics.Metrics;
using Turnpike.Evidence;

namespace Turnpike.Node.Telemetry;

/// <summary>Metrics of the meter Turnpike.Market.</summary>
public sealed class MarketMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _orders;

    internal MarketMetrics(IMeterFactory factory)
    {
        _meter = factory.Create("Turnpike.Market");
        _orders = _meter.CreateCounter<long>("turnpike.market.orders", "{order}", "Customers' orders at the door, by admission code and name.");
    }

    /// <summary>Notes an order.</summary>
    public void NoteOrder(AdmissionCode code) => _orders.Add(1, new("code", (int)code), new("name", AdmissionCodes.Describe(code).Name));

    /// <summary>Shows devices and customers.</summary>
    internal void Observe(NodeContext node)
    {
        _meter.CreateObservableGauge("turnpike.market.customers", () => node.History.Read(state => state.Deposits.Count), "{customer}", "Customers that ever deposited credits.");
        _meter.CreateObservableGauge("turnpike.market.devices", () => node.History.Read(state => state.Devices.Count), "{device}", "Registered devices.");
    }
}
