global using DeviceId = Turnpike.Core.Bytes32;
