// A zip archive without compression, which every program reads.

const CRC = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC[(crc ^ byte) & 255];
  return ~crc >>> 0;
}

// Returns an archive of files, given as their names and texts.
export function zipped(files, moment = new Date()) {
  const time = (moment.getHours() << 11) | (moment.getMinutes() << 5) | (moment.getSeconds() >> 1);
  const date = ((moment.getFullYear() - 1980) << 9) | ((moment.getMonth() + 1) << 5) | moment.getDate();
  const parts = [];
  const entries = [];
  let offset = 0;
  for (const [name, text] of files) {
    const path = new TextEncoder().encode(name);
    const content = new TextEncoder().encode(text);
    // Version 2.0; names in UTF-8; stored; time and date; checksum; both sizes; the name's length.
    const common = [[2, 20], [2, 0x800], [2, 0], [2, time], [2, date], [4, crc32(content)]];
    common.push([4, content.length], [4, content.length], [2, path.length], [2, 0]);
    parts.push(packed([[4, 0x04034b50], ...common]), path, content);
    entries.push(packed([[4, 0x02014b50], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]), path);
    offset += 30 + path.length + content.length;
  }
  const size = entries.reduce((sum, entry) => sum + entry.length, 0);
  const count = files.length;
  const end = [[4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0]];
  return new Blob([...parts, ...entries, packed(end)]);
}

// Returns numbers of 2 or 4 bytes, the lowest byte first.
function packed(numbers) {
  return Uint8Array.from(
    numbers.flatMap(([size, value]) => Array.from({ length: size }, (_, byte) => (value >>> (8 * byte)) & 255)),
  );
}
