import { GATE_PASS, NETWORK_CERTIFICATE } from '@netcert/credential'
import type { Deletion, Disclosure } from '@netcert/wallet/rules'
import { describe, expect, it } from 'vitest'
import { knowledgeChart, linkPath, linkWidth } from './knowledge-chart.js'
import { historyDays, historyEvents } from './timeline.js'
import { whoKnows } from './who-knows.js'

const now = new Date(2026, 2, 10, 12)
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const note = (id: string, keptHours: number, since = ago(0)) => ({
  ...{ id, name: { 'zh-CN': id, en: id }, purpose: { 'zh-CN': '入场', en: 'Entry' } },
  ...{ purpose_id: 'p', legal_basis: 'consent' as const, accreditation: 'a' },
  until: since.getTime() / 1000 + keptHours * 3600,
})
const shown = (changes: Partial<Disclosure>): Disclosure => ({
  ...{ id: 'd', audience: 'did:a', vct: NETWORK_CERTIFICATE, kind: 'one-time', receipt: null },
  ...{ disclosedAt: ago(1), claims: [['real_person']], platform: note('shop', 24), ward: null },
  ...changes,
})
const demand = (changes: Partial<Deletion>): Deletion => ({
  ...{ id: 'x', platformId: 'shop', name: { 'zh-CN': 'shop', en: 'shop' }, ward: null },
  ...{ requestedAt: ago(0), state: 'deleted', dueAt: null, reason: null, isLate: false },
  ...changes,
})
const child = { id: 'w', label: 'Child' }

describe('who knows what', () => {
  it('counts together what one platform got at several times, newest first', () => {
    const [shop, gate, ...more] = whoKnows(
      [
        shown({ disclosedAt: ago(9), claims: [['real_person'], ['platform_number']] }),
        shown({ disclosedAt: ago(5), platform: null, audience: 'did:gate' }),
        shown({ disclosedAt: ago(1), audience: 'did:b' }),
      ],
      [],
      now,
    )
    expect(more).toEqual([])
    expect(shop).toMatchObject({ times: 2, last: ago(1), platform: { id: 'shop' } })
    expect(shop?.claims.map(({ claim, times }) => [claim.path[0], claim.class, times])).toEqual([
      ['platform_number', 'number', 1],
      ['real_person', 'fact', 2],
    ])
    expect(gate).toMatchObject({ platform: null, audience: 'did:gate', times: 1 })
  })

  it('is no longer known when its time is over, or a deletion later than it was proven', () => {
    const state = (one: Disclosure, deletions: readonly Deletion[] = []) =>
      whoKnows([one], deletions, now)[0]?.claims[0]?.state
    const old = shown({ disclosedAt: ago(30), platform: note('shop', 24, ago(30)) })
    expect([state(shown({})), state(old)]).toEqual(['kept', 'over'])
    expect(state(shown({}), [demand({})])).toBe('deleted')
  })

  it('is still known after a deletion that was only promised, of before, or of somebody else', () => {
    const changes = [
      { state: 'scheduled' as const },
      { state: 'refused' as const },
      { requestedAt: ago(3) },
      { platformId: 'other' },
      { ward: child },
    ]
    for (const change of changes) {
      expect(whoKnows([shown({})], [demand(change)], now)[0]?.claims[0]?.state).toBe('kept')
    }
  })

  it('keeps a child apart from the citizen, and platforms from those who call themselves so', () => {
    const parties = whoKnows(
      [shown({}), shown({ ward: child }), shown({ platform: null, audience: 'shop' })],
      [],
      now,
    )
    expect(new Set(parties.map(({ key }) => key)).size).toBe(3)
  })
})

describe('the picture of who knows what', () => {
  const parties = whoKnows(
    [
      shown({
        platform: note('a', 1),
        disclosedAt: ago(1),
        claims: [['age_over_18']],
        vct: GATE_PASS,
      }),
      shown({
        platform: note('b', 1),
        disclosedAt: ago(2),
        claims: [['real_person'], ['family_name']],
      }),
      shown({ platform: note('c', 1), disclosedAt: ago(3), claims: [['real_person']] }),
    ],
    [],
    now,
  )

  it('has a line for each thing that somebody got, what says most above', () => {
    const { claims, links } = knowledgeChart(parties)
    expect(claims.map(({ claim }) => claim.path[0])).toEqual([
      ...['family_name', 'age_over_18', 'real_person'],
    ])
    expect(links.map(({ party, claim }) => [party, claim])).toEqual([
      ...[
        [0, 1],
        [1, 0],
        [1, 2],
        [2, 2],
      ],
    ])
    expect(knowledgeChart([])).toEqual({ parties: [], claims: [], links: [] })
  })

  it('draws lines between the middles of rows, wider the more often, and never too wide', () => {
    const rows = { parties: 2, claims: 1 }
    expect(linkPath({ party: 0, claim: 0 }, rows)).toBe('M0 25.00C50 25.00 50 50.00 100 50.00')
    expect([linkWidth(1), linkWidth(2), linkWidth(1_000_000)]).toEqual([2.5, 4.5, 12])
  })
})

describe('the timeline', () => {
  it('tells everything by days, newest first', () => {
    const sentAt = ago(30)
    const report = { id: 'r', platformId: 'shop', name: demand({}).name, code: 'c', sentAt }
    const refused = {
      ...{
        id: 'n',
        askedAt: ago(1.5),
        platform: null,
        host: 'shop.example',
        claims: [],
        ward: null,
      },
      why: 'citizen',
    }
    const events = historyEvents({
      disclosures: [shown({ disclosedAt: ago(2) }), shown({ disclosedAt: ago(31) })],
      deletions: [demand({ requestedAt: ago(1) })],
      sent: [report],
      refused: [refused],
    })
    const days = historyDays(events)
    expect(days.map((day) => day.events.map(({ kind }) => kind))).toEqual([
      ['deletion', 'refused', 'disclosure'],
      ['report', 'disclosure'],
    ])
    expect(historyDays([])).toEqual([])
  })
})
