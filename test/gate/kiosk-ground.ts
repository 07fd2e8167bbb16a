import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LaneSettings } from '@netcert/verifier/gate'
import { type GatePageServer, serveGatePage } from '@netcert/verifier/gate-page'
import { type GateGround, type GateGroundOptions, startGateGround } from '../gate-ground.js'
import { createEvent, laneSettings, type LaneWish } from '../gate-lanes.js'
import { type KioskDevice, openKioskDevice } from './kiosk-device.js'
import { prepareReader } from './src/code-reader.js'

/** Issuer, venue and visitors of the gate's ground, and a kiosk in Chromium with its camera. */
export type KioskGround = {
  readonly ground: GateGround
  readonly server: GatePageServer
  readonly kiosk: KioskDevice
  /** What the kiosk was set up with; the settings hold its secrets. */
  readonly lane: LaneSettings
  /** A full pack of what is published now. */
  pack(): Promise<string>
  close(): Promise<void>
}

/** Starts all of it and goes through the kiosk's set-up; close it. */
export async function startKioskGround(
  wish: LaneWish = {},
  people?: GateGroundOptions,
): Promise<KioskGround> {
  const folder = await mkdtemp(join(tmpdir(), 'netcert-kiosk-ground-'))
  const ground = await startGateGround(people)
  const server = await serveGatePage({ port: 0 })
  let packs = 0
  const pack = async () => {
    packs += 1
    const out = join(folder, `${packs}.ncpack`)
    await ground.issuer((issuer) => issuer.packs.build({ out }))
    return out
  }
  await prepareReader()
  const [kiosk, first] = [await openKioskDevice(server.url), await pack()]
  const lane = laneSettings(ground, createEvent(ground.venue), wish)
  await kiosk.setUp(lane, first)
  return {
    ...{ ground, server, kiosk, lane, pack },
    async close() {
      await kiosk.close()
      await server.close().catch(() => undefined)
      await ground.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
