import type { Language } from './invocation.js'

/** Words of the consent screen at a gate and before a sheet is printed, in both languages. */
type Words = Readonly<Record<Language, string>>

export const gateWords = {
  sealed: {
    'zh-CN': '只有该入口能读出二维码的内容。',
    en: 'Only this gate can read what the code says.',
  },
  open: {
    'zh-CN': '看到二维码的人都能读出以上内容；请只给入口扫描。',
    en: 'Whoever sees the code can read the above: show it to the gate alone.',
  },
  poster: {
    'zh-CN': '这是印刷的二维码：请确认是场馆张贴的，没有被人覆盖。',
    en: 'This challenge is printed: make sure that the venue put it there, and nobody else over it.',
  },
  bearer: {
    'zh-CN': '纸质凭证不记名：谁持有，谁就能以您的名义入场一次。请像现金一样保管。',
    en: 'Passes on paper are bearer passes: whoever holds one enters once in your place. Keep them as cash.',
  },
} as const satisfies Record<string, Words>

/** That the clock of this device is wrong, or the gate's. */
export function clockWords(
  { own, gate }: { readonly own: Date; readonly gate: Date },
  language: Language,
): string {
  const [here, there] = [own, gate].map((at) => at.toISOString().slice(0, 16).replace('T', ' '))
  return language === 'en'
    ? `The clock here says ${here} UTC, the gate’s ${there} UTC: the gate’s time is used. Check the date of this device.`
    : `本机时间 ${here} UTC 与入口时间 ${there} UTC 不一致：按入口时间出示。请检查本机的日期和时间。`
}

/** How many passes a sheet would have. */
export function sheetWords(passes: number, language: Language): string {
  return language === 'en'
    ? `${passes} of your gate passes are used up by this.`
    : `这会用掉您的 ${passes} 份入场证。`
}
