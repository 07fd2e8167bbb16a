import { CommandFailure, exitCodes } from './failure.js'
import { readInputText } from './read-input.js'

/**
 * The root as it was given or as the file says; what is no did:key is a mistake in the command.
 *
 * @throws CommandFailure `root_malformed`
 */
export async function readRoot(didOrFile: string): Promise<string> {
  const did = didOrFile.startsWith('did:')
    ? didOrFile
    : await readInputText({ path: didOrFile, what: 'The root', limitBytes: 4 * 1024 })
  const { resolveDidKey } = await import('@netcert/credential')
  try {
    return resolveDidKey(did).did
  } catch (cause) {
    throw new CommandFailure('root_malformed', 'The root to trust is no did:key.', {
      exit: exitCodes.wrongUse,
      cure: 'Give the did:key from the issuer’s root.did, or that file.',
      cause,
    })
  }
}
