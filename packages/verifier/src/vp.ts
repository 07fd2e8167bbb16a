/** The engine that asks wallets over OpenID4VP 1.0: as pure as the rest, and heavier to load. */
export { createVpVerifier } from './vp-verifier.js'
