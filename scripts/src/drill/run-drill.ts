import { describeFailure } from '../describe-failure.js'
import type { Drill, DrillResult } from './drill.js'
import { DrillFailed, type DrillRecord, onDrillGround } from './drill-ground.js'

/** Runs a drill on a ground of its own and tells how it went; a drill that fails is a result, too. */
export async function runDrill({ name, fault, run }: Drill): Promise<DrillResult> {
  let record: DrillRecord = { steps: [], recoveryBegan: null }
  let failure: string | null = null
  let ended = performance.now()
  const work: Parameters<typeof onDrillGround>[0] = async (ground) => {
    await run(ground)
    ended = performance.now()
  }
  try {
    await onDrillGround(work, (seen) => (record = seen))
  } catch (error) {
    failure = reasonOf(error)
  }
  const { steps, recoveryBegan } = record
  if (failure === null && recoveryBegan === null) failure = 'the drill has no way back'
  const recovered = failure === null && recoveryBegan !== null
  const recoveryMilliseconds = recovered ? Math.round(ended - recoveryBegan) : null
  return { drill: name, fault, passed: failure === null, steps, recoveryMilliseconds, failure }
}

function reasonOf(error: unknown): string {
  if (error instanceof DrillFailed) return error.message
  const { code, message } = describeFailure(error)
  return `${code}: ${message}`
}
