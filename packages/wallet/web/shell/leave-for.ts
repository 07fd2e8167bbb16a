/**
 * Whether a platform may have the browser go there: a web page of another origin, by https, or by http
 * on this machine in a trial. An address of the wallet's own would lead a citizen who just said yes
 * straight into the next question, or to erasing everything.
 */
export function mayLeaveFor(
  address: string,
  options: { readonly ownOrigin: string; readonly allowHttpLoopback: boolean },
): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, origin, hostname } = new URL(address)
  if (origin === options.ownOrigin) return false
  if (protocol === 'https:') return true
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
  return options.allowHttpLoopback && protocol === 'http:' && isHere
}

/** Goes back to a platform's page, where {@link mayLeaveFor} says so; else nowhere. */
export function leaveFor(address: string, { allowHttpLoopback }: LeaveOptions): void {
  if (mayLeaveFor(address, { ownOrigin: location.origin, allowHttpLoopback })) {
    location.assign(address)
  }
}

type LeaveOptions = { readonly allowHttpLoopback: boolean }
