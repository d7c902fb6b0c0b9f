// Reads downlinks with lora-packet. Input: a JSON line for each frame; output: a JSON line with what the peer makes of it, or {"error"}.
// A join (type "join": frame, appKey, nwkKey, joinEui, devEui, devNonce, all hexadecimal, most significant byte first) begins a session whose keys the peer derives itself;
// data (type "data": frame, confirms: the 16 bits of the confirmed uplink that it acknowledges) is read with the keys of the last join.
const lora = require('lora-packet');
const hex = text => Buffer.from(text, 'hex');
let keys;

function join(ask) {
  const decrypted = lora.fromWire(lora.decryptJoinAccept(lora.fromWire(hex(ask.frame)), hex(ask.nwkKey)));
  const is11 = decrypted.getDLSettingsOptNeg();
  decrypted.JoinEUI = hex(ask.joinEui);
  decrypted.DevNonce = hex(ask.devNonce);
  const mic = is11 ? lora.verifyMIC(decrypted, lora.generateJSKeys(hex(ask.nwkKey), hex(ask.devEui)).JSIntKey, undefined) : lora.verifyMIC(decrypted, undefined, hex(ask.nwkKey));
  if (is11) keys = { is11, ...lora.generateSessionKeys11(hex(ask.appKey), hex(ask.nwkKey), hex(ask.joinEui), decrypted.JoinNonce, hex(ask.devNonce)) };
  else keys = { is11, ...lora.generateSessionKeys10(hex(ask.appKey), decrypted.NetID, decrypted.AppNonce, hex(ask.devNonce)) };
  return { mic, is11, netId: decrypted.NetID.toString('hex'), address: decrypted.DevAddr.toString('hex'), rxDelay: decrypted.getRxDelayDel(), rx2: decrypted.getDLSettingsRxTwoDataRate(), channels: decrypted.CFList.toString('hex') };
}

function data(ask) {
  const packet = lora.fromWire(hex(ask.frame));
  const confirms = Buffer.alloc(2);
  if (packet.getFCtrlACK()) confirms.writeUInt16LE(ask.confirms);
  const mic = keys.is11 ? lora.verifyMIC(packet, keys.FNwkSIntKey, keys.SNwkSIntKey, undefined, confirms) : lora.verifyMIC(packet, keys.NwkSKey);
  const port = packet.getFPort();
  const payload = packet.FRMPayload && packet.FRMPayload.length ? lora.decrypt(packet, keys.AppSKey, keys.is11 ? keys.NwkSEncKey : keys.NwkSKey).toString('hex') : '';
  const options = packet.FOpts && packet.FOpts.length ? (keys.is11 ? packet.decryptFOpts(keys.NwkSEncKey) : packet.FOpts).toString('hex') : '';
  return { mic, type: packet.getMType(), address: packet.DevAddr.toString('hex'), counter: packet.getFCnt(), acknowledges: packet.getFCtrlACK(), pending: packet.getFCtrlFPending(), port, payload, options };
}

const lines = require('fs').readFileSync(0, 'utf8').split('\n').filter(line => line);
require('fs').writeSync(1, lines.map(line => {
  const ask = JSON.parse(line);
  try {
    return JSON.stringify(ask.type === 'join' ? join(ask) : data(ask));
  } catch (error) {
    return JSON.stringify({ error: String(error) });
  }
}).join('\n') + '\n');
