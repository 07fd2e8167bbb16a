import { decodeBase64Url, freshnessPolicies } from '@netcert/credential'
import type { PackSource } from '@netcert/protocol/offline-pack'
import { parseQuery } from '@netcert/protocol'
import { verifyOnce } from '@netcert/verifier'
import {
  agePack,
  type PackFloor,
  type PackHolding,
  takeInPack,
} from '@netcert/verifier/offline-pack'

// What a page does with packs: loaded by pack-in-a-browser.test.ts, in a real browser.

let held: PackHolding | null = null

/** A file that somebody chose: read piece by piece, never whole. */
function sourceOf(file: Blob): PackSource {
  return {
    bytes: file.size,
    read: async (offset, length) =>
      new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
  }
}

/** Takes a pack in, and gives its age or the code of the refusal. */
export async function bring(pack: string, rootDid: string, now: number): Promise<unknown> {
  const file = new Blob([new Uint8Array(decodeBase64Url(pack))])
  try {
    held = await takeInPack({ pack: sourceOf(file), held, rootDid, now: new Date(now) })
    const { seq, coverage, warnings } = agePack(held, new Date(now))
    return { seq, coverage, warnings }
  } catch (error) {
    return { refused: codeOf(error) }
  }
}

/** Starts anew with the floor that was kept. */
export async function restart(pack: string, rootDid: string, now: number): Promise<unknown> {
  const floor = JSON.parse(JSON.stringify(held?.floor)) as PackFloor
  const file = new Blob([new Uint8Array(decodeBase64Url(pack))])
  try {
    const again = { pack: sourceOf(file), held: null, rootDid, now: new Date(now), floor }
    held = await takeInPack(again)
    return { seq: held.seq }
  } catch (error) {
    return { refused: codeOf(error) }
  }
}

/** Verifies by what was taken in. */
export async function verify(
  presentation: string,
  asked: { readonly audience: string; readonly nonce: string; readonly query: object },
  now: number,
): Promise<unknown> {
  if (held === null) return { refused: 'nothing was taken in' }
  try {
    const { audience, nonce, query } = asked
    const { facts, freshness } = await verifyOnce({
      ...{ trust: held.trust, presentation, audience, nonce, query: parseQuery(query) },
      ...{ freshness: freshnessPolicies['grace-24h'], now: new Date(now) },
      ...{ replays: null, platform: null },
    })
    return { facts, verdict: freshness.verdict, reason: freshness.reason }
  } catch (error) {
    return { refused: codeOf(error) }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
