import type { JsonObject } from '@netcert/credential'
import type { Query } from '@netcert/protocol'
import type { AccreditedPlatform, VerificationResult } from '@netcert/verifier'
import { type Command, Option } from 'commander'
import { oneOf } from '../choices.js'
import { type Invocation, perform } from '../invocation.js'
import { readInputText } from '../read-input.js'
import { readPolicy } from '../read-policy.js'
import { readQuery } from '../read-query.js'
import { readRoot } from '../read-root.js'
import { styled } from '../screen.js'
import { verdictOf } from '../verdict.js'
import { readVerifyingTrust, type VerifyingTrust } from '../verifying-trust.js'

type VerifyOptions = {
  readonly trust: string
  readonly lists?: string
  readonly pack?: string
  readonly audience: string
  readonly nonce: string
  readonly query: string
  readonly state?: string
  readonly accreditation?: string
  readonly policy?: string
  readonly freshness?: string
}

/** Longest presentation that is read; what is longer is no certificate. */
const MOST_PRESENTATION_BYTES = 64 * 1024

/** `netcert verify`: offline, from files alone. */
export function addVerifyCommand(program: Command): void {
  const command = program
    .command('verify')
    .argument('<file>', 'the presentation, or - for standard input')
    .description('verify a presentation offline')
    .requiredOption(
      '--trust <did|file>',
      'the root to trust: its did:key, or a file with it (root.did)',
    )
    .option('--lists <dir>', 'a copy of the folder that `publish` writes')
    .option('--pack <file|dir>', 'an offline pack, or a folder of them; with --lists or without')
    .requiredOption('--audience <id>', 'your own identifier, as the wallet was asked to sign it')
    .requiredOption('--nonce <nonce>', 'the nonce you gave; give each only once')
    .requiredOption(
      '--query <file>',
      'the query you asked, or the name of a ready one: age-over-18, …',
    )
    .option('--policy <file|preset>', 'how old evidence may be (else grace-24h)')
    .addOption(
      new Option('--freshness <preset>', 'the same, for a preset: strict, grace-24h or flag-72h')
        .argParser(oneOf('strict', 'grace-24h', 'flag-72h'))
        .conflicts('policy'),
    )
    .option('--accreditation <file>', 'yours: for queries that ask for a number or for identity')
    .option('--state <file>', 'remembers the newest lists seen, so that older ones are refused')
    .addHelpText('after', verifyHelp)
  perform<VerifyOptions>(command, verify)
}

const verifyHelp = `
Opens no connection. Exit 0 verified; 1 refused, with the code of the step that failed and, where that is
why, the verdict and how old the evidence is. The nonce must be one you made for this person and minute,
for a presentation counts as often as it is verified here.

Examples:
  netcert verify answer.txt --trust root.did --lists ./public --audience https://tickets.example \\
      --nonce n-1 --query age-over-18
  netcert verify answer.txt --trust root.did --pack netcert.ncpack --policy door.json \\
      --audience https://tickets.example --nonce n-1 --query age-over-18
  netcert verify - --json --trust did:key:zDn… --lists ./public --audience https://tickets.example \\
      --nonce n-1 --query query.json --policy strict < answer.txt`

async function verify(
  invocation: Invocation,
  options: VerifyOptions,
  [path = '-']: readonly string[],
): Promise<void> {
  const presentation = await readInputText({
    path,
    what: 'The presentation',
    limitBytes: MOST_PRESENTATION_BYTES,
  })
  const query = await readQuery(options.query)
  const rootDid = await readRoot(options.trust)
  const result = await judge(invocation, options, { presentation, query, rootDid })
  showResult(invocation, result)
  invocation.screen.result(result)
}

type Given = { readonly presentation: string; readonly query: Query; readonly rootDid: string }

async function judge(invocation: Invocation, options: VerifyOptions, given: Given) {
  const { audience, nonce, policy, freshness = 'grace-24h' } = options
  const { presentation, query, rootDid } = given
  const { sentenceFor, verifyOnce } = await import('@netcert/verifier')
  const now = invocation.clock()
  const chosen = await readPolicy(policy ?? freshness)
  try {
    const files = await readVerifyingTrust({ ...options, rootDid, now })
    for (const { file, code } of files.refused) {
      invocation.screen.note(styled('yellow', 'left out'), ` ${file}  ${code}`)
    }
    return await verifyOnce({
      ...{ trust: files.trust, presentation, audience, nonce, query, now },
      freshness: chosen.policy,
      platform: await readPlatform(options, { files, now }),
      // Between two runs nothing is remembered: each nonce is for one run, as the help says.
      replays: null,
    })
  } catch (error) {
    throw verdictOf(error, (code) => sentenceFor(code, invocation.language))
  }
}

/** Whose numbers are opened; without an accreditation nobody's, and facts alone are judged. */
async function readPlatform(
  { accreditation, lists }: VerifyOptions,
  { files, now }: { readonly files: VerifyingTrust; readonly now: Date },
): Promise<AccreditedPlatform | null> {
  if (accreditation === undefined) return null
  const [token, { readAccreditedPlatform }] = await Promise.all([
    readInputText({
      path: accreditation,
      what: 'The accreditation',
      limitBytes: MOST_PRESENTATION_BYTES,
    }),
    import('@netcert/verifier/accreditations'),
  ])
  const { trust, holding } = files
  const packs = holding === null ? {} : { packs: holding.accreditationStatus }
  return readAccreditedPlatform({ token, trust, listsDir: lists ?? null, now, ...packs })
}

function showResult({ screen }: Invocation, result: VerificationResult): void {
  const { issuer, role, assurance, facts, platformNumber, networkNumber, identity } = result
  const { freshness } = result
  const { verdict, reason, asOf, ageSeconds, showStaff } = freshness
  screen.line(styled(verdict === 'valid' ? 'green' : 'yellow', 'Verified'), `  ${verdict}`)
  if (showStaff)
    screen.line('  look       ', 'somebody should look at this person, says the policy')
  screen.line('  issuer     ', issuer)
  screen.line('  role       ', role)
  if (assurance !== null) screen.line('  assurance  ', assurance)
  if (platformNumber !== undefined) screen.line('  number     ', platformNumber, ' (here)')
  if (networkNumber !== undefined) screen.line('  number     ', networkNumber)
  for (const [name, value] of leaves(facts)) screen.line('  fact       ', `${name} = ${value}`)
  for (const [name, value] of leaves(identity ?? {})) {
    screen.line('  identity   ', `${name} = ${value}`)
  }
  screen.line(
    '  evidence   ',
    `of ${asOf.toISOString().slice(0, 16)}Z, ${age(ageSeconds)} old (${reason})`,
  )
}

/** Claims as dotted names with their values. */
function leaves(
  claims: JsonObject,
  parents: readonly string[] = [],
): (readonly [string, string])[] {
  return Object.entries(claims).flatMap(([name, value]) => {
    const path = [...parents, name]
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return leaves(value as JsonObject, path)
    }
    return [[path.join('.'), typeof value === 'string' ? value : JSON.stringify(value)] as const]
  })
}

function age(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
