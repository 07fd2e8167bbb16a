const PACK = './latest.ncpack'

/** What the page's own origin hands out as its newest pack. */
export type FetchedPack =
  | { readonly outcome: 'fetched'; readonly pack: Blob }
  | { readonly outcome: 'none' | 'unreachable' }

/** The only request the page makes by itself, and only to the place it came from. */
export async function fetchLatestPack(): Promise<FetchedPack> {
  try {
    const response = await fetch(PACK, {
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
    })
    if (!response.ok) return { outcome: 'none' }
    return { outcome: 'fetched', pack: await response.blob() }
  } catch {
    return { outcome: 'unreachable' }
  }
}
