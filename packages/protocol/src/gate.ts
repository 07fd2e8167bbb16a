/**
 * The two QR codes of a gate, both sides of which are offline: the challenge `NCC1:` and the answer
 * `NC1:`. See docs/formats/nc1.md.
 */
export { decodeBase45, encodeBase45 } from './gate/base45.js'
export { packChallenge, unpackChallenge } from './gate/challenge.js'
export { type KnownToGate, packAnswer } from './gate/answer.js'
export { type UnpackAnswerOptions, type UnpackedAnswer, unpackAnswer } from './gate/answer.js'
export { packEncryptedAnswer } from './gate/answer.js'
export { type GateDecryptionKey } from './gate/encrypted-code.js'
export { ANSWER_PREFIX, CHALLENGE_PREFIX } from './gate/code-frame.js'
export { proveGateRequest } from './gate/gate-request.js'
