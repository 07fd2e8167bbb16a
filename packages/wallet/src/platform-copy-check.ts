import { keyedTag } from './keyed-tag.js'
import {
  type BlindedNumber,
  CredentialError,
  epochSeconds,
  readBlindedNumber,
} from '@netcert/credential'
import type { CopyKind } from './copy-choice.js'
import { WalletError } from './errors.js'
import { holdingTag } from './ledger.js'
import type { PlatformBlinding, PlatformHolding } from './platform-holding.js'
import { findHolding, wishOf } from './platform-holdings.js'
import { openCopy, type ReceivedCopy } from './received-copies.js'
import type { IssuanceGround } from './vci-ground.js'
import { isFetchedForAct } from './ward-records.js'
import type { PlatformCopyStore } from './stores.js'
import type { Vault } from './keys.js'

/**
 * What kind of copies came in; a platform's is held against what was asked for.
 *
 * @throws WalletError as {@link checkPlatformCopy}
 */
export async function judgeCopies(
  ground: Pick<IssuanceGround, 'vault' | 'platformCopies' | 'issuanceStore' | 'clock'>,
  received: {
    readonly copies: readonly ReceivedCopy[]
    readonly blinding: PlatformBlinding | undefined
    readonly grant: string
  },
): Promise<{ readonly kind: CopyKind; readonly numberTag: string | null }> {
  const { copies, blinding, grant } = received
  if (blinding === undefined) {
    // A single copy with a status is a platform's; copies to be shown once need none.
    const isPlatform = copies.length === 1 && copies[0]?.held.status !== null
    return { kind: isPlatform ? 'platform' : 'one-time', numberTag: null }
  }
  const { vault, platformCopies } = ground
  const wish = wishOf(blinding)
  const holding = (await findHolding(ground, wish))?.holding ?? null
  const demands = { copies, blinding, vault, platformCopies, holding, grant }
  const numberTag = await checkPlatformCopy({ ...demands, now: ground.clock() })
  return { kind: isFetchedForAct(wish.vct) ? 'one-time' : 'platform', numberTag }
}

/** What is held against a numbered copy that came in. */
export type PlatformCopyCheck = {
  readonly copies: readonly ReceivedCopy[]
  readonly blinding: PlatformBlinding
  readonly vault: Vault
  readonly platformCopies: PlatformCopyStore
  readonly now: Date
  /** What was known of the platform before. */
  readonly holding: PlatformHolding | null
  /** The grant that brought the copy. */
  readonly grant: string
}

/**
 * Checks that a copy carries the number that was asked for and no other: our own blinding, an
 * answer that opens, one that no other platform's copy has, and the number of before.
 *
 * @returns a keyed tag of the number, by which the next copy is compared
 * @throws WalletError `platform_copy_refused`, `platform_number_changed`
 */
async function checkPlatformCopy(check: PlatformCopyCheck): Promise<string> {
  const { copies, blinding, vault, holding, grant } = check
  const [copy, ...more] = copies
  if (copy === undefined || more.length > 0) throw refused('it is not one copy')
  const number = numberClaimOf(copy)
  if (number.b !== blinding.b) throw refused('its number was made for another request')
  if ((await otherAnswers(check)).has(number.e)) {
    throw refused("its number is the same as another platform's")
  }
  const tag = tagOf(vault, await openNumber(blinding, number))
  const isSameGrant = holding?.grant === grant
  if (isSameGrant && holding.numberTag !== null && holding.numberTag !== tag) {
    throw new WalletError(
      'platform_number_changed',
      'the issuer would give you another number at this platform than before, and your account ' +
        'there would be lost; the copy was not kept, ask the issuer what happened.',
    )
  }
  return tag
}

function numberClaimOf({ held }: ReceivedCopy): BlindedNumber {
  const claim = held.claims.find(({ path }) => path.length === 1 && path[0] === 'platform_number')
  try {
    return readBlindedNumber(claim?.value)
  } catch (error) {
    if (error instanceof CredentialError) throw refused('it carries no platform number', error)
    throw error
  }
}

async function openNumber(
  { platformId, r }: PlatformBlinding,
  number: BlindedNumber,
): Promise<string> {
  // Loaded only where it is used: the curve costs more than all the rest of the wallet.
  const { createPlatform } = await import('@netcert/credential/platform-number')
  try {
    return createPlatform(platformId).openNumber({ ...number, r })
  } catch (error) {
    if (error instanceof CredentialError) throw refused('its number does not open', error)
    throw error
  }
}

/** The issuer's answers in the copies of other platforms. */
async function otherAnswers({
  vault,
  platformCopies,
  blinding,
  now,
}: PlatformCopyCheck): Promise<ReadonlySet<string>> {
  const own = holdingTag(vault, wishOf(blinding))
  const rows = await platformCopies.tiedCopies(epochSeconds(now))
  const others = rows.filter(({ audience_tag }) => audience_tag !== own)
  const answers = others.flatMap((row) => {
    const claim = openCopy(vault, row).claims.find(({ path }) => path[0] === 'platform_number')
    return claim === undefined ? [] : [readBlindedNumber(claim.value).e]
  })
  return new Set(answers)
}

function tagOf(vault: Vault, number: string): string {
  return keyedTag(vault.deriveKey('netcert/wallet/platform-number/v1'), number)
}

function refused(problem: string, cause?: unknown): WalletError {
  return new WalletError(
    'platform_copy_refused',
    `the issuer did not send the platform copy that it was asked for: ${problem}; nothing was ` +
      'stored, try again later or ask the issuer.',
    { cause },
  )
}
