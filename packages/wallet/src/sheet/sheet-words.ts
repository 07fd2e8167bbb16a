import type { LocalisedText } from '@netcert/protocol'

/** The fixed sentences of the sheet, in both languages. */
export const sheetWords = {
  title: { 'zh-CN': '纸质入场凭证', en: 'Printed gate passes' },
  bearer: {
    'zh-CN': '不记名：谁持有，谁就能入场。请像保管现金一样保管，不要拍照发给别人。',
    en: 'Bearer paper: whoever holds it enters. Keep it as cash, and let nobody take a picture of it.',
  },
  rules: {
    'zh-CN':
      '每张只在上述场馆有效一次，证明的是打印者本人的情况。可沿虚线剪开。打印后请删除本文件。',
    en: 'Each is good once, at this venue only, and is about the person who printed it. Cut along the lines; delete this file once it is printed.',
  },
  shows: { 'zh-CN': '入口得知', en: 'The gate learns' },
  printed: { 'zh-CN': '打印于', en: 'Printed' },
  until: { 'zh-CN': '有效至', en: 'Valid until' },
  zone: { 'zh-CN': '北京时间', en: 'UTC+8' },
  once: { 'zh-CN': '入场一次', en: 'Admits once' },
  onPass: { 'zh-CN': '不记名，谁持有谁入场', en: 'Bearer: who holds it enters' },
} as const satisfies Record<string, LocalisedText>

/** Which of the passes on the sheet one is. */
export function passNumber(number: number, of: number): LocalisedText {
  return { 'zh-CN': `第 ${number} 张，共 ${of} 张`, en: `Pass ${number} of ${of}` }
}

/** An instant as a clock in China shows it: paper does not know the zone of its reader. */
export function chinaTime(instant: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Shanghai',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  }).formatToParts(instant)
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return `${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')}`
}
