import {
  createEmptyStatusList,
  createStatusList,
  importSigner,
  readStatus,
  writeStatus,
} from '@netcert/credential'

/** Entries of a list as the issuer publishes it: 2^20 of one bit. */
export const LONG_LIST = 2 ** 20

/** A list in which one entry of a hundred is revoked, the first thousand never (they are shown). */
export function fillList(size) {
  const list = createEmptyStatusList(1, size)
  let state = 1
  for (let count = 0; count < size / 100; count += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const index = state % size
    if (index >= 1000) writeStatus(list, index, 1)
  }
  return list
}

/** Signs a list as a status token; `uri` is what the certificates name. */
export function signList(list, uri, signer) {
  return createStatusList({
    uri,
    bits: 1,
    entries: list.bytes,
    signer,
    issuedAt: new Date(),
    expiresAt: new Date(Date.now() + 7 * 86_400_000),
    ttlSeconds: 43_200,
  })
}

/** The workloads on status lists: publishing one again, and reading single entries. */
export async function openStatus(material) {
  const list = fillList(LONG_LIST)
  const signer = await importSigner(material.issuer.privateJwk)
  let revoked = 0
  return {
    republish: () => signList(list, material.statusUri, signer),
    thousandBits: (index) => {
      for (let step = 0; step < 1000; step += 1) {
        // A stride through the whole list, so that the entries are not in the nearest cache.
        revoked += readStatus(list, (index * 7919 + step * 104_729) % LONG_LIST)
      }
      return revoked
    },
  }
}
