import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runVectors } from './dist/vectors/run.js'

// The vectors of the standards stand beside the repository, not in it.
const beside = fileURLToPath(new URL('../../shared/vectors', import.meta.url))
const folder = process.env.NETCERT_VECTORS
process.exitCode = await runVectors(folder ? resolve(folder) : beside, console.log)
