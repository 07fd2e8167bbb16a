import type {
  Deletion,
  Disclosure,
  HeldPlatform,
  RefusedRequest,
  ReportableRequest,
  SentReport,
  Wallet,
} from '@netcert/wallet/rules'

/** All that the history is made of. */
export type HistorySource = {
  readonly disclosures: readonly Disclosure[]
  readonly deletions: readonly Deletion[]
  readonly platforms: readonly HeldPlatform[]
  readonly reportable: readonly ReportableRequest[]
  readonly sent: readonly SentReport[]
  readonly refused: readonly RefusedRequest[]
}

/** Reads it; asks nobody. */
export async function readHistory(wallet: Wallet): Promise<HistorySource> {
  const { reports } = wallet
  const [disclosures, deletions, platforms, reportable, sent, refused] = await Promise.all([
    wallet.ledger(),
    wallet.deletions(),
    wallet.platforms(),
    reports.reportable(),
    reports.sent(),
    reports.refused(),
  ])
  return { disclosures, deletions, platforms, reportable, sent, refused }
}
