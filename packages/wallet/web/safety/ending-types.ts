import type { CertificateSummary } from '@netcert/wallet/rules'

/** Certificates by type, with how many copies of each can still be shown. */
export function endingTypes(
  certificates: readonly Pick<CertificateSummary, 'vct' | 'remaining'>[],
): readonly { readonly vct: string; readonly copies: number }[] {
  const totals = new Map<string, number>()
  for (const { vct, remaining } of certificates) {
    totals.set(vct, (totals.get(vct) ?? 0) + remaining)
  }
  return [...totals].map(([vct, copies]) => ({ vct, copies }))
}
