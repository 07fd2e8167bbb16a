import type { Operations } from './operation.js'

/** Operations of the families sd-jwt-vc and status-list. */
export const trustOperations: Operations = {}
