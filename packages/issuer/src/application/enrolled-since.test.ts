import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applicationGround } from '../../../../test/application-ground.js'
import { databasesOn } from '../../../../test/database-engines.js'
import { createSampleAuthority } from '../chip/sample-authority.js'

describe('an application that was approved before somebody was enrolled', () => {
  const ground = applicationGround(databasesOn('sqlite'))
  const desk = () => ground.issuer.applications

  it('leads to no certificate of theirs without what an enrolled person has to bring', async () => {
    const { now } = ground
    const authority = await createSampleAuthority({ now })
    await mkdir(join(ground.test.dir, 'csca'))
    await writeFile(join(ground.test.dir, 'csca', 'sample.der'), authority.cscaCertificate)
    const stated = ground.applicant()
    // A thief of the document, who is nobody the issuer has seen.
    const early = await ground.submit(stated)
    await desk().addEvidence(early, 'registry', null)
    const chip = authority.issue({
      ...{ format: 'TD3', documentCode: 'P', documentNumber: stated.document.number },
      ...{ familyName: 'ZHAO', givenName: 'MING', nationality: 'CHN', sex: 'male' },
      ...{ birthdate: stated.birthdate, expires: '2030-01-01' },
    })
    expect(await desk().addEvidence(early, 'chip', chip)).toMatchObject({ state: 'checked' })
    await desk().decide(early)
    const own = await ground.checked(stated)
    await desk().decide(own)
    expect(await desk().offer(own)).toMatchObject({ isNew: true })
    await expect(desk().offer(early)).rejects.toMatchObject({ code: 'application_enrolled_since' })
    expect(await desk().offer(own)).toMatchObject({ isNew: false })
    // Approved before as well, with somebody at the counter who was seen.
    const other = ground.applicant()
    const both = [await ground.checked(other), await ground.checked(other)] as const
    for (const id of both) await desk().decide(id)
    expect(await desk().offer(both[0])).toMatchObject({ isNew: true })
    expect(await desk().offer(both[1])).toMatchObject({ isNew: false })
  })
})
