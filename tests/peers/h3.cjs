// Answers questions about H3 with h3-js. Input: records of 24 bytes, little-endian: operation (byte), resolution or k (byte at 4), two 8-byte operands (at 8 and 16: doubles or indexes).
// Output for each record: a 32-bit count and that many 8-byte values; count 0xffffffff when h3-js throws.
const h3 = require('h3-js');
const input = require('fs').readFileSync(0);
const half = new Uint32Array(2);
let out = Buffer.allocUnsafe(1 << 24);
let at = 0;

function room(bytes) {
  if (at + bytes <= out.length) return;
  const bigger = Buffer.allocUnsafe(Math.max(out.length * 2, at + bytes));
  out.copy(bigger, 0, 0, at);
  out = bigger;
}
function indexes(cells) {
  room(4 + 8 * cells.length);
  at = out.writeUInt32LE(cells.length, at);
  for (const cell of cells) {
    const [low, high] = h3.h3IndexToSplitLong(cell);
    at = out.writeInt32LE(low | 0, at);
    at = out.writeInt32LE(high | 0, at);
  }
}
function numbers(values) {
  room(4 + 8 * values.length);
  at = out.writeUInt32LE(values.length, at);
  for (const value of values) at = out.writeDoubleLE(value, at);
}

for (let i = 0; i < input.length; i += 24) {
  const resolution = input.readUInt8(i + 4);
  const index = offset => {
    half[0] = input.readUInt32LE(i + offset);
    half[1] = input.readUInt32LE(i + offset + 4);
    return h3.splitLongToH3Index(half[0], half[1]);
  };
  const start = at;
  try {
    switch (input.readUInt8(i)) {
      case 1: indexes([h3.latLngToCell(input.readDoubleLE(i + 8), input.readDoubleLE(i + 16), resolution)]); break;
      case 2: numbers(h3.cellToLatLng(index(8))); break;
      case 3: numbers(h3.cellToBoundary(index(8)).flat()); break;
      case 4: indexes([h3.cellToParent(index(8), resolution)]); break;
      case 5: indexes([h3.cellToCenterChild(index(8), resolution)]); break;
      case 6: indexes(h3.cellToChildren(index(8), resolution)); break;
      case 7: indexes(h3.gridDisk(index(8), resolution)); break;
      case 8: indexes(h3.gridRing(index(8), resolution)); break;
      case 9: numbers([h3.gridDistance(index(8), index(16))]); break;
      case 10: numbers([h3.areNeighborCells(index(8), index(16)) ? 1 : 0]); break;
      case 11: numbers([h3.isValidCell(index(8)) ? 1 : 0, h3.isPentagon(index(8)) ? 1 : 0]); break;
      case 12: indexes(h3.getPentagons(resolution)); break;
      case 13: numbers([h3.cellToChildrenSize(index(8), resolution), h3.getNumCells(resolution)]); break;
      case 14: indexes(h3.compactCells(h3.gridDisk(index(8), resolution))); break;
      // A polygon: corners follow as records, (latitude, longitude) in 8 and 16; ring number in byte 4; this record's operand is how many.
      case 15: {
        const count = Number(input.readBigUInt64LE(i + 8));
        const rings = [];
        for (let n = 1; n <= count; n++) {
          const corner = i + 24 * n;
          (rings[input.readUInt8(corner + 4)] ??= []).push([input.readDoubleLE(corner + 8), input.readDoubleLE(corner + 16)]);
        }
        i += 24 * count;
        indexes(h3.polygonToCells(rings, resolution));
        break;
      }
      case 16: numbers([h3.greatCircleDistance([input.readDoubleLE(i + 8), input.readDoubleLE(i + 16)], [input.readDoubleLE(i + 32), input.readDoubleLE(i + 40)], 'km')]); i += 24; break;
      // How much processor time so many answers take, in seconds: points lie in the records that follow.
      case 17: {
        const count = Number(input.readBigUInt64LE(i + 8));
        const points = [];
        for (let n = 1; n <= count; n++) points.push([input.readDoubleLE(i + 24 * n + 8), input.readDoubleLE(i + 24 * n + 16)]);
        i += 24 * count;
        const run = work => {
          for (const point of points) work(point);
          const begin = process.cpuUsage();
          for (const point of points) work(point);
          const spent = process.cpuUsage(begin);
          return (spent.user + spent.system) / 1e6;
        };
        const cells = points.map(point => h3.latLngToCell(point[0], point[1], resolution));
        const byCell = work => {
          for (const cell of cells) work(cell);
          const begin = process.cpuUsage();
          for (const cell of cells) work(cell);
          const spent = process.cpuUsage(begin);
          return (spent.user + spent.system) / 1e6;
        };
        numbers([run(point => h3.latLngToCell(point[0], point[1], resolution)), byCell(cell => h3.cellToLatLng(cell)), byCell(cell => h3.cellToBoundary(cell)), byCell(cell => h3.gridDisk(cell, 2))]);
        break;
      }
      default: throw new Error('unknown operation');
    }
  } catch (error) {
    if (process.env.H3_PEER_VERBOSE) console.error(error);
    at = start;
    room(4);
    at = out.writeUInt32LE(0xffffffff, at);
  }
}
require('fs').writeSync(1, out.subarray(0, at));
