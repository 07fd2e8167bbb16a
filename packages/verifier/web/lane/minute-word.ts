import type { Mac } from '@netcert/verifier/gate'

/**
 * Word and colour of the minute: the same at all lanes of an event, shown beside each verdict. Who
 * has not got the event's key cannot know the next one, so a picture of a green screen that a visitor
 * brings along shows the wrong one.
 */
export type MinuteWord = {
  readonly word: Readonly<Record<'zh-CN' | 'en', string>>
  /** Degrees on the colour wheel. */
  readonly hue: number
  readonly minute: Date
}

const MINUTE_MILLISECONDS = 60_000

/** Short, told apart by ear over a radio, and without a second meaning. */
const words: readonly (readonly [zh: string, en: string])[] = [
  ['白鹭', 'Egret'],
  ['云杉', 'Spruce'],
  ['灯塔', 'Lighthouse'],
  ['石桥', 'Stone bridge'],
  ['青竹', 'Bamboo'],
  ['海螺', 'Conch'],
  ['风筝', 'Kite'],
  ['麦田', 'Wheat field'],
  ['松鼠', 'Squirrel'],
  ['铜铃', 'Brass bell'],
  ['梅花', 'Plum blossom'],
  ['帆船', 'Sailboat'],
  ['雪山', 'Snow peak'],
  ['荷叶', 'Lotus leaf'],
  ['陶罐', 'Clay jar'],
  ['蜻蜓', 'Dragonfly'],
  ['枫叶', 'Maple'],
  ['书签', 'Bookmark'],
  ['鲸鱼', 'Whale'],
  ['纸伞', 'Umbrella'],
  ['银杏', 'Ginkgo'],
  ['山泉', 'Spring'],
  ['棋盘', 'Chessboard'],
  ['鹦鹉', 'Parrot'],
  ['橘子', 'Orange'],
  ['木马', 'Rocking horse'],
  ['极光', 'Aurora'],
  ['珊瑚', 'Coral'],
  ['长笛', 'Flute'],
  ['驼铃', 'Camel bell'],
  ['向日葵', 'Sunflower'],
  ['萤火', 'Firefly'],
]
const hues = [210, 285, 25, 330, 175, 75, 250, 55] as const

/** The word of the minute `now` lies in, under the key of the event. */
export async function minuteWord(mac: Mac, now: Date): Promise<MinuteWord> {
  const minute = new Date(Math.floor(now.getTime() / MINUTE_MILLISECONDS) * MINUTE_MILLISECONDS)
  const message = `netcert gate word|${minute.getTime() / 1000}`
  const [first = 0, second = 0] = await mac(new TextEncoder().encode(message))
  const [zh, en] = words[first % words.length] ?? ['', '']
  return { word: { 'zh-CN': zh, en }, hue: hues[second % hues.length] ?? 0, minute }
}
