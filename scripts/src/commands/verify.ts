import { type Command, Option } from 'commander'
import { oneOf } from '../choices.js'
import { type Invocation, perform } from '../invocation.js'
import { readInputText } from '../read-input.js'
import { readQuery } from '../read-query.js'
import { styled } from '../screen.js'

type VerifyOptions = {
  readonly trust: string
  readonly lists: string
  readonly audience: string
  readonly nonce: string
  readonly query: string
  readonly freshness: 'strict' | 'grace-24h' | 'flag-72h'
}

/** Longest presentation that is read; what is longer is no certificate. */
const MOST_PRESENTATION_BYTES = 64 * 1024

/** `netcert verify`: offline, from files alone. */
export function addVerifyCommand(program: Command): void {
  const command = program
    .command('verify')
    .argument('<file>', 'the presentation, or - for standard input')
    .description('verify a presentation offline')
    .requiredOption('--trust <did|file>', 'the root to trust: its did:key, or a file with it (root.did)')
    .requiredOption('--lists <dir>', 'a copy of the folder that `publish` writes')
    .requiredOption('--audience <id>', 'your own identifier, as the wallet was asked to sign it')
    .requiredOption('--nonce <nonce>', 'the nonce you gave; give each only once')
    .requiredOption('--query <file>', 'the query you asked, or the name of a ready one: age-over-18, …')
    .addOption(
      new Option('--freshness <preset>', 'strict, grace-24h or flag-72h')
        .argParser(oneOf('strict', 'grace-24h', 'flag-72h'))
        .default('grace-24h'),
    )
    .addHelpText('after', verifyHelp)
  perform<VerifyOptions>(command, verify)
}

const verifyHelp = `
Opens no connection. Exit 0 verified; 1 refused, with the code of the step that failed; the nonce must
be one you made for this person and minute, for a presentation counts as often as it is verified here.

Examples:
  netcert verify answer.txt --trust root.did --lists ./public --audience https://tickets.example \\
      --nonce n-1 --query age-over-18
  netcert verify - --json --trust did:key:zDn… --lists ./public --audience https://tickets.example \\
      --nonce n-1 --query query.json --freshness strict < answer.txt`

async function verify(
  invocation: Invocation,
  options: VerifyOptions,
  [path = '-']: readonly string[],
): Promise<void> {
  const { audience, nonce, lists } = options
  const presentation = await readInputText({
    path,
    what: 'The presentation',
    limitBytes: MOST_PRESENTATION_BYTES,
  })
  const query = await readQuery(options.query)
  const rootDid = await readRoot(options.trust)
  const [{ verifyOnce }, { readTrust }, { freshnessPolicies }] = await Promise.all([
    import('@netcert/verifier'),
    import('@netcert/verifier/open'),
    import('@netcert/credential'),
  ])
  const now = invocation.clock()
  const trust = await readTrust({ rootDid, listsDir: lists, now })
  const freshness = freshnessPolicies[options.freshness]
  const result = await verifyOnce({ trust, presentation, audience, nonce, query, freshness, now, replays: null })
  invocation.screen.line(styled('green', 'Verified'))
  invocation.screen.result(result)
}

async function readRoot(didOrFile: string): Promise<string> {
  if (didOrFile.startsWith('did:')) return didOrFile
  return readInputText({ path: didOrFile, what: 'The root', limitBytes: 4 * 1024 })
}
