// The door `@netcert/verifier/offline-pack`: everything behind it is pure and runs in a browser as it stands.
export {
  agePack,
  type FollowedPin,
  NO_FLOOR,
  type PackAge,
  type PackCoverage,
  type PackFloor,
  type PackHolding,
  type PackWarning,
} from './offline-pack/pack-holding.js'
export { takeInPack, type TakeInPackOptions } from './offline-pack/take-in-pack.js'
