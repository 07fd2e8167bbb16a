import { ProtocolError } from '@netcert/protocol'
import { unpackAnswer } from '@netcert/protocol/gate'
import type { GateCodeGround } from './gate-code-ground.js'

/** What a gate makes of a code before it verifies anything. */
export type CodeOutcome = {
  /** Null: refused by a code of its own. */
  readonly presentation: string | null
  readonly milliseconds: number
}

/** Unpacks as the gate of the ground. Whatever is no refusal of ours is thrown on: a fault. */
export async function judgeCode(
  code: string,
  { audience, nonce }: Pick<GateCodeGround, 'audience' | 'nonce'>,
): Promise<CodeOutcome> {
  const nonces = ['one-nonce', 'two-nonce', nonce, 'a-nonce-that-is-later']
  const start = performance.now()
  try {
    const { presentation } = await unpackAnswer(code, { audience, nonces, decryptionKeys: [] })
    return { presentation, milliseconds: performance.now() - start }
  } catch (error) {
    if (!(error instanceof ProtocolError && error.code.startsWith('gate_code'))) throw error
    return { presentation: null, milliseconds: performance.now() - start }
  }
}
