import type { ProvenErasure } from '@netcert/wallet/rules'
import { Notice, Section } from '../design/controls.js'
import { Failed, Working } from '../design/states.js'
import { changed, type Ground } from '../shell/ground.js'
import { useLoaded } from '../shell/use-loaded.js'
import { inLanguage } from '../texts/language.js'
import { leavingTexts } from '../texts/leaving.js'
import { safetyTexts } from '../texts/safety.js'
import { dayWord } from '../texts/spoken-dates.js'
import { PartPage } from './part-page.js'
import { ReceiptView, SaveReceipt } from './receipt-view.js'

/** The receipts this wallet keeps, each verified again. */
export function ReceiptsPart({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(safetyTexts)
  const { receipt } = inLanguage(leavingTexts)
  const receipts = useLoaded(ground, () => readReceipts(ground))
  return (
    <PartPage testId="receipts" title={text.parts.receipts}>
      {receipts.state === 'loading' ? <Working /> : null}
      {receipts.state === 'failed' ? (
        <Failed error={receipts.error} onAgain={() => changed(ground)} />
      ) : null}
      {receipts.state === 'there' && receipts.value.length === 0 ? (
        <p class="lead">{receipt.none}</p>
      ) : null}
      {receipts.state === 'there'
        ? receipts.value.map((shown) => (
            <Receipt key={shown.kept.token} ground={ground} shown={shown} />
          ))
        : null}
    </PartPage>
  )
}

function Receipt({ ground, shown }: { readonly ground: Ground; readonly shown: ProvenErasure }) {
  const { receipt: text } = inLanguage(leavingTexts)
  const { kept, receipt, address } = shown
  const received = new Date(kept.receivedAt * 1000)
  if (receipt !== null) return <ReceiptView ground={ground} receipt={receipt} address={address} />
  return (
    <Section title={dayWord(received)}>
      <Notice kind="warn">{text.unproven}</Notice>
      <SaveReceipt token={kept.token} erasedAt={received} />
    </Section>
  )
}

/** Without a trust list they can be saved all the same. */
async function readReceipts({ opened }: Ground): Promise<readonly ProvenErasure[]> {
  const { cancellations } = opened.wallet
  try {
    return await cancellations.proven()
  } catch {
    return (await cancellations.receipts()).map((kept) => ({
      ...{ kept, receipt: null, address: null },
    }))
  }
}
