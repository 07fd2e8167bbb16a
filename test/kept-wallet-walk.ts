import type {
  BatchRow,
  CopyRow,
  IssuanceRow,
  IssuanceStore,
  KeyStore,
  LedgerStore,
  PlatformCopyStore,
  WalletStore,
  WriteEntry,
} from '@netcert/wallet/rules'

/** What a wallet keeps, wherever it keeps it. */
export type Kept = {
  readonly store: WalletStore
  readonly platformCopies: PlatformCopyStore
  readonly issuanceStore: IssuanceStore
  readonly ledgerStore: LedgerStore
  readonly keyStore: KeyStore
}

const NOW = 1_000_000
const LATER = NOW + 100

const batch = (id: string, members: Partial<BatchRow> = {}): BatchRow => ({
  ...{ id, kind: 'one-time', vct: 'urn:example:1', issuer: 'did:key:z', issued_at: NOW },
  ...{ expires_at: LATER, received_at: NOW, ward_id: null, ...members },
})
const copy = (id: string, batchId: string, members: Partial<CopyRow> = {}): CopyRow => ({
  ...{ id, batch_id: batchId, key_alias: `holder-${id}`, sealed: 'sealed', expires_at: LATER },
  ...{ used_at: null, audience_tag: null, ...members },
})
const line =
  (platform: string | null): WriteEntry =>
  ({ position, previous }) => ({
    row: { position, recorded_at: NOW + position, platform_tag: platform, sealed: 'line' },
    hash: `${previous}${position}.`,
  })
const unwritable: WriteEntry = () => {
  throw new TypeError('cannot be written')
}
const record = (id: string, members: Partial<IssuanceRow> = {}): IssuanceRow => ({
  ...{ id, kind: 'grant', batch_id: null, due_at: null, expires_at: null, leased_until: null },
  ...{ sealed: 'first', ...members },
})
const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id).toSorted()
const many = <T>(count: number, work: (at: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, at) => work(at)))
const count = (results: readonly unknown[], value: unknown) =>
  results.filter((result) => result === value).length

/** Certificates: received, counted, used up once however many try, tied to one platform, forgotten. */
export async function walkCertificates(kept: Kept): Promise<Record<string, unknown>> {
  const { store, platformCopies, keyStore, ledgerStore } = kept
  const copies = [copy('a1', 'a'), copy('a2', 'a'), copy('a3', 'a')]
  const keys = await keyStore.createMany({ aliases: ['holder-a1', 'holder-a2'], type: 'P-256' })
  const received = await store.putBatch(batch('a'), copies)
  const again = await store.putBatch(batch('b'), [copy('b1', 'b'), copies[0] ?? copy('x', 'b')])
  const twice = await store.putBatch(batch('c'), [
    copy('c1', 'c', { key_alias: 'holder-c' }),
    copy('c2', 'c', { key_alias: 'holder-c' }),
  ])
  const uses = await many(5, () => store.useOnce(copy('a1', 'a'), NOW, line(null)))
  await store.putBatch(batch('p', { kind: 'platform', received_at: NOW + 1 }), [
    copy('p1', 'p', { audience_tag: 'shop' }),
  ])
  const report = {
    ...{ received, again, twice, used: count(uses, true), refused: count(uses, false) },
    alias: await store.keyAlias(keys[1]?.did ?? ''),
    aliasOfUsed: (await store.keyAlias(keys[0]?.did ?? '')) ?? 'gone',
    batches: await store.batches(NOW),
    another: (await store.anyCopyOf('a', NOW))?.id.slice(0, 1),
    ended: (await store.anyCopyOf('a', LATER)) ?? 'none',
    ownPlatform: await store.useAt(copy('p1', 'p'), 'shop', NOW, line('shop')),
    otherPlatform: await store.useAt(copy('p1', 'p'), 'bank', NOW, line('bank')),
    tied: ids(await platformCopies.tiedCopies(NOW)),
    discarded: await leftAfterDiscarding(store),
    chain: await ledgerStore.head(),
  }
  await store.putBatch(batch('q', { kind: 'platform' }), [
    copy('q1', 'q', { audience_tag: 'shop' }),
  ])
  await platformCopies.replaceCopies('shop', 'q')
  const replaced = ids(await store.batches(NOW))
  await store.forgetExpired(LATER)
  return {
    ...report,
    replaced,
    forgotten: await store.batches(0),
    keyLeft: await keyLeft(keyStore),
  }
}

