import { encodeBase64Url, epochSeconds } from '@netcert/credential'
import { randomBytes } from '@netcert/credential/crypto'
import { createPresentation } from '@netcert/credential/holder'
import {
  type Accreditation,
  type DeletionAnswer,
  deletionClaims,
  encodeDeletionForm,
  type GuardedFetch,
  parseAccreditation,
  parseDeletionReply,
  ProtocolError,
  verifyDeletionAnswer,
} from '@netcert/protocol'
import { WalletError } from './errors.js'
import { type Deletion, deletionsOf, randomId } from './ledger.js'
import type { LedgerBook } from './ledger-book.js'
import type { DeletionContent } from './ledger-entry.js'
import type { HeldPlatform, Platforms } from './platform-access.js'
import type { HoldingName } from './platform-holdings.js'
import { openCopy } from './received-copies.js'
import { requireWard } from './ward-records.js'
import type { IssuanceStore, WalletStore } from './stores.js'
import type { KeyStore, Vault } from './keys.js'

/** After this an answer that says nothing of a time is late. */
const PATIENCE_SECONDS = 15 * 86_400

/** What demanding a deletion works with. */
export type DeletionContext = {
  readonly issuanceStore: IssuanceStore
  readonly store: WalletStore
  readonly keyStore: KeyStore
  readonly vault: Vault
  readonly ledger: LedgerBook
  readonly platforms: Platforms
  readonly fetch: GuardedFetch
  readonly clock: () => Date
}

/**
 * Demands of a platform that it delete what it holds about the citizen: signed with the key of the
 * platform's own copy, sent to the address in its accreditation. The signed answer, or that there is
 * none, goes into the ledger. When the platform has deleted, its copy is forgotten here, too.
 *
 * @param named - Id or label of a child, for the account that its guardian opened; null: one's own.
 * @throws WalletError `ward_unknown`, `platform_unknown`, `deletion_undelivered`, `deletion_unproven`, and as fetching
 *   a platform's copy where the one there was has ended
 */
export async function forgetPlatform(
  context: DeletionContext,
  platformId: string,
  named: string | null = null,
): Promise<Deletion> {
  const { ledger, platforms, clock } = context
  const about = named === null ? null : await requireWard(context, named)
  const ward = about?.id ?? null
  const { held, accreditation } = await findPlatform(context, { platformId, ward })
  const presentation = await signRequest(context, held, accreditation)
  const before = await ledger.lastDeletion(platformId, ward)
  const isOpen = before !== null && before.state !== 'deleted' && before.state !== 'refused'
  const { name } = accreditation
  const line = (change: Partial<DeletionContent>): DeletionContent => ({
    kind: 'deletion',
    id,
    platform: { id: platformId, name },
    state: 'requested',
    due_at: isOpen ? before.due_at : epochSeconds(clock()) + PATIENCE_SECONDS,
    reason: null,
    token: null,
    ...(about === null ? {} : { ward: about }),
    ...change,
  })
  const id = isOpen ? before.id : randomId()
  await ledger.append(line({}))
  const answer = await demand(context, accreditation, presentation).catch(
    async (error: unknown) => {
      const isUnproven = error instanceof WalletError && error.code === 'deletion_unproven'
      await ledger.append(line({ state: isUnproven ? 'unproven' : 'undelivered' }))
      throw error
    },
  )
  await ledger.append(line(changeBy(answer)))
  if (answer.outcome.state === 'deleted') await platforms.drop({ platformId, ward })
  const [deletion] = deletionsOf(await ledger.entries(), clock()).filter((it) => it.id === id)
  if (deletion === undefined) throw new TypeError('what was just written is there')
  return deletion
}

async function findPlatform(
  { platforms }: DeletionContext,
  name: HoldingName,
): Promise<{ readonly held: HeldPlatform; readonly accreditation: Accreditation }> {
  const held = await platforms.find(name)
  if (held === null || held.accreditation === null) throw unknown()
  // Verified when something was shown to it; where to send this does not end with it.
  const { accreditation } = parseAccreditation(held.accreditation)
  return { held, accreditation }
}

async function signRequest(
  { store, keyStore, vault, platforms, clock }: DeletionContext,
  { platformId, ward, vct, batch }: HeldPlatform,
  { deletionUri }: Accreditation,
): Promise<string> {
  const now = epochSeconds(clock())
  let copy = batch === null ? undefined : await store.anyCopyOf(batch, now)
  if (copy === undefined) {
    const wish = { platformId, ward, vct }
    await platforms.fetchCopy({ wish, replacing: null })
    const fresh = await platforms.find(wish)
    copy = await store.anyCopyOf(fresh?.batch ?? '', now)
  }
  if (copy === undefined) throw unknown()
  const { platform, ...credential } = openCopy(vault, copy)
  if (platform === undefined) throw unknown()
  return createPresentation({
    credential,
    paths: [['platform_number']],
    signer: await keyStore.signer(copy.key_alias),
    audience: deletionUri,
    nonce: encodeBase64Url(randomBytes(16)),
    issuedAt: clock(),
    keyBindingClaims: deletionClaims({ platformNumberR: platform.r }),
  })
}

async function demand(
  { fetch: ask, clock }: DeletionContext,
  accreditation: Accreditation,
  presentation: string,
): Promise<DeletionAnswer> {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  }
  const body = encodeDeletionForm(presentation)
  const reply = await ask(accreditation.deletionUri, { method: 'POST', headers, body }).catch(
    (cause: unknown) => {
      throw undelivered('it cannot be reached', cause)
    },
  )
  if (reply.status !== 200) throw undelivered(`it answered HTTP ${reply.status}`)
  try {
    const token = parseDeletionReply(reply.text)
    return await verifyDeletionAnswer(token, { accreditation, presentation, now: clock() })
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause
    throw new WalletError(
      'deletion_unproven',
      'the platform answered, and its answer proves nothing; the demand is noted as open, ask again ' +
        'or complain to the registrar.',
      { cause },
    )
  }
}

function changeBy({ outcome, token }: DeletionAnswer): Partial<DeletionContent> {
  const reason = outcome.state === 'deleted' ? null : outcome.reason
  const due = outcome.state === 'scheduled' ? { due_at: epochSeconds(outcome.dueAt) } : {}
  return { state: outcome.state, reason, token, ...due }
}

function unknown(): WalletError {
  return new WalletError(
    'platform_unknown',
    'this wallet holds no copy of its own for such a platform, so it cannot prove whose data is to be ' +
      'deleted; `netcert wallet ledger` names the platforms, write to the others.',
  )
}

function undelivered(problem: string, cause?: unknown): WalletError {
  return new WalletError(
    'deletion_undelivered',
    `the demand to delete did not get through to the platform: ${problem}; it is noted as open, try ` +
      'again later.',
    { cause },
  )
}
