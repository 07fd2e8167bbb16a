import { AgentError, createMasterKey, type KeysApart, openVault, type Vault } from '@netcert/agent'
import type { DataFolder } from './data-folder.js'
import { IssuerError } from './issuer-error.js'
import { KEY_ALIASES } from './trust-list-content.js'

/** Keys that nobody signs with who has not `secrets/signer.key`, besides database and master key: the
 * first that certificates are signed with, and all that follow it. */
const APART: KeysApart['aliases'] = {
  has: (alias) => alias === KEY_ALIASES.credential || /^issuer-[1-9]\d*$/.test(alias),
}

/** Makes `secrets/signer.key`. @throws IssuerError `signer_key_exists`: it is never overwritten. */
export async function createSignerKey({ signerKey }: DataFolder): Promise<void> {
  await createMasterKey(signerKey).catch((cause: unknown) => {
    if (!(cause instanceof AgentError && cause.code === 'master_key_exists')) throw cause
    const text = `${signerKey} exists and is not overwritten; keep it.`
    throw new IssuerError('signer_key_exists', text, { cause })
  })
}

/** The keys apart, for a process that may sign; the file is read when a key is first used. */
export function heldSignerKeys({ signerKey }: DataFolder): KeysApart {
  let opened: Promise<Vault> | undefined
  const vault = () => {
    opened ??= openSignerVault(signerKey).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  return { aliases: APART, vault }
}

/** The same for a process that has a signer sign for it: it never reads the file. */
export function foreignSignerKeys(): KeysApart {
  const vault = async () => {
    const text = 'This process does not sign certificates; ask its signer.'
    throw new IssuerError('signer_key_missing', text)
  }
  return { aliases: APART, vault }
}

async function openSignerVault(masterKeyFile: string): Promise<Vault> {
  try {
    return await openVault({ masterKeyFile })
  } catch (cause) {
    if (!(cause instanceof AgentError)) throw cause
    if (cause.code === 'master_key_exposed') {
      const text = `Others may read ${masterKeyFile}; run: chmod 600 ${masterKeyFile}`
      throw new IssuerError('unsafe_mode', text, { cause })
    }
    if (cause.code === 'master_key_malformed') {
      const text = `${masterKeyFile} holds no signer key; restore it from its backup.`
      throw new IssuerError('signer_key_malformed', text, { cause })
    }
    const text = `The key of the signer, ${masterKeyFile}, cannot be read; restore it, name the signer's socket, or run netcert signer separate on a folder that never had one.`
    throw new IssuerError('signer_key_missing', text, { cause })
  }
}
