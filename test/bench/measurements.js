import { interleave, median, ratio } from './rounds.js'

/** The workloads that every library has, with the goals of the design. */
const shared = [
  { key: 'verify', workload: 'verify', title: 'verify a presentation (3 of 12, status bit)' },
  { key: 'verifyLong', workload: 'verifyLong', title: 'the same with a list of 2^20 entries' },
  { key: 'issue', workload: 'issue', title: 'issue, 12 disclosures' },
  { key: 'batch', workload: 'issueTen', title: 'issue a batch of 10' },
  { key: 'present', workload: 'present', title: 'present 3 of 12' },
]

/** Measures the shared workloads whose keys are named. */
export async function measureShared(contenders, keys, effort) {
  const results = {}
  for (const { key, workload, title } of shared.filter((row) => keys.includes(row.key))) {
    const lanes = contenders.map((contender) => ({ key: contender.name, contender, workload }))
    results[key] = { title, ...compare(await interleave(lanes, effort)) }
  }
  return results
}

const OURS = ['floor', 'by-hand', 'netcert']

function compare(samples) {
  const ours = samples.get('netcert')
  const floor = samples.get('floor')
  const vs = {}
  const microseconds = {}
  for (const [name, taken] of samples) {
    microseconds[name] = median(taken)
    if (!OURS.includes(name)) vs[name] = ratio(taken, ours)
  }
  const byHand = samples.get('by-hand')
  return {
    ...(floor && { ofFloor: ratio(floor, ours) }),
    ...(floor && byHand && { byHandOfFloor: ratio(floor, byHand) }),
    vs,
    microseconds,
  }
}

/** What only our side is asked for, in the units of its goals. */
export async function measureOwn(ours, effort) {
  const workloads = [
    'issue',
    'issueTen',
    'refuseNonce',
    'refuseIssuer',
    'thousandBits',
    'republish',
    'verify',
    'verifyNumbered',
    'issueNumbered',
    'gateCode',
  ]
  const lanes = workloads.map((workload) => ({ key: workload, contender: ours, workload }))
  const samples = await interleave(lanes, effort)
  return {
    batchOfSingles: ratio(samples.get('issueTen'), samples.get('issue')),
    refuseNonceUs: median(samples.get('refuseNonce')),
    refuseIssuerUs: median(samples.get('refuseIssuer')),
    bitCheckNs: median(samples.get('thousandBits')),
    republishMs: median(samples.get('republish')) / 1000,
    numberCheck: beyond(samples, 'verifyNumbered', 'verify'),
    gateCodeMs: median(samples.get('gateCode')) / 1000,
    blindEvaluation: beyond(samples, 'issueNumbered', 'issue'),
  }
}

/** What one workload takes beyond another: in milliseconds, and both together in times of the other. */
function beyond(samples, more, usual) {
  const [above, below] = [samples.get(more), samples.get(usual)]
  const extra = above.map((value, round) => (value - below[round]) / 1000)
  return { ms: median(extra), times: ratio(above, below) }
}

/** Throughput of two processes at once over that of one alone, by the clock on the wall. */
export async function measureTwoProcesses(first, second, { count, rounds }) {
  const wall = async (contender) => (await contender.call('run', 'verify', count)).wallNanoseconds
  await Promise.all([wall(first), wall(second)])
  const gains = []
  for (let round = 0; round < rounds; round += 1) {
    const alone = await wall(first)
    const both = await Promise.all([wall(first), wall(second)])
    gains.push((2 * alone) / Math.max(...both))
  }
  return median(gains)
}
