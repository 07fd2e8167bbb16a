import type { IssuerKey } from '../issuer-keys.js'
import { createKeyRotation, type KeyRotation } from '../key-rotation.js'
import type { RequestKeys, RotatedRequestKeys } from '../vci-request-keys.js'
import { createRootRotation, type RootRotation, type RootRotationParts } from './root-rotation.js'

export type RotateEncryptionOptions = {
  /** Erases the old keys at once, for one that somebody else may have. */
  readonly stolen: boolean
}

/** What an operator can do with all keys of an issuer. */
export type KeyDesk = KeyRotation & {
  /** Every key on record, the root's included. */
  list(): Promise<readonly IssuerKey[]>
  readonly root: Omit<RootRotation, 'list'>
  /**
   * Announces a new key for encrypted requests now; by itself that happens every 30 days.
   *
   * @throws IssuerError `operator_…`.
   */
  rotateEncryption(options: RotateEncryptionOptions): Promise<RotatedRequestKeys>
}

export type AllKeysParts = RootRotationParts & { readonly requestKeys: RequestKeys }

/** The desk of all keys. */
export function createKeyDesk(parts: AllKeysParts): KeyDesk {
  const root = createRootRotation(parts)
  return {
    ...createKeyRotation(parts),
    root,
    async list() {
      const stored = (await parts.keys.all()).filter(({ use }) => use !== 'root')
      return [...stored, ...(await root.list())]
    },
    async rotateEncryption({ stolen }) {
      const { requestKeys, access, audit } = parts
      access.require('keys')
      const event = { event: 'key_rotated', details: { use: 'encryption', stolen } } as const
      const also: Parameters<RequestKeys['rotate']>[0]['also'] = (trx) => audit.append(trx, event)
      const rotated = await requestKeys.rotate({ eraseOld: stolen, also })
      await audit.settle()
      return rotated
    },
  }
}
