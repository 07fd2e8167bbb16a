import { readFile } from 'node:fs/promises'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { createAtomically } from '../atomic-file.js'
import { IssuerError } from '../issuer-error.js'

/**
 * Makes the key pair of backups and writes its private half, in the form of the age tool (mode 0600).
 * Keep the file away from this machine: backups are made with the public half alone.
 *
 * @returns The public half, `age1…`.
 */
export async function createBackupIdentity(file: string): Promise<string> {
  const identity = await generateIdentity()
  const recipient = await identityToRecipient(identity)
  await createAtomically(file, `# public key: ${recipient}\n${identity}\n`, 0o600)
  return recipient
}

/** A key pair that lives as long as this process: what was just written can be read back with it. */
export async function passingIdentity(): Promise<{
  readonly identity: string
  readonly recipient: string
}> {
  const identity = await generateIdentity()
  return { identity, recipient: await identityToRecipient(identity) }
}

/**
 * The private halves in a file of {@link createBackupIdentity} or of the age tool.
 *
 * @throws IssuerError `backup_identity`.
 */
export async function readBackupIdentities(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw identityMissing(cause)
  })
  const identities = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const known = identities.every((line) => /^AGE-SECRET-KEY-[0-9A-Z-]{20,}$/.test(line))
  if (identities.length === 0 || !known) throw identityMissing()
  return identities
}

function identityMissing(cause?: unknown): IssuerError {
  return new IssuerError(
    'backup_identity',
    'The identity file cannot be read or holds no AGE-SECRET-KEY; bring the file of `netcert backup keygen`.',
    { cause },
  )
}