/** A copy whose key is gone is taken out of use, once; one that was used stays as it is. */
async function leftAfterDiscarding(store: Kept['store']): Promise<readonly (number | undefined)[]> {
  const remaining = async () => (await store.batches(NOW)).find(({ id }) => id === 'a')?.remaining
  const before = await remaining()
  await store.discard(copy('a2', 'a'), NOW)
  await store.discard(copy('a1', 'a'), NOW)
  return [before, await remaining()]
}

async function keyLeft(keyStore: KeyStore): Promise<boolean> {
  return (await keyStore.get('holder-a2')) !== undefined
}

/** Records: kept, listed in order, leased to one, resealed unless changed, forgotten; floors that rise. */
export async function walkRecords({ issuanceStore: records, store }: Kept) {
  await records.put(record('r2', { due_at: 20 }))
  await records.put(record('r1', { due_at: 10, expires_at: NOW }))
  await records.put(record('r0'))
  await records.putFirst(record('r0', { sealed: 'second' }))
  await records.put(record('n1', { kind: 'notification', batch_id: 'n' }))
  const leases = await many(4, () => records.lease('r2', NOW, LATER))
  await records.reseal('r0', { from: 'first', to: 'third' })
  await records.reseal('r0', { from: 'first', to: 'fourth' })
  const report = {
    order: (await records.list('grant')).map(({ id }) => id),
    leased: leases.filter((it) => it !== undefined).length,
    leasedUntil: leases.find((it) => it !== undefined)?.leased_until,
    leaseAfter: (await records.lease('r2', LATER, LATER + 1))?.id,
    leaseOfNone: (await records.lease('none', NOW, LATER)) ?? 'none',
    resealed: (await records.get('grant', 'r0'))?.sealed,
    otherKind: (await records.get('turn', 'r0')) ?? 'none',
    notifications: ids(await records.notificationsOf('n')),
  }
  await records.release('r2', 5)
  await records.forgetExpired(NOW)
  const removals = await many(3, () => records.remove('r0'))
  await Promise.all([records.raiseFloor('list', 7), records.raiseFloor('list', 9)])
  await records.raiseFloor('list', 8)
  await store.putBatch(batch('k'), [copy('k1', 'k')])
  const reserved = await many(3, () => records.reserveCopy('k1', NOW, false))
  const kept = {
    released: await records.get('grant', 'r2'),
    left: (await records.list('grant')).map(({ id }) => id),
    ...{ removed: count(removals, true), floor: await records.floor('list') },
    noFloor: await records.floor('none'),
    reserved: reserved.filter((it) => it !== undefined).length,
    again: (await records.reserveCopy('k1', NOW, true))?.used_at,
    unused: await records.unusedKeys(['holder-k1', 'holder-free']),
  }
  await records.forgetBatch('k')
  return { ...report, ...kept, gone: await store.batches(0) }
}

/** The ledger: a chain without gaps, however many write at once. */
export async function walkLedger({ ledgerStore: ledger }: Kept) {
  const before = await ledger.head()
  await many(6, (at) => ledger.append([line(at % 2 === 0 ? 'shop' : null), line(null)]))
  const failed = await ledger.append([line('shop'), unwritable]).then(
    () => 'written',
    () => 'refused',
  )
  const entries = await ledger.entries()
  return {
    ...{ before, failed, head: await ledger.head() },
    positions: entries.map(({ position }) => position),
    aboutShop: (await ledger.entriesOf('shop')).length,
    aboutShopSince: (await ledger.entriesOf('shop', NOW + 6)).length <= 4,
    since: (await ledger.entriesSince(NOW + 10)).map(({ position }) => position),
  }
}
