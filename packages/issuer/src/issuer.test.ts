import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { issuerFamily } from '../../../test/issuer-family.js'

describe.each(engines)('an issuer on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  it('lists citizens page by page as references', async () => {
    const first = await family.issuer.listCitizens({ limit: 3 })
    expect(first.citizens).toHaveLength(3)
    const second = await family.issuer.listCitizens({ limit: 3, after: first.next! })
    expect(second).toMatchObject({ next: null })
    expect(second.citizens).toHaveLength(1)
    await expect(family.issuer.listCitizens({ limit: 0 })).rejects.toThrow(TypeError)
  })
})
