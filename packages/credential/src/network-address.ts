/**
 * IPv4 blocks that are not public unicast: IANA special-purpose registry, multicast, reserved.
 * First address and prefix length.
 */
const closedIpv4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** Blocks inside 2000::/3 that are special: Teredo and others, documentation, 6to4, SRv6. */
const closedIpv6: readonly (readonly [readonly number[], number])[] = [
  [[0x2001, 0x0000], 23],
  [[0x2001, 0x0db8], 32],
  [[0x2002, 0x0000], 16],
  [[0x2620, 0x004f, 0x8000], 48],
  [[0x3fff, 0x0000], 20],
]

/**
 * True for a public unicast address, IPv4 in dotted decimal or IPv6 (with or without brackets). What
 * cannot be read is not public.
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address
  if (bare.includes(':')) return isPublicIpv6(bare)
  const value = parseIpv4(bare)
  return value !== undefined && !closedIpv4.some(([first, length]) => inIpv4(value, first, length))
}

function inIpv4(value: number, first: string, length: number): boolean {
  const size = 2 ** (32 - length)
  return Math.floor(value / size) === Math.floor((parseIpv4(first) ?? Number.NaN) / size)
}

function parseIpv4(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0
  for (const part of parts) {
    // No leading zeros: some readers take them for octal.
    if (!/^(?:0|[1-9][0-9]{0,2})$/u.test(part) || Number(part) > 255) return undefined
    value = value * 256 + Number(part)
  }
  return value
}

function isPublicIpv6(text: string): boolean {
  const words = parseIpv6(text)
  // Only 2000::/3 is handed out as global unicast; that leaves out ::1, fc00::/7, fe80::/10,
  // ff00::/8, the IPv4-mapped block and 64:ff9b::/96.
  if (words === undefined || ((words[0] ?? 0) & 0xe000) !== 0x2000) return false
  return !closedIpv6.some(([prefix, length]) => inIpv6(words, prefix, length))
}

function inIpv6(words: readonly number[], prefix: readonly number[], length: number): boolean {
  for (let at = 0; at * 16 < length; at += 1) {
    const bits = Math.min(16, length - at * 16)
    const mask = (0xffff << (16 - bits)) & 0xffff
    if (((words[at] ?? 0) & mask) !== ((prefix[at] ?? 0) & mask)) return false
  }
  return true
}

function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = parseWords(halves[0] ?? '')
  const tail = parseWords(halves[1] ?? '')
  if (head === undefined || tail === undefined) return undefined
  if (halves.length === 1) return head.length === 8 ? head : undefined
  const gap = 8 - head.length - tail.length
  return gap < 1 ? undefined : [...head, ...new Array<number>(gap).fill(0), ...tail]
}

function parseWords(text: string): readonly number[] | undefined {
  if (text === '') return []
  const words: number[] = []
  for (const part of text.split(':')) {
    if (!/^[0-9A-Fa-f]{1,4}$/u.test(part)) return undefined
    words.push(Number.parseInt(part, 16))
  }
  return words
}
