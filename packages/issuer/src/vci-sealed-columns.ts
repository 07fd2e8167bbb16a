/** What a sealed value of a deferred transaction is sealed for: it opens in no other row or column. */
export function deferredContext(idHash: string, column: 'holder_keys' | 'credentials'): string {
  return `vci_deferred|${idHash}|${column}`
}
