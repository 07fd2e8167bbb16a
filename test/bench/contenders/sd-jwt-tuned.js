import { randomBytes } from 'node:crypto'
import { digestHasher, nodeSigner, nodeVerifier } from './node-crypto.js'
import { openWith } from './sd-jwt.js'

/** The same library on the fastest callbacks that fit its interface: synchronous node:crypto. */
export const open = (material) =>
  openWith(material, {
    hasher: digestHasher,
    saltGenerator: (length) => randomBytes(length).toString('base64url').slice(0, length),
    createSigner: nodeSigner,
    createVerifier: nodeVerifier,
  })
